"""From the text of ``claims.toml`` to records, refusing whatever is not as it should be.

A slip in the file would otherwise show as a missing verdict in front of a class. So unknown fields,
missing ones, wrong types, ids used twice and bands upside down are all refused, with a message that
names the claim, the field, what stands there and what is allowed. Imported where the file is read,
because msgspec is, which does most of it.
"""

import math
import re
import tomllib
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from conclib.results import RecordError, arguments
from conclib.results.decoding import validated
from conclib.results.quantity import of_unit
from conclib.textbook.claims import Claim, Reading, Spec

Text = Annotated[str, Meta(min_length=1)]
Value = bool | int | float | str
HOMES = tuple(f"{number:02d}" for number in range(13))


class Form(Struct, forbid_unknown_fields=True):
    """What all forms have in common: no field beside those that are declared."""


class SpecForm(Form):
    """What to measure, in a ratio."""

    probe: Text
    params: dict[str, Value] = {}
    pin: Literal["one", "none", ""] = ""

    def spec(self, verb: str = "cl.measure") -> Spec:
        """Return the record."""
        return Spec(self.probe, self.params, verb, self.pin)


class ReadingForm(Form):
    """A way to take a claim: a probe, two to divide, or none yet."""

    name: Text
    what: Text
    part: Text | UnsetType = UNSET
    probe: Text | UnsetType = UNSET
    params: dict[str, Value] | UnsetType = UNSET
    pin: Literal["one", "none"] | UnsetType = UNSET
    over: SpecForm | UnsetType = UNSET
    under: SpecForm | UnsetType = UNSET
    fact: Text | UnsetType = UNSET
    equals: Value | UnsetType = UNSET

    def __post_init__(self) -> None:
        details = self.params is not UNSET or self.pin is not UNSET
        pair = self.over is not UNSET, self.under is not UNSET
        single = self.probe is not UNSET
        if pair[0] != pair[1] or (pair[0] and (single or details)) or (details and not single):
            raise ValueError("give probe (and params, pin), or over and under, or none of them")
        if self.equals is not UNSET and self.fact is UNSET:
            raise ValueError("equals needs a fact")
        if self.fact is not UNSET and not single:
            raise ValueError("fact needs a probe that reports it")

    def specs(self) -> tuple[Spec, ...]:
        """Return what has to be measured."""
        if self.over is not UNSET and self.under is not UNSET:
            return self.over.spec(), self.under.spec()
        if self.probe is UNSET:
            return ()
        verb = "cl.measure" if self.fact is UNSET else "lab.observe"
        return (SpecForm(self.probe, self.params or {}, self.pin or "").spec(verb),)


class ClaimForm(Form):
    """A claim."""

    id: str
    home: str
    text: Text
    settled: Text
    half_truth: Text | UnsetType = UNSET
    band: tuple[float, float] | UnsetType = UNSET
    unit: Text | UnsetType = UNSET
    band_note: Text | UnsetType = UNSET
    readings: Annotated[list[ReadingForm], Meta(min_length=1)] | UnsetType = UNSET

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z]+\.\w+|interview", self.id):
            raise ValueError(f"id={self.id!r}: must look like 'creation.fork'")
        arguments.choice("home", self.home, HOMES)
        if (self.band is UNSET) != (self.unit is UNSET):
            raise ValueError("band and unit go together")
        if self.band is not UNSET and not 0 < self.band[0] < self.band[1] < math.inf:
            raise ValueError(f"band={self.band!r}: must be two positive numbers, low then high")
        of_unit(self.unit or "ms")

    def claim(self) -> Claim:
        """Return the record."""
        texts = {name: getattr(self, name) or "" for name in ("half_truth", "unit", "band_note")}
        stated = [ReadingForm("as-stated", "the claim as stated")]
        readings = tuple(self._reading(form) for form in self.readings or stated)
        _require_once([reading.name for reading in readings], "reading")
        return Claim(self.id, self.home, self.text, self.settled, **texts,
                     band=self.band or None, readings=readings)  # fmt: skip

    def _reading(self, form: ReadingForm) -> Reading:
        specs, band = form.specs(), self.band or None
        if form.fact and (form.equals is not UNSET) == (band is not None):
            raise RecordError(f"{form.name}: fact needs equals, or a claim with a band, "
                              "and not both")  # fmt: skip
        if len(specs) == 2 and self.unit != "×":
            raise RecordError(f"{form.name}: over and under need a claim whose unit is ×")
        if len(specs) == 1 and self.unit == "×" and not form.fact:
            raise RecordError(f"{form.name}: unit × needs over and under")
        equals = None if form.equals is UNSET else form.equals
        unit = "" if equals is not None else self.unit or ""
        return Reading(form.name, form.what, form.part or "", self.home, specs,
                       band if equals is None else None, unit, form.fact or "", equals)  # fmt: skip


class File(Form):
    """The whole file."""

    claim: list[dict[str, Any]]


def parse_claims(text: str) -> Mapping[str, Claim]:
    """Return the claims that ``text`` holds, by id and in its order.

    Raises:
        RecordError: not TOML, or not claims as the file's heading describes them.
    """
    try:
        entries = validated(tomllib.loads(text), File).claim
        claims = [_claim(entry) for entry in entries]
        _require_once([claim.id for claim in claims], "id")
    except (tomllib.TOMLDecodeError, RecordError) as error:
        kind = "not TOML: " if isinstance(error, tomllib.TOMLDecodeError) else ""
        raise RecordError(f"claims.toml: {kind}{error}") from None
    return MappingProxyType({claim.id: claim for claim in claims})


def _claim(entry: dict[str, Any]) -> Claim:
    try:
        return validated(entry, ClaimForm).claim()
    except RecordError as error:
        raise RecordError(f"claim {entry.get('id')!r}: {error}") from None


def _require_once(names: Iterable[str], what: str) -> None:
    names = list(names)
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise RecordError(f"{what} used twice: {', '.join(twice)}")
