"""The files that Linux shows of one process, read as texts, and why one could not be read."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from conclib.inspecting import refusing

PROC = "/proc"
GONE = (FileNotFoundError, ProcessLookupError, NotADirectoryError)


def read_text(path: str) -> str:
    """Return the whole text of a file below ``/proc``; bytes that are no text are kept."""
    text = Path(path).read_bytes()
    return text.decode("utf-8", "surrogateescape")


def mapped(path: str, pid: int, program: str, proc: str = PROC) -> str:
    """Return where a file that a process has mapped can be read, or an empty text.

    As the process itself sees it, if that is shown to us: in a container, the same path may be
    another file. Of its program there is a link that works even when the file is deleted. What
    stands in another place than ``/proc`` was recorded on another machine, with other files.

    Args:
        path: as its list of regions names it; ``program`` the path of its program.
        pid: the process's number.
        proc: where it is listed.
    """
    own = f"{proc}/{pid}/exe" if path == program else f"{proc}/{pid}/root{path}"
    return next((each for each in (own, path) if os.access(each, os.R_OK)), "") * (proc == PROC)


@dataclass(frozen=True)
class ProcessFiles:
    """What Linux shows of one process.

    Attributes:
        pid: its number.
        proc: where ``/proc`` is; another place for tests.
        read_path: reads one file.
    """

    pid: int
    proc: str = PROC
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
