"""Chapter 07 on a small machine: what a cell asks for by itself is shrunk, or a recording."""

import pytest

from conclib import lab
from conclib.chapters import ch07_memory as memory
from conclib.chapters.ch07_memory import panel, shrinking
from conclib.inspecting import limits
from conclib.lab import resources

WHY = "the group has 62 tasks free"
DEFAULTS = ("more_than_there_is", "ladder", "asked_and_touched", "few_addresses", "shared",
            "waiting_and_reading", "rent", "one_in", "same_loop", "fewer_reads", "how_many_fit",
            "python_threads", "huge_pages", "collector", "page_tables")  # fmt: skip


@pytest.fixture
def small(monkeypatch):
    """A control group with 64 tasks and 200 MB."""
    free = [("mb", 130, "130 MB are free"), ("processes", 62, WHY), ("threads", 62, WHY)]
    monkeypatch.setattr(limits, "free", lambda: iter(free))


@pytest.mark.worker
@pytest.mark.parametrize("name", DEFAULTS)
def test_what_a_cell_asks_for_by_itself_is_no_traceback(home, small, name):
    found = getattr(memory, name)()
    text = found.text()
    assert ("not observed here: " in text) or name in ("ladder", "python_threads")


@pytest.mark.worker
def test_the_ladder_is_as_long_as_the_machine_allows_and_says_so(home, small):
    found = memory.ladder()
    assert found.only.source == "live" and found.only.facts["there"] == 20
    assert f"Not more than 20 were asked for here: {WHY}" in found.sentence
    assert "not known of" not in found.sentence
    memory.one_thread(found)


def test_a_machine_with_place_for_nothing_plays_the_longest_ladder(home, monkeypatch):
    monkeypatch.setattr(limits, "free", lambda: iter([("threads", 8, "8 tasks are free")]))
    found = memory.ladder()
    assert found.only.source == "recorded" and "8 tasks are free" in found.text()


@pytest.mark.parametrize(
    ("verb", "params", "says"),
    [
        ("ladder", {"count": 5000}, "count=5000: 5,000 threads would be taken, and at most 31"),
        ("shared", {"size_mb": 500}, "at most 65 may be"),
        ("rent", {"size_mb": 400}, "at most 65 may be"),
        ("few_addresses", {"stack_kb": 128}, "at most 31 may be"),
        ("ladder", {"stack_kb": 8}, "stack_kb=8: stack_kb must be"),
    ],
)
def test_what_a_student_asks_for_is_refused_with_what_is_allowed(home, small, verb, params, says):
    with pytest.raises(ValueError, match=says):
        getattr(memory, verb)(**params)


def test_what_is_too_much_anywhere_plays_no_recording(home, monkeypatch):
    monkeypatch.setattr(limits, "free", lambda: iter([]))
    monkeypatch.setitem(resources.CAPS, "mb", 64)
    with pytest.raises(resources.TooMuch, match="never more in one lesson"):
        lab.observe("rent")


def test_copies_keep_to_the_free_tasks_or_are_left_to_the_recording(monkeypatch):
    monkeypatch.setattr(shrinking.memory, "machine_mb", lambda _: 4000)
    for free, found in ((100, {"filled_mb": 98, "copies": 49}), (30, {}), (3, {})):
        monkeypatch.setattr(limits, "free", lambda n=free: iter([("processes", n, "tasks")]))
        assert shrinking.copies() == found


def test_a_panel_says_that_it_shows_a_recording(home, small):
    shown = panel.LadderPanel()
    try:
        shown.run_now()
        assert "Not from this machine" in shown.message.value
    finally:
        shown.close()


@pytest.mark.parametrize(
    ("verb", "params", "error", "says"),
    [
        ("fewer_reads", {"every": ()}, ValueError, r"every=\(\): .* such as every=\(100,\)"),
        ("fewer_reads", {"every": 5}, TypeError, "every=5: every must be 1 or more whole numbers"),
        ("fewer_reads", {"every": (0,)}, ValueError, "every=0"),
        ("asked_and_touched", {"sizes": 5}, TypeError, "sizes=5: sizes must be 2 or more"),
        ("asked_and_touched", {"sizes": (512,)}, ValueError, r"such as sizes=\(512, 4096\)"),
        ("asked_and_touched", {"touched": "ab"}, TypeError, "touched='ab'"),
    ],
)
def test_a_bad_list_is_refused_in_the_courses_own_words(home, verb, params, error, says):
    with pytest.raises(error, match=says):
        getattr(memory, verb)(**params)
