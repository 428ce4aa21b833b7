"""What the pictures are drawn from: small frozen records of any quantity."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from conclib.plots import style
from conclib.results import Measurement, arguments, probe_texts, statistics
from conclib.results.quantity import TIME, Quantity
from conclib.results.record import MADE_UP


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
        value: the median, or a ratio of medians, in its quantity's stored unit; ``None`` means
            below resolution.
        interval: its 95 % interval, if there is one.
        values: every sample, for the faint dots.
        kind: ``"process"``, ``"thread"``, ``"task"`` or ``"other"``: its colour and shape.
        recorded: empty for a live result, else where and when it was recorded, or ``"made up"``
            (hollow marks).
        machine: where a live result was measured, if the picture shows those of several hosts.
        quantity: what its numbers are numbers of.
    """

    label: str
    value: float | None
    interval: tuple[float, float] | None = None
    values: tuple[float, ...] = ()
    kind: str = "other"
    recorded: str = ""
    machine: str = ""
    quantity: Quantity = TIME

    def __post_init__(self) -> None:
        arguments.choice("kind", self.kind, style.KINDS)
        if self.value is not None:
            positive("value", self.value)

    @classmethod
    def of(cls, label: str, item: Measurement, name_host: bool = False) -> "Measured":
        """Return a measurement as a row: everything net, its baseline subtracted.

        Args:
            name_host: say where a live one was measured; "here" would be several places.
        """
        return cls(
            label=label,
            value=item.net,
            interval=item.net_interval,
            values=item.net_values,
            kind=probe_texts.kind_of(item.probe, item.params),
            recorded="" if item.source == "live" else item.origin,
            machine=item.machine if name_host and item.source == "live" else "",
            quantity=item.quantity,
        )

    @property
    def reach(self) -> list[float]:
        """Its value and its interval's ends, as far as a log axis can show them."""
        return [number for number in (*(self.interval or ()), self.value or 0) if number > 0]

    @property
    def drawable(self) -> list[float]:
        """Every number of it that a log axis can show."""
        return [*(value for value in self.values if value > 0), *self.reach]

    @property
    def text(self) -> str:
        """The value in words."""
        return "below resolution" if self.value is None else self.quantity.write(self.value)

    @property
    def short(self) -> str:
        """The value as its direct label."""
        why = MADE_UP if self.recorded == MADE_UP else "recorded"
        return f"{self.text} ({why})" if self.recorded else self.text

    @property
    def origin(self) -> str:
        """Where it comes from."""
        return self.recorded or (f"measured on {self.machine}" if self.machine else "measured here")

    @property
    def cells(self) -> tuple[str, str, str, str]:
        """The row of a table: label, value, interval, source."""
        span = self.quantity.write_range(*self.interval) if self.interval else "no interval"
        return self.label, self.text, span, self.origin

    @property
    def sentence(self) -> str:
        """The row's facts in words."""
        count = f", {len(self.values)} values" if self.values else ""
        if self.value is None:
            return f"{self.label}: below resolution{count}, {self.origin}."
        span = f"95 % interval {self.cells[2]}" if self.interval else "no interval"
        return f"{self.label}: {self.text} ({span}{count}, {self.origin})."


def rows_of(results: Mapping[str, Measurement]) -> list[Measured]:
    """Return measurements as rows, in their order; those of several hosts name their host."""
    named = several_hosts(results.values())
    return [Measured.of(label, item, named) for label, item in results.items()]


def several_hosts(items: Iterable[Measurement]) -> bool:
    """Tell whether live results come from more than one host."""
    return len({item.host for item in items if item.source == "live"}) > 1


def quantity_of(items: Iterable[Measured]) -> Quantity:
    """Return the quantity that all rows are of.

    Raises:
        ValueError: they are of several, which have no axis in common.
    """
    found = {item.quantity.name: item.quantity for item in items}
    if len(found) > 1:
        raise ValueError(f"results: must be of one quantity, got {', '.join(found)}")
    return next(iter(found.values()))


def origin_note(items: Sequence[Measured]) -> str:
    """Return the note that says what hollow marks are, and which host is which; often nothing."""
    origins = dict.fromkeys(item.recorded for item in items if item.recorded)
    hollow = f"Hollow marks: {'; '.join(origins)}." if origins else ""
    labels: dict[str, dict[str, None]] = {}
    for item in items:
        if item.machine:
            labels.setdefault(item.machine, {})[item.label] = None
    hosts = "; ".join(f"{', '.join(names)}: {machine}" for machine, names in labels.items())
    return f"{hollow} {hosts and f'Different machines: {hosts}.'}".strip()


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
        return statistics.in_decades(self.low, self.high, self.measured)[0]

    @property
    def distance(self) -> float:
        """How far the measured value lies outside the range, in decades; 0 means inside."""
        return abs(statistics.in_decades(self.low, self.high, self.measured)[1])
