"""Predictions: four forms, idempotent, locked by measuring, never in the way."""

import re

import pytest

import conclib.lesson
from conclib.lesson import store
from conclib.lesson.predicting import predictions
from conclib.lesson.predicting.predictions import attempts, predict, standing
from conclib.results import hooks

pytestmark = pytest.mark.usefixtures("course")


def start(*probes):
    conclib.lesson  # noqa: B018  its import registered the listener
    hooks.on_start.fire(probes)


def test_a_range_is_kept_in_nanoseconds_with_its_reason():
    made = predict("one-call", 10, 500, "us", because="  a guess\n only ")
    assert made.values == (10_000.0, 500_000.0)
    assert (made.form, made.unit, made.because) == ("range", "µs", "a guess only")
    assert made.filled and not made.locked and made.attempt == 1
    assert standing("one-call") == made
    assert made.said == "10.0 µs to 500 µs"


@pytest.mark.parametrize("unit", ["ns", "µs", "us", "ms", "s"])
def test_every_unit_is_understood(unit):
    assert predict("one-call", 1, 2, unit).filled


def test_the_other_forms():
    assert predict("calls", ratio=(2, 20)).values == (2.0, 20.0)
    assert predict("an-order", order=["b", "a", "c"]).values == ("b", "a", "c")
    assert predict("growth", shape="flat").values == ("flat",)


def test_what_a_beginner_types_is_answered_in_her_words():
    with pytest.raises(TypeError, match="with a point, not a comma"):
        predict("one-call", 1, 5, 100, "ns")
    with pytest.raises(TypeError, match="without quotes"):
        predict("one-call", "50", 100, "ns")
    with pytest.raises(ValueError, match="low=0: must be above 0"):
        predict("one-call", 0, 100, "ns")


def test_a_drawn_shape_is_five_heights():
    assert predict("growth", shape=[0, 0.25, 0.5, 0.75, 1]).values == (0, 0.25, 0.5, 0.75, 1)


GAPS = [
    {"ratio": (..., ...)},
    {"ratio": (2, ...)},
    {"ratio": ...},
    {"ratio": "..."},
    {},
]


@pytest.mark.parametrize("gap", GAPS)
def test_a_gap_gives_an_unfilled_prediction_that_says_what_to_fill_in(gap):
    made = predict("calls", **gap, because="...")
    assert not made.filled and made.values == ()
    assert "ratio=(2, 20)" in repr(made)
    assert standing("calls") is None
    assert predictions.recall_prediction("calls") == made


def test_gaps_of_the_other_forms():
    assert not predict("one-call", ..., ..., "µs").filled
    assert not predict("one-call", 1, ..., ...).filled
    assert not predict("an-order", order=["a", ..., "c"]).filled
    assert not predict("growth", shape=...).filled


def test_a_gap_with_a_prediction_kept_from_before_gives_that():
    made = predict("calls", ratio=(2, 20))
    assert predict("calls", ratio=(..., ...)) == made


def test_a_half_filled_prediction_after_a_kept_one_says_that_it_is_not_kept(capsys):
    made = predict("one-call", 10, 20, "µs")
    assert predict("one-call", ..., ..., "µs") == made and capsys.readouterr().out == ""
    assert predict("one-call", 5, ..., "µs") == made
    assert "A gap is left" in capsys.readouterr().out
    assert not predict("calls", ratio=(2, ...)).filled and capsys.readouterr().out == ""


def test_a_gap_in_the_reason_is_no_reason():
    for gap in (None, ..., "...", "", "  "):
        assert predict("calls", ratio=(2, 20), because=gap).because is None


def test_before_measuring_a_prediction_may_be_changed():
    predict("calls", ratio=(2, 20), because="first")
    made = predict("calls", ratio=(5, 50), because="second")
    assert standing("calls") == made
    assert (made.values, made.because, made.attempt) == ((5, 50), "second", 1)


def test_measuring_locks_it_and_the_first_stands(capsys):
    first = predict("calls", ratio=(2, 20), because="a reason")
    start("system_call", "function_call")
    assert standing("calls").locked
    later = predict("calls", ratio=(30, 300), because="I have seen it")
    assert (later.values, later.because, later.made) == (first.values, "a reason", first.made)
    said = capsys.readouterr().out
    assert "stands: ×2 to ×20" in said and "new_attempt=True" in said


def test_the_same_values_again_give_the_stored_one_in_silence(capsys):
    first = predict("calls", ratio=(2, 20), because="a reason")
    start("system_call")
    again = predict("calls", ratio=(2, 20), because="another reason")
    assert (again.made, again.because) == (first.made, "a reason")
    assert repr(again) == repr(first)
    assert capsys.readouterr().out == ""
    events = [r["event"] for r in store.read(store.PREDICTIONS)]
    assert events == ["predicted", "locked", "revealed"]


def test_running_a_notebook_twice_on_one_store_says_the_same(capsys):
    def run():
        shown = [repr(predict("calls", ratio=(2, 20), because="r"))]
        start("system_call", "function_call")
        shown.append(repr(predict("growth", shape="flat")))
        start("function_call")
        return shown, capsys.readouterr().out

    assert run() == run()


def test_a_probe_that_answers_nothing_locks_nothing():
    predict("calls", ratio=(2, 20))
    start("empty")
    assert not standing("calls").locked


def test_nothing_locks_while_a_race_or_the_ruler_measures():
    predict("calls", ratio=(2, 20))
    with predictions.without_locking():
        start("system_call", "function_call")
    assert not standing("calls").locked
    assert not predict("one-call", 1, 2, "ms").late
    start("system_call")
    assert standing("calls").locked


def test_a_new_attempt_stands_beside_the_first_and_is_marked():
    predict("calls", ratio=(2, 20))
    start("system_call")
    second = predict("calls", ratio=(30, 300), new_attempt=True)
    assert (second.attempt, second.locked, second.late) == (2, False, True)
    assert "attempt 2" in repr(second)
    assert [made.values for made in attempts("calls")] == [(2, 20), (30, 300)]
    again = predict("calls", ratio=(30, 300), new_attempt=True)
    assert again == second and len(attempts("calls")) == 2
    start("system_call")
    third = predict("calls", ratio=(1, 2), new_attempt=True)
    assert third.attempt == 3
    assert [made.locked for made in attempts("calls")] == [True, True, False]


def test_a_first_prediction_after_the_answer_is_kept_and_marked_late():
    start("system_call", "function_call")
    made = predict("calls", ratio=(2, 20))
    assert made.late and made.attempt == 1
    assert "after the answer was there" in repr(made)


def test_a_prediction_that_another_probe_of_its_chapter_does_not_reveal_is_not_late():
    start("function_call")
    assert not predict("growth", shape="flat").late


def test_seeing_the_comparison_reveals_and_locks():
    predict("growth", shape="flat")
    predictions.reveal("growth")
    assert standing("growth").locked
    assert predict("growth", shape="steep rise", new_attempt=True).late


REFUSED = {
    "low above high": (ValueError, ("one-call", 5, 1, "ms"), {}, "low must not be above high"),
    "unknown unit": (ValueError, ("one-call", 1, 5, "minutes"), {}, "unit='minutes'"),
    "no unit": (ValueError, ("one-call", 1, 5), {}, "unit=None"),
    "a unit that is no text": (TypeError, ("one-call", 1, 5, 3), {}, "unit=3"),
    "a text": (TypeError, ("one-call", "1", 5, "ms"), {}, "low='1'"),
    "true": (TypeError, ("one-call", 1, True, "ms"), {}, "high=True"),
    "not a number": (ValueError, ("one-call", 1, float("nan"), "ms"), {}, "high=nan"),
    "infinite": (ValueError, ("one-call", 1, float("inf"), "ms"), {}, "high=inf"),
    "zero": (ValueError, ("one-call", 0, 5, "ms"), {}, "low=0"),
    "only one end": (TypeError, ("one-call", 1, None, "ms"), {}, "high=None"),
    "ratio upside down": (ValueError, ("calls",), {"ratio": (9, 2)}, "above"),
    "negative ratio": (ValueError, ("calls",), {"ratio": (-1, 2)}, "ratio[0]=-1"),
    "ratio of three": (TypeError, ("calls",), {"ratio": (1, 2, 3)}, "must be two numbers"),
    "ratio of one number": (TypeError, ("calls",), {"ratio": 7}, "must be two numbers"),
    "another form": (ValueError, ("calls",), {"shape": "flat"}, "as ratio=(low, high)"),
    "two forms": (ValueError, ("calls", 1, 2, "ms"), {"ratio": (1, 2)}, "has one form"),
    "unknown shape": (ValueError, ("growth",), {"shape": "flatt"}, "Did you mean 'flat'"),
    "four heights": (TypeError, ("growth",), {"shape": [0, 0, 0, 0]}, "5 heights"),
    "a height above 1": (ValueError, ("growth",), {"shape": [0, 0, 0, 0, 2]}, "shape=2"),
    "unknown id": (ValueError, ("cals",), {"ratio": (1, 2)}, "Did you mean 'calls'"),
    "id no text": (TypeError, (7,), {"ratio": (1, 2)}, "id=7"),
    "reason no text": (TypeError, ("calls",), {"ratio": (1, 2), "because": 3}, "because=3"),
}


@pytest.mark.parametrize(("error", "given", "named", "says"), REFUSED.values(), ids=REFUSED)
def test_misuse_is_refused_and_nothing_is_kept(error, given, named, says):
    with pytest.raises(error, match=re.escape(says)):
        predict(*given, **named)
    assert store.read(store.PREDICTIONS) == []


@pytest.mark.parametrize(
    ("given", "says"),
    [(["a", "b"], "each of these once"), (["a", "b", "d"], "order='d'"), ("abc", "a list of"),
     (["a", "a", "b"], "each of these once")],
)  # fmt: skip
def test_an_order_names_each_label_once(given, says):
    with pytest.raises((TypeError, ValueError), match=says):
        predict("an-order", order=given)


def test_what_was_added_to_the_file_after_locking_changes_nothing():
    first = predict("calls", ratio=(2, 20))
    start("system_call")
    late = {**store.read(store.PREDICTIONS)[0], "values": [30, 300]}
    store.append(store.PREDICTIONS, late)
    assert standing("calls").values == first.values


def test_the_text_holds_no_date():
    made = predict("calls", ratio=(2, 20), because="r")
    assert made.made[:4] not in repr(made)
    assert "r" in made._repr_html_()


def test_what_another_program_wrote_is_no_prediction(home, capsys):
    (home / "predictions.jsonl").write_text('{"schema": 1, "event": "predicted", "id": "calls"}\n')
    assert standing("calls") is None
    assert "a copy is in predictions.jsonl.set-aside" in capsys.readouterr().out
