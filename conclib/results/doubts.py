"""Reasons to trust a result less than its number suggests, found in the result itself."""

from typing import TYPE_CHECKING

from conclib.results import statistics

if TYPE_CHECKING:
    from conclib.results.measurement import Measurement

FEW = 20  # fewer values than this are called few
TARGET = 0.05  # half-width of the interval that sampling aims at, as a share of the median
OUTLIERS = 0.1  # a larger share of values that are far too late is said
DISAGREE = 0.25  # runs whose medians spread by more than this share "disagree"


def own(item: "Measurement") -> list[str]:
    """Return the reasons in words, of the result with its baseline subtracted if it has one."""
    found = [f"few samples ({item.n})"] if item.n < FEW else []
    interval, middle = item.net_interval or item.interval, item.net or item.median
    if interval is None:
        found.append("no interval: fewer than six values")
    elif (interval[1] - interval[0]) / 2 > 2 * TARGET * middle:
        found.append("interval wider than ±10 % of the median")
    if _spread(item) > DISAGREE * middle:
        found.append("its fresh workers disagree by more than a quarter")
    late = _late_share(item)
    if late > OUTLIERS:
        found.append(f"outliers: {late:.0%} of the values are far too late")
    if item.net is None:
        found.append("below resolution: not above its baseline")
    return found


def _spread(item: "Measurement") -> float:
    """How far the workers' medians lie apart, in nanoseconds."""
    each = [run.values if item.net is None else run.net for run in item.runs if run.values]
    middles = [statistics.median(values) for values in each]
    return max(middles) - min(middles)


def _late_share(item: "Measurement") -> float:
    """The share of values more than ten quartile widths above the upper quartile."""
    low, high = item.quantile(0.25), item.quantile(0.75)
    limit = high + 10 * max(high - low, 0.01 * high)
    return sum(value > limit for value in item.values) / item.n
