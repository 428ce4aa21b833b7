"""The pictures of stacks in chapter 02: where they lie, calls within calls, and a visitor."""

from dataclasses import replace
from typing import Any

import pytest

from conclib import lab
from conclib.chapters.ch02_thread import stacks, visiting
from conclib.plots import sheet
from conclib.plots.scene import Label
from conclib.results import Observation
from tests.lesson_fonts import open_fonts
from tests.made_up import HOST, RUNTIME

MB = 2**20
TOP = 0x7F0000000000
PAGE = 4096
STEP = 2_512  # bytes from a call's record to that of the call within


@pytest.fixture(scope="module", autouse=True)
def fonts():
    """Let matplotlib open its fonts before a test counts open files: it never closes them."""
    open_fonts()


def observed(probe: str, facts: dict[str, Any], **params: Any) -> Observation:
    return Observation(probe, "t", lab.catalogue()[probe].complete(params), HOST, RUNTIME, facts)


def thread(number: int, high: int, pointer: int | None, local: int) -> dict[str, Any]:
    """Return what is reported of one thread with a stack of 8 MB below ``high``."""
    low = high - 8 * MB
    return {
        "instruction": 0x1000 if pointer else None,
        "stack_pointer": pointer,
        "local": local,
        "value": 1111 * number,
        "stack_start": low,
        "stack_end": high,
        "fence_start": low - PAGE,
        "fence_end": low,
        "global": 0x2000,
    }


def four(depth: int = 1, *, shown: bool = True, gap: int = 0) -> Observation:
    """Return a made-up look at four threads; ``gap`` bytes are free between two stacks."""
    highs = [TOP - number * (8 * MB + PAGE) - (gap if number == 3 else 0) for number in range(4)]
    names = dict(zip("ABCD", highs, strict=True))
    local = {name: [high - 6000 - STEP * n for n in range(depth)] for name, high in names.items()}
    pointers = {
        name: [at - 1000 if shown else None for at in places] for name, places in local.items()
    }
    facts = {
        "threads": {
            name: thread(number, high, pointers[name][-1], local[name][-1])
            for number, (name, high) in enumerate(names.items(), start=1)
        },
        "local_at": local,
        "stack_pointer_at": pointers,
        "addresses": {"instruction": 1 if shown else None, "local": 4},
        "waits_in": "read" if shown else "",
        "waits_file": "libc.so.6" if shown else "",
        "why": "" if shown else "Linux does not show here where a thread stands",
    }
    return observed("four_stacks", facts, depth=depth)


def labels(scene: Any) -> list[str]:
    return [thing.text for thing in scene.things if isinstance(thing, Label)]


def scene_of(item: Observation) -> Any:
    seen = stacks.stacks_of(item)
    return stacks._scene(item, seen, stacks.stack_scene.zoom_of(seen))


def test_four_stacks_say_all_in_words_and_as_a_table():
    picture = stacks.four_stacks(four())
    assert picture.png()
    for number in range(1, 5):
        assert f"{1111 * number:,}" in picture.alt
    assert picture.table is not None and len(picture.table.rows) == 4
    assert len({row[1] for row in picture.table.rows}) == 1
    assert "Addresses of instruction: 1." in picture.alt


def test_one_box_of_code_and_a_line_from_each_thread():
    item = four()
    assert labels(scene_of(item)).count("code, for all") == 1
    item.facts["threads"]["B"]["instruction"] = 0x3000  # would be four copies of the function
    found = labels(scene_of(item))
    assert "code, for B" in found and "code, for A, C and D" in found


def test_what_linux_does_not_show_is_not_drawn():
    picture = stacks.four_stacks(four(shown=False))
    assert "does not show" in picture.alt and "stack pointer not known" in picture.alt
    assert not [
        text for text in labels(scene_of(four(shown=False))) if text.startswith("stack pointer")
    ]


def test_what_lies_free_between_two_stacks_is_said_and_not_drawn():
    assert not [text for text in labels(scene_of(four())) if "gap" in text]
    apart = four(gap=112 * MB)
    assert sum("8.00 MB, gap 112 MB" in text for text in labels(scene_of(apart))) == 1
    assert scene_of(apart).height == scene_of(four()).height


@pytest.mark.parametrize("source", ["live", "recorded"])
def test_on_stage_it_fits_a_room(source, monkeypatch):
    monkeypatch.setenv("CONCLIB_STAGE", "1")
    item = replace(four(), source=source)
    for drawn in (stacks.four_stacks(item), visiting.visited(visit()).still):
        assert drawn.figure.get_figheight() * sheet.STAGE_PIXELS <= 720


def test_each_call_within_has_a_step_of_its_own_and_leaves_the_others():
    item = four(depth=5)
    shown = stacks.deeper(item)
    assert "of 5" in shown.html
    assert [len(stacks.stacks_of(item, level)[0].locals) for level in range(5)] == [1, 2, 3, 4, 5]
    assert "5 calls within each other" in shown.alt and f"{STEP:,} bytes below" in shown.alt


def test_a_recording_is_hollow_and_says_so():
    item = replace(four(), source="recorded")
    assert item.origin in stacks.four_stacks(item).alt
    assert any(text.startswith("Hollow: ") for text in labels(scene_of(item)))
    assert item.origin in visiting.visited(replace(visit(), source="recorded")).alt


# A visitor -----------------------------------------------------------------------------------
def visit(**changes: Any) -> Observation:
    """Return a made-up visit of B on A's stack."""
    facts = {
        "before": 31_415_926, "written": 1000, "found": 1000, "hits": None, "searched_kb": None,
        "looks": 0, "local": TOP - 6000, "told": True, "aimed_at": "record", "below_local": None,
        "ended": "lived",
        "stacks": {"A": [TOP - 8 * MB, TOP], "B": [TOP - 16 * MB - PAGE, TOP - 8 * MB - PAGE]},
    }  # fmt: skip
    return observed("overwrite_local", {**facts, **changes})


SEEN = [
    ({}, "B was told the address, and writes 1,000", "finds 1,000."),
    ({"looks": 5000}, "B was told", "It had looked 5,000 times."),
    ({"told": False, "hits": 1, "searched_kb": 8}, "8 kB of A's stack, found the number at 1 place",
     "finds 1,000"),
    ({"told": False, "hits": 2, "searched_kb": 8}, "at 2 places and writes", "finds 1,000"),
    ({"told": False, "hits": 0, "searched_kb": 8, "found": 31_415_926},
     "did not find the number, and writes nothing", "31,415,926, as before"),
    ({"aimed_at": "fence", "below_local": 8 * MB, "ended": "SIGSEGV", "found": None},
     "aims at the fence, 8.00 MB below", "ends the process, and A with it: SIGSEGV"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "second", "last"), SEEN)
def test_a_visit_is_told_as_it_went(changes, second, last):
    item = visit(**changes)
    said = visiting.sentences(item)
    assert second in said[1] and last in said[2]
    shown = visiting.visited(item)
    assert all(each in shown.alt for each in said)


def test_the_number_changes_only_when_a_looks():
    found = [labels(visiting._scene(visit(), step)) for step in range(3)]
    held = [next(text for text in each if text.startswith("local")) for each in found]
    assert [text.rpartition(": ")[2] for text in held] == ["31,415,926", "31,415,926", "1,000"]
    assert ["B writes 1,000" in each for each in found] == [False, True, True]
