"""Measurements as JSON, both ways, and loading them from files one does not trust.

What is loaded may come from anybody, so it is JSON and nothing else: never a pickle, never larger
than a cap, every field checked, and nothing computed is believed (median and interval come from
the raw values again).
"""

import json
from pathlib import Path
from typing import Any

from conclib.results import arguments
from conclib.results.errors import RecordError
from conclib.results.machine import Machine
from conclib.results.measurement import SOURCES, Measurement, Run

SCHEMA = 1
MOST_NS = 1e18  # thirty years; also keeps out infinity, NaN and integers of any length
MOST_BYTES = 32 * 2**20
RECKONED = ("rss_mb", "load", "cpus_allowed")  # conditions that are numbers wherever they stand
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


def from_json(data: Any) -> Measurement:
    """Build a measurement from what :func:`to_json` gave.

    Raises:
        RecordError: not a record of this schema; the message names the field.
    """
    if not isinstance(data, dict):
        raise RecordError(f"a record is one JSON object, got {type(data).__name__}")
    if data.get("schema") != SCHEMA or isinstance(data["schema"], bool):
        raise RecordError(f"schema={data.get('schema')!r}: this version reads schema {SCHEMA}")
    for name in TEXTS:
        if not isinstance(data.get(name), str):
            raise RecordError(f"{name}: must be a text, got {data.get(name)!r}")
    if data["unit"] != "ns":
        raise RecordError(f"unit={data['unit']!r}: times are in ns")
    if data["source"] not in SOURCES:
        raise RecordError(f"source={data['source']!r}: must be one of: {', '.join(SOURCES)}")
    return Measurement(
        params=_object(data, "params"),
        runs=_runs(data),
        machine=Machine.from_json(data.get("machine")),
        conditions=_conditions(data),
        notes=tuple(_texts(data, "notes")),
        **{name: data[name] for name in TEXTS},
    )


def loads(text: str) -> Measurement:
    """Build a measurement from one JSON object as text; raises :class:`RecordError`."""
    return from_json(parse(text))


def parse(text: str) -> Any:
    """Parse JSON, refusing NaN and infinity; raises :class:`RecordError`."""

    def refuse(name: str) -> None:
        raise RecordError(f"{name} is not a number that can be measured")

    try:
        return json.loads(text, parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        raise RecordError(f"not JSON, or cut off: {error}") from None


def read(path: Path) -> str:
    """Return a file's text if it is small enough and is text.

    Raises:
        RecordError: too large, not UTF-8 (a pickle, say), or not readable.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise RecordError(f"{path.name}: larger than {MOST_BYTES // 2**20} MB, not read")
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        raise RecordError(f"{path.name}: not a text file, so not a recording") from None
    except OSError as error:
        raise RecordError(f"{path.name}: {error.strerror}") from None


def load(path: str | Path) -> list[Measurement]:
    """Load all measurements of a file, as ``conclib measure --json`` writes one.

    Args:
        path: a file with one JSON object, one a line, or a list of them.

    Raises:
        TypeError: no path. RecordError: see :func:`read` and :func:`from_json`.
    """
    if not isinstance(path, str | Path):
        raise TypeError(f"path={arguments.shown(path)}: path must be a text or a Path")
    text = read(Path(path))
    if text.lstrip().startswith("{") and "\n{" in text.strip():
        return [loads(line) for line in text.splitlines() if line.strip()]
    data = parse(text)
    return [from_json(item) for item in (data if isinstance(data, list) else [data])]


def _object(data: dict, name: str) -> dict[str, Any]:
    if not isinstance(data.get(name), dict):
        raise RecordError(f"{name}: must be an object, got {data.get(name)!r}")
    return data[name]


def _conditions(data: dict) -> dict[str, Any]:
    """Return the conditions; those that a card reckons with must be numbers."""
    found = _object(data, "conditions")
    for name in RECKONED:
        value = found.get(name, 0)
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not 0 <= value < MOST_NS
        ):
            raise RecordError(f"conditions.{name}: must be a number, got {str(value)[:40]!r}")
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
        if not good or not 0 <= item <= MOST_NS:
            raise RecordError(f"{name}: {str(item)[:40]} is no measured time")
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
        raise RecordError(f"values: {len(values)} given, {start} in runs, n={data.get('n')!r}")
    return tuple(runs)


def _count(entry: Any, name: str) -> int:
    value = entry.get(name) if isinstance(entry, dict) else None
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise RecordError(f"runs.{name}: must be a whole number, got {value!r}")
    return value
