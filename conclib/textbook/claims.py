"""The textbook's claims, as unchangeable records; ``data/claims.toml`` holds them.

A claim rarely means one thing. "fork takes 1–10 ms" can be said of a small parent or of a big one,
of the call alone or of the child's whole life. Each of these is a *reading*, with what to measure
for it and the band to hold that against; ``verdicts.py`` does the holding. The file's own heading
says which fields there are, ``claims_file.py`` checks them.
"""

from dataclasses import dataclass, field
from types import MappingProxyType

from conclib.results import Measurement, Observation, arguments
from conclib.results.arguments import Params
from conclib.results.quantity import RATIO, Quantity, of_unit


@dataclass(frozen=True)
class Spec:
    """What to measure: a probe, and the parameters that must be just so.

    Attributes:
        probe: the probe's name.
        params: the named parameters; any other may have any value.
        verb: what is done with it: ``"cl.measure"``, or ``"cl.observe"`` for a fact.
        pin: ``"one"`` where it must be kept on one CPU, ``"none"`` where it must not be.
    """

    probe: str
    params: Params = field(default_factory=dict)
    verb: str = "cl.measure"
    pin: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "params", MappingProxyType(dict(self.params)))

    def matches(self, item: Measurement | Observation) -> bool:
        """Tell whether ``item`` is a record of this."""
        asked = self.params.items()
        alike = item.probe == self.probe and asked <= item.params.items()
        return alike and self.pin in ("", "one" if item.pinned else "none")

    @property
    def call(self) -> str:
        """The line of code that measures it."""
        pin = {"cpu": "one"} if self.pin == "one" else {}
        given = "".join(f", {name}={value!r}" for name, value in {**self.params, **pin}.items())
        return f"{self.verb}({self.probe!r}{given})".replace("'", '"')

    def __str__(self) -> str:
        inside = ", ".join(f"{name}={value}" for name, value in self.params.items())
        return f"{self.probe}({inside})" + (", on one CPU" if self.pin == "one" else "")


@dataclass(frozen=True)
class Reading:
    """One way to take a claim.

    Attributes:
        name: unique within its claim.
        what: what is measured, as words that fit after "for": ``"a big parent"``.
        part: which part of it: ``"call"``; may be empty.
        chapter: the claim's home chapter, ``"00"`` to ``"12"``.
        specs: nothing (no probe is built yet), one, or two to divide: over, under.
        band: the textbook's low and high, in ``unit``; ``None`` where its chapter judges.
        unit: ns, µs, ms, s, a size such as MB, or ``×``.
        fact: the path of the fact of an observation that is judged, ``"sizes.heap"``; empty where
            a measurement is. A number under a band is in ``unit``.
        equals: what that fact must be, instead of a band; ``None`` where there is a band.
    """

    name: str
    what: str
    part: str = ""
    chapter: str = ""
    specs: tuple[Spec, ...] = ()
    band: tuple[float, float] | None = None
    unit: str = ""
    fact: str = ""
    equals: bool | int | float | str | None = None

    @property
    def label(self) -> str:
        """``'a big parent (call)'``."""
        return f"{self.what} ({self.part})" if self.part else self.what

    @property
    def is_ratio(self) -> bool:
        """Whether two measurements are divided."""
        return len(self.specs) == 2

    @property
    def limits(self) -> tuple[float, float] | None:
        """The band in nanoseconds, bytes or plain times, as results have them."""
        if self.band is None:
            return None
        low, high = (self.quantity.stored(end, self.unit) for end in self.band)
        return low, high

    @property
    def quantity(self) -> Quantity:
        """What the band's numbers are numbers of."""
        return of_unit(self.unit)

    @property
    def band_text(self) -> str:
        """``'1–10 ms'``, ``'×30–300'``, or a dash where there is no band."""
        return band_text(self.band, self.unit)

    def __repr__(self) -> str:
        measured = " / ".join(map(str, self.specs)) or "not built yet"
        return f"{self.name}: {self.label}, {measured}, textbook {self.band_text}"


@dataclass(frozen=True)
class Claim:
    """One claim of the textbook.

    Attributes:
        id: its stable name, ``"creation.fork"``.
        home: the one chapter that settles it, ``"00"`` to ``"12"``.
        text: the claim in one sentence of ours; ``settled`` says how the course settles it.
        half_truth: what has to be put right about it; shown with the verdict, never before.
        band: low and high in ``unit``, or ``None``; ``band_note`` says how we read the figure.
        readings: the ways to take it, at least one.
    """

    id: str
    home: str
    text: str
    settled: str
    half_truth: str = ""
    band: tuple[float, float] | None = None
    unit: str = ""
    band_note: str = ""
    readings: tuple[Reading, ...] = ()

    @property
    def read_text(self) -> str:
        """The claim, and as which band its figure is read where it gives none itself."""
        if not (self.band and self.band_note):
            return self.text
        return f"{self.text} (Read as {self.band_text}.)"

    @property
    def band_text(self) -> str:
        """``'1–10 ms'``, or a dash where there is no band."""
        return band_text(self.band, self.unit)

    @property
    def limits(self) -> tuple[float, float] | None:
        """The band in nanoseconds, bytes or plain times."""
        return self.readings[0].limits

    def reading(self, name: str) -> Reading:
        """Return one reading; an unknown name raises ValueError and lists them."""
        named = {reading.name: reading for reading in self.readings}
        return named[arguments.choice("name", name, named)]

    def __repr__(self) -> str:
        band = f", textbook {self.band_text}" if self.band else ""
        return f"{self.id} (chapter {self.home}{band}): {self.text}"

    def _repr_html_(self) -> str:
        from conclib.results.tables import table

        rows = [("Claim", self.text)]
        if self.band:
            rows.append(("Textbook", f"{self.band_text}. {self.band_note}".strip()))
        if len(self.readings) > 1:
            rows.append(("Can mean", "; ".join(reading.label for reading in self.readings)))
        rows.append((f"Settled in {self.home}", self.settled))
        return table(self.id, (), rows)


def band_text(band: tuple[float, float] | None, unit: str) -> str:
    """Write a band: ``'1–10 ms'``, ``'×30–300'``, or a dash for none."""
    if band is None:
        return "–"
    low, high = (f"{end:g}" for end in band)
    return f"{unit}{low}–{high}" if of_unit(unit) is RATIO else f"{low}–{high} {unit}"
