"""An estimate: a number with its interval, of a quantity. The one place where two are compared.

    one     [====]                      compare: "lower": their intervals have no point in common
    other           [======]

    one     [=======]                   compare: "overlapping": nothing is said about which is more
    other          [======]             (they touch, and that counts as overlapping)

What lies below the resolution of its measurement is not nothing: it is somewhere from 0 to the top
of the baseline, and that interval is compared like any other. Where there is no interval at all
the word is "unresolved".

A band, as the textbook gives one, is an order of magnitude. So ``within`` says how far outside an
interval lies, and carries the doubts along; ``compare`` does not weigh doubts.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from conclib.results import statistics
from conclib.results.identity import Host
from conclib.results.quantity import RATIO, TIME, Quantity

Interval = tuple[float, float]
Word = Literal["lower", "higher", "overlapping", "unresolved"]
Where = Literal["inside", "below", "above", "across", "unresolved"]
EDGES = {  # by whether an interval reaches below a band, and above it
    (False, False): "", (True, False): "the lower edge", (False, True): "the upper edge",
    (True, True): "both edges",
}  # fmt: skip
WIDE = 2.0  # an interval whose ends differ by more than this factor is called noisy


@dataclass(frozen=True)
class Position:
    """Where an interval lies, seen from a band.

    Attributes:
        where: ``"inside"``, ``"below"`` or ``"above"`` as a whole, ``"across"`` an edge, or
            ``"unresolved"`` without an interval.
        factor: by how many times it lies outside at least; 1 where it does not.
        edges: which it crosses: ``"the lower edge"``, ``"the upper edge"``, ``"both edges"``.
    """

    where: Where
    factor: float = 1.0
    edges: str = ""


@dataclass(frozen=True)
class Estimate:
    """A value with its interval.

    Attributes:
        value: in the quantity's stored unit; ``None`` where it cannot be told from its baseline.
        interval: low and high of the 95 % interval, or ``None`` where there is none.
        quantity: what it is a number of.
        label: what was measured, in words.
        source: ``"live"``, ``"recorded"`` or ``"cited"``.
        host: where; ``None`` if that does not matter (made-up values, a cited figure).
        doubts: reasons to trust it less than its interval suggests.
    """

    value: float | None
    interval: Interval | None
    quantity: Quantity = TIME
    label: str = ""
    source: str = "live"
    host: Host | None = None
    doubts: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        low, high = self.interval or (0.0, 0.0)
        if not low <= high:
            raise ValueError(f"interval={self.interval!r}: must be low and high")

    @classmethod
    def of(cls, values: Sequence[float], quantity: Quantity = TIME, label: str = "") -> "Estimate":
        """Return the median of raw values with its distribution-free interval."""
        middle = statistics.median(values) if values else None
        return cls(middle, statistics.median_interval(values), quantity, label)

    @property
    def point(self) -> "Estimate":
        """The value alone, as if it were known exactly."""
        ends = None if self.value is None else (self.value, self.value)
        return replace(self, interval=ends)

    @property
    def state(self) -> str:
        """``"clear"``, ``"noisy"`` (no interval, or a wide one), or ``"unresolved"``."""
        if self.value is None:
            return "unresolved"
        if self.interval is None or self.interval[0] <= 0:
            return "noisy"
        return "noisy" if self.interval[1] / self.interval[0] > WIDE else "clear"

    @property
    def value_text(self) -> str:
        """The value alone, in words: ``'1.23 µs'`` or ``'below resolution'``."""
        return "below resolution" if self.value is None else self.quantity.write(self.value)

    @property
    def text(self) -> str:
        """The value with its interval, in words."""
        if self.value is None:
            return self.value_text
        if self.interval is None:
            return f"{self.value_text}, no interval"
        low, high = (self.quantity.write(max(end, 0.0)) for end in self.interval)
        return f"{self.value_text}, interval {low} to {high}"

    def compare(self, other: "Estimate", factor: float = 1.0) -> Word:
        """Say how this stands to ``factor`` times another.

        Raises:
            TypeError: they are not of the same quantity.
        """
        self._require_same_quantity(other)
        if self.interval is None or other.interval is None:
            return "unresolved"
        low, high = (factor * end for end in other.interval)
        if self.interval[1] < low:
            return "lower"
        return "higher" if self.interval[0] > high else "overlapping"

    def ratio(self, other: "Estimate") -> "Estimate":
        """Return how many times this is another, with the widest interval that both allow."""
        self._require_same_quantity(other)
        label = f"{self.label} against {other.label}"
        doubts = tuple(f"{each.label}: {why}" for each in (self, other) for why in each.doubts)
        value = interval = None
        if self.value is not None and other.value:
            value = self.value / other.value
            interval = _widest_ratio(self.interval, other.interval)
        source = self.source if self.source == other.source else "recorded"
        return Estimate(value, interval, RATIO, label, source, self.host, doubts)

    def minus(self, other: "Estimate") -> "Estimate":
        """Return how much more this is than another, with the widest interval both allow."""
        self._require_same_quantity(other)
        value = interval = None
        if self.value is not None and other.value is not None:
            value = self.value - other.value
        if self.interval is not None and other.interval is not None:
            interval = self.interval[0] - other.interval[1], self.interval[1] - other.interval[0]
        return replace(self, value=value, interval=interval)

    def plus(self, more: float) -> "Estimate":
        """Return this and ``more``, in the stored unit."""
        ends = self.interval and (self.interval[0] + more, self.interval[1] + more)
        return replace(self, value=None if self.value is None else self.value + more, interval=ends)

    def towards(self, other: "Estimate", share: float) -> "Estimate":
        """Return what lies on the straight line to another, at a share (0 to 1) of the way."""
        self._require_same_quantity(other)
        value = interval = None
        if self.value is not None and other.value is not None:
            value = _between(self.value, other.value, share)
        if self.interval is not None and other.interval is not None:
            low, high = (
                _between(*ends, share) for ends in zip(self.interval, other.interval, strict=True)
            )
            interval = low, high
        return replace(self, value=value, interval=interval)

    def within(self, band: Interval) -> Position:
        """Say where the interval lies, seen from a band whose ends are above 0."""
        if self.interval is None:
            return Position("unresolved")
        (low, high), (first, last) = self.interval, band
        if high < first:
            return Position("below", first / high if high else math.inf)
        if low > last:
            return Position("above", low / last)
        crossed = EDGES[low < first, high > last]
        return Position("across" if crossed else "inside", edges=crossed)

    def holds(self, value: float) -> bool:
        """Tell whether a number lies in the interval; ``False`` where there is none."""
        return self.interval is not None and self.interval[0] <= value <= self.interval[1]

    def _require_same_quantity(self, other: "Estimate") -> None:
        if self.quantity is not other.quantity:
            raise TypeError(
                f"a {self.quantity.name} is not compared with a {other.quantity.name}: "
                f"{self.label or self.text} and {other.label or other.text}"
            )


def _between(first: float, last: float, share: float) -> float:
    return (1 - share) * first + share * last


def _widest_ratio(over: Interval | None, under: Interval | None) -> Interval | None:
    """Return the widest ratio that two intervals allow; ``None`` where it has no end."""
    if over is None or under is None or under[0] <= 0:
        return None
    return over[0] / under[1], over[1] / under[0]
