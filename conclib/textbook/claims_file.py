"""From the text of ``claims.toml`` to records, refusing whatever is not as it should be.

A slip in the file would otherwise show as a missing verdict in front of a class. So unknown fields,
missing ones, wrong types, ids used twice and bands upside down are all refused, with a message that
names the claim, the field, what stands there and what is allowed. Imported where the file is read,
because msgspec is, which does most of it.
"""

import math
import re
import tomllib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct
from msgspec.structs import asdict

from conclib.results import RecordError
from conclib.results.arguments import Value
from conclib.results.decoding import validated
from conclib.results.quantity import of_unit
from conclib.textbook.claims import Claim, Reading, Spec

Text = Annotated[str, Meta(min_length=1)]
GIVEN = (True, True, False), (False, False, True), (False, False, False)


class SpecForm(Struct, forbid_unknown_fields=True, kw_only=True):
    """What to measure."""

    probe: Text
    params: dict[str, Value] = {}
    pin: Literal["one", "none", ""] = ""


class ReadingForm(SpecForm, forbid_unknown_fields=True, kw_only=True):
    """A way to take a claim: a probe, two of them to divide, or none yet."""

    name: Text
    what: Text
    part: Text = ""
    probe: Text = ""
    over: SpecForm | None = None
    under: SpecForm | None = None
    fact: Text = ""
    equals: Value | None = None

    def __post_init__(self) -> None:
        given = bool(self.over), bool(self.under), bool(self.probe)
        if given not in GIVEN or ((self.params or self.pin) and not self.probe):
            raise ValueError("give probe (and params, pin), or over and under, or none of them")
        if self.equals is not None and not self.fact:
            raise ValueError("equals needs a fact")
        if self.fact and not self.probe:
            raise ValueError("fact needs a probe that reports it")

    def specs(self) -> tuple[Spec, ...]:
        """Return what has to be measured."""
        verb = "cl.observe" if self.fact else "cl.measure"
        forms = (self.over, self.under) if self.over else (self,) if self.probe else ()
        return tuple(Spec(form.probe, form.params, verb, form.pin) for form in forms if form)


AS_STATED = ReadingForm(name="as-stated", what="the claim as stated")


class ClaimForm(Struct, forbid_unknown_fields=True, kw_only=True):
    """A claim."""

    id: str
    home: Annotated[str, Meta(pattern=r"^\d\d$")]
    text: Text
    settled: Text
    half_truth: Text = ""
    band: tuple[float, float] | None = None
    unit: Text = ""
    band_note: Text = ""
    readings: Annotated[tuple[ReadingForm, ...], Meta(min_length=1)] = (AS_STATED,)

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z]+\.\w+|interview", self.id):
            raise ValueError(f"id={self.id!r}: must look like 'creation.fork'")
        if (self.band is None) != (self.unit == ""):
            raise ValueError("band and unit go together")
        if self.band and not 0 < self.band[0] < self.band[1] < math.inf:
            raise ValueError(f"band={self.band!r}: must be two positive numbers, low then high")
        of_unit(self.unit or "ns")
        _require_once([reading.name for reading in self.readings], "reading")
        for reading in self.readings:
            self._check(reading)

    def _check(self, reading: ReadingForm) -> None:
        if reading.fact and (reading.equals is None) == (self.band is None):
            reason = "fact needs equals, or a claim with a band, and not both"
        elif reading.over and self.unit != "×":
            reason = "over and under need a claim whose unit is ×"
        elif reading.probe and self.unit == "×" and not reading.fact:
            reason = "unit × needs over and under"
        else:
            return
        raise ValueError(f"reading {reading.name!r}: {reason}")

    def claim(self) -> Claim:
        """Return the record."""
        return Claim(**{**asdict(self), "readings": tuple(map(self._reading, self.readings))})

    def _reading(self, form: ReadingForm) -> Reading:
        band = (self.band, self.unit) if form.equals is None else (None, "")
        named = form.name, form.what, form.part, self.home
        return Reading(*named, form.specs(), *band, form.fact, form.equals)


class File(Struct, forbid_unknown_fields=True):
    """The whole file."""

    claim: list[dict[str, Any]]


def parse_claims(text: str) -> Mapping[str, Claim]:
    """Return the claims that ``text`` holds, by id and in its order.

    Raises:
        RecordError: not TOML, or not claims as the file's heading describes them.
    """
    try:
        claims = [_claim(entry) for entry in validated(tomllib.loads(text), File).claim]
        _require_once([claim.id for claim in claims], "id")
    except tomllib.TOMLDecodeError as error:
        raise RecordError(f"claims.toml: not TOML: {error}") from None
    except (RecordError, ValueError) as error:
        raise RecordError(f"claims.toml: {error}") from None
    return MappingProxyType({claim.id: claim for claim in claims})


def _claim(entry: dict[str, Any]) -> Claim:
    try:
        return validated(entry, ClaimForm).claim()
    except RecordError as error:
        raise RecordError(f"claim {entry.get('id')!r}: {error}") from None


def _require_once(names: list[str], what: str) -> None:
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"{what} used twice: {', '.join(twice)}")
