"""Predictions: four forms, idempotent, locked by measuring, never in the way."""

import json
import re
import subprocess
import sys
from dataclasses import replace

import pytest

import conclib
import conclib.lesson
from conclib import chapters, lab
from conclib.lesson import registry, store
from conclib.lesson.predicting import predictions
from conclib.lesson.predicting.predictions import attempts, predict, standing
from conclib.results import hooks
from tests import made_up

pytestmark = pytest.mark.usefixtures("course")


@pytest.fixture(autouse=True)
def opened(course):
    """The chapter is open, as its notebook's first cell makes it."""
    registry.opened("90")


def start(*ids, **changes):
    conclib.lesson  # noqa: B018  its import registered the listener
    for each in ids:
        hooks.on_start.fire(made_up.start(each, **changes))


def test_a_range_is_kept_in_nanoseconds_with_its_reason():
    made = predict("one-call", 10, 500, "us", because="  a guess\n only ")
    assert made.values == (10_000.0, 500_000.0)
    assert (made.form, made.unit, made.because) == ("range", "µs", "a guess only")
    assert made.filled and not made.locked and made.attempt == 1
    assert standing("one-call") == made
    assert made.in_words == "10.0 µs to 500 µs"


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


def test_a_half_filled_prediction_after_a_kept_one_says_that_it_is_not_kept():
    made = predict("one-call", 10, 20, "µs")
    assert predict("one-call", ..., ..., "µs") == made
    assert "a gap is left" not in repr(predict("one-call", ..., ..., "µs"))
    assert predict("one-call", 5, ..., "µs") == made
    assert "a gap is left" in repr(predict("one-call", 5, ..., "µs"))
    assert not predict("calls", ratio=(2, ...)).filled


def test_a_gap_in_the_reason_is_no_reason():
    for gap in (None, ..., "...", "", "  "):
        assert predict("calls", ratio=(2, 20), because=gap).because is None


def test_before_measuring_a_prediction_may_be_changed():
    predict("calls", ratio=(2, 20), because="first")
    made = predict("calls", ratio=(5, 50), because="second")
    assert standing("calls") == made
    assert (made.values, made.because, made.attempt) == ((5, 50), "second", 1)


def test_measuring_locks_it_and_the_first_stands():
    first = predict("calls", ratio=(2, 20), because="a reason")
    start("calls")
    assert standing("calls").locked
    later = predict("calls", ratio=(30, 300), because="I have seen it")
    assert (later.values, later.because, later.made) == (first.values, "a reason", first.made)
    assert "You predict: ×2 to ×20" in repr(later) and "new_attempt=True" in repr(later)


AGAIN = [
    ("one-call", (1, 2, "ms"), {}, 'cl.predict("one-call", 1, 2, "ms", new_attempt=True)'),
    ("calls", (), {"ratio": (2, 20.5)}, 'cl.predict("calls", ratio=(2, 20.5), new_attempt=True)'),
    (
        "growth", (), {"shape": "flat", "because": 'it "must"'},
        'cl.predict("growth", shape="flat", because="it \\"must\\"", new_attempt=True)',
    ),
]  # fmt: skip


@pytest.mark.parametrize(("id", "given", "named", "line"), AGAIN)
def test_after_the_lock_the_line_to_try_again_can_be_copied(id, given, named, line):
    first = {"one-call": (5, 6, "s"), "calls": (), "growth": ()}[id]
    predict(id, *first, **{"calls": {"ratio": (1, 2)}, "growth": {"shape": [0] * 5}}.get(id, {}))
    start(id)
    said = repr(predict(id, *given, **named))
    assert said.endswith(f"to try again beside it, write {line}.")
    made = eval(line, {"cl": conclib})
    assert made.attempt == 2 and standing(id) == made


def test_a_wrong_unit_is_refused_after_the_lock_as_before():
    predict("one-call", 1, 2, "ms")
    start("one-call")
    with pytest.raises(ValueError, match="unit='minutes': must be one of: ns, µs, ms, s"):
        predict("one-call", 1, 2, "minutes")


def test_the_same_values_again_give_the_stored_one_in_silence():
    first = predict("calls", ratio=(2, 20), because="a reason")
    start("calls")
    again = predict("calls", ratio=(2, 20), because="another reason")
    assert (again.made, again.because) == (first.made, "a reason")
    assert repr(again) == repr(first)
    events = [r["event"] for r in store.read(store.PREDICTIONS) if r["id"] == "calls"]
    assert events == ["predicted", "locked", "revealed"]


def test_running_a_notebook_twice_on_one_store_says_the_same():
    def run():
        shown = [repr(predict("calls", ratio=(2, 20), because="r"))]
        start("calls")
        shown.append(repr(predict("growth", shape="flat")))
        start("growth")
        return shown

    assert run() == run()


OTHERS = {
    "another experiment": ("one-call", {}),
    "other parameters": ("calls", {"timed": "call"}),
    "on one CPU, not free": ("calls", {"pinned": True}),
    "a panel": ("calls", {"asked_by": "panel"}),
    "the command line": ("calls", {"asked_by": "cli"}),
    "a race or the ruler": ("calls", {"asked_by": "engine"}),
}


@pytest.mark.parametrize(("id", "changes"), OTHERS.values(), ids=OTHERS)
def test_what_is_another_experiment_neither_locks_it_nor_makes_it_late(id, changes):
    predict("calls", ratio=(2, 20))
    start(id, **changes)
    assert not standing("calls").locked
    assert not predict("calls", ratio=(3, 30), new_attempt=True).late
    start("calls")
    assert standing("calls").locked


def test_half_of_an_experiment_is_none_and_more_than_it_is_one():
    predict("calls", ratio=(2, 20))
    whole = made_up.start("calls")
    hooks.on_start.fire(replace(whole, specs=whole.specs[:1]))
    assert not standing("calls").locked
    hooks.on_start.fire(replace(whole, specs=(*whole.specs, ("empty", {}))))
    assert standing("calls").locked


def test_a_sweep_at_other_sizes_answers_from_three_on():
    predict("growth", shape="flat")
    whole = made_up.start("growth")
    probe, params = whole.specs[0]
    sizes = [(probe, {**params, "ballast_mb": mb}) for mb in (7, 77, 77, 177)]
    hooks.on_start.fire(replace(whole, specs=tuple(sizes[:3])))
    assert not standing("growth").locked
    hooks.on_start.fire(replace(whole, specs=tuple(sizes)))
    assert standing("growth").locked


def test_a_chapter_that_is_not_open_is_not_concerned(monkeypatch):
    """Measuring in another notebook gives nothing away: its student has not been asked yet."""
    with monkeypatch.context() as patch:
        patch.setattr(registry, "opened_numbers", set)
        start("calls")
    assert not predict("calls", ratio=(2, 20)).late


OPENING = """
import conclib as cl, sys
from conclib.lesson import registry
seen = [cl.machine_line and sorted(registry.opened_numbers())]
cl.predict(sys.argv[1])
print(seen, sorted(registry.opened_numbers()))
"""


def test_predicting_one_of_its_ids_opens_a_chapter_and_no_other():
    """Of the real course, whatever its ids are: this is what a notebook does."""
    asking = {n: words["predictions"] for n, words in chapters.known().items()
              if "predictions" in words}  # fmt: skip
    number, ids = asking.popitem()
    done = subprocess.run(
        [sys.executable, "-c", OPENING, next(iter(ids))], capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == f"[[]] ['{number}']", done.stderr


def test_what_was_predicted_on_another_host_stands_there(monkeypatch):
    """Neither locked here nor late here; what an earlier version kept names no host and counts."""
    predict("calls", ratio=(2, 20))
    start("calls")
    with monkeypatch.context() as patch:
        patch.setattr(lab, "host", lambda: made_up.OTHER_HOST)
        assert standing("calls") is None
        assert not predict("calls", ratio=(5, 50)).late
        assert not standing("calls").locked
    assert standing("calls").values == (2, 20)
    old = {**store.read(store.PREDICTIONS)[0], "values": [3, 4], "id": "one-call", "form": "range"}
    store.append(store.PREDICTIONS, {k: v for k, v in old.items() if k not in ("host", "chapter")})
    assert standing("one-call").values == (3, 4)


def test_a_new_attempt_stands_beside_the_first_and_is_marked():
    predict("calls", ratio=(2, 20))
    start("calls")
    second = predict("calls", ratio=(30, 300), new_attempt=True)
    assert (second.attempt, second.locked, second.late) == (2, False, True)
    assert "attempt 2" in repr(second)
    assert [made.values for made in attempts("calls")] == [(2, 20), (30, 300)]
    again = predict("calls", ratio=(30, 300), new_attempt=True)
    assert again == second and len(attempts("calls")) == 2
    start("calls")
    third = predict("calls", ratio=(1, 2), new_attempt=True)
    assert third.attempt == 3
    assert [made.locked for made in attempts("calls")] == [True, True, False]


def test_a_first_prediction_after_the_answer_is_kept_and_marked_late():
    start("calls")
    made = predict("calls", ratio=(2, 20))
    assert made.late and made.attempt == 1
    assert "after the answer was there" in repr(made)


def test_what_another_experiment_of_its_chapter_shows_does_not_make_it_late():
    start("calls")
    assert not predict("growth", shape="flat").late


def test_seeing_the_comparison_reveals_and_locks():
    predict("growth", shape="flat")
    predictions.reveal("growth")
    assert standing("growth").locked
    assert predict("growth", shape="steep rise", new_attempt=True).late


REFUSED = {
    "low above high": (ValueError, ("one-call", 5, 1, "ms"), {}, "low must not be above high"),
    "unknown unit": (ValueError, ("one-call", 1, 5, "minutes"), {}, "unit='minutes'"),
    "no unit": (
        ValueError,
        ("one-call", 1, 5),
        {},
        'unit: it is missing; must be one of: ns, µs, ms, s. For example: 1, 5, "ms"',
    ),
    "a unit that is no text": (TypeError, ("one-call", 1, 5, 3), {}, "unit=3"),
    "a text": (TypeError, ("one-call", "1", 5, "ms"), {}, "low='1'"),
    "true": (TypeError, ("one-call", 1, True, "ms"), {}, "high=True"),
    "not a number": (ValueError, ("one-call", 1, float("nan"), "ms"), {}, "high=nan"),
    "infinite": (ValueError, ("one-call", 1, float("inf"), "ms"), {}, "high=inf"),
    "half a year": (ValueError, ("one-call", 1, 1.6e7, "s"), {}, "from 1e-06 to 1e+06"),
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


@pytest.mark.parametrize(("error", "given", "named", "says"), REFUSED.values(), ids=REFUSED)
def test_in_a_notebook_the_question_stays_with_the_complaint_below_it(
    error, given, named, says, page
):
    """But for what is wrong with the question itself: that is the notebook's mistake."""
    if given[0] in ("cals", 7):
        with pytest.raises(error):
            predict(*given, **named)
        return
    item = predict(*given, **named)
    assert not item.filled and store.read(store.PREDICTIONS) == []
    assert says in page[-1]["text/plain"] and item.question in page[-1]["text/html"]


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
    start("calls")
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


@pytest.mark.parametrize("id", ["one-call", "calls"])
@pytest.mark.parametrize("left", ["locked", "dead"])
def test_a_lost_prediction_does_not_stop_the_next_one(home, id, left):
    """Row 64: the line that predicted is damaged; the one that locked it is still there."""
    given = {"one-call": {"low": 1, "high": 2, "unit": "ns"}, "calls": {"ratio": (2, 20)}}[id]
    predict(id, **given)
    start(id)
    file = home / "predictions.jsonl"
    first, *rest = file.read_text().splitlines(keepends=True)
    file.write_text("".join([first.replace('"schema": 1', '"schema": 9'), *rest]))
    store._shelves.clear()  # as a new notebook kernel, which has read nothing
    if left == "dead":  # as an earlier version added it: under the number of what is locked
        store.append(store.PREDICTIONS, json.loads(first))
    made = predict(id, **given)
    assert (made.attempt, made.locked, made.complaint) == (2, False, "")
    assert predict(id, **given) == made == predict(id, **given, new_attempt=True)
    assert len(attempts(id)) == 1
    start(id)
    assert standing(id).locked
    assert predict(id, **given, new_attempt=True).attempt == 2
