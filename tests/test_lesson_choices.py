"""Choices reveal nothing before a pick, answer each pick in its own words, and keep the first."""

import pytest

from conclib.lesson import store, texts
from conclib.lesson.asking import choices
from conclib.lesson.asking.choices import choose, first_pick, picks
from conclib.lesson.judging import settle
from conclib.lesson.predicting import predictions
from conclib.lesson.store import kept
from conclib.results import Measurements
from tests import made_up
from tests.test_lesson_compare import around, few, sizes

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
    assert "pick=" in repr(shown)
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


def test_the_race_is_uncovered_by_a_pick_and_not_before():
    assert "a thread" not in repr(choose("same-code"))
    shown = choose("same-code", pick="A and C")
    assert "B was a thread" in repr(shown) and "C was fork, from a big parent" in repr(shown)
    assert choose("lines", pick="two lines").uncovered == ""


def test_the_first_pick_stands_and_a_second_thought_is_kept_beside_it():
    choose("lines", pick="four lines", because="it starts again")
    shown = choose("lines", pick="three lines")
    assert (shown.pick, shown.first) == ("three lines", "four lines")
    assert "Your first thought was: four lines. Both are kept." in repr(shown)
    assert [entry["pick"] for entry in picks("lines")] == ["four lines", "three lines"]
    assert first_pick("lines")["because"] == "it starts again"
    assert first_pick("why") is None


def test_the_same_pick_again_changes_nothing():
    first = repr(choose("lines", pick="two lines", because="r"))
    assert repr(choose("lines", pick="two lines", because="r")) == first
    assert len(picks("lines")) == 1


def test_case_and_spaces_do_not_matter_in_a_pick():
    assert choose("same-code", pick=" b AND  c ").pick == "B and C"


@pytest.mark.parametrize(
    ("given", "error", "says"),
    [({"pick": "D"}, ValueError, "pick='D'"), ({"pick": 2}, TypeError, "pick=2"),
     ({"pick": lambda: 1}, TypeError, "pick=")],
)  # fmt: skip
def test_a_pick_that_is_no_option_is_refused(given, error, says):
    with pytest.raises(error, match=says):
        choose("same-code", **given)
    assert picks("same-code") == []


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
def of(**costs):
    return Measurements({label: around(cost) for label, cost in costs.items()})


def writes(before, after):
    return Measurements({
        "before": around(before, params={"after": "nothing"}),
        "afterwards": around(after, params={"after": "fork"}),
    })  # fmt: skip


def pages(huge=2000, spread=0.01):
    return Measurements({
        "4k": around(9000, spread), "huge": around(huge, spread),
        "file": around(1000, spread), "shared": around(1000, spread),
    })  # fmt: skip


GENTLE, FLAT = sizes(1000, 3000, 5000, 9000), sizes(5000, 5000, 5010, 5000)
STEEP = sizes(1000, 7400, 13_800, 26_600)
SETTLED = {
    "gentle": ("why", GENTLE, "copies lists of pages"),
    "flat": ("why", FLAT, "loads the program again"),
    "steep": ("why", STEEP, "copies all memory"),
    "4k": ("what-pages", pages(), "4k"),
    "huge": ("what-pages", pages(huge=90_000), "huge"),
    "too close": ("what-pages", pages(huge=9001, spread=0.1), None),
    "later": ("bill", writes(1000, 90_000), "a part of it later, at the first write"),
    "not later": ("bill", writes(1000, 1010), "all in the call of fork"),
    "perhaps later": ("bill", writes(1000, 1500), None),
    "vm": ("flag", of(vm=10, files=900, fs=950), "vm"),
    "files": ("flag", of(vm=900, files=10, fs=950), "files"),
    "within": ("again", (around(1000, 0.05), around(1001)), "another number, but within the first"),
    "same": ("again", (around(1000), around(1000)), "exactly the same"),
    "neither": ("again", (around(1000), around(2000)), None),
    "unresolved": ("again", (around(1000), made_up.measurement([5.0] * 9, baseline=(9.0,))), None),
    "few": ("why", Measurements({"0": few(100), "64": few(900)}, varied="ballast_mb"), None),
}


@pytest.mark.parametrize(("id", "result", "option"), SETTLED.values(), ids=SETTLED)
def test_a_result_settles_a_pick_each_way(id, result, option):
    kept.keep([around(100, probe="copy_1mb")])
    for pick in texts.entry("choices", id)["options"]:
        said = settle.settled(id, pick, result)
        assert said.startswith("Measured: ") or said.startswith("Measured, ")
        if option is None:
            assert "your pick stays open" in said
        elif pick.startswith(option):
            assert f"speaks for: {pick}" in said and "Your pick holds." in said
        else:
            assert f"It speaks against your pick ({pick})." in said


def test_without_the_ruler_a_rise_is_not_settled():
    assert "cl.ruler()" in settle.settled("why", "copies all memory", GENTLE)
    assert "stays open" in settle.settled("why", "copies all memory", GENTLE)


def test_a_result_given_later_settles_the_pick_that_was_kept():
    choose("why", pick="copies all memory", because="it must")
    kept.keep([around(100, probe="copy_1mb")])
    shown = choose("why", result=GENTLE)
    assert "It speaks against your pick (copies all memory)." in repr(shown)
    assert "it must" in repr(shown)


def test_a_result_without_any_pick_tells_nothing():
    shown = choose("why", result=GENTLE)
    assert not shown.picked and "Measured" not in repr(shown)


@pytest.mark.parametrize(
    ("id", "result", "error", "says"),
    [("lines", GENTLE, ValueError, "leave it out"), ("why", 7, TypeError, "cl.sweep"),
     ("why", of(a=1, b=2), TypeError, "cl.sweep"), ("flag", of(vm=1), ValueError, "files, fs"),
     ("bill", around(5), TypeError, "first_write"),
     ("bill", of(a=1, b=2), ValueError, "after='fork'"),
     ("again", around(5), TypeError, "two"),
     ("again", (1, 2), TypeError, "cl.measure")],
)  # fmt: skip
def test_a_result_that_does_not_fit_is_refused(id, result, error, says):
    option = texts.entry("choices", id)["options"][0]
    with pytest.raises(error, match=says):
        settle.settled(id, option, result)


def test_the_dearest_must_be_clear_of_all_others():
    """One that is cheaper in the middle may still reach above the first."""
    entry = texts.entry("choices", "what-pages")
    items = dict.fromkeys(entry["options"], around(10))
    items |= {"4k": around(900), "huge": around(700), "file": around(690, spread=0.9)}
    result = Measurements(items)
    option, said = settle._dearest(result, entry["settle"], entry["options"])
    assert option is None and said.startswith("Measured, dearest first: 4k")
    clear = Measurements({**items, "file": around(690)})
    assert settle._dearest(clear, entry["settle"], entry["options"])[0] == "4k"


def test_what_counts_is_the_last_pick_before_a_result_was_held_against_one():
    kept.keep([around(100, probe="copy_1mb")])
    choose("why", pick="copies all memory")
    choose("why", pick="loads the program again")
    shown = choose("why", result=GENTLE)
    assert (shown.pick, shown.first) == ("loads the program again", "copies all memory")
    late = choose("why", pick="copies lists of pages", result=GENTLE)
    assert (late.pick, late.now) == ("loads the program again", "copies lists of pages")
    assert "It speaks against your pick (loads the program again)." in repr(late)
    assert "What counts is what you thought before." in repr(late)
    assert choose("why", result=GENTLE).now == ""


def test_a_pick_that_the_question_no_longer_has_does_not_count():
    """The course may bring other words; what was kept of the old ones must not stop a cell."""
    store.append(
        store.PREDICTIONS, predictions.record("chosen", id="why", pick="old", because=None)
    )
    assert choices.standing_pick("why") is None
    assert not choose("why", result=GENTLE).picked


def test_going_back_to_an_earlier_pick_is_a_new_thought():
    for pick in ("two lines", "four lines", "two lines"):
        choose("lines", pick=pick)
    assert [entry["pick"] for entry in picks("lines")] == ["two lines", "four lines", "two lines"]
    assert choices.standing_pick("lines")["pick"] == "two lines"


def test_the_first_pick_counts_where_it_comes_with_its_result():
    shown = choose("what-pages", pick="huge", result=pages())
    assert shown.pick == "huge" and "speaks against your pick (huge)" in repr(shown)


def test_two_results_are_shown_even_without_a_pick():
    entry = texts.entry("choices", "again")
    shown = choose("again", *entry["options"], result=(around(104.8), around(105.3)))
    assert not shown.picked and "Measured: 105 ns" in repr(shown) and "Your pick" not in repr(shown)


def test_a_difference_that_is_not_shown_is_told():
    said = settle.settled("again", "exactly the same", (around(104.8, 0.05), around(105.3)))
    assert "They differ in a digit not shown: 104.80 and 105.30 ns." in said


def test_a_reason_is_asked_for_only_where_it_can_be_given():
    assert "because=" in repr(choose("lines", because="..."))
    assert "because=" not in repr(choose("lines"))


def test_the_later_bill_is_told_for_each_megabyte_beside_the_ruler():
    kept.keep([around(40_000, probe="copy_1mb")])
    fields = {"after": "fork", "ballast_mb": 16}
    result = Measurements({
        "before": around(1000, params={**fields, "after": "nothing"}),
        "after": around(16e6, params=fields),
    })  # fmt: skip
    said = settle.settled("bill", "all in the call of fork", result)
    assert "1.00 ms for each MB; copying 1 MB in one go costs 40.0 µs" in said
