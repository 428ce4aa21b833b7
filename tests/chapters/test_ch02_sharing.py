"""The sharing matrix of chapter 02 as a picture, and its explorer."""

from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest

from conclib.chapters.ch02_thread import explorer, matrix
from conclib.probes import _matrix
from conclib.results import Observation
from tests.made_up import HOST, RUNTIME
from tests.panels import plain, read_aloud

BOTH = {
    "shared": (True, True),
    "own": (False, False),
    "?": (True, False),
    "not known": (None, None),
}


def cell(mark: str, *, asked: bool = True, why: str = "", **found: str) -> dict[str, Any]:
    """Return a cell with a mark; ``found`` is what the two tasks had."""
    behaviour, kcmp = BOTH[mark]
    had = {"before": "A", "after": "B" if behaviour else "A", "changer_before": "A",
           "changer_after": "A" if behaviour is None else "B"}  # fmt: skip
    return {"mark": mark, "shared": {"shared": True, "own": False}.get(mark), "witness": "w",
            "behaviour": behaviour, "kcmp": kcmp if asked else None, "why": why,
            "equal_at_first": True, **had, **found}  # fmt: skip


def made(changer: str = "maker", **rows: list[dict]) -> Observation:
    """Return an observation with a row of three cells for each thing."""
    others = [name for name in matrix.CALLED if name != changer][-3:]
    cells = {thing.replace("_", " "): dict(zip(others, row, strict=True))
             for thing, row in rows.items()}  # fmt: skip
    facts = {"cells": cells, "changer": changer, "others": others, "tasks": {}, "user": 0}
    return Observation("sharing", "t", {}, HOST, RUNTIME, facts)


SHARED, OWN, DOUBT = cell("shared"), cell("own"), cell("?")
UNKNOWN = cell("not known", why="Linux refused the change: Operation not permitted; no kcmp")
SEEN = cell("own", asked=False, why="no kcmp")


def test_every_answer_has_its_word_its_look_and_its_witness():
    item = made(memory=[SHARED, OWN, OWN], umask=[DOUBT, SEEN, OWN], user=[UNKNOWN] * 3)
    picture = matrix.matrix(item)
    assert picture.table.columns == ("thing", "thread", "forked child", "stranger", "not known")
    assert picture.table.rows == (
        ("memory", "shared (seen, asked)", "own (seen, asked)", "own (seen, asked)", ""),
        ("umask", "? (seen, asked)", "own (seen)", "own (seen, asked)", "no kcmp"),
        ("user", *["not known"] * 3, "Linux refused the change: Operation not permitted; no kcmp"),
    )
    drawn = [text.get_text() for text in picture.figure.axes[0].texts]
    assert drawn.count("not known") == 3 and drawn.count("own") == 4 and "?" in drawn
    assert len({*matrix.LOOKS.values()}) == len(matrix.LOOKS) == len(BOTH)
    boxes = [(box.get_facecolor(), box.get_linestyle()) for box in picture.figure.axes[0].patches]
    assert len(set(boxes)) == len(BOTH)


def test_it_says_how_many_things_each_shares_and_what_is_not_known():
    item = made(memory=[SHARED, OWN, OWN], offset=[SHARED, SHARED, OWN], user=[UNKNOWN] * 3)
    assert matrix.sentence(item) == (
        "Parent and thread share 2 of 3: memory and offset; not known: user. Parent and forked "
        "child share 1 of 3: offset; not known: user. Parent and stranger share 0 of 3; not known: "
        "user."
    )
    assert matrix.sentence(made("thread", memory=[SHARED, OWN, OWN])).startswith(
        "Thread and parent share 1 of 1: memory."
    )


def test_who_changes_stands_in_the_corner_and_where_it_was_recorded_in_the_title():
    item = made(memory=[SHARED, OWN, OWN])
    assert "changed by parent" in corner(item)
    everybody = replace(item, facts={**item.facts, "changer": "other"})
    assert "changed by" in corner(everybody) and "changed by parent" not in corner(everybody)
    assert matrix.sentence(everybody) == matrix.sentence(item)
    recorded = replace(item, source="recorded")
    assert recorded.origin in matrix.matrix(recorded).alt
    assert recorded.origin not in matrix.matrix(item).alt


def corner(item: Observation) -> list[str]:
    return [text.get_text() for text in matrix.matrix(item).figure.axes[0].texts]


@pytest.mark.parametrize("item", [None, "sharing", replace(made(a=[OWN] * 3), facts={})])
def test_another_result_is_refused(item):
    for call in (matrix.matrix, matrix.sentence):
        with pytest.raises(TypeError, match=r'item: must be what cl.observe\("sharing"\) gave'):
            call(item)


# The explorer -----------------------------------------------------------------------------------
SAID = [
    (SHARED, "memory: the parent changed A to B; the thread had A and found B; so it is one thing "
             "that both have (kcmp: the same)."),
    (OWN, "memory: the parent changed A to B; the thread had A and found A; so each has its own "
          "(kcmp: not the same)."),
    (SEEN, "memory: the parent changed A to B; the thread had A and found A; so each has its own."),
    (DOUBT, "memory: the parent changed A to B; the thread had A and found B; two witnesses "
            "disagree, so nothing follows (kcmp: not the same)."),
    (cell("not known", why="no"), "memory: the parent could not change it (no), so it is not "
                                  "known."),
    ({**SHARED, "changer_after": "A"}, "memory: the parent has A, the thread A; so it is one thing "
                                       "that both have."),
]  # fmt: skip


@pytest.mark.parametrize(("found", "says"), SAID)
def test_each_outcome_of_a_try_is_said(found, says):
    assert explorer.sentence(made(memory=[found, OWN, OWN]), "memory", "thread") == says


def test_what_can_be_chosen_is_what_the_probe_knows():
    assert set(explorer.THINGS) == set(_matrix.NAMES)
    assert set(explorer.TASKS.values()) == set(_matrix.TASKS)


BAD = [
    ({"thing": "memories"}, "thing='memories'"),
    ({"changes": "maker"}, "changes='maker'"),
    ({"looks": "nobody"}, "looks='nobody'"),
    ({"changes": "thread", "looks": "thread"}, "looks='thread'.*two different"),
]


@pytest.mark.parametrize(("chosen", "wrong"), BAD)
def test_a_try_that_is_none_is_refused_before_anything_starts(chosen, wrong):
    with pytest.raises(ValueError, match=wrong):
        explorer.tried(**{"thing": "memory", **chosen})


def test_the_panel_says_so_too_and_has_a_fixed_text():
    with closing(explorer.explorer()) as panel:
        assert 'thread.tried("memory"' in panel.text() and "0x" not in panel.text()
        panel.looks.value = panel.changes.value
        with pytest.raises(ValueError, match="two different"):
            panel.run_now()
        assert read_aloud(panel.message) == explorer.SAME


@pytest.mark.worker
def test_the_panel_tries_what_is_chosen_and_keeps_each_try():
    with closing(explorer.explorer()) as panel:
        panel.thing.value = "file offset"
        panel.looks.value = "forked child"
        assert "one thing that both have" in panel.run_now().sentence
        panel.thing.value = "working directory"
        panel.begin()  # as the button does: it returns at once, and a reader thread does the rest
        assert panel.background.wait(20)
        assert "so each has its own" in read_aloud(panel.message)
        assert [row[0] for row in panel.rows] == ["file offset", "working directory"]
        assert "file offset" in plain(panel.table.value)
