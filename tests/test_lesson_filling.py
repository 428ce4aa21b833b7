"""Lanes that fill under a cell: made-up events, a clock that a test sets, a page that remembers."""

from types import SimpleNamespace

import pytest

from conclib import lab, plots
from conclib.lesson.showing import filling, shown
from conclib.results import Actor, Ending, Event, Observation, Unavailable, hooks
from tests import made_up, notebooks
from tests.lesson_fonts import open_fonts

FIRST = Actor("first", "process", 7)
BEATS = [Event(ms * 1_000_000, "first", "beats", {"times_ns": [ms * 1_000_000]}) for ms in range(9)]
END = Ending("first", "exited", 9_000_000, "waitid", 0)
SEEN = [FIRST, *BEATS, END]


@pytest.fixture(scope="module", autouse=True)
def fonts():
    """Let matplotlib open its fonts before a test counts open files: it never closes them."""
    open_fonts()


class Page:
    """A clock that a test sets, and a page that remembers what was put on it."""

    def __init__(self) -> None:
        self.now, self.shown, self.places = 100.0, [], 0
        self.lanes = filling.Lanes("Who?", self.put, lambda: self.now)

    def put(self, picture):
        self.places += 1
        self.shown.append(picture.alt)
        return lambda other: self.shown.append(other.alt)

    def saw(self, *items, after: float = 0.0) -> None:
        for item in items:
            self.now += after
            self.lanes.saw(item)


def alt(count: int) -> str:
    """Return the words of the picture of the first things seen."""
    return plots.lanes(SEEN[:count], title="Who?").alt


def test_each_picture_shows_what_has_arrived_until_then_in_one_place():
    page = Page()
    page.saw(*SEEN, after=filling.EVERY)
    page.lanes.ended()
    assert page.shown == [alt(count) for count in range(2, len(SEEN) + 1)] and page.places == 1
    assert "ended with exit code 0" in page.shown[-1] and "ended" not in page.shown[-2]


def test_between_two_pictures_some_time_goes_by_and_the_last_one_is_final():
    page = Page()
    page.saw(*SEEN, after=0.26 * filling.EVERY)
    assert page.shown == [alt(2), alt(6), alt(10)]
    page.lanes.ended()
    assert page.shown == [alt(2), alt(6), alt(10), alt(11)] and page.places == 1


def test_what_came_too_early_to_be_drawn_is_drawn_while_nothing_comes():
    page = Page()
    page.saw(*SEEN[:4])
    page.lanes.waited()
    assert page.shown == [alt(2)]
    page.now += filling.EVERY
    page.lanes.waited()
    assert page.shown == [alt(2), alt(4)]
    page.now += 10
    page.lanes.waited()
    assert page.shown == [alt(2), alt(4)], "nothing is new"


def test_who_meets_nothing_is_not_drawn():
    page = Page()
    page.saw(FIRST, Actor("second", "thread"), after=1.0)
    page.lanes.ended()
    assert page.shown == []


# cl.observe ---------------------------------------------------------------------------------------
@pytest.fixture
def notebook(monkeypatch) -> list[tuple[str, str]]:
    """A cell of a notebook: what is displayed and what replaces it, with the words of each."""
    found: list[tuple[str, str]] = []

    def display(item, display_id):
        found.append(("displayed", item.alt))
        return SimpleNamespace(update=lambda other: found.append(("updated", other.alt)))

    monkeypatch.setattr(shown, "running_shell", lambda: SimpleNamespace(kernel="there"))
    monkeypatch.setattr("IPython.display.display", display)
    monkeypatch.setattr(filling, "EVERY", 0.0)
    return found


@pytest.fixture
def observed(monkeypatch) -> list[Exception]:
    """Let observing give the made-up events; what is put into the list is raised in their midst."""
    failures: list[Exception] = []

    def observe(probe, *, on_event, **options):
        for item in SEEN if on_event else ():
            on_event(item)
            hooks.on_wait.fire()
            if failures and item is SEEN[4]:
                raise failures[0]
        return Observation(probe, "t", options, made_up.HOST, made_up.RUNTIME)

    monkeypatch.setattr(lab, "observe", observe)
    return failures


def test_from_a_cell_one_display_is_updated_and_ends_with_the_whole(notebook, observed):
    before = list(hooks.on_wait.listeners)
    item = filling.observe("crash", beats=19)
    assert (item.probe, item.params) == ("crash", {"beats": 19})
    title = lab.catalogue()["crash"].title
    words = [plots.lanes(SEEN[:n], title=title).alt for n in range(2, len(SEEN) + 1)]
    assert notebook == [("displayed", words[0]), *(("updated", each) for each in words[1:])]
    assert hooks.on_wait.listeners == before


def test_what_was_seen_until_it_failed_stays(notebook, observed):
    observed.append(Unavailable("no more"))
    with pytest.raises(Unavailable):
        filling.observe("crash")
    assert notebook[-1][1].endswith("first: 4 beats.")


def test_outside_a_notebook_nothing_is_drawn(observed, monkeypatch):
    monkeypatch.setattr(plots, "lanes", lambda *_, **_more: pytest.fail("drawn"))
    assert filling.observe("crash").probe == "crash"


def test_who_takes_the_events_draws_them(notebook, observed):
    seen: list = []
    filling.observe("crash", on_event=seen.append)
    assert seen == SEEN and notebook == []


@pytest.mark.usefixtures("notebook")
@pytest.mark.parametrize("probe", ["deth", "fork", 3])
def test_what_cannot_be_observed_is_refused_before_anything_is_drawn(observed, probe, monkeypatch):
    monkeypatch.setattr(plots, "lanes", lambda *_, **_more: pytest.fail("drawn"))
    with pytest.raises((TypeError, ValueError), match=r"^probe="):
        filling.observe(probe)


@pytest.mark.worker
def test_a_real_crash_fills_its_lanes(home, notebook):
    item = filling.crash("null pointer", "process")
    assert notebook[0][0] == "displayed" and {kind for kind, _ in notebook[1:]} == {"updated"}
    assert "ended" not in notebook[0][1] and notebook[-1][1] == plots.lanes(item).alt


@pytest.mark.slow
def test_a_notebook_keeps_the_final_lanes_and_below_them_what_the_cell_gives():
    """As JupyterLab does, the client puts each picture in the place of the one before it."""
    book = notebooks.run_cells(
        'import conclib as cl\nitem = cl.crash("null pointer", "process")\nitem.source'
    )
    lanes, result = book.cells[0].outputs
    assert lanes["output_type"] == "display_data" and "<img" in lanes["data"]["text/html"]
    assert lanes["data"]["text/plain"].count("ended with exit code 0") == 3
    assert result["data"]["text/plain"] == "'live'"
