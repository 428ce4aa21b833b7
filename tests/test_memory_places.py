"""The probes that look where things lie and which way they grow, for real and under every Python.

What is asserted holds on any Linux with the GNU C library; the last part holds what they refuse.
"""

import contextlib
import ctypes
import itertools
import os
import re
import resource
import sys
import threading
from pathlib import Path

import pytest

from conclib import lab
from conclib.lab import observing, probe_files
from conclib.probes import _libc, _refuse, _six, _stack
from conclib.results import Cancelled, Observation, hooks
from conclib.worker import Request
from tests.interpreters import interpreter

SIX = ["code", "fixed text", "set variable", "zero variable", "block", "call"]
LOCKED = {"code", "fixed text"}
PYTHONS = ["python3.11", "python3.12", "python3.13", "/usr/bin/python3"]
MB = 2**20


def seen(name: str, python: str | None = None, **params: object) -> dict:
    """Observe under some Python, and never take a recording for it; return the facts."""
    info = probe_files.probe(name, "facts")
    request = Request(name, info.complete(params), python=python)
    found = observing._live(request, observing._Watch(info, lambda _: None), None)
    assert isinstance(found, Observation) and found.source == "live"
    return dict(found.facts)


@pytest.fixture(params=PYTHONS)
def python(request):
    """Give the path of each Python that this machine has."""
    path = interpreter(request.param)
    if path is None:
        pytest.skip(f"no {request.param} here")
    return path


# Where six objects lie ---------------------------------------------------------------------------
@pytest.mark.worker
def test_each_of_six_objects_lies_in_a_region_and_the_two_variables_are_neighbours(python):
    facts = seen("six_objects", python)
    objects = {each["name"]: each for each in facts["objects"]}
    assert list(objects) == SIX
    for each in objects.values():
        assert each["start"] <= each["address"] < each["end"]
        assert {"start": each["start"], "end": each["end"]}.items() <= {
            key: value for region in facts["regions"] for key, value in region.items()
            if region["start"] == each["start"]
        }.items()  # fmt: skip
        assert "/" not in each["path"]
    assert facts["nearest"] == "two variables of unrelated parts" and facts["times"] > 1000
    kinds = [objects[name]["kind"] for name in SIX]
    assert kinds == ["text", "read-only data", "data", "bss", "heap", "stack"]
    starts = [region["start"] for region in facts["regions"]]
    assert starts == sorted(starts)


@pytest.mark.worker
@pytest.mark.parametrize("writer", ["Python", "C", "Linux"])
def test_a_byte_written_back_kills_where_the_list_does_not_allow_it(python, writer):
    facts = seen("one_byte", python, writer=writer)
    assert {name for name, lived in facts["survived"].items() if not lived} == LOCKED
    assert facts["number"] == 4
    for name, how in facts["ended"].items():
        refused = "EFAULT" if writer == "Linux" else "SIGSEGV"
        assert how == (refused if name in LOCKED else "lived")
        assert ("w" in facts["rights"][name]) == (how == "lived")


@pytest.mark.worker
def test_one_entry_is_changed_and_the_same_write_lives(python):
    facts = seen("unlock", python)
    assert set(facts["locked"].values()) == {"SIGSEGV"}
    assert set(facts["unlocked"].values()) == {"lived"}
    assert facts["others_changed"] == 0
    (whole,), parts = facts["before"], facts["after"]
    assert (whole["start"], whole["end"]) == (parts[0]["start"], parts[-1]["end"])
    assert [each["perms"] for each in parts].count("rw-p") == 1
    assert all(a["end"] == b["start"] for a, b in itertools.pairwise(parts))
    (page,) = [each for each in parts if each["perms"] == "rw-p"]
    assert page["end"] - page["start"] == os.sysconf("SC_PAGESIZE")


# Which way they grow -----------------------------------------------------------------------------
@pytest.mark.worker
def test_the_heap_goes_up_and_big_blocks_and_the_stack_go_down(python):
    facts = seen("grow", python)
    assert facts["ways"] == {"heap": "up", "big blocks": "down", "stack": "down"}
    assert facts["heap_top"][-1] - facts["heap_top"][0] >= 4 * MB
    assert "heap" not in facts["big_kinds"] and len(facts["big_blocks"]) == 5
    apart = [a - b for a, b in itertools.pairwise(facts["big_blocks"])]
    assert all(each >= 8 * MB for each in apart)


@pytest.mark.worker
def test_the_stack_ends_at_its_limit_whatever_it_is(python):
    facts = seen("stack_limit", python)
    assert facts["limits_mb"] == facts["size_mb"] == [1, 2, 4, 8]
    assert facts["at_the_limit"] and facts["pages_short"] == [0] * 4
    assert facts["doubles"] in (True, None), "3.12 counts calls, and ends them by itself"
    assert facts["calls"] == sorted(facts["calls"])
    assert facts["neighbour_mb"] > 8 < facts["heap_mb"] and not facts["met_the_heap"]
    assert facts["spare_mb"] == 8 and not facts["memory_was_full"]
    assert seen("stack_limit", python, limit_mb=16)["size_mb"] == [2, 4, 8, 16]


@pytest.mark.worker
@pytest.mark.parametrize("wall_mb", [2, 3, 7])
def test_the_stack_keeps_clear_of_a_page_in_its_way(python, wall_mb):
    facts = seen("stack_wall", python, wall_mb=wall_mb)
    assert facts["ended"] == "SIGSEGV"
    assert facts["clear_pages"] == 256  # Linux's stack_guard_gap, unless somebody has set another
    assert facts["size_mb"] < wall_mb < facts["without_mb"] == facts["limit_mb"]


@pytest.mark.worker
def test_a_heap_that_cannot_grow_is_no_end(python):
    facts = seen("heap_wall", python)
    assert facts["ended"] == "lived" and facts["got"] == 5000
    assert facts["in_the_heap"] + facts["elsewhere"] == 5000 and facts["elsewhere"] > 4000
    assert not facts["heap_grew"] and facts["elsewhere_kind"] != "heap"


@pytest.mark.worker
def test_a_heap_is_pushed_until_something_is_in_the_way_or_linux_refuses(python):
    facts = seen("heap_pushed", python)
    assert facts["refused"] == "ENOMEM" and facts["pushed_mb"] == 1024 * facts["steps"]
    assert facts["met"] == (facts["left_mb"] < 1024)
    assert facts["next_kind"] not in ("heap", "stack")


@pytest.mark.worker
def test_what_is_promised_is_not_handed_out(python):
    facts = seen("promise", python, asked_mb=1024, touched_mb=32)
    before, asked, touched = facts["promised_mb"]
    assert asked - before == pytest.approx(1024, abs=1) and touched == asked
    before, asked, touched = facts["resident_mb"]
    assert asked - before < 2 and touched - asked == pytest.approx(32, abs=3)


# The same program again --------------------------------------------------------------------------
@pytest.mark.worker
def test_addresses_move_from_run_to_run_and_their_order_stays(python):
    facts = seen("run_again", python, runs=4)
    assert facts["times"] == 3 and facts["same_order"] and len(facts["runs"]) == 4
    assert set(facts["moved"]) == set(SIX)
    if shuffles():
        assert facts["moved"]["call"] == 3 and not facts["all_stayed"]


@pytest.mark.worker
def test_without_shuffling_all_stay_whatever_memory_is_used_meanwhile(python):
    facts = lab.observe("run_again", runs=3, shuffle="off", fill_mb=64).facts
    assert facts["all_stayed"] and set(facts["moved"].values()) == {0}


@pytest.mark.worker
def test_two_processes_hold_one_code(python):
    facts = seen("two_at_once", python)
    assert facts["same_file"] and facts["two_pids"] and facts["shared"]
    assert facts["alone_kb"]["by several"] == 0 < facts["alone_kb"]["by this one alone"]
    assert facts["moved"] or not shuffles()


def shuffles() -> bool:
    """Tell whether this machine places regions by chance."""
    return Path("/proc/sys/kernel/randomize_va_space").read_text().strip() != "0"


# What is its own, what is kept -----------------------------------------------------------------
@pytest.mark.worker
def test_what_one_process_changes_another_does_not_see(python):
    facts = seen("own_things", python)
    assert facts["all_own"] and all(facts["changed"].values()), facts
    assert not any(facts["seen_by_the_other"].values()) and facts["threads"] == [1, 1]


@pytest.mark.worker
def test_each_field_of_a_record_is_read_and_most_change(python):
    facts = seen("record_fields", python)
    assert facts["all_read"] and facts["not_read"] == []
    stay = {name for name, changed in facts["changed"].items() if not changed}
    assert stay == {"number", "rights", "parent"}
    assert facts["after"]["state"].startswith("T")
    assert int(facts["after"]["open files"]) == int(facts["before"]["open files"]) + 1


# Nothing is left, nothing is hidden ---------------------------------------------------------------
ALL = [
    "six_objects", "one_byte", "unlock", "grow", "stack_limit", "stack_wall", "heap_wall",
    "heap_pushed", "promise", "run_again", "two_at_once", "own_things", "record_fields",
    "exec_keeps",
]  # fmt: skip


@pytest.mark.worker
@pytest.mark.parametrize("name", ALL)
def test_no_path_of_the_machine_is_reported_and_no_limit_is_changed(name):
    before = resource.getrlimit(resource.RLIMIT_STACK)
    facts = repr(seen(name))
    assert not re.search(r"'/\w", facts)
    assert resource.getrlimit(resource.RLIMIT_STACK) == before


@pytest.mark.worker
@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("after", [1, 4])
def test_stopped_in_its_middle_it_leaves_nothing(name, after):
    """What it has started is looked for after every test."""
    stop, waits = threading.Event(), itertools.count(1)

    def waited():
        if next(waits) >= after:
            stop.set()

    with hooks.on_wait.heard_by(waited), contextlib.suppress(Cancelled):
        lab.observe(name, stop=stop)


def test_the_set_variable_is_the_size_of_a_float_and_the_zero_variable_is_zero():
    places = _six.lasting()
    assert ctypes.c_ssize_t.from_address(places["set variable"]).value == float.__basicsize__
    assert ctypes.c_int.from_address(places["zero variable"]).value == 0
    assert ctypes.string_at(places["fixed text"]) == sys.platform.encode()
    _libc.function("free", None, ctypes.c_void_p)(places["block"])


def test_a_stack_that_is_not_allowed_is_refused_before_a_child_is_started(monkeypatch):
    monkeypatch.setattr(resource, "getrlimit", lambda _: (MB, 4 * MB))
    assert _stack.largest() == 4 * MB
    with pytest.raises(_refuse.Unavailable, match="4194304 bytes"):
        _stack.require_limit(8 * MB)
    _stack.require_limit(4 * MB)


@pytest.mark.parametrize(("name", "params"), [
    ("one_byte", {"writer": "nobody"}), ("grow", {"requests": 10}), ("grow", {"big_mb": 0}),
    ("stack_limit", {"limit_mb": 1}), ("stack_limit", {"limit_mb": 64}),
    ("stack_wall", {"wall_mb": 8}), ("heap_wall", {"requests": True}),
    ("promise", {"asked_mb": 10**6}), ("promise", {"touched_mb": 1024}),
    ("run_again", {"shuffle": "maybe"}), ("run_again", {"runs": 1}),
])  # fmt: skip
def test_what_is_out_of_range_is_refused_before_anything_starts(name, params):
    with pytest.raises((TypeError, ValueError), match=next(iter(params))):
        lab.observe(name, **params)
