"""Chapter 06's crash lab as a panel: what it explains, runs, stops and says."""

import threading
from contextlib import closing

import pytest

from conclib import lab
from conclib.chapters.ch06_fate.crashing_panel import CrashPanel
from conclib.results import Cancelled
from tests.lesson_fonts import open_fonts


@pytest.fixture(scope="module", autouse=True)
def fonts():
    """Let matplotlib open its fonts before a test counts open files: it never closes them."""
    open_fonts()


def test_what_is_chosen_is_explained():
    with closing(CrashPanel()) as panel:
        assert "C reads address 0" in panel.about.value
        panel.fault.value, panel.container.value = "abort", "executor"
        assert "SIGABRT" in panel.about.value and "ProcessPoolExecutor" in panel.about.value


@pytest.mark.worker
def test_it_runs_what_was_chosen_and_the_lanes_are_there(home):
    with closing(CrashPanel()) as panel:
        panel.fault.value, panel.container.value, panel.siblings.value = "abort", "process", 1
        item = panel.run_now()
        assert item.facts["others"] == "go on" and item.params["siblings"] == 1
        assert "was ended by SIGABRT; the other one went on." in panel.message.value
        assert "<img" in panel.plot.value and "process 2" in panel.plot.value


@pytest.mark.worker
def test_stacks_tell_where_those_stand_who_are_left(home):
    with closing(CrashPanel()) as panel:
        panel.fault.value, panel.container.value = "deadlock", "thread"
        panel.run_now()
        assert "stood still" in panel.message.value
        assert "Stack dumps" in panel.stacks.value and "in deadlock" in panel.stacks.value
        panel.begun()
        assert panel.stacks.value == ""


@pytest.mark.worker
def test_stop_ends_all_of_it(home):
    stop = threading.Event()
    stop.set()
    with closing(CrashPanel()) as panel:
        with pytest.raises(Cancelled):
            panel.run_now(stop)
        assert "Stopped." in panel.message.value


def test_what_goes_wrong_is_said_and_raised(monkeypatch):
    def fails(*_given, **_more):
        raise RuntimeError("no more processes")

    monkeypatch.setattr(lab, "crash", fails)
    with closing(CrashPanel()) as panel:
        panel.begun()
        assert "Running." in panel.message.value
        with pytest.raises(RuntimeError):
            panel.run_now()
        assert "Not done: no more processes" in panel.message.value
