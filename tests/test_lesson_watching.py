"""The bar under a cell that takes long: when it comes, what it says, and that it goes."""

import threading
from types import SimpleNamespace

import pytest

from conclib.lab import Progress
from conclib.lesson.showing import shown, watching
from conclib.results import hooks
from tests import notebooks, outputs


class Page:
    """A clock that a test sets, and a page that remembers what was put on it."""

    def __init__(self) -> None:
        self.now = 100.0
        self.seen: list[dict[str, str]] = []
        self.watch = watching.Watch(self.put, lambda: self.now)

    def put(self, part):
        self.seen.append(part)
        return self.seen.append

    def later(self, seconds: float, **news) -> None:
        self.now += seconds
        self.watch.progressed(told(**news)) if news else self.watch.waited()


def told(phase: str = "measure", run: int = 1, fraction: float = 0.25) -> Progress:
    return Progress("big", "fork", phase, run, 3, fraction=fraction, limit=20.3)


def test_a_short_measurement_shows_nothing_at_all():
    page = Page()
    for _ in range(10):
        page.later(0.14, fraction=0.1)
    page.watch.ended()
    assert page.seen == []


def test_a_long_one_shows_what_it_does_how_far_it_is_and_how_to_stop_it():
    page = Page()
    page.later(0)
    page.watch.progressed(told(phase="setup"))
    page.later(1.6, phase="measure", run=2, fraction=0.43)
    [part] = page.seen
    assert part["text/plain"].startswith("Measuring big, process 2 of 3: measuring (43%).")
    assert 'value="0.43"' in part["text/html"]
    assert watching.STOP in part["text/plain"]
    assert "■" in part["text/html"]


def test_it_is_renewed_now_and_then_only():
    page = Page()
    for _ in range(100):
        page.later(0.05, fraction=0.5)
    shown = len(page.seen)
    assert 1 < shown <= 5 / watching.EVERY
    page.watch.ended()
    assert page.seen[shown:] == [watching.GONE]


def test_a_worker_that_does_not_answer_is_waited_for_aloud():
    """Nothing is told any more, as from a body that never returns: time going by is enough."""
    page = Page()
    page.later(0, phase="calibrate")
    for _ in range(200):
        page.later(0.05)
    assert "warming up, for 10 s now (given up after 20 s)" in page.seen[-1]["text/plain"]


def test_each_measurement_has_a_patience_of_its_own():
    page = Page()
    for _ in range(5):
        page.later(1.0, phase="setup")
        page.later(1.0, phase="measure")
        page.watch.ended()
    assert page.seen == []
    page.later(100)
    assert page.seen == [], "nothing is being measured"


def test_only_a_cell_of_a_notebook_has_a_place_for_it(monkeypatch):
    """A console has none, and what a panel's thread measures is told by the panel."""
    page = Page()
    monkeypatch.setattr(watching, "_watch", page.watch)

    def measured() -> None:
        watching.hear("progressed", told())
        page.now += 5
        watching.hear("waited")

    measured()
    monkeypatch.setattr(shown, "running_shell", lambda: SimpleNamespace(kernel="there"))
    thread = threading.Thread(target=measured)
    thread.start()
    thread.join()
    assert page.seen == []
    measured()
    watching.hear("ended")
    assert len(page.seen) == 2 and page.seen[-1] == watching.GONE


def test_a_label_cannot_write_html():
    part = watching.page_part(Progress("<b>", "fork", "setup", 1, 1), 0.0)
    assert "<b>" not in part["text/html"]


IMPATIENT = """\
import conclib as cl
from conclib.lesson.showing import shown, watching
watching.PATIENCE = 0"""


@pytest.mark.slow
@pytest.mark.parametrize("call", [
    'item = cl.measure("empty", budget=0.01, runs=1)',
    '%%probe wrong\ndef body(state, loops):\n    loops / 0',
])  # fmt: skip
def test_in_a_notebook_it_goes_when_all_is_over_whatever_became_of_it(call):
    book = notebooks.run_cells(IMPATIENT, call)
    bar = book.cells[1].outputs[0]
    assert dict(bar["data"]) == watching.GONE
    outputs.clean(book)
    assert bar not in book.cells[1].outputs, "an empty place would be stored"


@pytest.mark.slow
def test_the_place_of_a_bar_is_not_stored_but_all_else_is():
    import nbformat

    kept = nbformat.v4.new_output("display_data", {"text/plain": "x"})
    printed = nbformat.v4.new_output("stream", text="y")
    gone = nbformat.v4.new_output("display_data", dict(watching.GONE))
    cell = nbformat.v4.new_code_cell("z", outputs=[kept, gone, printed])
    outputs.clean(nbformat.v4.new_notebook(cells=[cell]))
    assert cell.outputs == [kept, printed]


def test_what_was_left_behind_is_told_in_the_notebook(capsys):
    """A worker's folder that could not be removed, say: it fails nothing, but is said."""
    hooks.on_notice.fire("It is left there.")
    assert capsys.readouterr().out == "It is left there.\n"
