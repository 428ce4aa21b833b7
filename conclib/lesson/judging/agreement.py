"""Do they agree? Several measurements of the same thing, or the fresh workers of one.

Intervals that overlap are no proof of agreement; but two that do not overlap cannot both be right
about the next one. So pairs are counted, and the sentence has a branch for each outcome.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from conclib.lesson.showing.shown import Shown, show
from conclib.results import Measurement, Measurements
from conclib.results.estimate import Estimate
from conclib.results.identity import require_same_host
from conclib.results.quantity import RATIO


@dataclass(frozen=True, repr=False)
class Agreement(Shown):
    """How many pairs of intervals overlap.

    Attributes:
        pairs: how many there are; ``apart``: how many of them do not overlap.
        sentence: what that says.
    """

    pairs: int
    apart: int
    sentence: str

    def text(self) -> str:
        """Return the sentence."""
        return self.sentence


def agree(result: Any) -> Agreement:
    """Say whether measurements agree with each other, or the processes of one of them.

    Args:
        result: several measurements by label; or one, whose workers are compared, and the
            beginning and the end of each.

    Returns:
        The counts and a sentence; it shows itself.

    Raises:
        TypeError: no measurement, or measurements of several quantities.
        DifferentMachines: measurements of several machines, put together by the caller.
    """
    if isinstance(result, Measurement):
        return show(_workers(result))
    items = list(result.values()) if isinstance(result, Mapping) else []
    if not items or not all(isinstance(item, Measurement) for item in items):
        raise TypeError(f"result={type(result).__name__}: must be a Measurement or Measurements")
    if not isinstance(result, Measurements):
        require_same_host(item.host for item in items)
    each = [item.estimate for item in items]
    pairs, apart = _count(each)
    return show(Agreement(pairs, apart, _sentence(pairs, apart, each)))


def _workers(item: Measurement) -> Agreement:
    each = [Estimate.of(run.net, item.quantity) for run in item.runs]
    pairs, apart = _count(each)
    sentences = [_sentence(pairs, apart, each), _drift(item)]
    return Agreement(pairs, apart, " ".join(sentences))


def _count(estimates: list[Estimate]) -> tuple[int, int]:
    """Return how many pairs there are, and how many do not overlap."""
    known = [each for each in estimates if each.value is not None]
    words = Counter(one.compare(other) for one, other in combinations(known, 2))
    return words.total() - words["unresolved"], words["lower"] + words["higher"]


def _sentence(pairs: int, apart: int, each: list[Estimate]) -> str:
    if not pairs:
        return "There are no two intervals to compare: nothing can be said about agreement."
    medians, write = [one.value for one in each if one.value is not None], each[0].quantity.write
    low, high = min(medians), max(medians)
    wide = f", the largest {RATIO.write(high / low)} the smallest" if low > 0 else ""
    spread = f"Their medians reach from {write(max(low, 0.0))} to {write(high)}{wide}."
    if pairs == 1:
        message = "The two intervals do not overlap" if apart else "The two intervals overlap"
        return f"{message}. {spread}"
    if apart == 0:
        return f"All {pairs} pairs of intervals overlap: this time they agree. {spread}"
    return (
        f"Of {pairs} pairs of intervals, {apart} do not overlap: there each was sure of itself, "
        f"and wrong about the other. {spread}"
    )


def _drift(item: Measurement) -> str:
    """Say in how many workers the second half differs clearly from the first."""
    drifting = 0
    for run in item.runs:
        middle = len(run.net) // 2
        early, late = (
            Estimate.of(half, item.quantity) for half in (run.net[:middle], run.net[middle:])
        )
        drifting += early.compare(late) in ("lower", "higher")
    if not drifting:
        return "Within none of them does the second half differ clearly from the first: no drift."
    return f"In {drifting} of {len(item.runs)} the second half differs clearly from the first."
