"""Every branch of the sentences, with results made up for the purpose."""

import math
import re
from dataclasses import replace
from html import escape
from pathlib import Path

import pytest

from conclib import textbook
from conclib.lesson import registry, store, texts
from conclib.lesson.judging import bands, comparing, findings, subjects
from conclib.lesson.judging.comparing import compare
from conclib.lesson.predicting import predictions, score
from conclib.lesson.predicting.forms import Prediction
from conclib.lesson.showing.figures import plot
from conclib.results import DifferentMachines, Measurements, estimate, hooks, shapes
from conclib.results.estimate import Estimate
from conclib.results.quantity import RATIO
from conclib.results.shapes import Shape
from tests import made_up
from tests.lesson_fonts import open_fonts
from tests.made_up import around, calls, few, lists

TOY = Path(__file__).parent / "course" / "ch90_counting"
CURVE = registry.words_in(TOY)["curves"]["list"]  # importing the chapter would register it

pytestmark = pytest.mark.usefixtures("course")


@pytest.fixture(scope="module", autouse=True)
def fonts():
    """Let matplotlib open its fonts before a test counts open files: it never closes them."""
    open_fonts()


def guess(form, *values, **fields):
    return Prediction("calls", "How many?", form, values, fill_in="Fill in.", **fields)


def named(label, item):
    """Return a measurement's estimate under a label."""
    return Measurements({label: item}).estimate(label)


def reading(value, low, high):
    return Estimate(value, (low, high) if low else None, RATIO, "fork")


def shape_said(prediction, word, *possible, at=None):
    shape, axis = Shape(word, at, possible=possible), lists(1, 2).varied
    seen = findings.shape_text(shape, CURVE["sentences"], axis)
    return findings.shape_sentence(prediction, shape, seen)


# A range or a ratio -----------------------------------------------------------------------------
RANGES = {
    "inside": (reading(10, 9, 11), "that holds. Your range was 1.0 decade wide"),
    "inside but leaking": (reading(19, 17, 22), "that holds (its interval reaches over the edge)"),
    "above": (
        reading(40, 38, 42),
        "lies above it. Your range was 1.0 decade wide; the measurement",
    ),
    "below": (reading(1, 0.9, 1.1), "lies below it. Your range"),
    "noisy": (reading(10, 5, 30), "too noisy here to say"),
    "noisy around all of it": (reading(10, 1, 30), "too noisy here to say"),
    "noisy, all inside": (reading(10, 5, 20), "that holds. Your range"),
    "noisy, all above": (reading(90, 30, 120), "lies above it. Your range"),
    "noisy, all below": (reading(1, 0.5, 1.9), "lies below it. Your range"),
    "no interval": (reading(10, None, None), "too noisy here to say"),
    "unresolved": (reading(None, None, None), "that stays open"),
}
OUTCOMES = {
    "inside": "inside", "inside but leaking": "inside", "above": "above", "below": "below",
    "noisy": "noisy", "noisy around all of it": "noisy", "noisy, all inside": "inside",
    "noisy, all above": "above", "noisy, all below": "below", "no interval": "noisy",
    "unresolved": "unresolved",
}  # fmt: skip


@pytest.mark.parametrize("name", RANGES)
def test_a_range_meets_each_outcome(name):
    found, says = RANGES[name]
    prediction = guess("ratio", 2.0, 20.0)
    assert findings.outcome(prediction, found) == OUTCOMES[name]
    sentence = findings.range_sentence(prediction, found)
    assert sentence.startswith("You predicted ×2 to ×20")
    assert says in sentence
    others = {says for other, (_, says) in RANGES.items() if OUTCOMES[other] != OUTCOMES[name]}
    assert not [other for other in others if other in sentence]


def test_without_a_prediction_it_says_so():
    assert findings.outcome(guess(""), reading(10, 9, 11)) == "unfilled"
    assert "no prediction" in findings.range_sentence(guess(""), reading(10, 9, 11))


def test_the_edge_itself_is_inside():
    assert findings.outcome(guess("ratio", 2.0, 20.0), reading(20, 19.9, 20.1)) == "inside"
    assert findings.outcome(guess("ratio", 2.0, 20.0), reading(2, 1.9, 2.1)) == "inside"


def test_what_was_measured_is_told_with_its_doubts_or_as_unresolved():
    item = named("fork", around(5000))
    assert findings.measured_sentence(item).startswith("Measured, fork: 5.00 µs, interval ")
    doubtful = findings.measured_sentence(named("fork", few(5000)))
    assert "Handle with care: few samples (3)" in doubtful and "no interval" in doubtful
    item = replace(named("x", around(5000)), doubts=("a", "b", "c"))
    assert findings.measured_sentence(item).endswith(
        "Handle with care: a; b; and 1 more (to see them all, end a cell with the name of your "
        "result)."
    )
    lost = made_up.measurement([5.0] * 9, baseline=(9.0,))
    assert "too close to its baseline" in findings.measured_sentence(named("x", lost))
    assert named("x", lost).text == "below resolution"


def test_a_ratio_takes_the_widest_that_both_intervals_allow():
    items = Measurements({"fork": around(300_000), "pthread": around(30_000, probe="pthread")})
    found = items.ratio("fork", "pthread")
    assert found.value == pytest.approx(10)
    over, under = items["fork"].net_interval, items["pthread"].net_interval
    assert found.interval == pytest.approx((over[0] / under[1], over[1] / under[0]))


def test_a_ratio_over_nothing_measurable_is_unresolved():
    nothing = made_up.measurement([5.0] * 9, baseline=(9.0,), probe="pthread")
    items = Measurements({"fork": around(300_000), "pthread": nothing})
    assert items.ratio("fork", "pthread").state == "unresolved"


# The score --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("values", "measured", "width", "distance"),
    [((1, 10), 5, 1, 0), ((1, 10), 100, 1, 1), ((10, 1000), 1, 2, -1), ((5, 5), 5, 0, 0)],
)
def test_width_and_distance_are_counted_in_decades(values, measured, width, distance):
    found = score.score(values, measured)
    assert (found.width, found.distance) == pytest.approx((width, distance))


def test_the_score_does_not_depend_on_the_unit():
    one, other = score.score((1, 10), 40), score.score((1000, 10_000), 40_000)
    assert (one.width, one.distance) == pytest.approx((other.width, other.distance))


def test_the_score_is_a_sentence_and_never_a_mark():
    assert "1.0 decade wide, and the measurement lay in it" in score.score((1, 10), 5).sentence
    above = score.score((1, 10), 20).sentence
    assert above == "Your range was 1.0 decade wide; the measurement lay 0.3 decades above it."
    assert "lay 1.0 decade below it" in score.score((10, 20), 1).sentence
    assert "lay just above it" in score.score((1, 10), 10.1).sentence


# An order ---------------------------------------------------------------------------------------
def three(a, b, c, spread=0.01):
    return Measurements({"a": around(a, spread), "b": around(b, spread), "c": around(c, spread)})


def test_an_order_holds():
    sentence = findings.order_sentence(guess("order", "a", "b", "c"), three(100, 200, 300))
    assert sentence == "You predicted, cheapest first: a < b < c. All of it holds."


def test_an_order_is_contradicted_pair_by_pair_also_between_the_ends():
    sentence = findings.order_sentence(guess("order", "c", "b", "a"), three(100, 200, 300))
    assert "The other way round: b came out cheaper than c" in sentence
    assert "a came out cheaper than c" in sentence


def test_an_order_that_cannot_be_told_stays_open():
    items = three(100, 101, 900, spread=0.2)
    sentence = findings.order_sentence(guess("order", "b", "a", "c"), items)
    assert "Nothing measured contradicts it. Not to be told apart here: b and a." in sentence


def test_an_order_can_be_partly_wrong_and_partly_open():
    items = three(100, 101, 900, spread=0.2)
    sentence = findings.order_sentence(guess("order", "c", "a", "b"), items)
    assert "The other way round" in sentence and "Not to be told apart here: a and b." in sentence


def test_a_member_without_an_interval_leaves_its_pairs_open():
    items = Measurements({"a": few(100), "b": around(900)})
    assert findings.pairs(["a", "b"], items) == {("a", "b"): "open"}


def test_of_an_order_comes_what_is_said_of_it():
    close = three(100, 101, 900, spread=0.2)
    assert findings.order_outcome(guess("order", "a", "b", "c"), three(1, 2, 3)) == "held"
    assert findings.order_outcome(guess("order", "b", "a", "c"), close) == "open"
    assert findings.order_outcome(guess("order", "c", "a", "b"), close) == "did not hold"


def test_no_order_predicted():
    assert "no prediction" in findings.order_sentence(guess(""), three(1, 2, 3))


# The shape of a curve ---------------------------------------------------------------------------
def test_outside_a_range_the_sentence_tells_of_an_interval_that_reaches_in():
    near = findings.range_sentence(guess("range", 100, 200), reading_of(around(205, spread=0.1)))
    assert "above it (but its interval reaches into your range)" in near
    far = findings.range_sentence(guess("range", 100, 200), reading_of(around(300, spread=0.01)))
    assert "above it. " in far


def reading_of(item):
    return named("it", item)


def test_a_curve_meets_each_outcome():
    flat, drawn = guess("shape", "flat"), guess("shape", 0, 0.1, 0.2, 0.3, 0.4)
    assert "that holds." in shape_said(flat, "flat")
    assert "contradicted." in shape_said(flat, "steep rise")
    assert "contradicted." in shape_said(flat, "rise", "gentle rise", "steep rise")
    assert "not contradicted; the ruler" in shape_said(drawn, "rise", "gentle rise", "steep rise")
    assert "stays open here" in shape_said(drawn, "unclear")
    assert "which is a gentle rise: that holds" in shape_said(drawn, "gentle rise")
    assert "You predicted no curve" in shape_said(guess(""), "flat")
    assert "which is flat" in shape_said(guess("shape", 0, 0, 0, 0, 0), "flat")


def test_a_bend_is_named_with_its_place_and_stays_possible_where_it_cannot_be_seen():
    knee = guess("shape", "knee")
    assert shape_said(knee, "knee", at=128).startswith(
        "Measured: flat for short lists, then it rises (from 128 MB on). You predicted knee: "
    )
    assert "contradicted." in shape_said(knee, "gentle rise")
    assert "whether it bends, these values do not tell." in shape_said(
        knee, "gentle rise", "knee", "saturation"
    )
    assert "from 128" not in shape_said(knee, "gentle rise", at=128), "it bends down: no knee"


def test_a_rise_that_its_intervals_leave_open_neither_holds_nor_contradicts():
    for word in ("gentle rise", "steep rise"):
        said = shape_said(guess("shape", word), "gentle rise", "steep rise")
        assert "not contradicted; to tell for sure, measure for longer" in said
    assert "contradicted." in shape_said(guess("shape", "flat"), "gentle rise", "steep rise")


@pytest.mark.parametrize("word", ["flat", "gentle rise", "unclear"])
def test_a_drawn_curve_that_goes_up_and_down_is_held_against_nothing(word):
    said = shape_said(guess("shape", 0.25, 0.5, 1, 0.5, 0.85), word)
    assert said.endswith("; your drawing goes up and down, so nothing is held against it.")
    assert "which is" not in said and "holds" not in said and "contradicted" not in said


# Put together -----------------------------------------------------------------------------------
TAG = next(item.tags[0] for item in textbook.load_cited() if item.ns and item.tags)


@pytest.fixture
def claimed(course):
    """Give two predictions of the toys a claim of their textbook, and one published figures."""
    first = registry.opened("90")
    more = {"one-call": {"claim": "toy.call", "cited": [TAG]}, "calls": {"claim": "toy.ratio"}}
    asked = {id: {**entry, **more.get(id, {})} for id, entry in first.words["predictions"].items()}
    registry.register(replace(first, words={**first.words, "predictions": asked}))


def test_a_comparison_holds_prediction_measurement_and_textbook(claimed):
    predictions.predict("calls", ratio=(2, 20), because="two tables, I think")
    found = compare(calls(), predicted="calls")
    assert found.outcome == "inside"
    assert "Measured, system_call against function_call: ×10" in found.sentence
    assert "The textbook's ×30–300, read for an empty system call: not supported here" in (
        found.sentence
    )
    assert found.because == "Your reason: “two tables, I think”."
    names = [row[0] for row in found.table]
    assert names == ["your prediction", "system_call against function_call", "function_call",
                     "system_call", "textbook, an empty system call"]  # fmt: skip
    for part in (found.sentence, "two tables", "textbook, an empty system call"):
        assert part in repr(found)
    assert "<table>" in found._repr_html_() and found.picture.alt


@pytest.mark.parametrize("id", ["calls", "growth"])
def test_the_two_tables_of_a_comparison_are_told_apart(id):
    found = compare({"calls": calls(), "growth": lists(1, 2, 3, 4)}[id], predicted=id)
    page = found.picture.to_html() + found.html()
    titles = re.findall("<summary>(.*?)</summary>", page)
    assert titles == [
        "What the picture shows, as a table", "Each value and where it is from, as a table",
    ]  # fmt: skip


TEXTBOOK = {"supported": 3_000, "not supported": 300, "inconclusive": 900}


@pytest.mark.parametrize(("word", "system"), TEXTBOOK.items())
def test_the_textbook_meets_each_verdict(word, system):
    sentence = compare(
        calls(system), claim="toy.ratio", over="system_call", under="function_call"
    ).sentence
    assert re.search(rf"empty system call: {word} here \(", sentence)


def test_a_comparison_without_a_prediction_runs_and_says_so():
    found = compare(calls(), predicted="calls")
    assert found.outcome == "unfilled" and "You made no prediction" in found.sentence
    assert found.table[0] == ("your prediction", "none", "you")
    assert found.because == ""
    assert score.history().entries == ()


def test_comparing_scores_once_and_reveals():
    predictions.predict("calls", ratio=(2, 20))
    for _ in range(2):
        compare(calls(), predicted="calls")
    (entry,) = score.history().entries
    assert entry["id"] == "calls" and not entry["late"]
    assert entry["width"] == pytest.approx(1) and entry["distance"] == 0
    assert predictions.standing("calls").locked
    assert predictions.predict("calls", ratio=(1, 2), new_attempt=True).late


def test_noise_is_not_scored():
    predictions.predict("calls", ratio=(2, 20))
    noisy = replace(few(30), probe="function_call", params={}, conditions={})
    items = Measurements({**calls(), "function_call": noisy})
    assert compare(items, predicted="calls").outcome == "noisy"
    assert predictions.standing("calls").locked, "it was the experiment all the same"
    assert score.history().entries == ()


def test_a_late_prediction_is_marked_in_sentence_and_history():
    hooks.on_start.fire(made_up.start("calls"))
    predictions.predict("calls", ratio=(2, 20))
    found = compare(calls(), predicted="calls")
    assert "so it is not counted" in found.sentence
    scored = [entry for entry in store.read(store.PREDICTIONS) if entry["event"] == "scored"]
    assert [entry["late"] for entry in scored] == [True]
    assert score.history().entries == ()


def test_the_history_tells_how_often_a_range_held_and_never_gives_a_mark():
    assert "No prediction has been compared" in repr(score.history())
    predictions.predict("calls", ratio=(2, 20))
    compare(calls(), predicted="calls")
    assert "Your one range so far held the measurement; it was 1.0 decade" in repr(score.history())
    predictions.predict("one-call", 1, 10, "µs")
    compare(calls(call=200), predicted="one-call")
    shown = score.history()
    assert "Of 2 ranges 1 held the measurement; they were 1.0 decade wide" in repr(shown)
    assert [entry["measured"] for entry in shown.entries] == pytest.approx([10, 200])
    assert "one-call" in shown.picture.alt
    assert not any(entry["made"][:10] in repr(shown) for entry in shown.entries)


def test_a_range_is_compared_with_one_measurement_of_several(claimed):
    predictions.predict("one-call", 100, 500, "ns")
    both = calls(call=400)
    for result in (both["function_call"], both):
        found = compare(result, predicted="one-call")
        assert found.outcome == "inside"
        assert "read for an empty function (call): not supported here" in found.sentence
    assert any("cited" in row[2] for row in found.table)


def test_a_curve_is_compared_and_drawn():
    predictions.predict("growth", shape=[0, 0.1, 0.2, 0.3, 0.4], because="lists")
    found = compare(lists(1000, 3000, 5000, 9000), predicted="growth")
    assert "not contradicted" in found.sentence and found.because
    assert found.sentence.count("Measured:") == 1
    store.append(store.RESULTS, around(100, probe="function_call", params={}).to_json())
    assert "that holds" in compare(lists(1000, 3000, 5000, 9000), predicted="growth").sentence


def test_an_order_needs_no_prediction():
    found = compare(three(300, 100, 200))
    assert found.sentence == "Measured, cheapest first: b 100 ns, c 200 ns, a 300 ns."
    assert found.outcome == ""


def test_a_predicted_curve_becomes_a_line_of_the_picture():
    """Drawn heights count from zero; a named curve begins where the measured one does."""
    curve = subjects.Subject("shape", lists(1000, 2000, 3000, 4000), full=20_000, curve=CURVE)
    xs = [item.params["ballast_mb"] for item in curve.items.values()]
    drawn = bands.drawing(guess("shape", 0, 0.25, 0.5, 0.75, 1), curve)
    assert drawn[0] == (xs[0], 0) and drawn[-1] == (xs[-1], 20_000)
    assert drawn[2][1] == 10_000
    named = {name: bands.drawing(guess("shape", name), curve) for name in shapes.HEIGHTS}
    for name, heights in shapes.HEIGHTS.items():
        assert [x for x, _ in named[name]] == [x for x, _ in drawn], "the places of the sliders"
        rises = [(y - 1000) / 20_000 for _, y in named[name]]
        assert rises == pytest.approx([height - heights[0] for height in heights])
    assert bands.drawing(None, curve) == bands.drawing(guess("shape"), curve) == []


def test_each_explanation_foretells_a_line_and_the_table_says_how_steep():
    entry = texts.entry("predictions", "growth")
    curve = subjects.subject(lists(1000, 3000, 5000, 9000), entry)
    assert curve.expected == {"reads a number that is kept": 0.0}, "no call is measured yet"
    store.append(store.RESULTS, around(100, probe="function_call", params={}).to_json())
    curve = subjects.subject(lists(1000, 3000, 5000, 9000), entry)
    assert curve.expected["reads every item"] == pytest.approx(100, rel=0.1)
    rows = {row[0]: row[1:] for row in comparing.table(curve, None, bands.Held())}
    assert rows["one more MB"] == ("31.2 ns", "your sweep") and "256 MB" in rows
    assert rows["if it reads every item"][1] == "your first cell"
    assert rows["if it reads a number that is kept"][0] == "nothing"


REFUSED = {
    "no measurement": (TypeError, lambda: compare(7), "result=int"),
    "an empty one": (TypeError, lambda: compare(Measurements({})), "result=Measurements"),
    "a ratio of one": (ValueError, lambda: compare(around(5), predicted="calls"), "two measure"),
    "labels it lacks": (
        ValueError, lambda: compare(three(1, 2, 3), predicted="calls"),
        "also needs system_call and function_call"),
    "no curve": (TypeError, lambda: compare(around(5), predicted="growth"), "cl.sweep"),
    "unknown id": (ValueError, lambda: compare(around(5), predicted="cals"), "'calls'"),
    "unknown claim": (ValueError, lambda: compare(around(5), claim="toy.calls"), "Did you"),
    "ratio of three": (ValueError, lambda: compare(three(1, 2, 3), over="a"), "name two of"),
}  # fmt: skip


@pytest.mark.parametrize(("error", "call", "says"), REFUSED.values(), ids=REFUSED)
def test_a_result_that_does_not_fit_is_refused(error, call, says):
    with pytest.raises(error, match=says):
        call()
    assert score.history().entries == ()


def test_results_of_different_machines_are_refused():
    with pytest.raises(DifferentMachines):
        Measurements({"a": around(5), "b": around(5, host=made_up.OTHER_HOST)})


def test_two_of_a_pair_need_no_names():
    found = compare(Measurements({"x": around(900), "y": around(90)}), over=None, under=None)
    assert found.sentence.startswith("Measured, cheapest first: y")
    assert subjects.subject(calls(), {"form": "ratio"}).over == "system_call"


def test_a_wide_interval_is_noise_by_a_factor_not_by_a_size():
    for scale in (1.0, 1e6):
        assert reading(10 * scale, 9 * scale, 11 * scale).state == "clear"
        assert reading(10 * scale, 6 * scale, 13 * scale).state == "noisy"
    assert Estimate(1.0, (0.0, 2.0), label="x").state == "noisy"
    assert math.isclose(estimate.WIDE, 2.0)


# Labels of any kind -----------------------------------------------------------------------------
@pytest.mark.parametrize("label", ["x" * 200, "$x$ \\frac", "a\n\tb\0c", "🚀🎉", "שלום", ""])
def test_a_label_is_whole_in_words_tables_and_cards_whatever_it_is(label):
    """Row 70: only the drawing shortens it."""
    both = Measurements({label: around(1e5), "thread": around(1e4, probe="pthread")})
    found = compare(both, over=label, under="thread")
    card = escape(label)
    assert label in found.sentence and label in [row[0] for row in found.table]
    assert card in found.html() and card in both._repr_html_()
    assert label in found.picture.alt and found.picture.png()
    drawn = plot(both)
    assert label in drawn.text() and label in repr(both)
    assert card in drawn.picture._repr_mimebundle_()[0]["text/html"]


# What is no answer to a prediction --------------------------------------------------------------
def free(items):
    """Return the same sweep, kept on no one CPU."""
    return made_up.sweep({label: replace(item, conditions={}) for label, item in items.items()})


OTHERS = {
    "on one CPU, not free": (
        "calls", ({"ratio": (2, 20)}, {"ratio": (1, 2)}), calls(conditions={"pinned": 1}),
        "(system_call() and function_call())"),
    "free, not on one CPU": (
        "growth", ({"shape": "flat"}, {"shape": "steep rise"}), free(lists(9, 9, 9, 9)),
        "(first_write(ballast_mb=64, after=nothing, write=first), at 3 values of ballast_mb or "
        "more, on one CPU)"),
}  # fmt: skip


@pytest.mark.parametrize(("id", "guesses", "result", "wanted"), OTHERS.values(), ids=OTHERS)
def test_another_experiment_is_shown_beside_the_prediction_and_not_scored(
    id, guesses, result, wanted
):
    first, second = guesses
    predictions.predict(id, **first)
    found = compare(result, predicted=id)
    assert f"belongs to another experiment {wanted}: so this is shown" in found.sentence
    assert found.sentence.endswith("not scored.") or "and not scored." in found.sentence
    assert score.history().entries == ()
    assert not predictions.standing(id).locked
    assert not predictions.predict(id, **second, new_attempt=True).late


def test_so_is_a_recording():
    predictions.predict("calls", ratio=(2, 20))
    found = compare(calls(source="recorded", date="2026-01-01"), predicted="calls")
    assert "It is a recording, so it is shown beside your prediction" in found.sentence
    assert score.history().entries == ()
    assert not predictions.standing("calls").locked


@pytest.mark.parametrize("measured", [1e-9, 1e18])
def test_a_range_that_missed_by_any_distance_is_drawn(measured):
    """Row 64: what may be kept can be read and drawn, however far apart its numbers are."""
    kept = score.note(
        "scored", "one-call", attempt=1, values=[1e-9, 1e18], measured=measured,
        width=27.0, distance=0.0, late=False,
    )  # fmt: skip
    store.append(store.PREDICTIONS, kept)
    shown = score.history()
    assert len(shown.entries) == 1
    assert shown.picture.png().startswith(b"\x89PNG")
