"""Records as JSON, both ways, and loading them from files one does not trust.

What is loaded may come from anybody, so it is JSON and nothing else: never a pickle, never larger
than a cap, every field checked, and nothing computed is believed (median and interval come from
the raw values again).
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from conclib.results import decoding, reading
from conclib.results.arguments import shown
from conclib.results.errors import RecordError
from conclib.results.machine import Machine
from conclib.results.measurement import SOURCES, Measurement, Run
from conclib.results.observation import Observation
from conclib.results.quantity import QUANTITIES

SCHEMA = 1
MAX_NS = 1e18  # thirty years; also keeps out infinity, NaN and integers of any length
MAX_BYTES = 16 * 2**20
MAX_VALUES = 1_000_000  # of all kinds, in one record or one list of records
COUNTED = ("rss_mb", "load", "cpus_allowed")  # conditions that are numbers wherever they stand
UNITS = tuple(each.unit for each in QUANTITIES.values() if each.unit)  # stored ones: ns, B, /s
TEXTS = ("probe", "title", "times", "unit", "source", "date")


def to_json(item: Measurement) -> dict[str, Any]:
    """Return the record as plain data (schema 1); times are in nanoseconds."""
    return {
        "schema": SCHEMA,
        "probe": item.probe,
        "title": item.title,
        "times": item.times,
        "params": dict(item.params),
        "unit": item.unit,
        "values": list(item.values),
        "n": item.n,
        "median": item.median,
        "ci95": list(item.interval) if item.interval else None,
        "mad": item.mad,
        "baseline": item.baseline,
        "net_median": item.net,
        "runs": [
            {
                "n": len(run.values),
                "loops": run.loops,
                "warmups": run.warmups,
                "baseline": list(run.baseline),
            }
            for run in item.runs
        ],
        "machine": item.machine.to_json(),
        "conditions": dict(item.conditions),
        "source": item.source,
        "date": item.date,
        "notes": list(item.notes),
        "unstable": list(item.unstable),
    }


def dumps(item: Measurement) -> str:
    """Return the record as one JSON object in one line."""
    return json.dumps(to_json(item), allow_nan=False)


def from_json(data: Any) -> Measurement | Observation:
    """Build a record from what its ``to_json`` gave: a measurement, or an observation.

    Raises:
        RecordError: not a record of this schema; the message names the field.
    """
    if not isinstance(data, dict):
        raise RecordError(f"a record is one JSON object, got {type(data).__name__}")
    if "type" not in data:
        return _measurement(data)
    from conclib.results import observation_json

    return observation_json.from_json(data)


def _measurement(data: dict[str, Any]) -> Measurement:
    if data.get("schema") != SCHEMA or isinstance(data["schema"], bool):
        raise RecordError(f"schema={shown(data.get('schema'))}: this version reads schema {SCHEMA}")
    for name in TEXTS:
        if not isinstance(data.get(name), str):
            raise RecordError(f"{name}: must be a text, got {shown(data.get(name))}")
    if data["unit"] not in UNITS:
        raise RecordError(f"unit={shown(data['unit'])}: must be one of: {', '.join(UNITS)}")
    if data["source"] not in SOURCES:
        raise RecordError(f"source={shown(data['source'])}: must be one of: {', '.join(SOURCES)}")
    return Measurement(
        params=_object(data, "params"),
        runs=_runs(data),
        machine=Machine.from_json(data.get("machine")),
        conditions=_conditions(data),
        notes=tuple(_texts(data, "notes")),
        **{name: data[name] for name in TEXTS},
    )


def loads(text: str) -> Measurement | Observation:
    """Build a record from one JSON object as text; raises :class:`RecordError`."""
    return from_json(parse(text))


def parse(text: str) -> Any:
    """Parse JSON, refusing NaN, infinity and endless lists; raises :class:`RecordError`."""
    try:
        decoding.require_few(text, MAX_VALUES)
        return json.loads(text, parse_constant=decoding.no_number)
    except (json.JSONDecodeError, RecursionError) as error:
        raise RecordError(f"not JSON, or cut off: {error}") from None
    except ValueError as error:
        raise RecordError(str(error)) from None


def read(path: Path) -> str:
    """Return a file's text if it is a plain file, small enough and text.

    Raises:
        RecordError: another kind of file, too large, not UTF-8 (a pickle, say), or not readable.
    """
    try:
        return reading.read_bytes(path, MAX_BYTES).decode("utf-8")
    except UnicodeDecodeError:
        raise RecordError(f"{reading.named(path)}: not a text file, so not a recording") from None


def load(path: str | Path) -> list[Measurement | Observation]:
    """Load all records of a file, as ``conclib measure --json`` writes one.

    Args:
        path: a file with one JSON object, one a line, or a list of them; at most 16 MB.

    Raises:
        TypeError, ValueError: no path.
        RecordError: not a plain file, or not records of this schema; names file and line.
    """
    file = reading.checked_path(path)
    found: list[Measurement | Observation] = []
    for place, piece in _pieces(read(file)):
        try:
            data = parse(piece)
            found += map(from_json, data if isinstance(data, list) else [data])
        except RecordError as error:
            raise RecordError(f"{reading.named(file)}{place}: {error}") from None
    return found


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """Yield each line that is an object of its own with its place, or all of the text as one."""
    whole = text.strip()
    if not whole.startswith("{") or "\n{" not in whole:
        yield "", text
        return
    for number, line in enumerate(re.finditer("^.*$", text, re.MULTILINE), start=1):
        if line.group().strip():
            yield f", line {number}", line.group()


def _object(data: dict, name: str) -> dict[str, Any]:
    if not isinstance(data.get(name), dict):
        raise RecordError(f"{name}: must be an object, got {shown(data.get(name))}")
    return data[name]


def _conditions(data: dict) -> dict[str, Any]:
    """Return the conditions; those that a card computes with must be numbers."""
    found = _object(data, "conditions")
    for name in COUNTED:
        value = found.get(name, 0)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < MAX_NS:
            raise RecordError(f"conditions.{name}: must be a number, got {shown(value)}")
    return found


def _texts(data: dict, name: str) -> list[str]:
    items = data.get(name)
    if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
        raise RecordError(f"{name}: must be a list of texts")
    return items


def _numbers(items: Any, name: str) -> tuple[float, ...]:
    if not isinstance(items, list):
        raise RecordError(f"{name}: must be a list of numbers")
    for item in items:
        good = isinstance(item, int | float) and not isinstance(item, bool)
        if not good or not 0 <= item <= MAX_NS:
            raise RecordError(f"{name}: {shown(item)} is no measured time")
    return tuple(float(item) for item in items)


def _runs(data: dict) -> tuple[Run, ...]:
    values = _numbers(data.get("values"), "values")
    runs, start = [], 0
    if not isinstance(data.get("runs"), list):
        raise RecordError("runs: must be a list")
    for entry in data["runs"]:
        counts = [_count(entry, name) for name in ("n", "loops", "warmups")]
        part = values[start : start + counts[0]]
        start += counts[0]
        runs.append(Run(part, _numbers(entry.get("baseline"), "baseline"), counts[1], counts[2]))
    if start != len(values) or not values or data.get("n") != len(values):
        raise RecordError(f"values: {len(values)} given, {start} in runs, n={shown(data.get('n'))}")
    return tuple(runs)


def _count(entry: Any, name: str) -> int:
    value = entry.get(name) if isinstance(entry, dict) else None
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise RecordError(f"runs.{name}: must be a whole number, got {shown(value)}")
    return value
