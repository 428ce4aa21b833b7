"""The endless exercise of chapter 00: two made-up measurements, and which of them is slower?

Each pair lies in one of two ways, and one thing about it misleads:

* *apart*: the intervals have no point in common; or *overlapping*: nothing can be told;
* a few *late* values give the faster one the larger mean; or its *fastest* value is the larger one.

So each wrong answer has exactly one belief behind it. Pairs are drawn until one is as wanted, by
the rules of the course: the medians' intervals, held together by ``Estimate.compare``.
"""

import math
import random
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from conclib.lesson.registry import Variant
from conclib.plots import Picture, distribution
from conclib.results import Host, Measurement, Run, Runtime
from conclib.results.estimate import Estimate
from conclib.results.quantity import TIME
from conclib.results.record import MADE_UP

T = TypeVar("T")
Draw = Callable[[], float]
Values = tuple[float, ...]

CANNOT = "cannot be told: the intervals overlap"
VISIBLE = 1.1  # a factor that is seen on the picture: a gap, an overlap, a difference
NEAR = 1.03  # medians whose intervals overlap still lie this far apart

# By how the pair lies and what misleads: the medians' ratio, and how widely each one's values
# spread as a share of its fastest, the slower one's first. (A wide spread has a wide interval.)
SHAPES = {
    ("apart", "late"): ((1.3, 1.8), (0.3, 0.6), (0.3, 0.6)),
    ("apart", "fastest"): ((1.3, 1.8), (1.5, 3.0), (0.1, 0.3)),
    ("overlapping", "late"): ((1.03, 1.12), (0.5, 1.0), (0.5, 1.0)),
    ("overlapping", "fastest"): ((1.03, 1.2), (1.5, 3.0), (0.5, 1.0)),
}


def slower(seed: int) -> Variant:
    """Return the pair of a seed, 1 to 1,000,000,000, with what is to be answered to it."""
    draw = random.Random(seed).random  # what is built on it may differ from Python to Python
    lies = _pick(draw, ("apart", "apart", "overlapping"))
    misleads = _pick(draw, ("late", "fastest"))
    names = _pick(draw, ("AB", "BA"))
    return variant(dict(zip(names, pair(draw, lies, misleads), strict=True)), lies, misleads)


def variant(named: dict[str, Values], lies: str, misleads: str) -> Variant:
    """Return what is asked about two sets of values.

    Args:
        named: values in ns by name, the slower ones first.
        lies, misleads: a key of ``SHAPES``.
    """
    yes, no = (f"{name} is slower" for name in named)
    right, beliefs = {
        "apart": (yes, {no: misleads, CANNOT: "apart"}),
        "overlapping": (CANNOT, {yes: "median", no: misleads}),
    }[lies]
    options = (*sorted((yes, no)), CANNOT)
    return Variant(options, right, beliefs, lies, values=facts(named), draw=partial(picture, named))


def facts(named: dict[str, Values]) -> dict[str, str]:
    """Return what the words say of a pair: the names, the slower one's first, and two ends.

    ``low`` is where the slower one's interval begins, ``high`` where the faster one's ends.
    """
    slow, fast = named
    (low, _), (_, high) = (Estimate.of(values).interval or (0.0, 0.0) for values in named.values())
    return {"slow": slow, "fast": fast, "low": TIME.write(low), "high": TIME.write(high)}


def picture(named: dict[str, Values]) -> Picture:
    """Draw both as measurements are drawn, hollow and labelled as made up."""
    items = {name: measurement(named[name]) for name in sorted(named)}
    return distribution(items, title="Which one is slower? (made up)")


def measurement(values: Values) -> Measurement:
    """Return values in ns as a measurement that says that it is made up."""
    return Measurement(
        "made_up", "Made up", {}, Host("none", "made up", 1), Runtime("none", ""),
        "nothing: it is made up", (Run(values, ()),), source=MADE_UP,
    )  # fmt: skip


# Drawing a pair by chance -----------------------------------------------------------------------
def pair(draw: Draw, lies: str, misleads: str) -> tuple[Values, Values]:
    """Draw two sets of values in ns, the one with the larger median first, until they are so."""
    ratio, *spreads = SHAPES[lies, misleads]
    scale = 10 ** _between(draw, 3, 6.5)
    while True:
        slow, fast = (
            lopsided(draw, scale * factor, _between(draw, *spread))
            for factor, spread in zip((_between(draw, *ratio), 1), spreads, strict=True)
        )
        if misleads == "late":
            fast += tuple(scale * _between(draw, 6, 20) for _ in range(_pick(draw, (3, 4, 5))))
        if is_so(slow, fast, lies, misleads):
            return slow, fast


def lopsided(draw: Draw, middle: float, spread: float) -> Values:
    """Draw 25 to 50 values around a median: none far below it, fewer and fewer above."""
    fastest = middle / (1 + spread * math.log(2))
    count = 25 + int(26 * draw())
    return tuple(fastest * (1 - spread * math.log(1 - draw())) for _ in range(count))


def is_so(slow: Values, fast: Values, lies: str, misleads: str) -> bool:
    """Tell whether two sets of values lie as wanted, and nothing but the one thing misleads."""
    ratios = {"late": _mean(fast) / _mean(slow), "fastest": min(fast) / min(slow)}
    if ratios.pop(misleads) < VISIBLE or max(ratios.values()) > 1:
        return False
    one, other = Estimate.of(slow), Estimate.of(fast)
    if lies == "apart":
        return one.compare(other, VISIBLE) == "higher"
    larger = one.point.compare(other.point, NEAR) == "higher"
    return larger and one.compare(other, 1 / VISIBLE) == "overlapping"


def _mean(values: Values) -> float:
    return sum(values) / len(values)


def _between(draw: Draw, low: float, high: float) -> float:
    return low + (high - low) * draw()


def _pick(draw: Draw, items: Sequence[T]) -> T:
    return items[int(draw() * len(items))]


PRACTICE = {
    "slower": slower,
}
