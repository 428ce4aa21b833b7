"""A measurement: raw values, and everything needed to believe or doubt them.

The words are pyperf's. A *value* is one timing, already divided by its number of *loops*. A *run*
is all that one fresh worker gave. A *measurement* holds several runs of the same thing, because
two processes that do the same can differ by more than either of them wavers: its interval is the
envelope of its runs' intervals.

Nothing here can be changed after it was made. What can be computed from the raw values is computed
from them (median, interval, ...), so that a stored result cannot contradict itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from conclib.results import statistics, units
from conclib.results.machine import Machine

if TYPE_CHECKING:
    import pandas

SOURCES = ("live", "recorded")
FEW = 20  # fewer values than this are called few
TARGET = 0.05  # half-width of the interval that sampling aims at, as a share of the median
OUTLIERS = 0.1  # a larger share of values that are far too late is said
DISAGREE = 0.25  # runs whose medians spread by more than this share "disagree"


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


@dataclass(frozen=True)
class Measurement:
    """One thing measured on one machine, as an unchangeable record.

    Attributes:
        probe: the probe's name; ``title`` and ``times`` say in words what it is and what is timed.
        params: the probe's parameters, all of them, defaults included.
        runs: what each fresh worker gave.
        machine: where; ``conditions`` holds what could disturb it (CPUs allowed, load, ...).
        source: ``"live"`` or ``"recorded"``; ``date`` is the day, ISO 8601.
        notes: reasons to doubt it that only the measuring side could see.
    """

    probe: str
    title: str
    times: str
    params: Mapping[str, Any]
    runs: tuple[Run, ...]
    machine: Machine
    conditions: Mapping[str, Any] = field(default_factory=dict)
    source: str = "live"
    date: str = ""
    notes: tuple[str, ...] = ()
    unit: str = "ns"

    def __post_init__(self) -> None:
        if self.source not in SOURCES:
            raise ValueError(f"source={self.source!r}: must be one of: {', '.join(SOURCES)}")
        if not self.values:
            raise ValueError("runs: a measurement needs at least one value")
        object.__setattr__(self, "params", MappingProxyType(dict(self.params)))
        object.__setattr__(self, "conditions", MappingProxyType(dict(self.conditions)))

    # What was measured -----------------------------------------------------------------------
    @property
    def values(self) -> tuple[float, ...]:
        """All raw values in nanoseconds, run after run."""
        return tuple(value for run in self.runs for value in run.values)

    @property
    def n(self) -> int:
        """How many values there are."""
        return len(self.values)

    @property
    def median(self) -> float:
        """The middle value, in nanoseconds, baseline included."""
        return statistics.median(self.values)

    @property
    def min(self) -> float:
        """The smallest value: the cost with the least disturbance, and of no typical call."""
        return min(self.values)

    @property
    def mad(self) -> float:
        """Median absolute deviation in nanoseconds; 0 for a single value."""
        return statistics.mad(self.values) if self.n > 1 else 0.0

    def quantile(self, q: float) -> float:
        """The ``q``-quantile of the raw values in nanoseconds."""
        return statistics.quantile(self.values, q)

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval of the median in nanoseconds, as the envelope of the runs' intervals.

        Where a run has fewer than six values, all values together give it; below six in all
        there is none.
        """
        each = [statistics.median_interval(run.values) for run in self.runs]
        if all(each):
            return statistics.envelope(each)
        return statistics.median_interval(self.values)

    # What it means, baseline subtracted ------------------------------------------------------
    @property
    def baseline(self) -> float:
        """Median of the baseline in nanoseconds (0 where the probe has none)."""
        values = [value for run in self.runs for value in run.baseline]
        return statistics.median(values) if values else 0.0

    @property
    def net(self) -> float | None:
        """Median minus baseline in nanoseconds; ``None`` means below resolution, never negative.

        Where the interval reaches down to the baseline's own, the two cannot be told apart.
        """
        low = self.interval[0] if self.interval else self.median
        return self.median - self.baseline if low > self._baseline_top else None

    @property
    def _baseline_top(self) -> float:
        values = [value for run in self.runs for value in run.baseline]
        interval = statistics.median_interval(values)
        return interval[1] if interval else self.baseline

    @property
    def net_interval(self) -> tuple[float, float] | None:
        """The interval with the baseline subtracted, not below zero; ``None`` without one."""
        if self.interval is None or self.net is None:
            return None
        low, high = self.interval
        return max(low - self.baseline, 0.0), high - self.baseline

    @property
    def net_values(self) -> tuple[float, ...]:
        """Each value minus the baseline's median, not below zero: the dots of a plot."""
        return tuple(max(value - self.baseline, 0.0) for value in self.values)

    @property
    def unstable(self) -> tuple[str, ...]:
        """Reasons to trust this result less than its number suggests; empty when there is none."""
        return (*self._own_doubts(), *self.notes)

    def _own_doubts(self) -> list[str]:
        doubts = []
        if self.n < FEW:
            doubts.append(f"few samples ({self.n})")
        if self.interval is None:
            doubts.append("no interval: fewer than six values")
        elif (self.interval[1] - self.interval[0]) / 2 > TARGET * 2 * self.median:
            doubts.append("interval wider than ±10 % of the median")
        middles = [statistics.median(run.values) for run in self.runs if run.values]
        if max(middles) - min(middles) > DISAGREE * self.median:
            doubts.append("its fresh workers disagree by more than a quarter")
        if self._late_share > OUTLIERS:
            doubts.append(f"outliers: {self._late_share:.0%} of the values are far too late")
        if self.net is None:
            doubts.append("below resolution: not above its baseline")
        return doubts

    @property
    def _late_share(self) -> float:
        """The share of values more than ten quartile widths above the upper quartile."""
        low, high = self.quantile(0.25), self.quantile(0.75)
        limit = high + 10 * max(high - low, 0.01 * high)
        return sum(value > limit for value in self.values) / self.n

    # How it is shown -------------------------------------------------------------------------
    @property
    def name(self) -> str:
        """The probe with the parameters that were given, as a call; one of your own, in words."""
        kind, colon, own = self.probe.partition(":")
        if colon:
            return f"{kind} probe {own}"
        inside = ", ".join(f"{key}={value}" for key, value in self.params.items())
        return f"{self.probe}({inside})"

    @property
    def net_text(self) -> str:
        """The result in words: ``'1.23 µs'`` or ``'below resolution'``."""
        return "below resolution" if self.net is None else units.time(self.net)

    @property
    def interval_text(self) -> str:
        """The net interval in words, or that there is none."""
        if self.net_interval is None:
            return "no interval"
        return units.time_range(*self.net_interval)

    @property
    def origin(self) -> str:
        """``'measured here'``, or where and when it was recorded."""
        if self.source == "live":
            return "measured here"
        return f"recorded on {self.machine.label}, {self.date}"

    def __repr__(self) -> str:
        doubt = f", unstable: {'; '.join(self.unstable)}" if self.unstable else ""
        return (
            f"{self.name}: {self.net_text} ({self.interval_text}, n={self.n}, {self.origin}{doubt})"
        )

    def _repr_html_(self) -> str:
        from conclib.results.card import measurement_card

        return measurement_card(self)

    def to_json(self) -> dict[str, Any]:
        """Return the record as plain data; :func:`conclib.results.encoding.load` reads it back."""
        from conclib.results.encoding import to_json

        return to_json(self)

    def to_frame(self) -> "pandas.DataFrame":
        """Return one row per value: probe, run, value and net in ns, and each parameter."""
        import pandas

        rows = [
            {"probe": self.probe, "run": number, "value_ns": value, "net_ns": value - self.baseline}
            for number, run in enumerate(self.runs, start=1)
            for value in run.values
        ]
        return pandas.DataFrame(rows).assign(**self.params, source=self.source)
