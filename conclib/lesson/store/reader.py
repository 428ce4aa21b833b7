"""A growing file of records, read on from where reading stopped the last time."""

import os
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

from conclib.lesson.store import lines, records
from conclib.results.errors import RecordError

REMEMBERED = 64  # bytes before the place where reading goes on


@dataclass(frozen=True)
class Bad:
    """What is no record: its bytes, where it stands (``"line 2"``), and what is wrong with it."""

    text: bytes
    place: str
    reason: str


@dataclass
class _Seen:
    """What was found in a file so far.

    Attributes:
        inode: which file it was.
        offset: where its next line begins, after ``count`` lines.
        before: the last bytes before that place: another text has others there.
        found: the records.
        rest: the record of a last line that has no newline (yet), if it is one.
        bad: the lines that are none, while ``spare`` bytes of memory are left for them.
    """

    inode: int = 0
    offset: int = 0
    count: int = 0
    before: bytes = b""
    found: list[records.Kept] = field(default_factory=list)
    rest: list[records.Kept] = field(default_factory=list)
    bad: list[Bad] = field(default_factory=list)
    spare: int = field(default_factory=lambda: records.MAX_LINE)

    def still_in(self, descriptor: int) -> bool:
        """Tell whether a file begins with what was seen: not if it was replaced, cut or edited."""
        start = self.offset - len(self.before)
        same = os.fstat(descriptor).st_ino == self.inode
        return same and os.pread(descriptor, len(self.before), start) == self.before

    def take(self, name: str, line: lines.Line) -> None:
        """Add what a line holds; where it has no newline, more of it may come."""
        try:
            new = [records.decoded(name, line.text)] if line.text.strip() else []
        except RecordError as error:
            new = []
            self._refuse(line, str(error))
        if line.ended:
            self.found += new
            self.offset += line.length
            self.count += 1
        else:
            self.rest = new

    def _refuse(self, line: lines.Line, reason: str) -> None:
        if line.ended and self.spare > 0:
            self.bad.append(Bad(line.text, f"line {self.count + 1}", reason))
            self.spare -= len(line.text)


class Reader:
    """Reads one of the student's files again and again; each time, only what is new is parsed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen = _Seen()

    @property
    def bad(self) -> list[Bad]:
        """The lines that are no records; whoever has reported them clears the list."""
        return self._seen.bad

    def records(self) -> list[records.Kept]:
        """Return all records, oldest first.

        Where the file cannot be read just now (too many open files, say), what was read before
        still counts.
        """
        try:
            with lines.reading(self.path) as file:
                self._seen = self._read_on(file)  # one step: an interrupt leaves the old or the new
        except (FileNotFoundError, lines.NotOrdinary):
            self._seen = _Seen()
        except OSError:
            pass
        return [*self._seen.found, *self._seen.rest]

    def _read_on(self, file: BinaryIO) -> _Seen:
        old = self._seen if self._seen.still_in(file.fileno()) else _Seen()
        new = replace(old, found=[*old.found], rest=[], bad=[*old.bad])
        file.seek(old.offset)
        for line in lines.each(file, records.longest(self.path.name)):
            new.take(self.path.name, line)
        new.inode = os.fstat(file.fileno()).st_ino
        start = max(0, new.offset - REMEMBERED)
        new.before = os.pread(file.fileno(), new.offset - start, start)
        return new
