"""What a measurement says about a prediction: outcomes, and a sentence for each of them.

Pure functions on results and numbers, so that a test can reach every branch with made-up results.
A sentence never says more than the interval allows: where it is missing or wide, the outcome is
``"noisy"``; where the cost cannot be told from its baseline, ``"unresolved"``.
"""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from conclib.lesson import texts
from conclib.lesson.forms import Prediction
from conclib.lesson.score import score
from conclib.results import Measurement, Measurements, statistics
from conclib.results.quantity import RATIO, TIME

WIDE = 2.0  # an interval whose ends differ by more than this factor is called noisy


@dataclass(frozen=True)
class Reading:
    """One number with its interval, as it is compared with a prediction.

    Attributes:
        what: what it is, in words: ``"fork"``, ``"fork against pthread"``.
        value: in ns, or a ratio; ``None`` where it cannot be told from its baseline.
        interval: low and high, or ``None``.
        write: turns a value into words.
        doubts: reasons to trust it less.
    """

    what: str
    value: float | None
    interval: tuple[float, float] | None
    write: Callable[[float], str]
    doubts: tuple[str, ...] = ()

    @property
    def state(self) -> str:
        """``"clear"``, ``"noisy"`` or ``"unresolved"``."""
        if self.value is None:
            return "unresolved"
        if self.interval is None or self.interval[0] <= 0:
            return "noisy"
        return "noisy" if self.interval[1] / self.interval[0] > WIDE else "clear"

    @property
    def said(self) -> str:
        """The value with its interval, in words."""
        if self.value is None:
            return "below resolution"
        if self.interval is None:
            return f"{self.write(self.value)}, no interval"
        low, high = (self.write(max(end, 0.0)) for end in self.interval)
        return f"{self.write(self.value)}, interval {low} to {high}"


def time_reading(label: str, item: Measurement) -> Reading:
    """Return the reading of one measurement."""
    return Reading(label, item.net, item.net_interval, TIME.write, item.unstable)


def ratio_reading(items: Measurements, over: str, under: str) -> Reading:
    """Return the reading of how many times ``over`` costs what ``under`` does."""
    doubts = tuple(f"{n}: {why}" for n in (over, under) for why in items[n].unstable)
    value, interval = items.ratio(over, under), items.ratio_interval(over, under)
    return Reading(f"{over} against {under}", value, interval, RATIO.write, doubts)


# A range or a ratio -----------------------------------------------------------------------------
def outcome(prediction: Prediction, reading: Reading) -> str:
    """Return how they stand to each other.

    One of ``"unfilled"``, ``"unresolved"``, ``"noisy"``, ``"inside"``, ``"above"``, ``"below"``.
    """
    if not prediction.filled:
        return "unfilled"
    if reading.state == "unresolved":
        return "unresolved"
    low, high = prediction.values
    first, last = reading.interval or (0.0, float("inf"))
    across = first < low <= last or first <= high < last
    if reading.state == "noisy" and across:  # a wide interval on one side of both ends is no doubt
        return "noisy"
    if reading.value > high:
        return "above"
    return "below" if reading.value < low else "inside"


def measured_sentence(reading: Reading) -> str:
    """Say what was measured."""
    if reading.state == "unresolved":
        return (
            f"Measured, {reading.what}: too close to its baseline to be told from it. That is an "
            "answer too: whatever it costs, it costs less than this can resolve."
        )
    care = f" Handle with care: {_few(reading.doubts)}." if reading.doubts else ""
    return f"Measured, {reading.what}: {reading.said}.{care}"


def _few(doubts: tuple[str, ...]) -> str:
    """Return the first two doubts, and how many more there are: the card lists them all."""
    more = (
        f"; and {len(doubts) - 2} more, listed where a cell shows the result"
        if len(doubts) > 2
        else ""
    )
    return "; ".join(doubts[:2]) + more


def range_sentence(prediction: Prediction, reading: Reading) -> str:
    """Say how a range, or a range of ratios, stands to what was measured."""
    found = outcome(prediction, reading)
    if found == "unfilled":
        return "You made no prediction, so there is nothing to hold it against."
    said = f"You predicted {prediction.said}"
    if found == "unresolved":
        return f"{said}; without a number that can be told from its baseline, that stays open."
    if found == "noisy":
        return (
            f"{said}; too noisy here to say whether that holds. To measure for longer, add "
            "budget=5 (in seconds) to the line that measures."
        )
    scored = score(prediction.values, reading.value).sentence
    if found == "inside":
        leaks = (
            reading.interval[0] < prediction.values[0] or reading.interval[1] > prediction.values[1]
        )
        edge = " (its interval reaches over the edge)" if leaks else ""
        return f"{said}: that holds{edge}. {scored}"
    low, high = reading.interval or (reading.value, reading.value)
    reaches = low < prediction.values[1] if found == "above" else high > prediction.values[0]
    edge = " (but its interval reaches into your range)" if reaches else ""
    return f"{said}: the measurement lies {found} it{edge}. {scored}"


# An order ---------------------------------------------------------------------------------------
def pairs(order: Sequence[str], items: Measurements) -> dict[tuple[str, str], str]:
    """Return for each pair whether the first is ``"cheaper"``, ``"dearer"`` or ``"open"``.

    Open means that their intervals overlap, or that one of them has none.
    """
    found = {}
    for first, second in itertools.combinations(order, 2):
        one, two = items[first].net_interval, items[second].net_interval
        if one is None or two is None:
            found[first, second] = "open"
        elif one[1] < two[0]:
            found[first, second] = "cheaper"
        else:
            found[first, second] = "dearer" if two[1] < one[0] else "open"
    return found


def order_sentence(prediction: Prediction, items: Measurements) -> str:
    """Say how a predicted order stands to what was measured."""
    if not prediction.filled:
        return "You made no prediction, so there is nothing to hold it against."
    found = pairs(prediction.values, items)
    wrong = [f"{b} came out cheaper than {a}" for (a, b), how in found.items() if how == "dearer"]
    still = [f"{a} and {b}" for (a, b), how in found.items() if how == "open"]
    said = f"You predicted, cheapest first: {prediction.said}."
    open_part = f" Not to be told apart here: {', '.join(still)}." if still else ""
    if wrong:
        return f"{said} The other way round: {', '.join(wrong)}.{open_part}"
    if still:
        return f"{said} Nothing measured contradicts it.{open_part}"
    return f"{said} All of it holds."


# The shape of a curve ---------------------------------------------------------------------------
FLAT, GENTLE, STEEP = "flat", "gentle rise", "steep rise"
GROWTH = 1.5  # a curve that grows by less than this factor over the sweep is called flat
LIKE_COPYING = 0.7  # a slope from this share of copying on is called steep
DRAWN_FLAT, DRAWN_STEEP = 0.1, 0.7  # the same for a drawn curve; 1 is the copying line


def slope(items: Measurements) -> float | None:
    """Return the slope of a sweep in ns for each unit of what was varied, or ``None``."""
    points = [(item.params[items.varied], item.net) for item in items.values()]
    if len({x for x, _ in points}) < 2 or any(net is None for _, net in points):
        return None
    return statistics.slope(points)


def measured_shape(items: Measurements, copy: float | None) -> str:
    """Return the shape of a sweep: flat, gentle rise, steep rise, ``"rise"`` or ``"unclear"``.

    Args:
        items: a sweep over the parent's size in MB.
        copy: what copying 1 MB costs here, in ns; without it gentle and steep cannot be told apart.
    """
    ends = sorted(items.values(), key=lambda item: item.params[items.varied])
    first, last, steepness = ends[0], ends[-1], slope(items)
    if steepness is None or first.net_interval is None or last.net_interval is None:
        return "unclear"
    if last.net_interval[1] < GROWTH * first.net_interval[0]:
        return FLAT
    if last.net_interval[0] <= first.net_interval[1]:
        return "unclear"
    if copy is None:
        return "rise"
    return STEEP if steepness >= LIKE_COPYING * copy else GENTLE


def predicted_shape(prediction: Prediction) -> str:
    """Return the named shape of a prediction; a drawn one is read by its rise from end to end."""
    if len(prediction.values) == 1:
        return prediction.values[0]
    rise = prediction.values[-1] - prediction.values[0]
    if rise < DRAWN_FLAT:
        return FLAT
    return STEEP if rise >= DRAWN_STEEP else GENTLE


def shape_sentence(prediction: Prediction, measured: str) -> str:
    """Say how a predicted curve stands to the measured one."""
    seen = f"Measured: {SHAPES[measured]}."
    if not prediction.filled:
        return f"{seen} You predicted no curve, so there is nothing to hold it against."
    mine = predicted_shape(prediction)
    drawn = "" if prediction.values == (mine,) else f", which is a {mine}".replace("a flat", "flat")
    said = f"You predicted {prediction.said}{drawn}"
    if measured == "unclear":
        return f"{seen} {said}; that stays open here."
    if measured == "rise":
        verdict = "contradicted" if mine == FLAT else "not contradicted; the ruler would tell more"
        return f"{seen} {said}: {verdict}."
    return f"{seen} {said}: {'that holds' if mine == measured else 'contradicted'}."


SHAPES = {
    FLAT: "flat, the cost does not follow the parent's size",
    GENTLE: "a gentle rise, far below what copying every byte would cost",
    STEEP: "a steep rise, about what copying every byte would cost",
    "rise": "it rises; run cl.ruler() to tell a gentle rise from a steep one",
    "unclear": "too noisy to tell its shape",
}


def reason_sentence(prediction: Prediction) -> str:
    """Give the student's reason back, or nothing."""
    return texts.quoted(prediction.because)
