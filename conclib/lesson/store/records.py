"""What a record is: one line of JSON, and what must be in it before anything is built on it.

Nothing here believes what it reads: a line may have been cut off, edited, or come from another
version. Whatever is not a record is a :class:`RecordError` that says why.
"""

import json
from datetime import UTC, datetime
from typing import Any

from conclib.results import Measurement, Observation, encoding
from conclib.results.decoding import require_few, validated
from conclib.results.errors import RecordError
from conclib.results.quantity import BYTES

SCHEMA = 1
PREDICTIONS, RESULTS, PROGRESS = "predictions.jsonl", "results.jsonl", "progress.jsonl"
FILES = (PREDICTIONS, RESULTS, PROGRESS)
MAX_LINE = encoding.MAX_BYTES  # bytes; a longer line is nothing that the course has written
MAX_EVENT = 256 * 2**10  # bytes of an event: a text that a student types keeps 500 characters
MAX_EVENT_VALUES = 5_000  # commas and brackets, those within texts included
MAX_OLD_VALUES = 100_000  # of all progress in one object

Record = dict[str, Any]
Kept = Record | Measurement | Observation  # an event, or a result


def stamped(event: str, **fields: Any) -> Record:
    """Return a record of something that happened just now, with its time."""
    made = datetime.now(UTC).isoformat(timespec="seconds")
    return {"schema": SCHEMA, "event": event, "made": made, **fields}


def line_of(record: Record) -> bytes:
    """Return a record as one line, without the newline.

    Raises:
        ValueError, TypeError: NaN, or what JSON does not have.
    """
    return json.dumps(record, allow_nan=False).encode("ascii")


def longest(name: str) -> int:
    """Return how many bytes a line of a file has at most."""
    return MAX_EVENT if name in (PREDICTIONS, PROGRESS) else MAX_LINE


def decoded(name: str, line: bytes) -> Kept:
    """Return what a line of a file holds: a record of ``RESULTS``, a dictionary of the others.

    Args:
        name: one of ``PREDICTIONS``, ``RESULTS``, ``PROGRESS``.
        line: its bytes, fewer than :func:`longest` allows.

    Raises:
        RecordError: no record of this schema; the message names the field and its value.
    """
    most = encoding.MAX_VALUES if name == RESULTS else MAX_EVENT_VALUES
    data = parsed(line, longest(name), most)
    return encoding.from_json(data) if name == RESULTS else event(data)


def parsed(line: bytes, longest: int, most: int) -> Any:
    """Return what JSON text holds.

    Args:
        line: the text.
        longest: how many bytes it does not reach; ``most``: how many values it may have. Both are
            looked at first: a line of 15 MB can become 400 MB of empty lists.

    Raises:
        RecordError: it is none, cut off, or larger than that.
    """
    import msgspec

    if len(line) >= longest:
        raise RecordError(f"longer than {BYTES.write(longest)}")
    try:
        require_few(line, most)
    except ValueError as error:
        raise RecordError(str(error)) from None
    try:
        return msgspec.json.decode(line)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return encoding.parse(_text(line))  # also reads a lone surrogate, which json writes


def _text(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        raise RecordError("not UTF-8 text") from None


def event(data: Any) -> Record:
    """Return an event with all fields that its kind has; one of an unknown kind as it is.

    Raises:
        RecordError: of another schema, or a field is missing, of another type or out of range.
    """
    import msgspec

    from conclib.lesson.store.events import EVENTS, Event

    validated(data, Event)
    found = validated(data, EVENTS.get(data["event"], Event))
    return {**msgspec.structs.asdict(found), **data}
