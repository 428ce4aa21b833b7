"""Do the values form two groups? Then one median describes neither the one nor the other.

A call of fork, say, may alternate between two speeds, as the child starts on the same CPU or on
another. The interval of the median is wide then, and does not say why.

**The method.** Two centres are looked for: start from the two ends (the 10 % quantiles, which a few
values that are far too late do not reach), divide the values half-way between the centres, let each
centre be the median of its part, and so on until nothing moves (2-medians). Then a window in the
middle third between the centres is compared with windows of the same width around each of them:

       ▁▃▇▇▃▁                 ▁▂▅▅▂▁
      |  low  |    middle    |  high  |

In *one* group, whatever its shape, values are nowhere rarer between two places than at both of
them. So the middle holds at least as many as the emptier of the other two, but for chance, and
chance is a coin: of all values in the two windows, each lies in the middle with probability one
half or more. Two groups are reported where that coin would hardly ever do what was seen. "Hardly
ever" is very rare here, since the windows were chosen after looking at the values.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise

from conclib.results.statistics import in_order, quantile_in_order

END = 0.1  # the quantiles, from either end, at which the search starts
MIN_SHARE = 0.15  # of all values in the smaller group; fewer are outliers
MIN_DIFFERENCE = 0.1  # between the centres, as a share of the lower one
MIN_TICKS = 1.5  # width of the middle third, in smallest steps between values
MAX_CHANCE = 1e-5  # that one group looks like two; 17 values beside an empty middle reach it
MAX_ROUNDS = 20  # of the search, which usually ends after three


def two_groups(values: Sequence[float]) -> tuple[float, float] | None:
    """Return the centres of two groups of values, lower one first; ``None`` where there is one.

    Args:
        values: about forty or more are needed to see anything; their order does not matter.

    Returns:
        The groups' medians. Each group holds 15 % of the values or more, and they differ by 10 %
        or more: steps of the clock, and a few values that are far too late, are no groups.

    Raises:
        ValueError: no values, or one that is not finite.
    """
    ordered = in_order(values)
    centres = _centres(ordered)
    if centres is None or not _far_apart(ordered, *centres):
        return None
    return centres if _empty_between(ordered, *centres) else None


def _centres(ordered: Sequence[float]) -> tuple[float, float] | None:
    """Return the two centres that divide the values best; ``None`` if one has too small a share."""
    low, high = quantile_in_order(ordered, END), quantile_in_order(ordered, 1 - END)
    before = -1
    for _ in range(MAX_ROUNDS):
        cut = bisect_right(ordered, (low + high) / 2)
        if min(cut, len(ordered) - cut) < MIN_SHARE * len(ordered):
            return None
        if cut == before:
            break
        low, high = quantile_in_order(ordered[:cut], 0.5), quantile_in_order(ordered[cut:], 0.5)
        before = cut
    return low, high


def _far_apart(ordered: Sequence[float], low: float, high: float) -> bool:
    """Tell whether the centres differ by enough, and by more than what the clock can tell apart."""
    step = min((b - a for a, b in pairwise(ordered) if a < b), default=0.0)
    return high - low >= max(MIN_DIFFERENCE * low, 3 * MIN_TICKS * step)


def _empty_between(ordered: Sequence[float], low: float, high: float) -> bool:
    """Tell whether the middle third holds too few values for one group."""
    third = (high - low) / 3

    def around(centre: float) -> int:
        window = (centre - third / 2, centre + third / 2)
        return bisect_right(ordered, window[1]) - bisect_left(ordered, window[0])

    beside = min(around(low), around(high))
    return _chance(around((low + high) / 2), beside) < MAX_CHANCE


def _chance(few: int, many: int) -> float:
    """Return how likely a fair coin, thrown ``few + many`` times, shows ``few`` heads or fewer."""
    if few >= many:
        return 1.0  # more than a half; not counted out
    throws, term, sum_ = few + many, 1, 0
    for heads in range(few + 1):
        sum_ += term  # term is C(throws, heads)
        term = term * (throws - heads) // (heads + 1)
    return sum_ / (1 << throws)
