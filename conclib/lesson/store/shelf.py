"""One of the student's files: what is read from it, and what waits to be written to it."""

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from conclib.lesson.store import aside, lines, older, records
from conclib.lesson.store.notices import notify
from conclib.lesson.store.reader import Reader
from conclib.results.errors import RecordError

PATIENCE = 5.0  # seconds to wait for another notebook's lock
BRIEF = 0.2  # the same, after it was waited for in vain: a lesson must not stop at each cell

# filelock's Timeout is an OSError; where a file system has no locks it says NotImplementedError
UNWRITABLE = (OSError, NotImplementedError)


class Shelf:
    """Reads and adds records of one file, in turns.

    What is added waits until it has been written, all of it in one go. A failure leaves it waiting
    for the next turn; an interrupt at the wrong moment may have it written twice, never not.

    Attributes:
        path: the file.
        waiting: lines that are not in the file yet.
        problem: why the last turn could not write; ``None`` where it could.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.waiting: list[bytes] = []
        self.problem: Exception | None = None
        self._sources = [Reader(path)]
        if path.name == records.PROGRESS:
            self._sources.insert(0, older.Progress(path.with_suffix(".json")))
        self._lock: Any = None
        self._brief = False

    @contextlib.contextmanager
    def turn(self, brief: bool) -> Iterator[None]:
        """Hold the file's lock, if it can be had; at the end, write what waits.

        Args:
            brief: whether to wait for a moment only.
        """
        lock = self._the_lock()
        try:
            self.problem = _acquire(lock, BRIEF if brief or self._brief else PATIENCE)
            self._brief = self.problem is not None
            yield
            self.problem = self.problem or self._save()
            self._report()
        finally:
            if lock.is_locked:  # also where an interrupt came just after it was had
                lock.release(force=True)

    def _the_lock(self) -> Any:
        import filelock

        if self._lock is None:
            self._lock = filelock.FileLock(f"{self.path}.lock", thread_local=False)
        return self._lock

    def add(self, new: Iterable[records.Record]) -> None:
        """Let records wait to be written; ValueError or TypeError for what JSON does not have."""
        self.waiting += [records.line_of(record) for record in new]

    def records(self) -> list[records.Kept]:
        """Return all records, oldest first: those in the file, then those that wait."""
        found: list[records.Kept] = []
        for source in self._sources:
            found += source.records()
        for line in self.waiting:
            with contextlib.suppress(RecordError):  # from the file it would not be read either
                found.append(records.decoded(self.path.name, line))
        return found

    def _save(self) -> Exception | None:
        """Write what waits, with the lock held; return why it could not be written."""
        try:
            for source in self._sources:
                notify(aside.put_away(source.path))
            if self.waiting:
                lines.append(self.path, self.waiting)
                self.waiting.clear()
        except UNWRITABLE as error:
            return error
        return None

    def _report(self) -> None:
        """Say which lines are no records, and copy them if the lock is held."""
        for source in self._sources:
            if source.bad:
                notify(aside.report(source.path, source.bad, may_write=self.problem is None))
                source.bad.clear()


def _acquire(lock: Any, patience: float) -> Exception | None:
    """Take a lock and return ``None``, or return why it cannot be taken in so many seconds."""
    try:
        Path(lock.lock_file).parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=patience)
    except UNWRITABLE as error:
        return error
    return None
