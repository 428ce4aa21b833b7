"""From the text of ``claims.toml`` to records, refusing whatever is not as it should be.

A slip in the file would otherwise show as a missing verdict in front of a class. So unknown fields,
missing ones, wrong types, ids used twice and bands upside down are all refused, with a message that
names the claim and the field.
"""

import math
import re
import tomllib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from conclib.results import RecordError
from conclib.results.quantity import of_unit
from conclib.textbook.claims import Claim, Reading, Spec

HOMES = tuple(f"{number:02d}" for number in range(13))
AS_STATED = ({"name": "as-stated", "what": "the claim as stated"},)
CLAIM = {"id": str, "home": str, "text": str, "settled": str}
CLAIM_MAY = {"half_truth": str, "band": list, "unit": str, "band_note": str, "readings": list}
READING = {"name": str, "what": str}
READING_MAY = {"part": str, "probe": str, "params": dict, "over": dict, "under": dict,
               "fact": str, "equals": bool | int | float | str}  # fmt: skip


def parse_claims(text: str) -> Mapping[str, Claim]:
    """Return the claims that ``text`` holds, by id and in its order.

    Raises:
        RecordError: not TOML, or not claims as the file's heading describes them.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RecordError(f"claims.toml: not TOML: {error}") from None
    _fields(data, "claims.toml", {"claim": list}, {})
    claims = [_claim(entry) for entry in data["claim"]]
    _once([claim.id for claim in claims], "claims.toml: id")
    return MappingProxyType({claim.id: claim for claim in claims})


def _claim(entry: Any) -> Claim:
    where = f"claims.toml, claim {entry.get('id') if isinstance(entry, dict) else entry!r}"
    _fields(entry, where, CLAIM, CLAIM_MAY)
    if not re.fullmatch(r"[a-z]+\.\w+|interview", entry["id"]):
        raise RecordError(f"{where}: id must look like 'creation.fork'")
    if entry["home"] not in HOMES:
        raise RecordError(f"{where}: home={entry['home']!r} must be a chapter from 00 to 12")
    band = _band(entry, where)
    shared = {"chapter": entry["home"], "band": band, "unit": entry.get("unit", "")}
    readings = [_reading(item, where, shared) for item in entry.get("readings", AS_STATED)]
    if not readings:
        raise RecordError(f"{where}: readings must not be empty; leave the field out")
    _once([reading.name for reading in readings], f"{where}: reading")
    return Claim(**{**entry, "band": band, "readings": tuple(readings)})


def _reading(entry: Any, where: str, shared: dict[str, Any]) -> Reading:
    where = f"{where}, reading {entry.get('name') if isinstance(entry, dict) else entry!r}"
    _fields(entry, where, READING, READING_MAY)
    name, what, part = entry["name"], entry["what"], entry.get("part", "")
    specs = _specs(entry, where, shared["unit"])
    expected = {"fact": entry.get("fact", ""), "equals": entry.get("equals")}
    _check_fact(entry, where, shared["band"])
    if expected["equals"] is not None:
        shared = {**shared, "band": None, "unit": ""}
    return Reading(name, what, part, specs=specs, **shared, **expected)


def _check_fact(entry: dict[str, Any], where: str, band: Any) -> None:
    """A fact needs a probe that reports it, and one thing to hold it against."""
    if "equals" in entry and "fact" not in entry:
        raise RecordError(f"{where}: equals needs a fact")
    if "fact" in entry and "probe" not in entry:
        raise RecordError(f"{where}: fact needs a probe that reports it")
    if "fact" in entry and ("equals" in entry) == (band is not None):
        raise RecordError(f"{where}: fact needs equals, or a claim with a band, and not both")


def _specs(entry: dict[str, Any], where: str, unit: str) -> tuple[Spec, ...]:
    given = {"probe", "params", "over", "under"} & set(entry)
    allowed = [set(), {"probe"}, {"probe", "params"}, {"over", "under"}]
    if given not in allowed:
        raise RecordError(f"{where}: give probe (and params), or over and under, or none of them")
    parts = [entry["over"], entry["under"]] if "over" in given else [entry] if given else []
    if len(parts) == 2 and unit != "×":
        raise RecordError(f"{where}: over and under need a claim whose unit is ×")
    if len(parts) == 1 and unit == "×" and "fact" not in entry:
        raise RecordError(f"{where}: unit × needs over and under")
    verb = "cl.observe" if "fact" in entry else "cl.measure"
    return tuple(_spec(part, where, len(parts) == 2, verb) for part in parts)


def _spec(part: dict[str, Any], where: str, whole: bool, verb: str) -> Spec:
    if whole:  # a table of its own; a single probe's fields lie in the reading, checked there
        _fields(part, where, {"probe": str}, {"params": dict})
    params = part.get("params", {})
    for name, value in params.items():
        if not isinstance(value, int | float | str):
            raise RecordError(f"{where}: params.{name} must be a number or a text, got {value!r}")
    return Spec(part["probe"], params, verb)


def _band(entry: dict[str, Any], where: str) -> tuple[float, float] | None:
    if ("band" in entry) != ("unit" in entry):
        raise RecordError(f"{where}: band and unit go together")
    if "band" not in entry:
        return None
    try:
        of_unit(entry["unit"])
    except ValueError as error:
        raise RecordError(f"{where}: {error}") from None
    ends = entry["band"]
    numbers = all(isinstance(end, int | float) and not isinstance(end, bool) for end in ends)
    if not (numbers and len(ends) == 2 and 0 < ends[0] < ends[1] and math.isfinite(ends[1])):
        raise RecordError(f"{where}: band={ends!r} must be two positive numbers, low then high")
    return float(ends[0]), float(ends[1])


def _fields(entry: Any, where: str, must: dict[str, type], may: dict[str, type]) -> None:
    """Refuse an entry that lacks a field, has one too many, or one of the wrong type."""
    if not isinstance(entry, dict):
        raise RecordError(f"{where}: must be a table, got {entry!r}")
    if missing := sorted(set(must) - set(entry)):
        raise RecordError(f"{where}: missing {', '.join(missing)}")
    if unknown := sorted(set(entry) - set(must) - set(may)):
        raise RecordError(f"{where}: unknown {', '.join(unknown)}")
    for name, value in entry.items():
        kind = {**must, **may}[name]
        if not isinstance(value, kind) or value == "":
            named = getattr(kind, "__name__", str(kind))
            raise RecordError(f"{where}: {name} must be a {named}, got {value!r}")


def _once(names: list[str], what: str) -> None:
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise RecordError(f"{what} used twice: {', '.join(twice)}")
