"""Swim lanes that are stepped through, of made-up observations; and silences in lanes and words."""

import re

import pytest

from conclib import plots
from conclib.plots import lane_data, style
from conclib.results import Actor, Ending, Event
from tests.lesson_fonts import open_fonts

MS = 1_000_000
BEATS = {"times_ns": [time * MS for time in (10, 20, 30)]}
SEEN = (
    Actor("process", "process", 5),
    Actor("thread 1", "thread", 5, 6, "process"),
    Actor("thread 2", "thread", 5, 7, "process"),
    Actor("process 2", "process", 8),
    Event(0, "process", "start", seen="observer"),
    Event(30 * MS, "thread 1", "beats", BEATS),
    Event(30 * MS, "thread 2", "beats", BEATS),
    Event(31 * MS, "thread 1", "fault"),
    Event(150 * MS, "thread 2", "silent", {"state": "S"}, "observer"),
    Event(230 * MS, "thread 2", "beats", {"times_ns": [230 * MS]}),
    Event(230 * MS, "thread 2", "goes on"),
    Event(20 * MS, "process 2", "beats", BEATS),
    Ending("thread 1", "exited", 100 * MS, "/proc"),
    Ending("process 2", "signalled", 300 * MS, "waitid", 9),
)


@pytest.fixture(scope="module", autouse=True)
def fonts():
    """Let matplotlib open its fonts before a test counts open files: it never closes them."""
    open_fonts()


def steps(picture: plots.Moving) -> list[str]:
    """Return the sentence of each step."""
    return re.findall(r"class=&quot;sentence&quot;&gt;(.*?)&lt;/", picture.html)


def test_a_silence_lasts_from_the_last_sign_to_the_next():
    found = {lane.actor.name: lane for lane in lane_data.lanes_of(SEEN)}
    assert found["thread 2"].silences == ((30 * MS, 230 * MS),)
    assert found["thread 1"].silences == () and found["thread 2"].others == ()
    still = lane_data.lanes_of([*SEEN[:9], Ending("thread 2", "alive", 400 * MS, "/proc")])
    assert next(x for x in still if x.actor.name == "thread 2").silences == ((30 * MS, 400 * MS),)


def test_a_silence_in_letters_and_in_words():
    lines = plots.lanes_text(SEEN, width=31).splitlines()
    assert lines[2] == "thread 2    |||===================|"
    assert "thread 2: 4 beats, no sign of life for 200 ms." in plots.lanes(SEEN).alt


def test_each_step_says_what_was_seen_until_then():
    told = steps(plots.moving_lanes(SEEN, title="Who?"))
    assert told == [
        "Until 0 ns. process: start.",
        "Until 31.0 ms. thread 1: fault.",
        "Until 100 ms. thread 1: ended.",
        "Until 230 ms. thread 2: no sign of life for 200 ms.",
        "Until 300 ms. process 2: was ended by SIGKILL.",
    ]


def test_nothing_is_drawn_before_its_step():
    frames = plots.moving_lanes(SEEN).html.split("class=&quot;frame&quot;")[1:]
    assert ["SIGKILL" in frame.split("figcaption")[0] for frame in frames] == [False] * 4 + [True]
    black = ["M0-15V15" in frame for frame in frames]
    assert black == [False, True, True, True, True], "the fault's cross"


def test_the_still_shows_all_and_says_the_same_as_the_lanes():
    picture = plots.moving_lanes(SEEN, title="Who?")
    assert picture.png().startswith(b"\x89PNG")
    assert picture.alt == plots.lanes(SEEN, title="Who?").alt
    assert picture.still.table == plots.lanes(SEEN).table


def test_walls_come_last_and_one_stands_around_each_process():
    frames = plots.moving_lanes(SEEN, walls=True).html.split("class=&quot;frame&quot;")[1:]
    bare = plots.moving_lanes(SEEN).html.split("class=&quot;frame&quot;")[1:]
    more = [one.count("polyline") - other.count("polyline")
            for one, other in zip(frames, bare, strict=True)]  # fmt: skip
    assert more == [0, 0, 0, 0, 2]


def test_walls_bring_those_together_who_share_a_process():
    apart = [SEEN[1], SEEN[3], SEEN[2], *SEEN[5:]]
    svg = plots.moving_lanes(apart, walls=True).html.split("class=&quot;frame&quot;")[1]
    places = [svg.index(f"&gt;{name}&lt;") for name in ("thread 1", "thread 2", "process 2")]
    assert places == sorted(places)


@pytest.mark.parametrize("draw", [plots.lanes, plots.moving_lanes])
def test_hidden_lanes_tell_nobody_who_is_a_process(draw):
    picture = draw(SEEN, hidden=True)
    table = picture.table if isinstance(picture, plots.Picture) else picture.still.table
    assert {row[1] for row in table.rows} == {"not told"}
    if isinstance(picture, plots.Moving):
        drawn = set(re.findall(r"stroke=&quot;(#\w+)&quot;", picture.html))
        assert drawn == {style.INK, style.OTHER.colour}


def test_marks_that_would_cover_each_other_share_their_names():
    near = [Event(100 * MS + number, "thread 1", what) for number, what in enumerate("abb")]
    assert "&gt;a, b&lt;" in plots.moving_lanes([*SEEN, *near]).html


def test_a_crowd_of_moments_is_told_in_a_few_steps():
    crowd = [Event(time * MS, "process", f"event {time}") for time in range(200)]
    told = steps(plots.moving_lanes([*SEEN, *crowd]))
    assert len(told) <= 24 and " ".join(told).count("process: event") == 200


def test_nothing_to_draw_is_refused():
    with pytest.raises(ValueError, match="item"):
        plots.moving_lanes(SEEN[:4])
