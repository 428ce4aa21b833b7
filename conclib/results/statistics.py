"""Statistics for a handful of timings, without assuming how they are distributed.

Timings are lopsided: a run can be late for a thousand reasons and early for none. A mean follows
the latest value and a standard deviation describes a bell that is not there, so we use the median,
the median absolute deviation (MAD), and an interval that only counts.

**The interval.** Sort the values. The true median lies above each single value with probability
one half, like a coin. So the number of values below it is binomial, and the ``k``-th smallest and
the ``k``-th largest value enclose it with a probability that can be counted out, whatever the
distribution (see e.g. Conover, *Practical Nonparametric Statistics*, 1999, section 3.2). With
fewer than six values even the smallest and the largest do not reach 95 %: then there is no
interval, and we do not invent one.
"""

import math
from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations

CONFIDENCE = 0.95
MIN_N = 6  # 1 - 2 * 0.5**6 = 0.969; with five values it is 0.9375
EXACT_UP_TO = 2000  # beyond this the normal approximation is off by one rank at most, outwards


def in_order(values: Sequence[float], at_least: int = 1) -> list[float]:
    """Return ``values`` sorted.

    Raises:
        ValueError: fewer than ``at_least``, or one that is not finite.
    """
    if len(values) < at_least:
        raise ValueError(f"values: {at_least} or more are needed, {len(values)} given")
    if any(not math.isfinite(value) for value in values):
        raise ValueError("values: every one must be a finite number")
    return sorted(values)


def median(values: Sequence[float]) -> float:
    """Return the middle value (the mean of the two middle ones for an even count).

    Raises:
        ValueError: no values, or one that is not finite.
    """
    return quantile(values, 0.5)


def quantile(values: Sequence[float], q: float) -> float:
    """Return the ``q``-quantile (0 to 1), linear between neighbouring values.

    Raises:
        ValueError: no values, one that is not finite, or ``q`` outside 0 to 1.
    """
    if not 0 <= q <= 1:
        raise ValueError(f"q={q!r}: must be from 0 to 1")
    return quantile_in_order(in_order(values), q)


def quantile_in_order(ordered: Sequence[float], q: float) -> float:
    """Return the ``q``-quantile of one or more finite values that are sorted already."""
    place = q * (len(ordered) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    if ordered[low] == ordered[high]:
        return ordered[low]  # no rounding where nothing lies between
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def mad(values: Sequence[float]) -> float:
    """Return the median absolute deviation: half of the values lie within it of the median.

    Raises:
        ValueError: fewer than two values; one value has no spread.
    """
    ordered = in_order(values, at_least=2)
    middle = quantile_in_order(ordered, 0.5)
    return median([abs(value - middle) for value in ordered])


@lru_cache(maxsize=4096)
def interval_rank(n: int) -> int | None:
    """Return the rank ``k`` (from 1) whose value, from either end, bounds the median at 95 %.

    The largest such ``k`` gives the narrowest interval; ``None`` if even ``k = 1`` does not do.
    """
    if n < MIN_N:
        return None
    if n > EXACT_UP_TO:
        return math.floor((n - 1.96 * math.sqrt(n)) / 2)
    allowed = (1 - CONFIDENCE) / 2
    rank, term, below = 0, 1, 0  # term is C(n, rank)
    while (below + term) / 2**n <= allowed:
        below += term
        term = term * (n - rank) // (rank + 1)
        rank += 1
    return rank


def median_interval(values: Sequence[float]) -> tuple[float, float] | None:
    """Return the distribution-free 95 % interval of the median, or ``None`` below six values."""
    rank = interval_rank(len(values))
    if rank is None:
        return None
    ordered = in_order(values)
    return ordered[rank - 1], ordered[-rank]


def half_width(values: Sequence[float]) -> float:
    """Return half the interval's width as a share of the median; ``inf`` without an interval."""
    interval = median_interval(values)
    middle = median(values)
    if interval is None or middle <= 0:
        return math.inf
    return (interval[1] - interval[0]) / 2 / middle


def envelope(intervals: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return the smallest interval that holds all of ``intervals``."""
    if not intervals:
        raise ValueError("intervals: one or more are needed, 0 given")
    return min(low for low, _ in intervals), max(high for _, high in intervals)


def in_decades(low: float, high: float, value: float) -> tuple[float, float]:
    """Return how wide a range is, and how far a value lies outside it, in decades.

    A decade is from one number to ten times as much. The second is positive above the range,
    negative below it, and 0 inside.

    Args:
        low, high: the range; all three are greater than 0.
        value: what may lie in it.
    """
    nearest = min(max(value, low), high)
    return math.log10(high / low), math.log10(value / nearest)


def slope(points: Sequence[tuple[float, float]]) -> float:
    """Return the median of the slopes between all pairs of ``(x, y)`` points.

    One odd point cannot turn it, as it would turn a line of least squares (Theil 1950, Sen 1968).

    Raises:
        ValueError: fewer than two different ``x``.
    """
    pairs = combinations(points, 2)
    slopes = [(y2 - y1) / (x2 - x1) for (x1, y1), (x2, y2) in pairs if x1 != x2]
    if not slopes:
        raise ValueError(f"points: two or more different sizes are needed, {len(points)} given")
    return median(slopes)


def line(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return the straight line through ``(x, y)`` points: where it is at ``x`` 0, and its slope.

    Raises:
        ValueError: fewer than two different ``x``.
    """
    steepness = slope(points)
    return median([y - steepness * x for x, y in points]), steepness
