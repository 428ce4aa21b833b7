"""What locks a prediction, driven through what really asks: cells, panels, a quiz, commands.

``test_lesson_predictions.py`` fires the news itself. Here whoever measures does; where no worker is
needed none can be started, and a recording takes its place, for what is announced is the same.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

import conclib.lesson
from conclib import cli, lab
from conclib.lab import observing
from conclib.lesson import registry
from conclib.lesson.asking import quizzes
from conclib.lesson.predicting import experiments
from conclib.lesson.predicting.predictions import predict, standing
from conclib.results import hooks
from conclib.widgets.model import PanelModel
from conclib.widgets.quizzes import Card, QuizPanel
from tests import house
from tests.lesson_fonts import open_fonts


@pytest.fixture(scope="module", autouse=True)
def fonts():
    """Let matplotlib open its fonts before a test counts open files: it never closes them."""
    open_fonts()


@pytest.fixture
def told(monkeypatch) -> list[hooks.Start]:
    """All that is announced, beside those who listen anyway."""
    conclib.lesson  # noqa: B018  its import registered the listener
    found: list[hooks.Start] = []
    monkeypatch.setattr(hooks.on_start, "listeners", [*hooks.on_start.listeners, found.append])
    monkeypatch.setattr(hooks.on_notice, "listeners", list(hooks.on_notice.listeners))
    return found


def wait_for(background) -> None:
    """Wait until a panel's reader thread has ended."""
    assert background.wait(30)


# Who asks -----------------------------------------------------------------------------------------
def panel_starts() -> None:
    """Press Run, and wait for the reader thread."""
    model = PanelModel("function_call")
    assert model.start()
    wait_for(model)


@contextmanager
def card() -> Iterator[Card]:
    """Open the toy quiz at the question whose wrong answers an experiment contradicts."""
    shown = QuizPanel(quizzes.quiz("90"))
    yield next(each for each in shown.cards if each.question.id == "once-more")
    shown.close()


def card_shows() -> None:
    """Run its experiment in this thread."""
    with card() as found:
        found.show_now(found.question.options[0])


def card_is_pressed() -> None:
    """Press its button, and wait for the reader thread."""
    with card() as found:
        found.answer(found.question.options[0])
        found._show_pressed()
        wait_for(found.panel.background)


ASKING = {
    "a panel's Run": (panel_starts, "panel"),
    "a panel in this thread": (lambda: PanelModel("function_call").measure_now(), "panel"),
    "a quiz's button": (card_is_pressed, "panel"),
    "a quiz in this thread": (card_shows, "panel"),
    "the command line": (lambda: cli.main(["measure", "function_call"]), "cli"),
}


@pytest.mark.usefixtures("course", "nowhere", "capsys")
@pytest.mark.parametrize(("ask", "who"), ASKING.values(), ids=ASKING)
def test_who_is_no_cell_neither_locks_a_prediction_nor_makes_it_late(
    told, ask: Callable[[], object], who
):
    """It measures exactly the experiment that was predicted; a cell that does the same locks it."""
    predict("one-call", 10, 500, "ns")
    ask()
    assert [(start.specs[0][0], start.asked_by) for start in told] == [("function_call", who)]
    assert not standing("one-call").locked
    assert not predict("one-call", 20, 600, "ns", new_attempt=True).late
    lab.measure("function_call")
    assert standing("one-call").locked and told[-1].asked_by == "cell"


def test_of_two_open_chapters_only_the_one_whose_experiment_it_is_is_concerned(course, nowhere):
    assert registry.opened_numbers() == {"90", "91"}
    predict("one-call", 10, 500, "ns")
    predict("an-order", order=["a", "b", "c"])
    lab.measure("copy_1mb")
    assert standing("an-order").locked and not standing("one-call").locked
    assert not predict("calls", ratio=(2, 20)).late
    lab.measure("function_call")
    assert standing("one-call").locked


# An observation -----------------------------------------------------------------------------------
def test_a_prediction_about_an_observation_locks_when_that_is_made_from_a_cell(
    course, nowhere, told
):
    predict("first-to-end", order=["child", "parent"])
    lab.observe("fork_buffer")
    observing.observed("fork_twice")
    with hooks.asking("panel"):
        lab.observe("fork_twice")
    assert [start.asked_by for start in told] == ["cell", "engine", "panel"]
    assert not standing("first-to-end").locked
    item = lab.observe("fork_twice")
    assert standing("first-to-end").locked
    assert experiments.matches("first-to-end", [replace(item, source="live")])
    assert not experiments.matches("first-to-end", [item]), "a recording"
    assert predict("first-to-end", order=["parent", "child"], new_attempt=True).late


def test_what_is_observed_is_announced_with_all_its_parameters_and_its_pin(nowhere, told):
    lab.observe("noise")
    lab.observe("noise", cpu=0)
    params = lab.catalogue()["noise"].complete({})
    assert told == [hooks.Start((("noise", params),), pinned) for pinned in (False, True)]


# Two notebook kernels -----------------------------------------------------------------------------
KERNEL = """
import sys
from types import SimpleNamespace
from conclib import lab
from conclib.lesson import registry
from conclib.lesson.predicting.predictions import predict, standing
from conclib.lesson.store import kept
from tests.course import CHAPTERS

chapters = {chapter.number: chapter for chapter in CHAPTERS}
registry._registered = {number: chapters[number] for number in sys.argv[1:]}
words = {number: chapter.words for number, chapter in chapters.items()}
registry.find_with(SimpleNamespace(known=lambda: words))
for cell in sys.stdin:
    print(repr(eval(cell)), flush=True)
"""


class Kernel:
    """Stands in for a notebook kernel: runs a cell, an expression, and gives what it shows."""

    def __init__(self, *numbers: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", KERNEL, *numbers], cwd=house.ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def run(self, cell: str) -> str:
        """Return the repr of what a cell gives."""
        self.process.stdin.write(cell + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def end(self) -> None:
        """End it as Jupyter does, and wait."""
        self.process.stdin.close()
        assert self.process.wait(30) == 0
        self.process.stdout.close()


@pytest.fixture
def kernels() -> Iterator[tuple[Kernel, Kernel]]:
    """Two at once, on one store: chapter 90 is open in the first, 91 in the second."""
    both = Kernel("90"), Kernel("91")
    yield both
    for kernel in both:
        kernel.end()


BOTH = 'list(lab.measure_many("system_call", "function_call", budget=0.02, runs=1))'
LATE = 'predict("calls", ratio=(3, 30), new_attempt=True).late'


@pytest.mark.worker
def test_what_another_notebook_kernel_measures_neither_locks_a_prediction_nor_makes_it_late(
    home, kernels
):
    """The store is the same, the experiment too; but there the chapter is not open."""
    student, other = kernels
    assert student.run('predict("calls", ratio=(2, 20)).filled') == "True"
    assert other.run(BOTH) == "['system_call', 'function_call']"
    assert student.run("[item.probe for item in kept.results()]") == other.run(
        "['system_call', 'function_call']"
    )
    assert student.run('standing("calls").locked') == student.run(LATE) == "False"
    assert student.run(BOTH) == "['system_call', 'function_call']"
    assert student.run('standing("calls").locked') == "True"
    assert other.run('standing("calls").locked, standing("calls").values') == "(True, (3.0, 30.0))"
