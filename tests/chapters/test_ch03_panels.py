"""The page grid and the two switches of chapter 03: what they show of made-up and of real runs."""

import threading
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest

from conclib import lab
from conclib.chapters import ch03_isolation as isolation
from conclib.chapters.ch03_isolation import grid, page_panel, switches
from conclib.results import Cancelled, Observation, Unavailable
from tests.made_up import HOST, RUNTIME
from tests.panels import open_widgets, read_aloud

PAGES = 256


def told(name: str, facts: dict[str, Any], **params: object) -> Observation:
    """Return a made-up observation with the probe's own parameters."""
    return Observation(name, "t", lab.catalogue()[name].complete(params), HOST, RUNTIME, facts)


def copied(parent: str = "", child: str = "", **params: object) -> Observation:
    """Return what was seen of the pages: the first ones as given, the others shared."""
    letters = {"parent": parent.ljust(PAGES, "s"), "child": child.ljust(PAGES, "s")}
    number = (parent + child).count("c")
    facts = {**letters, "pages": PAGES, "copied": number, "written": list(range(number))}
    return told("page_copies", facts, **params)


def strayed(neighbour: str, own_page: str, ended: bool) -> Observation:
    """Return what became of A and B in one run."""
    alive = neighbour == "alive"
    facts = {
        "a_before": "cat", "a_finds": "cat" if alive else None, "writer_ended": ended,
        "writer_end": "SIGSEGV" if ended else "lived", "writer_finds": None if ended else "dog",
    }  # fmt: skip
    return told("astray", facts, neighbour=neighbour, own_page=own_page)


def four(ended: Any) -> dict[switches.Switches, Observation]:
    """Return four runs; ``ended(neighbour, own_page)`` says in which B was ended."""
    places = [(neighbour, own) for neighbour in switches.NEIGHBOURS for own in switches.OWN]
    return {place: strayed(*place, ended(*place)) for place in places}


# The grid ---------------------------------------------------------------------------------------
def test_the_grid_says_which_pages_are_copies_and_whose():
    item = copied(parent="aassa", child="ccssc")
    assert grid.said(item) == (
        "Of 256 pages, the parent has 0 copied, the child has 3 copied (pages 1, 2, 5)."
    )
    drawn = grid.grid(item)
    assert "pages 1, 2, 5" in drawn.alt and drawn.png()
    assert drawn.table.rows == (("parent", "253", "0", "3", "0"), ("child", "253", "3", "0", "0"))


def test_the_old_page_is_drawn_grey_and_a_copy_alone_is_blue():
    from conclib.plots import style

    colours = [
        patch.get_facecolor() for patch in grid.grid(copied("aa", "cc")).figure.axes[0].patches
    ]
    assert len(colours) == 2 * PAGES
    blue = [place for place, colour in enumerate(colours) if colour[2] > colour[0]]
    assert blue == [PAGES, PAGES + 1] and style.BLUE == "#0072B2"


def test_what_is_not_known_or_recorded_is_told_where_the_eye_is():
    item = copied(child="c?")
    assert "1 could not be told." in grid.said(item)
    assert "question mark" in grid.grid(item).alt
    recorded = grid.grid(replace(item, source="recorded"))
    assert "Dashed: recorded on" in recorded.alt
    assert all("(recorded)" in row[0] for row in recorded.table.rows)
    texts = [text.get_text() for text in recorded.figure.axes[0].texts]
    assert "child: 1 copied (recorded)" in texts and "?" in texts


@pytest.mark.parametrize(
    ("pages", "text"),
    [([], "no page"), ([3], "page 3"), ([1, 2, 3, 9], "pages 1 to 3, 9"),
     (list(range(1, 40, 2)), "and 8 more places")],
)  # fmt: skip
def test_pages_are_named_in_few_words(pages, text):
    assert text in grid.named(pages)


def test_a_run_is_told_with_who_wrote_and_how_the_bytes_lay():
    one = copied(child="c", bytes=1, spread="side by side")
    assert page_panel.sentence(one).startswith("The child wrote 1 byte, side by side. Of 256")
    both = copied(child="cc", bytes=2, who="both")
    assert "The child and then the parent wrote 2 bytes, each in another" in page_panel.sentence(
        both
    )
    assert page_panel.KEPT not in page_panel.sentence(both)
    last = copied(parent="aa", child="cc", bytes=2, who="both")  # it wrote, and has no copy
    assert page_panel.KEPT in page_panel.sentence(last)
    many = replace(copied(child="c", bytes=1000), source="recorded")
    said = page_panel.sentence(many)
    assert "1,000 bytes, over all pages" in said and "recorded on" in said
    assert page_panel.row(many) == ("1,000", "spread", "child", "1", "1 (recorded)")


def test_the_slider_doubles_and_the_box_says_what_counts(monkeypatch):
    asked: list[dict[str, Any]] = []

    def observe(_name: str, *, stop: Any, **params: Any) -> Observation:
        asked.append(params)
        return copied(child="c", **params)

    monkeypatch.setattr(lab, "observe", observe)
    with closing(page_panel.GridPanel()) as shown:
        assert shown.slider.value == 9 and shown.bytes.value == 1000
        shown.slider.value = 20
        assert shown.bytes.value == page_panel.MOST
        shown.bytes.value = 5
        assert shown.slider.value == 2 and shown.bytes.value == 5
        shown.spread.value, shown.who.value = "spread", "parent"
        assert not asked  # nothing is measured but by the button
        shown.run_now()
    assert asked == [{"bytes": 5, "spread": "spread", "who": "parent"}]


@pytest.mark.worker
def test_the_page_panel_runs_shows_and_stops(home):
    import ipywidgets

    before = open_widgets(ipywidgets)
    with closing(isolation.grid_panel()), closing(isolation.grid_panel()) as shown:
        assert "page_copies" in repr(shown)
        assert shown.run_now().facts["copied"] == 1
        assert "1 copied (page 1)" in read_aloud(shown.message)
        assert "<img" in shown.plot.value and "side by side" in shown.table.value
        stopped(shown)
    assert open_widgets(ipywidgets) == before


def stopped(shown: Any) -> None:
    """Hold that a panel stops what runs, says when nothing does, and begins only once at a time."""
    shown.end()
    assert "nothing to stop" in read_aloud(shown.message)
    stop = threading.Event()
    stop.set()
    with pytest.raises(Cancelled):
        shown.run_now(stop)
    assert "Stopped." in read_aloud(shown.message)
    shown.begin()
    shown.begin()
    assert shown.background.wait(20)


# The switches -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("ended", "text"),
    [
        (lambda _neighbour, own: own == "no", "follows B's own switch alone. Whether A is there"),
        (lambda neighbour, _own: neighbour == "alive", "follows A's switch alone"),
        (lambda neighbour, own: neighbour == "alive" and own == "no", "follows both switches"),
        (lambda _neighbour, _own: True, "Neither switch"),
    ],
)
def test_the_four_runs_are_told_with_a_branch_for_each_outcome(ended, text):
    seen = four(ended)
    assert text in switches.sentence(seen) and text in switches.picture(seen).alt


def test_runs_that_were_not_done_are_not_told():
    seen = four(lambda _neighbour, own: own == "no")
    del seen["gone", "yes"]
    assert switches.sentence(seen) == "1 of the four runs is left."
    assert switches.table(seen)[2] == (
        "A is gone",
        "B was ended by SIGSEGV; A is gone",
        "not run yet",
    )
    drawn = switches.picture(seen)
    assert "not run yet" in drawn.alt and drawn.png()
    assert "4 of the four runs are left." in switches.picture({}).alt


def test_a_recorded_run_is_labelled_in_its_square():
    seen = four(lambda _neighbour, own: own == "no")
    seen["alive", "no"] = replace(seen["alive", "no"], source="recorded")
    drawn = switches.picture(seen)
    assert "Dashed: recorded on" in drawn.alt
    texts = [text.get_text() for text in drawn.figure.axes[0].texts]
    assert [text for text in texts if "(recorded)" in text] == [
        "B was ended by SIGSEGV\nA still finds cat (recorded)"
    ]


@pytest.mark.worker
def test_the_switches_really_run_and_fill_the_table(home, monkeypatch):
    import ipywidgets

    before = open_widgets(ipywidgets)
    with closing(isolation.two_switches()), closing(isolation.two_switches()) as shown:
        assert shown.table.value.count("not run yet") == 4
        assert shown.run_now().facts["writer_end"] == "SIGSEGV"
        assert "3 of the four runs are left" in read_aloud(shown.message)
        shown.neighbour.value, shown.own.value = "gone", "yes"
        assert shown.run_now().facts["writer_end"] == "lived"
        assert shown.table.value.count("not run yet") == 2
        stopped(shown)
        monkeypatch.setattr(lab, "observe", refused)
        with pytest.raises(Unavailable):
            shown.run_now()
        assert "Not done: " in read_aloud(shown.message)
    assert open_widgets(ipywidgets) == before


def refused(*_args: object, **_params: object) -> Observation:
    """Stand in for a machine that cannot do it."""
    raise Unavailable("astray: not here")
