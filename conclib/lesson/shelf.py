"""The student's files as text on the disk: how they are read, checked, set aside and written.

Used by ``store`` alone, which holds the lock. Nothing here believes what it reads: a file may have
been cut off, edited, or come from another version.
"""

import json
import math
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from conclib.results import encoding
from conclib.results.errors import RecordError

SCHEMA = 1
MOST = 1e30  # beyond any time or ratio; also keeps out integers of any length
PREDICTIONS, RESULTS, PROGRESS = "predictions.jsonl", "results.jsonl", "progress.json"
MOST_BYTES = {PREDICTIONS: 4 * 2**20, RESULTS: 8 * 2**20, PROGRESS: 2**20}

Record = dict[str, Any]
Say = Callable[[str], None]

FIELDS: dict[Any, dict[str, Any]] = {  # what a record of each event must hold
    "predicted": {
        "id": str, "form": str, "values": list, "unit": str, "made": str, "attempt": int,
        "late": bool, "because": str | None,
    },
    "locked": {"id": str, "attempt": int},
    "revealed": {"id": str},
    "settled": {"id": str},
    "chosen": {"id": str, "pick": str, "because": str | None},
    "scored": {
        "id": str, "attempt": int, "values": list, "measured": float, "width": float,
        "distance": float, "late": bool,
    },
    "done": {"kind": str, "id": str},
    "thought": {"id": str, "before": str, "now": str | None},
    "answered": {"id": str, "answers": dict},
}  # fmt: skip


def load(path: Path, say: Say) -> list[Record]:
    """Return the good records of a file; the file is set aside if there are others."""
    records, bad = _parse(path.name, text(path, say))
    if bad:
        _set_aside(path, records, bad, say)
    return records


def text(path: Path, say: Say) -> str:
    """Return a file's text; nothing, if there is none or it had to be set aside as a whole."""
    if not path.exists() and not path.is_symlink():
        return ""
    try:
        if path.is_symlink() or not path.is_file():
            raise RecordError("it is no ordinary file")
        return encoding.read(path)
    except RecordError as error:
        _set_aside(path, [], str(error), say)
        return ""


def peek(path: Path) -> list[Record]:
    """Return what can be read of a file, changing nothing."""
    try:
        return _parse(path.name, encoding.read(path))[0]
    except (RecordError, OSError):
        return []


def _parse(name: str, content: str) -> tuple[list[Record], str]:
    """Return the good records of a file's text, and why others are not (empty: all are good)."""
    if name == PROGRESS and content:
        return _parse_progress(content)
    good, bad = [], ""
    for number, line in enumerate(content.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            good.append(_checked(name, encoding.parse(line)))
        except RecordError as error:
            bad = bad or f"line {number}: {error}"
    return good, bad


def _parse_progress(content: str) -> tuple[list[Record], str]:
    try:
        whole = encoding.parse(content)
    except RecordError as error:
        return [], str(error)
    if not isinstance(whole, dict) or not isinstance(whole.get("events"), list):
        return [], "no list of events in it"
    good, bad = [], ""
    for number, record in enumerate(whole["events"], start=1):
        try:
            good.append(_checked(PROGRESS, record))
        except RecordError as error:
            bad = bad or f"event {number}: {error}"
    return good, bad


def _checked(name: str, record: Any) -> Record:
    if not isinstance(record, dict) or record.get("schema") != SCHEMA:
        raise RecordError(f"not a record of schema {SCHEMA}")
    if name == RESULTS:
        if not isinstance(record.get("probe"), str):
            raise RecordError("no measurement")
        return record
    fields = FIELDS.get(record.get("event"), {"event": str})
    for field, kind in fields.items():
        if not isinstance(record.get(field), kind):
            raise RecordError(f"{field}: missing or of another kind")
    if not _meant(record):
        raise RecordError(f"values: none that a {record.get('form', 'score')} can have")
    return record


def _meant(record: Record) -> bool:
    """Tell whether a record's values are such as its form can have."""
    values = record.get("values", ())
    if record["event"] == "scored":
        sizes = (record["measured"], record["width"], record["distance"])
        return _is_range(values) and record["measured"] > 0 and all(map(math.isfinite, sizes))
    if record["event"] != "predicted":
        return True
    return FORMS.get(record["form"], lambda _: False)(values)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < MOST


def _is_range(values: list) -> bool:
    return len(values) == 2 and all(map(_is_number, values)) and 0 < values[0] <= values[1]


def _is_order(values: list) -> bool:
    return bool(values) and all(isinstance(value, str) for value in values)


def _is_shape(values: list) -> bool:
    drawn = len(values) > 1 and all(map(_is_number, values))
    return drawn or (len(values) == 1 and isinstance(values[0], str))


FORMS = {"range": _is_range, "ratio": _is_range, "order": _is_order, "shape": _is_shape}


def _set_aside(path: Path, kept: list[Record], reason: str, say: Say) -> None:
    number = 1
    while (aside := path.with_name(f"{path.name}.set-aside-{number}")).exists():
        number += 1
    path.rename(aside)
    if kept:
        write(path, [line_of(record) for record in kept])
    say(
        f"{path.name} could not be read ({reason}). It is set aside as {aside.name}, unchanged; "
        f"good records of it that are kept: {len(kept)}."
    )


def line_of(record: Record) -> str:
    """Return a record as one line."""
    return json.dumps(record, allow_nan=False)


def write(path: Path, lines: list[str]) -> None:
    """Replace a file in one step; when that fails, the old one is still there."""
    content = _whole_text(path.name, lines)
    fresh = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}.new")
    try:
        with fresh.open("w", encoding="utf-8") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def _whole_text(name: str, lines: list[str]) -> str:
    lengths = [len(line.encode()) + 2 for line in lines]
    size, first = sum(lengths), 0
    while size > MOST_BYTES[name] and first < len(lines) - 1:  # the oldest goes first
        size -= lengths[first]
        first += 1
    if name == PROGRESS:
        return '{"schema": 1, "events": [\n' + ",\n".join(lines[first:]) + "\n]}\n"
    return "\n".join(lines[first:]) + "\n"
