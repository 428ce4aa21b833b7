"""Chapter 11's panel of a scheduler whose threads do not grow: what it runs, stops and says."""

import threading
from contextlib import closing

import pytest

from conclib import lab
from conclib.chapters.ch11_models.fixed_panel import FixedPanel
from conclib.results import Cancelled
from tests.lesson_fonts import open_fonts


@pytest.fixture(scope="module", autouse=True)
def fonts():
    """Let matplotlib open its fonts before a test counts open files: it never closes them."""
    open_fonts()


@pytest.mark.worker
def test_it_runs_what_was_chosen_and_draws_the_cliff(home):
    with closing(FixedPanel()) as panel:
        panel.threads.value = 1
        item = panel.run_now()
        assert item.params["kernel_threads"] == 1 and item.facts["cliff"] == 1
        assert "With 1 thread all hearts stand still from 1 reader on." in panel.message.value
        assert "<img" in panel.plot.value


@pytest.mark.worker
def test_stop_ends_all_of_it(home):
    stop = threading.Event()
    stop.set()
    with closing(FixedPanel()) as panel:
        with pytest.raises(Cancelled):
            panel.run_now(stop)
        assert "Stopped." in panel.message.value


def test_what_goes_wrong_is_said_and_raised(monkeypatch):
    def fails(*_given, **_more):
        raise RuntimeError("no more threads")

    monkeypatch.setattr(lab, "observe", fails)
    with closing(FixedPanel()) as panel:
        panel.begun()
        assert "Running" in panel.message.value
        with pytest.raises(RuntimeError):
            panel.run_now()
        assert "Not done: no more threads" in panel.message.value
