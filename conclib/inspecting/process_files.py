"""The files that Linux shows of one process, read as texts, and why one could not be read."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from conclib.inspecting import refusing

GONE = (FileNotFoundError, ProcessLookupError, NotADirectoryError)


def read_text(path: str) -> str:
    """Return the whole text of a file below ``/proc``; bytes that are no text are kept."""
    text = Path(path).read_bytes()
    return text.decode("utf-8", "surrogateescape")


@dataclass(frozen=True)
class ProcessFiles:
    """What Linux shows of one process.

    Attributes:
        pid: its number.
        proc: where ``/proc`` is; another place for tests.
        read_path: reads one file.
    """

    pid: int
    proc: str = "/proc"
    read_path: Callable[[str], str] = read_text

    def path(self, name: str) -> str:
        """Return the path of one of its files: ``path("maps")``."""
        return f"{self.proc}/{self.pid}/{name}"

    def read(self, name: str) -> str:
        """Return the text of one of its files.

        Raises:
            OSError: it is not there, or may not be read.
        """
        return self.read_path(self.path(name))

    def required(self, name: str) -> str:
        """Return the text of a file without which there is nothing to say.

        Raises:
            CannotInspect: the process is gone, or does not allow it.
        """
        try:
            return self.read(name)
        except GONE:
            raise refusing.CannotInspect(self.pid, refusing.GONE) from None
        except PermissionError:
            raise refusing.CannotInspect(self.pid, refusing.DENIED) from None

    def optional(self, name: str) -> str:
        """Return the text of a file, or an empty one where it cannot be read."""
        try:
            return self.read(name)
        except OSError:
            return ""

    def program(self) -> str:
        """Return the path of the program that it runs; empty where that is not shown."""
        try:
            return str(Path(self.path("exe")).readlink())
        except OSError:
            return ""

    def tids(self) -> list[int]:
        """Return the numbers of its threads."""
        try:
            return [int(name) for name in os.listdir(self.path("task"))]  # noqa: PTH208 -- thousands
        except OSError:
            return []
