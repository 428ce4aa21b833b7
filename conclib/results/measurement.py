"""A measurement: raw values, and everything needed to believe or doubt them.

The words are pyperf's. A *value* is one timing, already divided by its number of *loops*. A *run*
is all that one fresh worker gave. A *measurement* holds several runs of the same thing, because
two processes that do the same can differ by more than either of them varies: its interval is the
envelope of its runs' intervals.

Nothing here can be changed after it was made. What can be computed from the raw values is computed
from them (median, interval, ...), so that a stored result cannot contradict itself. It is computed
at first use and kept: a card alone asks for most of it several times.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from conclib.results import arguments, card, doubts, statistics
from conclib.results.estimate import Estimate
from conclib.results.quantity import UNITS, Quantity, of_unit
from conclib.results.record import Record

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True)
class Run:
    """What one fresh worker measured.

    Attributes:
        values: nanoseconds for each loop of the body, in the order they were measured.
        baseline: the same for the baseline, the same work without the thing measured.
        loops: how often the body ran for one value.
        warmups: values measured first and thrown away.
    """

    values: tuple[float, ...]
    baseline: tuple[float, ...]
    loops: int = 1
    warmups: int = 0

    @cached_property
    def net(self) -> tuple[float, ...]:
        """The values minus this worker's own baseline, whose median may differ from another's."""
        return tuple(value - self._taken for value in self.values)

    @cached_property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval of the values' median; ``None`` with fewer than six."""
        return statistics.median_interval(self.values)

    @property
    def net_interval(self) -> tuple[float, float] | None:
        """The interval minus this worker's own baseline."""
        if self.interval is None:
            return None
        low, high = self.interval
        return low - self._taken, high - self._taken

    @cached_property
    def _taken(self) -> float:
        return statistics.median(self.baseline) if self.baseline else 0.0

    def to_json(self) -> dict[str, Any]:
        """Return plain data, without the values: those of all runs stand together."""
        counts = {"n": len(self.values), "loops": self.loops, "warmups": self.warmups}
        return {**counts, "baseline": list(self.baseline)}


@dataclass(frozen=True)
class Measurement(Record):
    """One thing measured; its notes are reasons to doubt it.

    Attributes:
        times: what is timed, in words.
        runs: what each fresh worker gave.
        unit: the stored unit of what its values are numbers of: ``"ns"``, ``"/s"``.
    """

    LIVE: ClassVar[str] = "measured here"

    times: str
    runs: tuple[Run, ...]
    unit: str = "ns"

    def __post_init__(self) -> None:
        super().__post_init__()
        arguments.choice("unit", self.unit, UNITS)
        if not self.values:
            raise ValueError("runs: a measurement needs at least one value")

    @property
    def quantity(self) -> Quantity:
        """What its values are numbers of."""
        return of_unit(self.unit)

    # What was measured -----------------------------------------------------------------------
    @cached_property
    def values(self) -> tuple[float, ...]:
        """All raw values in nanoseconds, run after run."""
        return tuple(value for run in self.runs for value in run.values)

    @property
    def n(self) -> int:
        """How many values there are."""
        return len(self.values)

    @cached_property
    def median(self) -> float:
        """The middle value, in nanoseconds, baseline included."""
        return statistics.median(self.values)

    @property
    def min(self) -> float:
        """The smallest value: the cost with the least disturbance, and of no typical call."""
        return min(self.values)

    @cached_property
    def mad(self) -> float:
        """Median absolute deviation in nanoseconds; 0 for a single value."""
        return statistics.mad(self.values) if self.n > 1 else 0.0

    def quantile(self, q: float) -> float:
        """The ``q``-quantile of the raw values in nanoseconds."""
        return statistics.quantile(self.values, q)

    @cached_property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval of the median in nanoseconds, as the envelope of the runs' intervals.

        Where a run has fewer than six values, all values together give it; below six in all
        there is none.
        """
        return _envelope([run.interval for run in self.runs], self.values)

    # What it means, baseline subtracted ------------------------------------------------------
    @cached_property
    def baseline(self) -> float:
        """Median of the baseline in nanoseconds (0 where the probe has none)."""
        values = [value for run in self.runs for value in run.baseline]
        return statistics.median(values) if values else 0.0

    @cached_property
    def net(self) -> float | None:
        """The median with the baseline subtracted, in nanoseconds; ``None``: below resolution.

        Each worker's own baseline is subtracted from its values. The result is never negative:
        where the interval reaches down to the baseline's, the two cannot be told apart.
        """
        low = self.interval[0] if self.interval else self.median
        middle = statistics.median(self._nets)
        return middle if low > self._baseline_top and middle > 0 else None

    @cached_property
    def _nets(self) -> list[float]:
        return [value for run in self.runs for value in run.net]

    @cached_property
    def _baseline_top(self) -> float:
        values = [value for run in self.runs for value in run.baseline]
        interval = statistics.median_interval(values)
        return interval[1] if interval else self.baseline

    @cached_property
    def net_interval(self) -> tuple[float, float] | None:
        """The interval with the baseline subtracted, not below zero; ``None`` without one."""
        if self.net is None:
            return None
        found = _envelope([run.net_interval for run in self.runs], self._nets)
        return (max(found[0], 0.0), found[1]) if found else None

    @cached_property
    def net_values(self) -> tuple[float, ...]:
        """Each value minus its worker's baseline, not below zero: the dots of a plot."""
        return tuple(max(value, 0.0) for value in self._nets)

    @cached_property
    def estimate(self) -> Estimate:
        """The net result as an estimate, which is what is compared and judged.

        What is below resolution lies between 0 and the top of its baseline.
        """
        span = self.net_interval
        if self.net is None:
            span = (0.0, self._baseline_top)
        return Estimate(
            self.net, span, self.quantity, self.name, self.source, self.host, self.unstable
        )

    @cached_property
    def unstable(self) -> tuple[str, ...]:
        """Reasons to trust this result less than its number suggests; empty when there is none."""
        return (*doubts.own(self), *self.notes)

    # How it is shown -------------------------------------------------------------------------
    @property
    def net_text(self) -> str:
        """The result in words: ``'1.23 µs'`` or ``'below resolution'``."""
        return self.estimate.value_text

    @property
    def interval_text(self) -> str:
        """The net interval in words, or that there is none."""
        if self.net_interval is None:
            return "no interval"
        return self.quantity.write_range(*self.net_interval)

    @property
    def doubt_text(self) -> str:
        """The reasons to trust it less, as they stand at the end of a line."""
        return f", unstable: {'; '.join(self.unstable)}" if self.unstable else ""

    def __repr__(self) -> str:
        found = f"{self.net_text} ({self.interval_text}, n={self.n}, {self.origin}"
        return f"{self.name}: {found}{self.doubt_text})"

    def _repr_html_(self) -> str:
        return card.measurement_card(self)

    def to_json(self) -> dict[str, Any]:
        """Return the record as plain data, with what is computed from it for other readers."""
        return {
            **super().to_json(),
            "times": self.times,
            "unit": self.unit,
            "values": list(self.values),
            "n": self.n,
            "median": self.median,
            "ci95": list(self.interval) if self.interval else None,
            "mad": self.mad,
            "baseline": self.baseline,
            "net_median": self.net,
            "runs": [run.to_json() for run in self.runs],
            "unstable": list(self.unstable),
        }

    def to_frame(self) -> "pandas.DataFrame":
        """Return one row per value: probe, run, value, net, their unit, and each parameter."""
        import pandas

        rows = [
            {"probe": self.probe, "run": number, "value": value, "net": net, "unit": self.unit}
            for number, run in enumerate(self.runs, start=1)
            for value, net in zip(run.values, run.net, strict=True)
        ]
        return pandas.DataFrame(rows).assign(**self.params, source=self.source)


def _envelope(
    each: Sequence[tuple[float, float] | None], together: Sequence[float]
) -> tuple[float, float] | None:
    """Return the envelope of each run's interval; all values give it where a run has too few."""
    found = [interval for interval in each if interval is not None]
    if len(found) == len(each):
        return statistics.envelope(found)
    return statistics.median_interval(together)
