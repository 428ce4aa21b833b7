"""Choices keep the first pick and answer it, and a result settles those that none is right for.

What every choice must do is asked of all of them in ``chapters/test_every_chapter.py``.
"""

from dataclasses import replace

import pytest

from conclib.lesson import store, texts
from conclib.lesson.asking import choices
from conclib.lesson.asking.choices import choose, picks
from conclib.lesson.judging import settle
from conclib.lesson.store import kept
from conclib.results import Measurements, arguments
from tests import made_up
from tests.chapters import answers
from tests.made_up import around, few, lists

pytestmark = pytest.mark.usefixtures("course")


@pytest.mark.parametrize("gap", [..., None, "...", "…"])
def test_without_a_pick_the_options_are_listed_and_nothing_is_told(gap):
    for id in texts.entries("choices"):
        answers.tells_nothing_without_a_pick(id, gap)


def test_each_option_has_its_own_feedback_and_the_reason_comes_back():
    for id in texts.entries("choices"):
        answers.answers_each_pick(id)


def test_the_first_pick_stands_and_a_second_thought_is_kept_beside_it():
    choose("who-counts", pick="the clock", because="it is read")
    shown = choose("who-counts", pick="the loop")
    assert (shown.pick, shown.first) == ("the loop", "the clock")
    assert "Your first thought was: the clock. Both are kept." in repr(shown)
    assert [entry["pick"] for entry in picks("who-counts")] == ["the clock", "the loop"]
    assert picks("who-counts")[0]["because"] == "it is read"
    assert picks("what-grows") == []


def test_the_same_pick_again_changes_nothing():
    first = repr(choose("who-counts", pick="nobody", because="r"))
    assert repr(choose("who-counts", pick="nobody", because="r")) == first
    assert len(picks("who-counts")) == 1


@pytest.mark.parametrize(
    ("id", "pick", "option"),
    [
        ("which-two", " b AND  c ", "B and C"),
        ("who-counts", "clock", "the clock"),
        ("what-grows", "every item", "reads every item"),
        ("same-again", "Nearly as", "nearly as long"),
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
        choose("which-two", pick=pick)
    assert picks("which-two") == []


def test_one_letter_is_no_part_of_an_option_but_a_digit_is():
    with pytest.raises(ValueError, match="pick='n': is one letter; write two letters of an option"):
        choose("slowest", pick="n")
    assert choose("slowest", pick="se").pick == "second"
    assert arguments.part("pick", "b", ["b", "abc"]) == "b"
    assert arguments.part("pick", "2", ["1 line", "2 lines"]) == "2 lines"


def test_in_a_notebook_the_question_stays_and_the_complaint_stands_below_it(page):
    item = choose("which-two", pick="nonsense")
    assert not item.picked and picks("which-two") == []
    (part,) = page
    for option in item.options:
        assert option in part["text/plain"] and option in part["text/html"]
    assert "Not taken: pick='nonsense': is in none" in part["text/plain"]
    assert part["text/plain"].index("Not taken") > part["text/plain"].index(item.question)


def test_a_pick_that_is_refused_says_that_the_earlier_one_stands(page):
    choose("which-two", pick="A and C")
    item = choose("which-two", pick="A and D")
    assert item.pick == "A and C" and "Your earlier pick stands: A and C." in repr(item)
    assert "is in none of the options" in page[-1]["text/plain"]
    assert len(picks("which-two")) == 1


def test_out_of_a_notebook_the_error_says_so_too():
    choose("which-two", pick="A and C")
    with pytest.raises(ValueError, match=r"is in none .*\. Your earlier pick stands: A and C$"):
        choose("which-two", pick="nonsense")


def test_what_was_picked_is_shown_again_and_a_reason_may_be_added():
    choose("who-counts", pick="clock")
    assert choose("who-counts").pick == "the clock"
    assert choose("who-counts", pick="clock", because="it ticks").because == "it ticks"
    assert choose("who-counts", pick="clock").because == "it ticks"
    assert len(picks("who-counts")) == 2


def test_an_unknown_question_or_option_is_refused():
    with pytest.raises(ValueError, match="Did you mean 'which-two'"):
        choose("which-tow")
    with pytest.raises(ValueError, match="option='A and D'"):
        choose("which-two", "A and B", "A and D")


def test_what_is_right_is_known_unless_a_measurement_tells():
    assert choices.right("who-counts") == "the loop" and choices.right("same-again") is None


# What only a measurement settles -----------------------------------------------------------------
GENTLE, FLAT = lists(1000, 3000, 5000, 9000), lists(5000, 5000, 5010, 5000)
STEEP = lists(1000, 7400, 13_800, 26_600)


def twice(first, again, size=16):
    """Return the costs of writing to memory of this size in MB, once and once more."""
    return Measurements({
        label: around(cost, probe="first_write", params={"ballast_mb": size, "write": write})
        for label, write, cost in (("one", "first", first), ("other", "again", again))
    })  # fmt: skip


def of(spread=0.01, **costs):
    return Measurements({label: around(cost, spread) for label, cost in costs.items()})


def without_intervals():
    items = {str(mb): few(cost) for mb, cost in ((0, 100), (64, 900))}
    return made_up.sweep({k: replace(i, params={"ballast_mb": int(k)}) for k, i in items.items()})


LOST = made_up.measurement([5.0] * 9, baseline=(9.0,))
SETTLED = {
    "gentle": ("what-grows", GENTLE, "reads one item of many"),
    "flat": ("what-grows", FLAT, "reads a number that is kept"),
    "steep": ("what-grows", STEEP, None),
    "no interval": ("what-grows", without_intervals(), None),
    "slowest": ("slowest", of(first=9000, second=2000), "first"),
    "slowest, the last": ("slowest", of(first=9000, second=90_000), "second"),
    "too close": ("slowest", of(first=9000, second=9001, spread=0.1), None),
    "cheapest": ("cheapest-call", of(near=10, far=900, abroad=950), "near"),
    "cheapest, in the middle": ("cheapest-call", of(near=900, far=10, abroad=950), "far"),
    "above": ("second-time", twice(90_000, 1000), "the first call costs more"),
    "below": ("second-time", twice(1010, 1000), "both cost the same"),
    "at the limit": ("second-time", twice(1500, 1000), None),
    "within": ("same-again", (around(1000, 0.05), around(1001)), "nearly as long"),
    "same": ("same-again", (around(1000), around(1000)), "just as long"),
    "neither": ("same-again", (around(1000), around(2000)), None),
    "unresolved": ("same-again", (around(1000), LOST), None),
}


@pytest.mark.parametrize(("id", "result", "option"), SETTLED.values(), ids=SETTLED)
def test_each_rule_settles_a_pick_each_way(id, result, option):
    answers.settles_each_pick(id, result, option, guide="function_call")


def test_without_its_guide_a_rise_is_not_settled():
    said = settle.settled("what-grows", "reads every item", GENTLE)
    assert "measure a call to tell how steeply" in said and "stays open" in said


@pytest.mark.parametrize(
    ("id", "result", "error", "says"),
    [("who-counts", GENTLE, ValueError, "leave it out"), ("what-grows", 7, TypeError, "cl.sweep"),
     ("what-grows", of(a=1, b=2), TypeError, "cl.sweep"),
     ("cheapest-call", of(near=1), ValueError, "far, abroad"),
     ("second-time", around(5), TypeError, "first_write"),
     ("second-time", of(a=1, b=2), ValueError, "write='again'"),
     ("same-again", around(5), TypeError, "two"), ("same-again", (1, 2), TypeError, "cl.measure")],
)  # fmt: skip
def test_a_result_that_does_not_fit_is_refused(id, result, error, says):
    option = texts.entry("choices", id)["options"][0]
    with pytest.raises(error, match=says):
        settle.settled(id, option, result)


def test_the_cheapest_must_be_clear_of_all_others():
    """One that is dearer in the middle may still reach below the first."""
    far = {"far": around(690, spread=0.9)}
    items = {"near": around(500), **far, "abroad": around(900)}
    said = settle.settled("cheapest-call", None, Measurements(items))
    assert said.startswith("Measured, cheapest first: near") and "That speaks" not in said
    clear = settle.settled("cheapest-call", None, Measurements({**items, "far": around(690)}))
    assert "That speaks for: near." in clear


def test_a_ratio_is_told_for_each_unit_beside_what_is_known():
    kept.keep([around(40_000, probe="copy_1mb", params={})])
    said = settle.settled("second-time", "both cost the same", twice(16e6, 1000))
    assert "1.00 ms for each MB; copying 1 MB costs 40.0 µs" in said


def test_two_results_are_shown_even_without_a_pick_and_a_hidden_difference_is_told():
    shown = choose("same-again", result=(around(104.8, 0.05), around(105.3)))
    assert not shown.picked and "Measured: 105 ns" in repr(shown) and "Your pick" not in repr(shown)
    assert "They differ in a digit not shown: 104.80 and 105.30 ns." in repr(shown)


def test_the_first_pick_counts_where_it_comes_with_its_result():
    shown = choose("slowest", pick="second", result=of(first=9000, second=2000))
    assert shown.pick == "second" and "speaks against your pick (second)" in repr(shown)


def test_a_slope_that_may_be_either_settles_nothing():
    """The middle says gentle; the interval of its last value reaches up to the guide."""
    kept.keep([around(100, probe="function_call", params={})])
    wide = dict(GENTLE.items())
    last = list(wide)[-1]
    item, values = wide[last], [8900.0] * 14 + [9000.0] * 2 + [30_000.0] * 14
    runs = made_up.measurement(values, values, values, baseline=(1.0,)).runs
    wide[last] = replace(item, runs=runs)
    said = repr(choose("what-grows", result=made_up.sweep(wide)))
    assert "stays open" in said and "That speaks for" not in said
    assert "not surely at 256 MB: there the interval reaches up to that" in said


def test_a_result_given_later_settles_the_pick_that_was_kept():
    choose("what-grows", pick="reads every item", because="it must")
    kept.keep([around(100, probe="function_call", params={})])
    shown = choose("what-grows", result=GENTLE)
    assert "It speaks against your pick (reads every item)." in repr(shown)
    assert "it must" in repr(shown)


def test_a_result_is_explained_without_a_pick_too_and_what_is_picked_then_is_late():
    kept.keep([around(100, probe="function_call", params={})])
    shown = choose("what-grows", result=GENTLE)
    assert not shown.picked
    assert choices.UNPICKED in repr(shown)
    assert "That speaks for: reads one item of many." in repr(shown)
    assert "against your pick" not in repr(shown)
    late = choose("what-grows", pick="one item", result=GENTLE)
    assert late.picked and "Your pick holds" not in repr(late)


def test_a_pick_after_the_result_is_told_once_and_the_result_speaks_for_its_option():
    kept.keep([around(100, probe="function_call", params={})])
    choose("what-grows", result=GENTLE)
    late = "(made after the first result, so it is not held against it)"
    assert f"Your pick: reads every item {late}." in repr(choose("what-grows", pick="every item"))
    said = repr(choose("what-grows", result=GENTLE))
    assert said.startswith(f"Your pick: reads every item {late}.")
    assert choices.UNPICKED not in said and "had not picked" not in said
    assert "That speaks for: reads one item of many." in said and "against your pick" not in said


def test_what_the_result_means_is_explained_whatever_was_picked():
    explained = texts.entry("choices", "second-time")["settle"]["explain"]
    result = twice(9000, 1000)
    assert explained in repr(choose("second-time", result=result))
    assert explained in repr(choose("second-time", pick="both", result=result))


def test_what_counts_is_the_last_pick_before_a_result_was_held_against_one():
    kept.keep([around(100, probe="function_call", params={})])
    choose("what-grows", pick="reads every item")
    choose("what-grows", pick="reads a number that is kept")
    shown = choose("what-grows", result=GENTLE)
    assert (shown.pick, shown.first) == ("reads a number that is kept", "reads every item")
    late = choose("what-grows", pick="reads one item of many", result=GENTLE)
    assert (late.pick, late.now) == ("reads a number that is kept", "reads one item of many")
    assert "It speaks against your pick (reads a number that is kept)." in repr(late)
    assert "What counts is what you thought before." in repr(late)
    assert "Now you say: reads one item of many." in repr(choose("what-grows", result=GENTLE))
    asked = choose("what-grows")
    assert asked.feedback == choices.KNOWN, "no promise of a measurement that was made"


def test_a_pick_that_the_question_no_longer_has_does_not_count():
    """The course may bring other words; what was kept of the old ones must not stop a cell."""
    store.append(
        store.PREDICTIONS, store.stamped("chosen", id="what-grows", pick="old", because=None)
    )
    assert choices.standing_pick("what-grows") is None
    assert not choose("what-grows", result=GENTLE).picked


def test_going_back_to_an_earlier_pick_is_a_new_thought():
    for pick in ("nobody", "the clock", "nobody"):
        choose("who-counts", pick=pick)
    assert [entry["pick"] for entry in picks("who-counts")] == ["nobody", "the clock", "nobody"]
    assert choices.standing_pick("who-counts")["pick"] == "nobody"
