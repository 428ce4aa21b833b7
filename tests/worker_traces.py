"""What several tests of workers need: names, processes that carry them, and who is still there."""

import os
from pathlib import Path

from conclib.worker import marks, names, processes
from conclib.worker.processes import Process


def name_of(pid: int, start: object = 1, tail: str = "ab12cd", space: str = "") -> str:
    """Return a worker's name as the caller with this pid and start time makes it.

    Give a ``tail`` of its own where processes or folders are looked for: tests run in parallel.
    """
    return f"{names.PREFIX}{space or names._space(os.getpid())}-{pid}-{start}-{tail}"


def belonging_to(name: str) -> list[Process]:
    """Return all living processes that bear the name of a worker."""
    signs = marks.Signs(name)
    return [each for each in processes.everything() if each.alive and marks.belongs(each, signs)]


def alive(pid: int) -> bool:
    """Tell whether any thread of a process runs, by Linux's own list and not by what is tested."""
    for path in Path(f"/proc/{pid}/task").glob("*/stat"):
        try:
            if path.read_text().rpartition(")")[2].split()[0] not in "ZX":
                return True
        except OSError:  # it has ended meanwhile
            continue
    return False
