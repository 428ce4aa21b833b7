"""The panel that looks at a living process: it refreshes, stops, and says what has changed."""

import threading
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import ipywidgets
import pytest

from conclib.results import Actor, Cancelled, Ending, Event, Unavailable
from conclib.widgets import living
from conclib.widgets.living import LivePanel
from tests.panels import open_widgets, read_aloud


class Subject:
    """Stands in for a process: what is read of it counts the looks."""

    def __init__(self) -> None:
        self.looks = 0
        self.looked = threading.Event()

    def read(self, pid: int) -> tuple[int, int]:
        self.looks += 1
        if self.looks > 2:
            self.looked.set()
        return pid, self.looks


def view(now: Any, before: Any) -> str:
    return f"{now[0]}: {before[1] if before else '-'} -> {now[1]}"


@pytest.fixture
def subject(monkeypatch: pytest.MonkeyPatch) -> Subject:
    monkeypatch.setattr(living, "EVERY", 0.001)
    return Subject()


def made(subject: Subject, **more: Any) -> LivePanel:
    return LivePanel("a label", "A sentence.", read=subject.read, view=view, **more)


@pytest.fixture
def panel(subject: Subject) -> Iterator[LivePanel]:
    with closing(made(subject, pid=7)) as shown:
        yield shown


# A process that is there --------------------------------------------------------------------------
def test_it_looks_once_before_run_and_says_what_changed_later(panel):
    assert "7: - -> 1" in panel.record.value
    panel.look()
    assert "7: 1 -> 2" in panel.record.value


def test_what_changed_last_stays_marked_until_something_else_does(panel, monkeypatch):
    monkeypatch.setattr(panel, "_read", lambda pid: (pid, 5))
    panel.look()
    shown = panel.record.value
    panel.look()
    assert panel.record.value == shown and "1 -> 5" in shown


def test_where_there_is_nothing_more_the_last_look_stays(panel, monkeypatch):
    monkeypatch.setattr(panel, "_read", lambda pid: None)
    panel.look()
    assert "7: - -> 1" in panel.record.value


def test_run_returns_at_once_refreshes_and_stop_ends_it(panel, subject):
    panel.begin()
    assert subject.looked.wait(5)
    assert panel.background.running and living.LOOKING in panel.message.value
    panel.end()
    assert panel.background.wait(5) and not panel.background.running
    assert living.STOPPED in read_aloud(panel.message)
    looks = subject.looks
    assert f"7: {looks - 1} -> {looks}" in panel.record.value, "the last look stays"


def test_a_second_run_is_refused_and_stop_without_one_says_so(panel, subject):
    panel.end()
    assert "Nothing is running" in read_aloud(panel.message)
    panel.begin()
    panel.begin()
    assert "under way" in read_aloud(panel.message)
    panel.end()
    assert panel.background.wait(5)


def test_it_does_not_look_for_ever(panel, monkeypatch):
    monkeypatch.setattr(living, "LIMIT", 0.0)
    assert panel.run_now() == living.OVER


def test_closing_ends_it_and_takes_every_widget_away(subject):
    before = set(open_widgets(ipywidgets))
    shown = made(subject, pid=7)
    shown.begin()
    assert subject.looked.wait(5)
    shown.close()
    assert shown.background.wait(5) and set(open_widgets(ipywidgets)) == before


def test_what_a_notebook_stores_is_a_sentence(panel):
    assert repr(panel) == "A sentence."
    stored = panel._repr_mimebundle_()
    assert stored["text/plain"] == "A sentence. Run this cell for its controls."
    assert "object at" not in str(stored["text/html"])


# One that a run brings along ----------------------------------------------------------------------
def events(see: Any) -> None:
    """Tell what a run tells, of the one looked at and of somebody else."""
    for told in (
        Actor("child", "process", pid=9), Actor("other", "process", pid=8),
        Event(1, "other", "start"), Event(2, "child", "stop", {"count": 5000, "state": None}),
        Event(3, "child", "continue"), Ending("child", "killed", 4, "waitid", 9),
    ):  # fmt: skip
        see(told)


def test_a_run_is_followed_event_by_event_and_its_sentence_comes_last(subject):
    def run(see: Any, stop: threading.Event) -> str:
        events(see)
        return "So it was."

    with closing(made(subject, run=run, who="child")) as shown:
        assert shown.record.value == "" and shown.pid is None
        assert shown.run_now() == "So it was." and "So it was." in read_aloud(shown.message)
        assert shown.pid == 9 and ">9: " in shown.record.value
        for words in ("stop (count 5,000)", "continue", "was killed"):
            assert words in shown.happened.value
        assert "other" not in shown.happened.value and "None" not in shown.happened.value
        assert shown.run_now() == "So it was."
        assert shown.happened.value.count("continue") == 1, (
            "what happened in the run before is gone"
        )


def test_stop_ends_a_run_in_its_middle(subject):
    entered = threading.Event()

    def run(see: Any, stop: threading.Event) -> str:
        see(Actor("child", "process", pid=9))
        entered.set()
        assert stop.wait(10)
        raise Cancelled("stopped")

    with closing(made(subject, run=run, who="child")) as shown:
        shown.begin()
        assert entered.wait(5) and subject.looked.wait(5)
        shown.end()
        assert shown.background.wait(5) and living.STOPPED in read_aloud(shown.message)


@pytest.mark.parametrize(
    ("error", "says"),
    [(Unavailable("no fork here"), "no fork here"), (ZeroDivisionError(), "fault")],
)
def test_a_run_that_fails_says_so_and_the_panel_is_ready_again(subject, error, says):
    def run(see: Any, stop: threading.Event) -> str:
        raise error

    with closing(made(subject, run=run, who="child")) as shown:
        with pytest.raises(type(error)):
            shown.run_now()
        assert says in read_aloud(shown.message)
        shown.begin()
        assert shown.background.wait(5) and not shown.background.running
