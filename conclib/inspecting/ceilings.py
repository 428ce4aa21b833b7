"""How many processes and threads Linux lets there be at all: its settings, read, not tried.

Each is a number of tasks (processes and threads alike), or of mappings, of which a thread's stack
takes two: the stack, and the guard below it.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from conclib.probes import _cgroup

MAPPINGS = 2  # for each thread


class Ceiling(NamedTuple):
    """A limit: its name, how many it allows, whether of processes or threads, and of what."""

    name: str
    most: int
    of: tuple[str, ...]
    what: str


BOTH = ("processes", "threads")
WHOLE = {
    "pid_max": "numbers for processes and threads",
    "threads-max": "tasks on this machine",
}


def ceilings(proc: str = "/proc") -> Iterator[Ceiling]:
    """Yield each limit that this machine, this group and this user have.

    Args:
        proc: where ``/proc`` is; another place for tests.
    """
    for name, what in WHOLE.items():
        if (found := _number(Path(proc, "sys/kernel", name))) is not None:
            yield Ceiling(name, found, BOTH, what)
    if (maps := _number(Path(proc, "sys/vm/max_map_count"))) is not None:
        yield Ceiling("max_map_count / 2", maps // MAPPINGS, ("threads",), "mappings, two a thread")
    for folder in _cgroup.folders("pids", f"{proc}/self"):
        if (most := _cgroup.number(folder, "pids.max")) is not None:
            yield Ceiling("pids.max", most, BOTH, "tasks of this control group")
    yield from _of_user()


def _of_user() -> Iterator[Ceiling]:
    import resource  # only where there are workers: not on Windows

    most = resource.getrlimit(resource.RLIMIT_NPROC)[0]
    if most != resource.RLIM_INFINITY and os.geteuid() != 0:
        yield Ceiling("RLIMIT_NPROC", most, BOTH, "tasks of this user")


def _number(path: Path) -> int | None:
    try:
        return int(path.read_text())
    except (OSError, ValueError):
        return None
