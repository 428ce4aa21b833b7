"""Records as JSON, both ways, and loading them from files one does not trust.

What is loaded may come from anybody, so it is JSON and nothing else: never a pickle, never larger
than a cap, every field checked, and nothing computed is believed (median and interval come from
the raw values again).
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from conclib.results import decoding, reading
from conclib.results.arguments import shown
from conclib.results.errors import RecordError
from conclib.results.measurement import Measurement
from conclib.results.observation import Observation
from conclib.results.record import SCHEMA, Record

MAX_BYTES = 16 * 2**20
MAX_VALUES = 1_000_000  # of all kinds, in one record or one list of records


def dumps(item: Record) -> str:
    """Return a record as one JSON object in one line."""
    return json.dumps(item.to_json(), allow_nan=False)


def from_json(data: object) -> Measurement | Observation:
    """Build a record from what its ``to_json`` gave: a measurement, or an observation.

    Raises:
        RecordError: not a record of this schema; the message names the field.
    """
    if not isinstance(data, dict):
        raise RecordError(f"a record is one JSON object, got {type(data).__name__}")
    if data.get("schema") != SCHEMA or isinstance(data["schema"], bool):
        raise RecordError(f"schema={shown(data.get('schema'))}: this version reads schema {SCHEMA}")
    from conclib.results.record_forms import FactsForm, MeasurementForm, ObservationForm

    if "data" in data:
        return decoding.validated(data, FactsForm).record()
    if "type" in data:
        return decoding.validated(data, ObservationForm).record(data["conditions"])
    return decoding.validated(data, MeasurementForm).record(data["conditions"])


def loads(text: str) -> Measurement | Observation:
    """Build a record from one JSON object as text; raises :class:`RecordError`."""
    return from_json(parse(text))


def parse(text: str) -> object:
    """Parse JSON, refusing NaN, infinity and endless lists; raises :class:`RecordError`."""
    try:
        decoding.require_few(text, MAX_VALUES)
        found: object = json.loads(text, parse_constant=decoding.no_number)
    except (json.JSONDecodeError, RecursionError) as error:
        raise RecordError(f"not JSON, or cut off: {error}") from None
    except ValueError as error:
        raise RecordError(str(error)) from None
    return found


def read(path: Path) -> str:
    """Return a file's text if it is a plain file, small enough and text.

    Raises:
        RecordError: another kind of file, too large, not UTF-8 (a pickle, say), or not readable.
    """
    try:
        return reading.read_bytes(path, MAX_BYTES).decode("utf-8")
    except UnicodeDecodeError:
        raise RecordError(f"{reading.named(path)}: not a text file, so not a recording") from None


def load(path: str | Path) -> Measurement | Observation | list[Measurement | Observation]:
    """Load the result of a file, as ``conclib measure --json`` writes one.

    Args:
        path: a file with one JSON object, one a line, or a list of them; at most 16 MB.

    Returns:
        The result that the file holds; where it holds several, a list of them.

    Raises:
        TypeError, ValueError: no path.
        RecordError: not a plain file, no result in it, or not records of this schema; names file
            and line.

    Example:
        ``cl.plot({"laptop": cl.load("laptop.json"), "lab machine": cl.load("lab.json")})``
    """
    found = load_all(path)
    if not found:
        raise RecordError(f"{reading.named(reading.checked_path(path))}: holds no result")
    return found[0] if len(found) == 1 else found


def load_all(path: str | Path) -> list[Measurement | Observation]:
    """Return all records of a file, however many; see :func:`load`.

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
