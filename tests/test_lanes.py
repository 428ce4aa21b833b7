"""Swim lanes of made-up observations: as text, as a picture, and of half of what will come."""

from dataclasses import replace

import pytest

from conclib import plots
from conclib.lesson import registry
from conclib.lesson.showing.figures import plot
from conclib.plots import lane_data
from conclib.results import Actor, Ending, Event, Observation
from tests import made_up
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


def names(picture: plots.Picture) -> list[str]:
    """Return what is written over the axes of a picture."""
    return [text.get_text() for text in picture.figure.axes[0].texts]


PHASES = [
    Event(time, "observer", "phase", {"name": name})
    for time, name in ((0, "start"), (1_000_000, "load"), (90_000_000, "drain"))
]


def test_a_phase_goes_by_its_name_in_the_picture_and_in_the_words():
    picture = plots.lanes([*SEEN, *PHASES])
    assert "observer: start at 0 ns, load at 1.00 ms, drain at 90.0 ms." in picture.alt
    assert set(names(picture)) >= {"start", "load", "drain"} and "phase" not in names(picture)


def test_a_name_that_finds_no_place_near_its_mark_is_in_the_words_only():
    crowd = [Event(time, "observer", f"event number {time}") for time in range(100)]
    picture = plots.lanes([*SEEN, *crowd])
    written = [name for name in names(picture) if name.startswith("event")]
    assert written == [f"event number {time}" for time in range(len(written))]
    assert 0 < len(written) < 5 and picture.alt.count("event number") == 100


def observation(**fields) -> Observation:
    """Return the same as an observation."""
    kinds = {"actors": Actor, "events": Event, "endings": Ending}
    seen = {name: tuple(x for x in SEEN if isinstance(x, kind)) for name, kind in kinds.items()}
    return Observation("p", "A title", {}, made_up.HOST, made_up.RUNTIME, **{**seen, **fields})


def test_an_observation_brings_its_title_and_a_recording_says_so():
    assert plots.lanes(observation()).alt.startswith("A title. process 1: start")
    assert plots.lanes_text(observation()) == plots.lanes_text(SEEN)
    old = observation(source="recorded", date="2026-11-24")
    assert plots.lanes(old, title="Who?").alt.startswith(f"Who? ({old.origin}). process 1")
    assert plots.lanes_text(old) == f"{plots.lanes_text(SEEN)}\n({old.origin})"


def test_of_very_many_the_first_are_drawn_and_how_many_more_there_are_is_said():
    names = [f"thread {number}" for number in range(47)]
    seen = [each for name in names for each in (Actor(name, "thread"), Event(0, name, "born"))]
    picture = plots.lanes(seen)
    assert picture.alt.endswith("thread 39: born at 0 ns. And 7 more that are not drawn.")
    assert len(picture.table.rows) == len(names)


@pytest.mark.parametrize("width", [19, 401, 1.5, "60"])
def test_a_width_that_is_none_is_refused(width):
    with pytest.raises((TypeError, ValueError), match="width="):
        plots.lanes_text(SEEN, width=width)


def test_nothing_to_draw_is_refused():
    with pytest.raises(ValueError, match="item"):
        plots.lanes(SEEN[:3])


# What cl.plot makes of an observation ------------------------------------------------------------
def test_an_observation_is_drawn_as_lanes_with_the_same_in_letters():
    item = observation()
    for kind in (None, "lanes"):
        drawn = plot(item, kind, title="Who?")
        assert drawn.picture.alt == plots.lanes(item, title="Who?").alt
        assert repr(drawn) == plots.lanes_text(item)


def test_or_as_steps():
    drawn = plot(observation(), "steps", title="Who?")
    assert drawn.picture.alt == plots.lanes(observation(), title="Who?").alt
    assert "iframe" in drawn.picture.html and repr(drawn) == plots.lanes_text(observation())


def test_a_chapter_may_bring_another_kind_of_picture_for_it(course):
    (chapter, _) = course
    words = {**chapter.words, "pictures": {"p": "ours"}}
    drawing = {"ours": lambda item, **_: plots.lanes(item, title="Ours")}
    registry.register(replace(chapter, words=words, pictures=drawing))
    assert plot(observation()).picture.alt.startswith("Ours.")


TIMED = made_up.measurement([5.0] * 9)
FACTS = observation(actors=(), events=(), endings=(), facts={"asked": 8})


@pytest.mark.parametrize(
    ("result", "kind", "error", "says"),
    [
        (observation(), "spread", TypeError, "kind='spread'"),
        (observation(), "order", TypeError, "kind='order'"),
        (TIMED, "lanes", TypeError, "kind='lanes'"),
        (TIMED, "steps", TypeError, "kind='steps'"),
        (FACTS, "steps", ValueError, "no lanes to draw"),
        (FACTS, None, ValueError, "no lanes to draw; what it has are facts"),
        (replace(FACTS, source="recorded"), None, ValueError, "no lanes to draw"),
        ([observation()], None, TypeError, "result=list: must be what"),
    ],
)
def test_a_picture_that_does_not_fit_the_result_is_refused(result, kind, error, says):
    with pytest.raises(error, match=says):
        plot(result, kind)
