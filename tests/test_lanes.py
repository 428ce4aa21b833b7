"""Swim lanes of made-up observations: as text, as a picture, and of half of what will come."""

import pytest

from conclib import plots
from conclib.plots import lane_data
from conclib.results import Actor, Ending, Event
from tests.lesson_fonts import open_fonts

SEEN = (
    Actor("observer", "process", 1),
    Actor("process 1", "process", 2, maker="observer"),
    Actor("thread 1", "thread", 2, 3, "process 1"),
    Event(40_000_000, "thread 1", "fault", {}, "itself"),
    Event(30_000_000, "thread 1", "beats", {"times_ns": [10_000_000, 30_000_000]}),
    Event(0, "process 1", "start", seen="observer"),
    Ending("process 1", "signalled", 100_000_000, "waitid", 11),
    Ending("thread 1", "signalled", 100_000_000, "/proc", 11),
)


@pytest.fixture(scope="module", autouse=True)
def fonts():
    """Let matplotlib open its fonts before a test counts open files: it never closes them."""
    open_fonts()


def test_who_met_nothing_has_no_lane_and_what_came_late_is_in_its_place():
    first, second = lane_data.lanes_of(SEEN)
    assert (first.actor.name, second.actor.name) == ("process 1", "thread 1")
    assert second.beats == (10_000_000, 30_000_000) and second.faults == (40_000_000,)
    assert lane_data.span([first, second]) == (0, 100_000_000)


def test_lanes_as_text():
    assert plots.lanes_text(SEEN, width=21) == (
        "process 1  o--------------------  was ended by SIGSEGV\n"
        "thread 1     |---|-X------------  was ended by SIGSEGV"
    )


def test_lanes_fill_while_events_arrive():
    """The end is not there yet, and nobody claims one."""
    assert plots.lanes_text(SEEN[:5], width=21) == "thread 1  |------------|------X"
    assert plots.lanes_text(SEEN[:3]) == ""
    assert "not seen" in plots.lanes(SEEN[:5]).to_html()


def test_the_picture_says_the_same_in_words():
    picture = plots.lanes(SEEN, title="Who?")
    assert picture.alt == (
        "Who? process 1: start at 0 ns, was ended by SIGSEGV at 100 ms. thread 1: 2 beats, "
        "fault at 40.0 ms, was ended by SIGSEGV at 100 ms."
    )
    assert picture.png().startswith(b"\x89PNG")
    assert [row[0] for row in picture.table.rows] == ["process 1", "thread 1"]


@pytest.mark.parametrize("width", [19, 401, 1.5, "60"])
def test_a_width_that_is_none_is_refused(width):
    with pytest.raises((TypeError, ValueError), match="width="):
        plots.lanes_text(SEEN, width=width)


def test_nothing_to_draw_is_refused():
    with pytest.raises(ValueError, match="item"):
        plots.lanes(SEEN[:3])
