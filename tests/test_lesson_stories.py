"""Stories, the race, the ruler: told in words that hold whatever came out.

What every race of a real chapter must do is asked of all in ``chapters/test_every_chapter.py``.
"""

from dataclasses import replace

import pytest

from conclib.lesson import texts
from conclib.lesson.asking import races
from conclib.lesson.showing import shown, sources, stories
from conclib.lesson.showing.pages import Page, case_file, glossary, linked, with_sources
from conclib.lesson.showing.shown import paragraphs
from conclib.results import Actor, Ending, Event, Measurements, Observation
from tests import made_up
from tests.chapters import answers
from tests.lesson_fonts import open_fonts
from tests.made_up import around, few

pytestmark = pytest.mark.usefixtures("course")


@pytest.fixture(scope="module", autouse=True)
def fonts():
    """Let matplotlib open its fonts before a test counts open files: it never closes them."""
    open_fonts()


def lost():
    return made_up.measurement([5.0] * 9, baseline=(9.0,))


def lanes(**costs):
    return Measurements({k: around(v) if v else lost() for k, v in costs.items()})


# The race ---------------------------------------------------------------------------------------
def test_a_race_tells_the_order_and_not_how_far_apart():
    """A ratio that will be asked for cannot be computed from it."""
    found = races.places(lanes(A=300, B=100, C=3000))
    assert found == {"A": 2, "B": 1, "C": 3}
    said = races.race_sentence(found)
    assert said == "Done first: lane B; then lane A; then lane C."
    assert not any(character.isdigit() for character in said)


def test_lanes_that_cannot_be_told_apart_share_a_place():
    found = races.places(lanes(A=300, B=100, C=300))
    assert found == {"A": 2, "B": 1, "C": 2}
    assert "lanes A and C, which cannot be told apart" in races.race_sentence(found)


def test_a_lane_that_could_not_be_timed_is_said():
    said = races.race_sentence(races.places(lanes(A=300, B=None, C=3000)))
    assert said.endswith("Could not be timed well enough: B.")
    assert races.race_sentence({"A": None}) == "No lane could be timed here."


def test_a_lane_with_too_few_values_has_no_place_however_slow_it_is():
    """Without an interval nobody is surely quicker, so it would be first."""
    found = races.places({**lanes(A=300, B=100), "C": few(30_000_000)})
    assert found == {"A": 2, "B": 1, "C": None}
    said = races.race_sentence(found)
    assert said == "Done first: lane B; then lane A. Could not be timed well enough: C."


def test_a_race_hides_its_lanes_and_its_choice_uncovers_them():
    assert set(texts.entries("races")) == {"calling"}
    answers.hides_its_lanes("calling")


@pytest.mark.worker
def test_a_real_race_names_no_lane(home):
    race = races.mystery_race("calling", budget=0.1)
    assert set(race.places) == {"A", "B", "C"}
    assert not any(word in repr(race) + race.picture.alt for word in ("write", "call", "page"))


# The ruler --------------------------------------------------------------------------------------
def test_the_ruler_scales_by_its_first_mark():
    result = {"a call": around(20), "a system call": around(200), "a copy": around(72_000)}
    said = races.ruler_sentence(result, [("a blink of an eye", 20 * 86400.0 * 3)])
    assert said == (
        "If a call took one second, then a system call 10 seconds, a copy 60 minutes and "
        "a blink of an eye 3 days. (Really, a call took 20.0 ns.)"
    )


def test_the_ruler_says_what_it_could_not_resolve():
    said = races.ruler_sentence({"a call": around(20), "another": lost()}, [])
    assert "another: not resolved" in said
    assert "too short to be told" in races.ruler_sentence({"a call": lost(), "b": around(5)}, [])


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(1, "1 second"), (0.25, "0.2 seconds"), (89, "89 seconds"), (90, "1.5 minutes"),
     (7200, "2 hours"), (36 * 3600, "1.5 days"), (2 * 365.25 * 86400, "2 years")],
)  # fmt: skip
def test_a_long_time_is_said_as_one_would(seconds, text):
    assert races.lasting(seconds) == text


# Stories ----------------------------------------------------------------------------------------
@pytest.mark.worker
def test_a_story_is_the_same_each_time_and_told_in_the_chapters_words():
    assert set(texts.entries("stories")) == {"fork_twice"}
    first = answers.is_told_alike_twice("fork_twice", ("one", "two", "two"))
    assert first.steps[0] == "One caller, alone."
    assert "The child calls two." in first.steps


def test_an_event_without_words_of_its_own_is_told_plainly():
    event = {"t": 3, "who": "child", "what": "fault", "text": "meets a fault"}
    assert stories.narrated(event, {}) == "The child: meets a fault."
    assert stories.narrated(event, {"child.fault": "{who} and {text}"}) == "child and meets a fault"


def test_what_was_printed():
    assert stories.printed(()) == ""
    assert stories.printed(("a",)) == "On the screen, 1 line: a."
    assert stories.printed(("a", "b")) == "On the screen, 2 lines: a, b."


# A run that is made up: its story is told from what was seen, whatever that is.
ACTORS = (
    Actor("parent", "process", 1), Actor("thread", "thread", 1, 2, "parent"),
    Actor("child", "process", 3, maker="parent"),
)  # fmt: skip


def seen(*happened):
    """Return an observation of what happened: (who, what, data), or an ending."""
    events = [Event(t, *each) for t, each in enumerate(happened) if isinstance(each, tuple)]
    endings = [replace(each, t_ns=t) for t, each in enumerate(happened) if isinstance(each, Ending)]
    return Observation(
        "x", "t", {}, made_up.HOST, made_up.RUNTIME, {}, ACTORS, tuple(events), tuple(endings)
    )


def test_what_happened_says_of_which_kind_who_is_and_whom_it_concerns():
    events = stories.happened(
        seen(("parent", "thread"), ("parent", "fork"), ("thread", "print", {"text": "x"}))
    )
    assert [(each["kind"], each["what"], each["text"]) for each in events] == [
        ("process", "thread", "thread"), ("process", "fork", "child"), ("thread", "print", "x"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("how", "drawn"), [("exited", "exit"), ("killed", "killed"), ("signalled", "fault")]
)
def test_how_somebody_ended_decides_how_the_end_is_drawn(how, drawn):
    (event,) = stories.happened(seen(Ending("child", how, 0, "waitid", 9)))
    assert stories.drawable(event, {})["what"] == drawn
    assert stories.drawable(event, {})["text"] == "", "the narration says it"


def test_what_the_drawing_has_no_mark_for_is_a_note_in_the_chapters_words():
    (event,) = stories.happened(seen(("child", "looks")))
    assert stories.drawable(event, {"child.looks": "waits"}) == {
        **event, "what": "note", "text": "waits",
    }  # fmt: skip


# The source -------------------------------------------------------------------------------------
def test_the_source_is_shown_with_its_metadata_folded():
    source = sources.show_source("fork")
    assert "def body(state, loops):" in repr(source)
    assert "PROBE = {...}" in repr(source) and '"baseline":' not in repr(source)
    assert "color" not in source.html() and "def" in source.html()


def test_what_is_timed_stands_first_and_the_whole_file_is_folded():
    source = sources.show_source("fork")
    assert source.main.startswith("def body(") and "def setup" not in source.main
    first, _, rest = source.html().partition("<details>")
    assert "body" in first and "setup" not in first and "setup" in rest
    plain = sources.Source("x", "x = 1\n")
    assert plain.main == "" and "<details>" not in plain.html()


def test_folding_keeps_all_else_and_leaves_a_file_without_metadata_alone():
    code = 'x = 1\n\nPROBE = {\n    "a": 1,\n}\n\n\ndef body():\n    pass\n'
    assert sources.without_metadata(code).splitlines()[-2:] == ["def body():", "    pass"]
    assert sources.without_metadata("x = 1\n") == "x = 1\n"


def test_an_unknown_story_or_source_is_refused():
    with pytest.raises(ValueError, match="fork_twice"):
        stories.story("fork_twic")
    with pytest.raises(ValueError, match="Did you mean 'fork'"):
        sources.show_source("forkk")


# Pages ------------------------------------------------------------------------------------------
def test_a_case_file_names_a_source_for_each_figure():
    page = case_file("90")
    assert "{cited" not in repr(page)
    assert "[1]" in repr(page) and page.sources[0].startswith("McWilliams")
    words, sources = with_sources("{cited:redis-xeon} and {cited:redis-ec2} and {cited:blink}")
    assert "62 ms" in words and len(sources) == 2  # the first two come from one page
    with pytest.raises(ValueError, match="Did you mean '90'"):
        case_file("0")


def test_a_page_shows_stresses_and_links_and_its_text_has_no_stars():
    page = Page(
        "A title", "**The service.** It *may* <https://example.org/a-b>.", ("Me, (https://x.y)",)
    )
    html = page.html()
    assert "<b>The service.</b>" in html and "<i>may</i>" in html
    assert '<a href="https://example.org/a-b" ' in html and '"https://x.y"' in html
    assert "*" not in repr(page) and "&lt;script" in linked(paragraphs("<script>"))


def test_a_glossary_is_a_table():
    assert "To say numbers in order." in repr(glossary("90"))
    assert "<table>" in glossary("90").html()


# How it is shown --------------------------------------------------------------------------------
def test_what_is_shown_appears_at_once_and_only_once_in_its_cell(page):
    from conclib.lesson.asking.choices import choose

    item = choose("who-counts")
    assert len(page) == 1 and page[0]["text/plain"] == repr(item)
    item._ipython_display_()  # as the cell's last value
    assert len(page) == 1
    shown.running_shell().execution_count = 4
    item._ipython_display_()  # in a later cell
    assert len(page) == 2


def test_a_picture_comes_first_and_anything_can_be_shown(page):
    races_page = stories.Story("x", "t", ("a",), ("b",), picture="the picture")
    shown.show(races_page)
    assert page[0] == "the picture" and "On the screen" in page[1]["text/plain"]
    assert shown.show("a measurement") == "a measurement" and page[-1] == "a measurement"


def test_outside_a_notebook_nothing_is_displayed(capsys):
    from conclib.lesson.asking.choices import choose

    choose("who-counts")
    assert capsys.readouterr().out == ""


def test_a_line_of_text_is_shown_without_quotes():
    from IPython.lib.pretty import pretty

    from conclib import machine_line

    assert pretty(machine_line()) == machine_line() == str(machine_line())
    assert machine_line().startswith("This machine: ")


def test_text_becomes_html_without_becoming_markup():
    html = shown.paragraphs("a < b\nc\n\n  if x < y:\n")
    assert html == "<p>a &lt; b<br>c</p><ul><li>if x &lt; y:</li></ul>"
    assert shown.paragraphs("q\n  a) one\n  b) two") == "<p>q</p><p>a) one<br>b) two</p>"
    assert "<pre" in shown.paragraphs("  name   value\n  a      b")
    assert shown.inline("2*3*4 and *so* on") == "2*3*4 and <i>so</i> on"
    assert shown.table_text([("a", "b"), ("long", "c")]) == "  a     b\n  long  c"
