"""Choices reveal nothing before a pick, answer each pick in its own words, and keep the first."""

import pytest

from conclib.lesson import store, texts
from conclib.lesson.asking import choices
from conclib.lesson.asking.choices import choose, picks
from conclib.lesson.store import kept
from conclib.results import Measurements
from tests.test_lesson_compare import around, sizes

ALL = sorted(texts.entries("choices"))
GAPS = (..., None, "...", "…")


@pytest.mark.parametrize("id", ALL)
@pytest.mark.parametrize("gap", GAPS)
def test_without_a_pick_the_options_are_listed_and_nothing_is_told(id, gap):
    entry = texts.entry("choices", id)
    shown = choose(id, *entry["options"], pick=gap, because="...")
    assert not shown.picked and shown.feedback == "" and shown.uncovered == ""
    for option in entry["options"]:
        assert option in repr(shown)
    assert "pick=" in repr(shown) and "cl.choose(" in repr(shown)
    told = [words for words in entry["feedback"].values() if words[:40] in repr(shown)]
    assert told == [] and picks(id) == []


@pytest.mark.parametrize("id", ALL)
def test_each_option_has_its_own_feedback_and_the_reason_comes_back(id):
    entry = texts.entry("choices", id)
    said = []
    for option in entry["options"]:
        shown = choose(id, *entry["options"], pick=option, because="so I think")
        assert shown.pick == option and shown.picked
        assert "Your reason: “so I think”." in repr(shown)
        assert entry["feedback"][option] in repr(shown)
        said.append(shown.feedback)
    assert len(set(said)) == len(entry["options"])


def test_the_first_pick_stands_and_a_second_thought_is_kept_beside_it():
    choose("lines", pick="four lines", because="it starts again")
    shown = choose("lines", pick="three lines")
    assert (shown.pick, shown.first) == ("three lines", "four lines")
    assert "Your first thought was: four lines. Both are kept." in repr(shown)
    assert [entry["pick"] for entry in picks("lines")] == ["four lines", "three lines"]
    assert picks("lines")[0]["because"] == "it starts again"
    assert picks("why") == []


def test_the_same_pick_again_changes_nothing():
    first = repr(choose("lines", pick="two lines", because="r"))
    assert repr(choose("lines", pick="two lines", because="r")) == first
    assert len(picks("lines")) == 1


@pytest.mark.parametrize(
    ("id", "pick", "option"),
    [
        ("same-code", " b AND  c ", "B and C"),
        ("which-number", "median", "the median"),
        ("why", "all memory", "copies all memory"),
        ("again", "Within the first", "another number, but within the first interval"),
    ],
)
def test_any_part_that_only_one_option_has_is_a_pick(id, pick, option):
    assert choose(id, pick=pick).pick == option


REFUSED = [
    ("C and D", ValueError, "pick='C and D': is in none of the options"),
    ("A", ValueError, "pick='A': is in several of the options: A and B; B and C; A and C"),
    (" ", ValueError, "pick=' ': is in none"),
    (2, TypeError, "pick=2: must be in quotes"),
    (lambda: 1, TypeError, "pick="),
]


@pytest.mark.parametrize(("pick", "error", "says"), REFUSED)
def test_a_pick_that_is_no_option_is_refused(pick, error, says):
    with pytest.raises(error, match=says):
        choose("same-code", pick=pick)
    assert picks("same-code") == []


def test_in_a_notebook_the_question_stays_and_the_complaint_stands_below_it(page):
    item = choose("same-code", pick="nonsense")
    assert not item.picked and picks("same-code") == []
    (part,) = page
    for option in item.options:
        assert option in part["text/plain"] and option in part["text/html"]
    assert "Not taken: pick='nonsense': is in none" in part["text/plain"]
    assert part["text/plain"].index("Not taken") > part["text/plain"].index(item.question)


def test_what_was_picked_is_shown_again_and_a_reason_may_be_added():
    choose("lines", pick="four")
    assert choose("lines").pick == "four lines"
    assert choose("lines", pick="four", because="it restarts").because == "it restarts"
    assert choose("lines", pick="four").because == "it restarts"
    assert len(picks("lines")) == 2


def test_an_unknown_question_or_option_is_refused():
    with pytest.raises(ValueError, match="Did you mean 'same-code'"):
        choose("same-coda")
    with pytest.raises(ValueError, match="option='A and D'"):
        choose("same-code", "A and B", "A and D")


def test_the_right_answer_is_not_always_in_the_same_place():
    known = [texts.entry("choices", id) for id in ALL]
    places = {entry["options"].index(entry["right"]) for entry in known if "right" in entry}
    assert len(places) > 1
    assert choices.right("lines") == "three lines" and choices.right("again") is None


# What only a measurement settles -----------------------------------------------------------------
GENTLE = sizes(1000, 3000, 5000, 9000)


def test_a_result_given_later_settles_the_pick_that_was_kept():
    choose("why", pick="copies all memory", because="it must")
    kept.keep([around(100, probe="copy_memory", params={})])
    shown = choose("why", result=GENTLE)
    assert "It speaks against your pick (copies all memory)." in repr(shown)
    assert "it must" in repr(shown)


def test_a_result_is_explained_without_a_pick_too_and_what_is_picked_then_is_late():
    kept.keep([around(100, probe="copy_memory", params={})])
    shown = choose("why", result=GENTLE)
    assert not shown.picked
    assert choices.UNPICKED in repr(shown)
    assert "That speaks for: copies lists of pages." in repr(shown)
    assert "against your pick" not in repr(shown)
    late = choose("why", pick="lists of pages", result=GENTLE)
    assert late.picked and choices.UNPICKED in repr(late)
    assert "Your pick holds" not in repr(late)


def test_what_the_result_means_is_explained_whatever_was_picked():
    explained = texts.entry("choices", "bill")["settle"]["explain"]
    twice = [
        around(cost, probe="first_write", params={"ballast_mb": 16, "after": after})
        for after, cost in (("nothing", 1000), ("fork", 9000))
    ]
    result = Measurements({item.params["after"]: item for item in twice})
    assert explained in repr(choose("bill", result=result))
    assert explained in repr(choose("bill", pick="later", result=result))


def test_what_counts_is_the_last_pick_before_a_result_was_held_against_one():
    kept.keep([around(100, probe="copy_memory", params={})])
    choose("why", pick="copies all memory")
    choose("why", pick="loads the program again")
    shown = choose("why", result=GENTLE)
    assert (shown.pick, shown.first) == ("loads the program again", "copies all memory")
    late = choose("why", pick="copies lists of pages", result=GENTLE)
    assert (late.pick, late.now) == ("loads the program again", "copies lists of pages")
    assert "It speaks against your pick (loads the program again)." in repr(late)
    assert "What counts is what you thought before." in repr(late)
    assert "Now you say: copies lists of pages." in repr(choose("why", result=GENTLE))


def test_a_pick_that_the_question_no_longer_has_does_not_count():
    """The course may bring other words; what was kept of the old ones must not stop a cell."""
    store.append(store.PREDICTIONS, store.stamped("chosen", id="why", pick="old", because=None))
    assert choices.standing_pick("why") is None
    assert not choose("why", result=GENTLE).picked


def test_going_back_to_an_earlier_pick_is_a_new_thought():
    for pick in ("two lines", "four lines", "two lines"):
        choose("lines", pick=pick)
    assert [entry["pick"] for entry in picks("lines")] == ["two lines", "four lines", "two lines"]
    assert choices.standing_pick("lines")["pick"] == "two lines"
