"""What earlier versions of the course left in a student's folder.

The first version kept progress in ``progress.json``, one object with a list of events. It is read
before ``progress.jsonl`` and never written. That version also wrote each file anew under a name of
its own (``results.jsonl.PID.THREAD.new``) before it took the old one's place; where it was killed
in between, half a copy of what stands in the file is left over.
"""

import json
import os
import re
import time
from pathlib import Path
from typing import Any, BinaryIO

from conclib.lesson.store import lines, records
from conclib.lesson.store.reader import Bad
from conclib.results import paths
from conclib.results.decoding import validated
from conclib.results.errors import RecordError

LITTER = re.compile(r"(predictions\.jsonl|results\.jsonl|progress\.json)\.\d+\.\d+\.new")
OVER = 600.0  # seconds after which nobody writes such a file any more


class Progress:
    """Reads ``progress.json``, again only if it was changed; an earlier version may run beside."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.bad: list[Bad] = []
        self._version: tuple[int, ...] = ()
        self._events: list[records.Record] = []

    def records(self) -> list[records.Record]:
        """Return its events, oldest first; none without such a file."""
        try:
            with lines.reading(self.path) as file:
                self._read(file)
        except (FileNotFoundError, lines.NotOrdinary):
            self._version, self._events = (), []
        except OSError:
            pass
        return self._events

    def _read(self, file: BinaryIO) -> None:
        now = os.fstat(file.fileno())
        version = (now.st_ino, now.st_size, now.st_mtime_ns)
        if version == self._version:
            return
        text = file.read(records.MAX_LINE)
        try:
            self._events, self.bad = _checked(_events(text))
        except RecordError as error:
            one_line = text.replace(b"\n", b" ")
            self._events, self.bad = [], [Bad(one_line, "its content", str(error))]
        self._version = version


def _events(text: bytes) -> list[Any]:
    """Return the list of events that a whole file holds; RecordError if it is none."""
    from conclib.lesson.store.events import Whole

    if not text.strip():
        return []
    return validated(records.parsed(text, records.MAX_LINE, records.MAX_OLD_VALUES), Whole).events


def _checked(events: list[Any]) -> tuple[list[records.Record], list[Bad]]:
    good, bad = [], []
    for number, item in enumerate(events, start=1):
        try:
            good.append(records.event(item))
        except RecordError as error:
            bad.append(Bad(json.dumps(item).encode("ascii"), f"event {number}", str(error)))
    return good, bad


def remove_litter(folder: Path) -> None:
    """Remove half-written copies that are ten minutes old; the file itself has all they had."""
    try:
        for path in folder.glob("*.new"):
            ours = LITTER.fullmatch(path.name) and not paths.kind_at(path)
            if ours and time.time() - path.stat().st_mtime > OVER:
                path.unlink()
    except OSError:
        return  # not ours to remove, or gone: it harms nobody
