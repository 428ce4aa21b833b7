"""Reading the files that Linux shows of one process or thread, or the reason why one is not read.

A process may end between two reads, belong to somebody else, or be a *zombie*: ended, and not asked
how. Linux may be too old for a file, or built without it. None of that is an error here: what asks
for a value gets it, or :class:`Unread` with the reason in words.
"""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from conclib.inspecting import numbering
from conclib.inspecting.numbering import NO_PROC, OTHER_NAMESPACE
from conclib.probes import _record

T = TypeVar("T")

GONE = "gone: the process has ended, and its parent has asked how"
ZOMBIE = "zombie: the process has ended, and Linux has freed this"
DENIED = "denied: only the process's own user and root may see it"
LACKING = "this Linux does not show it"
FIRST_ENDED = "its first thread has ended and others go on: Linux shows this with that one only"
RUNNING = "running: it is on a CPU at this moment, and that is where its registers are"
REASONS = {
    "living": LACKING,
    "zombie": ZOMBIE,
    "gone": GONE,
    "no /proc": NO_PROC,
    "other namespace": OTHER_NAMESPACE,
}


class Unread(Exception):
    """A value could not be read; the text says why."""


class Files:
    """The files of one process or thread, each read once at most.

    Args:
        folder: where they lie, such as ``/proc/42`` or ``/proc/42/task/43``.
        proc: where all processes are listed.
    """

    def __init__(self, folder: str, proc: str = "/proc") -> None:
        self._folder, self._proc = Path(folder), Path(proc)
        self._unusable = numbering.unusable(proc)
        self._texts: dict[str, str | Unread] = {}

    def text(self, name: str) -> str:
        """Return the text of a file.

        Raises:
            Unread: it cannot be read.
        """
        if name not in self._texts:
            try:
                self._texts[name] = self._tried(lambda: _read(self._folder / name))
            except Unread as reason:
                self._texts[name] = reason
        found = self._texts[name]
        if isinstance(found, Unread):
            raise found
        return found

    def link(self, name: str) -> str:
        """Return what a link points to, such as ``cwd``.

        Raises:
            Unread: it cannot be read.
        """
        return self._tried(lambda: str((self._folder / name).readlink()))

    def names(self, name: str) -> list[str]:
        """Return the names in a folder, such as ``fd``.

        Raises:
            Unread: it cannot be read.
        """
        found = self._tried(lambda: [each.name for each in (self._folder / name).iterdir()])
        if not found and self.headless:  # root is shown an empty list
            raise self.lacking
        return found

    def _tried(self, read: Callable[[], T]) -> T:
        if self._unusable == OTHER_NAMESPACE:
            raise self.lacking
        try:
            return read()
        except OSError as error:
            raise Unread(self._reason(error)) from None

    def _reason(self, error: OSError) -> str:
        if error.errno in (errno.EACCES, errno.EPERM):
            return FIRST_ENDED if self.headless and self._own else DENIED
        if error.errno not in (errno.ENOENT, errno.ESRCH):
            return f"not readable: {error.strerror or error}"
        return str(self.lacking)

    @property
    def condition(self) -> str:
        """How it is at this moment: one of the keys of ``REASONS``."""
        if self._unusable:
            return "other namespace" if self._unusable == OTHER_NAMESPACE else "no /proc"
        try:
            state, threads = self._state()
        except (OSError, ValueError):
            return "living" if self._folder.is_dir() else "gone"
        return "zombie" if state == "Z" and threads <= 1 else "living"

    @property
    def headless(self) -> bool:
        """Whether this task has ended while others of its process go on."""
        try:
            state, threads = self._state()
        except (OSError, ValueError):
            return False
        return state == "Z" and threads > 1 and not self._unusable

    @property
    def _own(self) -> bool:
        """Whether it is a process of this user, to whom only its end bars it."""
        try:
            return self._folder.stat().st_uid == os.geteuid()
        except OSError:
            return False

    def _state(self) -> tuple[str, int]:
        fields = _record.stat_fields(_read(self._folder / "stat"))
        return fields[3], int(fields[20])

    @property
    def lacking(self) -> Unread:
        """What to raise for a value that is not in its file."""
        return Unread(FIRST_ENDED if self.headless else REASONS[self.condition])

    # Files that hold several values -----------------------------------------------------------
    def status(self, key: str) -> str:
        """Return one line's value of the ``status`` file.

        Raises:
            Unread: the file cannot be read, or has no such line.
        """
        found = _record.keyed(self.text("status")).get(key)
        if found is None:
            raise self.lacking
        return found

    def stat(self, number: int) -> str:
        """Return a field of the ``stat`` file, by the number that proc(5) gives it.

        Raises:
            Unread: the file cannot be read, or has no such field.
        """
        try:
            return _record.stat_fields(self.text("stat"))[number]
        except (ValueError, KeyError):
            raise self.lacking from None

    def registers(self) -> tuple[int, int, int]:
        """Return system call, stack pointer and program counter, as ``_record.registers`` does.

        Raises:
            Unread: it cannot be read; also while the task is on a CPU.
        """
        text = self.text("syscall")
        if not text.strip() or self.condition != "living" or self.headless:  # all numbers are 0
            raise self.lacking
        found = _record.registers(text)
        if found is None:
            raise Unread(RUNNING)
        return found


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")
