"""What the pictures are drawn from: small frozen records, in nanoseconds or as ratios."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from conclib.plots import style
from conclib.results import Measurement, arguments, probe_texts


def positive(name: str, value: float) -> float:
    """Return a number that can stand on a log axis, or refuse it by name."""
    return arguments.number(name, value, 1e-9, 1e18)


def some(name: str, items: Sequence) -> None:
    """Refuse to draw nothing.

    Raises:
        ValueError: ``items`` is empty.
    """
    if not items:
        raise ValueError(f"{name}: one or more are needed to draw a picture, 0 given")


@dataclass(frozen=True)
class Measured:
    """One measured quantity as a row of a picture.

    Attributes:
        label: its name on the picture.
        value: the median, or a ratio of medians; ``None`` means below resolution.
        interval: its 95 % interval, if there is one.
        values: every sample, for the faint dots.
        kind: ``"process"``, ``"thread"``, ``"task"`` or ``"other"``: its colour and shape.
        recorded: empty for a live result, else where and when it was recorded (hollow marks).
    """

    label: str
    value: float | None
    interval: tuple[float, float] | None = None
    values: tuple[float, ...] = ()
    kind: str = "other"
    recorded: str = ""

    def __post_init__(self) -> None:
        arguments.choice("kind", self.kind, style.KINDS)
        if self.value is not None:
            positive("value", self.value)

    @classmethod
    def of(cls, label: str, item: Measurement) -> "Measured":
        """Return a measurement as a row: everything net, its baseline subtracted."""
        return cls(
            label=label,
            value=item.net,
            interval=item.net_interval,
            values=item.net_values,
            kind=probe_texts.kind_of(item.probe, item.params),
            recorded=item.origin if item.source == "recorded" else "",
        )

    @property
    def drawable(self) -> list[float]:
        """Every number of it that a log axis can show."""
        numbers = [*self.values, *(self.interval or ()), self.value or 0]
        return [number for number in numbers if number > 0]

    def short(self, scale: style.Scale) -> str:
        """Return the value as its direct label."""
        text = "below resolution" if self.value is None else scale.measured(self.value)
        return f"{text} (recorded)" if self.recorded else text

    def cells(self, scale: style.Scale) -> tuple[str, str, str, str]:
        """Return the row of a table: label, value, interval, source."""
        value = "below resolution" if self.value is None else scale.measured(self.value)
        return self.label, value, self.interval_text(scale), self.recorded or "measured here"

    def interval_text(self, scale: style.Scale) -> str:
        """Return the interval in words, or that there is none."""
        return scale.span(*self.interval) if self.interval else "no interval"

    def sentence(self, scale: style.Scale) -> str:
        """Return the row's facts in words."""
        count = f", {len(self.values)} values" if self.values else ""
        origin = self.recorded or "measured here"
        if self.value is None:
            return f"{self.label}: below resolution{count}, {origin}."
        span = f"95 % interval {scale.span(*self.interval)}" if self.interval else "no interval"
        return f"{self.label}: {scale.measured(self.value)} ({span}{count}, {origin})."


def hollow_note(items: Sequence[Measured]) -> str:
    """Return the note that says what hollow marks are, or nothing where there are none."""
    origins = dict.fromkeys(item.recorded for item in items if item.recorded)
    return f"Hollow marks: {'; '.join(origins)}." if origins else ""


@dataclass(frozen=True)
class Range:
    """A range with a label: a prediction or a textbook's band.

    Raises:
        ValueError: an end is not positive and finite, or ``low`` is above ``high``.
    """

    low: float
    high: float
    label: str

    def __post_init__(self) -> None:
        positive("low", self.low)
        positive("high", self.high)
        if self.low > self.high:
            raise ValueError(f"low={self.low!r}, high={self.high!r}: low must not be above high")

    def text(self, scale: style.Scale) -> str:
        """Return the range in words."""
        return scale.plain_span(self.low, self.high)


@dataclass(frozen=True)
class Cited:
    """A published figure: ``value``, a short label, and the year (empty where it has none)."""

    value: float
    label: str
    year: int | str = ""

    def __post_init__(self) -> None:
        positive("value", self.value)

    @property
    def text(self) -> str:
        """Return label and year."""
        return f"{self.label} ({self.year})" if self.year else self.label


@dataclass(frozen=True)
class Guessed:
    """A past prediction and what was then measured, all three in the same unit."""

    label: str
    low: float
    high: float
    measured: float

    def __post_init__(self) -> None:
        Range(self.low, self.high, self.label)
        positive("measured", self.measured)

    @property
    def width(self) -> float:
        """How wide the range was, in decades: 1 means from one number to ten times as much."""
        return math.log10(self.high / self.low)

    @property
    def distance(self) -> float:
        """How far the measured value lies outside the range, in decades; 0 means inside."""
        return max(0.0, math.log10(self.low / self.measured), math.log10(self.measured / self.high))
