"""What a measurement says about a prediction: outcomes, and a sentence for each of them.

Pure functions on results and numbers, so that a test can reach every branch with made-up results.
A sentence never says more than the interval allows: where it is missing or wide, the outcome is
``"noisy"``; where the cost cannot be told from its baseline, ``"unresolved"``.
"""

import itertools
from collections.abc import Mapping, Sequence

from conclib.lesson import texts
from conclib.lesson.predicting.forms import Prediction
from conclib.lesson.predicting.score import score
from conclib.results import Measurements, statistics
from conclib.results.estimate import Estimate


# A range or a ratio -----------------------------------------------------------------------------
def outcome(prediction: Prediction, reading: Estimate) -> str:
    """Return how they stand to each other.

    One of ``"unfilled"``, ``"unresolved"``, ``"noisy"``, ``"inside"``, ``"above"``, ``"below"``.
    """
    if not prediction.filled:
        return "unfilled"
    if reading.state == "unresolved":
        return "unresolved"
    where = reading.within(prediction.values).where
    if reading.state == "noisy" and where in ("across", "unresolved"):
        return "noisy"  # a wide interval on one side of both ends is no doubt
    return reading.point.within(prediction.values).where


def measured_sentence(reading: Estimate) -> str:
    """Say what was measured."""
    if reading.state == "unresolved":
        return (
            f"Measured, {reading.label}: too close to its baseline to be told from it. That is an "
            "answer too: whatever it costs, it costs less than this can resolve."
        )
    care = f" Handle with care: {_few(reading.doubts)}." if reading.doubts else ""
    return f"Measured, {reading.label}: {reading.text}.{care}"


def _few(doubts: tuple[str, ...]) -> str:
    """Return the first two doubts, and how many more there are: the card lists them all."""
    more = (
        f"; and {len(doubts) - 2} more, listed where a cell shows the result"
        if len(doubts) > 2
        else ""
    )
    return "; ".join(doubts[:2]) + more


def range_sentence(prediction: Prediction, reading: Estimate) -> str:
    """Say how a range, or a range of ratios, stands to what was measured."""
    found = outcome(prediction, reading)
    if found == "unfilled":
        return "You made no prediction, so there is nothing to hold it against."
    said = f"You predicted {prediction.in_words}"
    if found == "unresolved":
        return f"{said}; without a number that can be told from its baseline, that stays open."
    if found == "noisy":
        return (
            f"{said}; too noisy here to say whether that holds. To measure for longer, add "
            "budget=5 (in seconds) to the line that measures."
        )
    scored = score(prediction.values, reading.value).sentence
    across = reading.within(prediction.values).where == "across"
    if found == "inside":
        edge = " (its interval reaches over the edge)" if across else ""
        return f"{said}: that holds{edge}. {scored}"
    edge = " (but its interval reaches into your range)" if across else ""
    return f"{said}: the measurement lies {found} it{edge}. {scored}"


# An order ---------------------------------------------------------------------------------------
def pairs(order: Sequence[str], items: Measurements) -> dict[tuple[str, str], str]:
    """Return for each pair whether the first is ``"cheaper"``, ``"slower"`` or ``"open"``.

    Open means that their intervals overlap, or that one of them has none.
    """
    found = {}
    for first, second in itertools.combinations(order, 2):
        word = items[first].estimate.compare(items[second].estimate)
        found[first, second] = {"lower": "cheaper", "higher": "slower"}.get(word, "open")
    return found


def order_sentence(prediction: Prediction, items: Measurements) -> str:
    """Say how a predicted order stands to what was measured."""
    if not prediction.filled:
        return "You made no prediction, so there is nothing to hold it against."
    found = pairs(prediction.values, items)
    wrong = [f"{b} came out cheaper than {a}" for (a, b), how in found.items() if how == "slower"]
    still = [f"{a} and {b}" for (a, b), how in found.items() if how == "open"]
    said = f"You predicted, cheapest first: {prediction.in_words}."
    open_part = f" Not to be told apart here: {', '.join(still)}." if still else ""
    if wrong:
        return f"{said} The other way round: {', '.join(wrong)}.{open_part}"
    if still:
        return f"{said} Nothing measured contradicts it.{open_part}"
    return f"{said} All of it holds."


# The shape of a curve ---------------------------------------------------------------------------
FLAT, GENTLE, STEEP = "flat", "gentle rise", "steep rise"
GROWTH = 1.5  # a curve that grows by less than this factor over the sweep is called flat
LIKE_GUIDE = 0.7  # a slope from this share of the guide's on is called steep
DRAWN_FLAT, DRAWN_STEEP = 0.1, 0.7  # the same for a drawn curve; 1 is the guide's line


def slope(items: Measurements) -> float | None:
    """Return the slope of a sweep, for one more of what was varied, or ``None``."""
    points = [(x, item.net) for x, item in items.points]
    if len({x for x, _ in points}) < 2 or any(net is None for _, net in points):
        return None
    return statistics.slope(points)


def measured_shape(items: Measurements, guide: float | None) -> str:
    """Return the shape of a sweep: flat, gentle rise, steep rise, ``"rise"`` or ``"unclear"``.

    Args:
        items: a sweep.
        guide: a slope for one more of what was varied, such as a known cost of one unit;
            without it gentle and steep cannot be told apart.
    """
    ends = [item.estimate for _, item in items.points]
    first, last, steepness = ends[0], ends[-1], slope(items)
    if steepness is None or "unresolved" in (first.state, last.state):
        return "unclear"
    if last.compare(first, GROWTH) == "lower":
        return FLAT
    if last.compare(first) != "higher":
        return "unclear"
    if guide is None:
        return "rise"
    return STEEP if steepness >= LIKE_GUIDE * guide else GENTLE


def predicted_shape(prediction: Prediction) -> str:
    """Return the named shape of a prediction; a drawn one is read by its rise from end to end."""
    if len(prediction.values) == 1:
        return prediction.values[0]
    rise = prediction.values[-1] - prediction.values[0]
    if rise < DRAWN_FLAT:
        return FLAT
    return STEEP if rise >= DRAWN_STEEP else GENTLE


def shape_sentence(prediction: Prediction, measured: str, says: Mapping[str, str]) -> str:
    """Say how a predicted curve stands to the measured one.

    Args:
        prediction: what was predicted.
        measured: the shape that was measured.
        says: the chapter's words for each shape.
    """
    seen = f"Measured: {says[measured]}."
    if not prediction.filled:
        return f"{seen} You predicted no curve, so there is nothing to hold it against."
    mine = predicted_shape(prediction)
    drawn = "" if prediction.values == (mine,) else f", which is a {mine}".replace("a flat", "flat")
    said = f"You predicted {prediction.in_words}{drawn}"
    if measured == "unclear":
        return f"{seen} {said}; that stays open here."
    if measured == "rise":
        verdict = "contradicted" if mine == FLAT else "not contradicted; the ruler would tell more"
        return f"{seen} {said}: {verdict}."
    return f"{seen} {said}: {'that holds' if mine == measured else 'contradicted'}."


def reason_sentence(prediction: Prediction) -> str:
    """Give the student's reason back, or nothing."""
    return texts.quoted(prediction.because)
