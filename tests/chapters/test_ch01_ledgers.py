"""The two ledgers of chapter 01: what each step of a life changes, in data, words and picture."""

import re
from typing import Any

import pytest

from conclib import lab
from conclib.chapters.ch01_process import ledger_data
from conclib.chapters.ch01_process.ledgers import (
    BESIDE,
    MAP,
    RECORD,
    RIBBON,
    Layout,
    chief,
    ledgers,
    short_map,
)
from conclib.plots.scene import Label, Line
from conclib.results import Observation
from tests import made_up
from tests.lesson_fonts import open_fonts


@pytest.fixture(scope="module", autouse=True)
def fonts():
    """Let matplotlib open its fonts before a test counts open files: it never closes them."""
    open_fonts()


def look(step: int, who: str = "child", **change: Any) -> dict[str, Any]:
    """Return what was seen of one process after one step."""
    fields = {
        "step": step, "who": who, "listed": True, "regions": 60, "kept": 60, "as_parent": None,
        "strip": "program, heap, between, stack", "pid": 20, "parent": 10, "parent_name": None,
        "program": "python", "state": "S", "niceness": 0, "user": 0, "open_files": 9,
        "exit_code": None,
    }  # fmt: skip
    return {**fields, **change}


def gone(step: int) -> dict[str, Any]:
    """Return what is seen of a process that was collected."""
    nothing = dict.fromkeys(("kept", "as_parent", "strip", "pid", "parent", "program", "state",
                             "niceness", "user", "open_files"))  # fmt: skip
    return look(step, listed=False, regions=0, **nothing)


def told(*looks: dict[str, Any], what: str = "stop") -> ledger_data.Entry:
    """Return the last of the entries for looks at one process."""
    steps = [{"what": what, "who": "child"}] * (looks[-1]["step"] + 1)
    return ledger_data.steps({"steps": steps, "looks": looks})[-1].entries[-1]


# What changed -------------------------------------------------------------------------------------
CASES = [
    ((look(0, as_parent=60, kept=None),), "copied", "60 regions, all as its", "copy of 60"),
    ((look(0, as_parent=58, kept=None),), "copied", "60 regions, 58 of 60 as", "58 of 60"),
    ((look(0), look(1)), "kept", "", ""),
    ((look(0), look(1, kept=0, regions=21)), "replaced", "21 regions, none of the old", "21 new"),
    ((look(0), look(1, kept=59, regions=61)), "changed", "61 regions, 59 of 61", "kept 59"),
    ((look(0), look(1, kept=59, regions=59)), "changed", "59 regions, all as before", "kept 59"),
    ((look(0), look(1, kept=0, regions=0, state="Z")), "empty", "empty", "empty"),
    ((look(0, regions=0), look(1, regions=0)), "none", "", ""),
    ((look(0), gone(1)), "gone", "", ""),
    ((look(0), gone(1), gone(2)), "none", "", ""),
    ((look(0), look(1, regions=None, kept=None)), "unknown", "not shown here", "hidden"),
]  # fmt: skip


@pytest.mark.parametrize(("looks", "word", "text", "short"), CASES, ids=str)
def test_what_becomes_of_a_map(looks, word, text, short):
    entry = told(*looks)
    assert entry.map == word and short_map(entry) == short
    assert text in entry.map_text and bool(text) == bool(entry.map_text)


def test_what_changes_in_a_record():
    assert told(look(0), look(1)).record_text == ""
    assert told(look(0), look(1, state="T")).record_text == "state waiting → stopped"
    assert told(look(0), gone(1)).record_text == "gone"
    entry = told(look(0), look(1, state="Z", exit_code=7, open_files=0))
    assert entry.record_text == "state waiting → zombie, exit code 7, open files 9 → 0"
    assert chief(entry) == ["state zombie", "exit code 7"]
    assert told(look(0)).born and told(look(0)).record_text == "new: pid 20, parent 10"


def test_what_could_not_be_seen_is_no_change():
    """An ordinary user is not shown the open files of a zombie."""
    assert told(look(0), look(1, open_files=None)).record_text == ""


# As it is seen ------------------------------------------------------------------------------------
ORDER = [
    ("start", "parent"), ("fork", "child"), ("exec", "child"), ("stop", "child"),
    ("continue", "child"), ("end", "child"), ("wait", "child"), ("fork", "second child"),
    ("end", "parent"), ("wait", "parent"), ("end", "second child"), ("wait", "second child"),
]  # fmt: skip


@pytest.mark.worker
def test_each_step_changes_what_it_does_and_nothing_else():
    item = lab.observe("life")
    assert item.source == "live"
    found = ledger_data.steps(item.facts)
    assert [(step.what, step.who) for step in found] == ORDER
    changed = {
        (place, each.who): (each.map, {name for name, *_ in each.changes})
        for place, step in enumerate(found)
        for each in step.entries
        if each.map not in ("kept", "none") or each.changes
    }
    ended = {"state", "exit code", "open files"}
    expected = {
        (0, "parent"): ("kept", {"pid", "parent"}),
        (1, "child"): ("copied", {"pid", "parent"}),
        (2, "child"): ("replaced", {"program", "open files"}),
        (3, "child"): ("kept", {"state"}),
        (4, "child"): ("kept", {"state"}),
        (5, "child"): ("empty", ended),
        (6, "child"): ("gone", set()),
        (7, "second child"): ("copied", {"pid", "parent"}),
        (8, "parent"): ("empty", ended),
        (8, "second child"): ("kept", {"parent"}),
        (9, "parent"): ("gone", set()),
        (10, "second child"): ("empty", ended),
        (11, "second child"): ("gone", set()),
    }
    assert set(changed) == set(expected)
    for key, (word, names) in expected.items():
        assert changed[key][0] == word, key
        assert names - {"open files"} <= changed[key][1] <= names, key
    copies = [each for step in found for each in step.entries if each.map == "copied"]
    assert all(each.shared == each.regions for each in copies), "a child has its parent's map"


@pytest.mark.worker
def test_the_life_is_told_in_its_order_with_every_end_seen():
    item = lab.observe("life")
    ends = {each.actor: (each.how, each.code, each.by) for each in item.endings}
    assert ends == {
        "child": ("exited", 7, "waitid"), "parent": ("exited", 0, "waitid"),
        "second child": ("exited", 0, "waitid"),
    }  # fmt: skip
    assert [each.name for each in item.actors] == ["parent", "child", "second child"]
    happened = sorted((*item.events, *item.endings), key=lambda each: each.t_ns)
    assert [getattr(each, "what", "end") for each in happened] == [what for what, _ in ORDER]
    orphan = [each for each in item.facts["looks"] if each["who"] == "second child"][-3]
    assert orphan["parent_name"] == "observer", "the measuring process has asked for orphans"


# The picture --------------------------------------------------------------------------------------
def life(**change: Any) -> Observation:
    """Return a made-up life: fork, exec, end, wait."""
    looks = [
        look(0, "parent", pid=10, parent=5), look(1, "parent", pid=10, parent=5),
        look(1, as_parent=60, kept=None), look(2, kept=0, regions=21, program="sh"),
        look(3, kept=0, regions=0, program="sh", state="Z", exit_code=7), gone(4),
    ]  # fmt: skip
    looks += [look(step, "parent", pid=10, parent=5) for step in (2, 3, 4)]
    steps = [("start", "parent"), *((what, "child") for what in ("fork", "exec", "end", "wait"))]
    facts = {"steps": [{"what": what, "who": who} for what, who in steps], "looks": looks}
    return Observation("life", "A life", {}, made_up.HOST, made_up.RUNTIME, facts=facts, **change)


def test_the_picture_tells_each_step_in_words_and_in_a_table():
    shown = ledgers(life())
    for words in (
        "2. fork: the child begins.",
        "The child's map: 60 regions, all as its parent's.",
        "The child's record: program python → sh.",
        "exit code 7",
        "5. wait: its parent asks how the child ended. The child's record: gone.",
    ):
        assert words in shown.alt  # fmt: skip
    assert shown.still.table.columns == ("step", "process", "map", "record")
    assert ("5. wait", "child", "as before", "gone") in shown.still.table.rows
    assert len(re.findall(r"&lt;figure", shown.html)) == 5
    assert shown.png().startswith(b"\x89PNG")


def test_a_ribbon_is_full_then_open_then_dashed_then_there_is_none():
    layout = Layout(ledger_data.steps(life().facts))
    things = layout.scene().things
    x = layout.x("child") + MAP
    lines = [each for each in things if isinstance(each, Line) and each.width >= 2
             and all(abs(point[0] - x) < 8 for point in each.points)]  # fmt: skip
    by_step = {step: [each for each in lines if each.step == step] for step in range(5)}
    assert by_step[0] == by_step[4] == []
    assert [each.width for each in by_step[1]] == [14]
    assert {each.width for each in by_step[2]} == {2}
    assert not any(each.dashed for each in by_step[2]) and any(e.dashed for e in by_step[3])


def test_no_word_leaves_the_paper_or_meets_a_ribbon():
    layout = Layout(ledger_data.steps(life().facts))
    scene = layout.scene()
    for each in scene.things:
        if isinstance(each, Label) and each.anchor == "start":
            assert each.x + each.width <= scene.width and 0 < each.y < scene.height
    for who in layout.names:
        beside = [each for each in scene.things if isinstance(each, Label)
                  and abs(each.x - layout.x(who) - MAP - BESIDE) < 1]  # fmt: skip
        assert all(each.x + each.width < layout.x(who) + RECORD - RIBBON / 2 for each in beside), (
            beside
        )


def test_a_recorded_life_says_so():
    item = life(source="recorded", date="2026-01-01")
    assert "recorded on" in ledgers(item).alt.partition(" 1. ")[0]


@pytest.mark.parametrize("item", [None, {"looks": []}, made_up.twice_forked(["two"])])
def test_something_else_is_refused(item):
    with pytest.raises(TypeError, match=r"cl\.observe"):
        ledgers(item)
