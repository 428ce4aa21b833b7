"""Reasons to trust a result less than its number suggests, found in the result itself."""

from typing import TYPE_CHECKING

from conclib.results import groups, statistics
from conclib.results.quantity import TIME

if TYPE_CHECKING:
    from conclib.results.measurement import Measurement

FEW = 20  # fewer values than this are called few
TARGET = 0.05  # half-width of the interval that sampling aims at, as a share of the median
OUTLIERS = 0.1  # a larger share of values that are far too late is said
DISAGREE = 0.25  # runs whose medians spread by more than this share "disagree"


def own(item: "Measurement") -> list[str]:
    """Return the reasons in words, for the result with its baseline subtracted."""
    found = [f"few samples ({item.n})"] if item.n < FEW else []
    if item.net is None:  # its interval and its spread are those of the baseline
        return [*found, "below resolution: not above its baseline"]
    interval, middle = item.net_interval, item.net
    if interval is None:
        found.append("no interval: fewer than six values")
    elif (interval[1] - interval[0]) / 2 > 2 * TARGET * middle:
        found.append("interval wider than ±10 % of the median")
    if _spread(item) > DISAGREE * middle:
        found.append("its fresh processes disagree by more than a quarter")
    late = _late_share(item)
    if late > OUTLIERS:
        far = "late" if item.quantity is TIME else "high"
        found.append(f"outliers: {late:.0%} of the values are far too {far}")
    return found + _groups(item)


def _groups(item: "Measurement") -> list[str]:
    """Say that the values form two groups; the baseline is subtracted, as from the result."""
    centres = groups.two_groups([value for run in item.runs for value in run.net])
    if centres is None:
        return []
    low, high = (item.quantity.write(max(centre, 0.0)) for centre in centres)
    return [f"two groups of values, around {low} and {high}: the median describes only one of them"]


def _spread(item: "Measurement") -> float:
    """How far the workers' medians lie apart, in the stored unit."""
    middles = [statistics.median(run.net) for run in item.runs if run.values]
    return max(middles) - min(middles)


def _late_share(item: "Measurement") -> float:
    """The share of values more than ten quartile widths above the upper quartile."""
    low, high = item.quantile(0.25), item.quantile(0.75)
    limit = high + 10 * max(high - low, 0.01 * high)
    return sum(value > limit for value in item.values) / item.n
