"""What a measurement says about a prediction: outcomes, and a sentence for each of them.

Pure functions on results and numbers, so that a test can reach every branch with made-up results.
A sentence never says more than the interval allows: where it is missing or wide, the outcome is
``"noisy"``; where the cost cannot be told from its baseline, ``"unresolved"``.
"""

import itertools
from collections.abc import Mapping, Sequence

from conclib.lesson import texts
from conclib.lesson.predicting.forms import Prediction
from conclib.lesson.predicting.outcomes import HELD, MISSED, OPEN
from conclib.lesson.predicting.score import score
from conclib.results import Measurements, shapes
from conclib.results.axis import Axis
from conclib.results.estimate import Estimate
from conclib.results.shapes import Shape
from conclib.results.wording import listed

RIVALS = {shapes.GENTLE, shapes.STEEP}  # which of them it is, the slope alone tells
ALL_DOUBTS = "to see them all, end a cell with the name of your result"
UP_AND_DOWN = "your drawing goes up and down, so nothing is held against it"


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


def range_outcome(prediction: Prediction, reading: Estimate) -> str:
    """Return what comes of a range: ``HELD``, ``MISSED`` or ``OPEN``."""
    known = {"inside": HELD, "above": MISSED, "below": MISSED}
    return known.get(outcome(prediction, reading), OPEN)


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
    more = f"; and {len(doubts) - 2} more ({ALL_DOUBTS})" if len(doubts) > 2 else ""
    return "; ".join(doubts[:2]) + more


def range_sentence(prediction: Prediction, reading: Estimate) -> str:
    """Say how a range, or a range of ratios, stands to what was measured."""
    found = outcome(prediction, reading)
    if found == "unfilled":
        return "You made no prediction, so there is nothing to hold it against."
    message = f"You predicted {prediction.in_words}"
    if found == "unresolved":
        return f"{message}; without a number that can be told from its baseline, that stays open."
    if found == "noisy":
        return (
            f"{message}; too noisy here to say whether that holds. To measure for longer, add "
            "budget=5 (in seconds) to the line that measures."
        )
    scored = score(prediction.values, reading.value).sentence
    across = reading.within(prediction.values).where == "across"
    if found == "inside":
        edge = " (its interval reaches over the edge)" if across else ""
        return f"{message}: that holds{edge}. {scored}"
    edge = " (but its interval reaches into your range)" if across else ""
    return f"{message}: the measurement lies {found} it{edge}. {scored}"


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


def order_outcome(prediction: Prediction, items: Measurements) -> str:
    """Return what comes of an order: ``HELD``, ``MISSED`` or ``OPEN``."""
    words = pairs(prediction.values, items).values()
    return MISSED if "slower" in words else OPEN if "open" in words else HELD


def order_sentence(prediction: Prediction, items: Measurements) -> str:
    """Say how a predicted order stands to what was measured."""
    if not prediction.filled:
        return "You made no prediction, so there is nothing to hold it against."
    found = pairs(prediction.values, items)
    wrong = [f"{b} came out cheaper than {a}" for (a, b), how in found.items() if how == "slower"]
    still = [f"{a} and {b}" for (a, b), how in found.items() if how == "open"]
    message = f"You predicted, cheapest first: {prediction.in_words}."
    open_part = f" Not to be told apart here: {', '.join(still)}." if still else ""
    if wrong:
        return f"{message} The other way round: {', '.join(wrong)}.{open_part}"
    if still:
        return f"{message} Nothing measured contradicts it.{open_part}"
    return f"{message} All of it holds."


# The shape of a curve ---------------------------------------------------------------------------
def shape_text(shape: Shape, words: Mapping[str, str], axis: Axis) -> str:
    """Return a measured shape in a chapter's words, with where it bends or is not sure."""
    at = f" (from {axis.write(shape.at)} on)" if shape.word in shapes.BENDS else ""
    if shape.reaching:
        places = listed([axis.write(x) for x in shape.reaching])
        at = f" (not surely at {places}: there the interval reaches up to that)"
    return f"Measured: {words[shape.word]}{at}."


def shape_sentence(prediction: Prediction, measured: Shape, seen: str) -> str:
    """Say how a predicted curve stands to the measured one.

    Args:
        prediction: what was predicted.
        measured: the shape that was measured; ``seen``: the same in words.
    """
    if not prediction.filled:
        return f"{seen} You predicted no curve, so there is nothing to hold it against."
    mine, message = named(prediction), f"You predicted {prediction.in_words}"
    if is_up_and_down(prediction):
        return f"{seen} {message}; {UP_AND_DOWN}."
    kind = mine if mine == shapes.FLAT else f"a {mine}"
    drawn = f", which is {kind}" if len(prediction.values) > 1 else ""
    return f"{seen} {message}{drawn}{_standing(mine, measured)}."


def named(prediction: Prediction) -> str:
    """Return the name of a predicted curve, also of one that was drawn."""
    heights = prediction.values
    return heights[0] if len(heights) == 1 else shapes.drawn(heights)


def is_up_and_down(prediction: Prediction) -> bool:
    """Tell whether a drawing goes up and down, so that nothing can be held against it."""
    return prediction.form == "shape" and named(prediction) == shapes.UNCLEAR


def shape_outcome(mine: str, measured: Shape) -> str:
    """Return what comes of a predicted curve; empty where the drawing has no name."""
    if mine == shapes.UNCLEAR:
        return ""
    if measured.word == shapes.UNCLEAR:
        return OPEN
    if mine == measured.word:
        return OPEN if RIVALS & {*measured.possible} else HELD
    return OPEN if mine in measured.possible else MISSED


def _standing(mine: str, measured: Shape) -> str:
    """Say whether a measured shape speaks for or against a predicted one."""
    found = shape_outcome(mine, measured)
    if found != OPEN:
        return {HELD: ": that holds", MISSED: ": contradicted"}[found]
    if measured.word == shapes.UNCLEAR:
        return "; that stays open here"
    if mine in RIVALS and measured.word in RIVALS:
        return ": not contradicted; to tell for sure, measure for longer: budget=5 (seconds)"
    if mine in RIVALS:
        return ": not contradicted; the ruler would tell more"
    return ": not contradicted; whether it bends, these values do not tell"


def reason_sentence(prediction: Prediction) -> str:
    """Give the student's reason back, or nothing."""
    return texts.quoted(prediction.because)
