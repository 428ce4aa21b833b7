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
    """A limit: its name, how many it allows, of what (``"processes"``, ``"threads"``)."""

    name: str
    most: int
    of: tuple[str, ...]


BOTH = ("processes", "threads")


def ceilings(proc: str = "/proc") -> Iterator[Ceiling]:
    """Yield each limit that this machine, this group and this user have.

    Args:
        proc: where ``/proc`` is; another place for tests.
    """
    for name, path in (("pid_max", "kernel/pid_max"), ("threads-max", "kernel/threads-max")):
        if (found := _number(Path(proc, "sys", path))) is not None:
            yield Ceiling(name, found, BOTH)
    if (maps := _number(Path(proc, "sys/vm/max_map_count"))) is not None:
        yield Ceiling("max_map_count / 2", maps // MAPPINGS, ("threads",))
    for folder in _cgroup.folders("pids", f"{proc}/self"):
        if (most := _cgroup.number(folder, "pids.max")) is not None:
            yield Ceiling("the control group's pids.max", most, BOTH)
    yield from _of_user()


def _of_user() -> Iterator[Ceiling]:
    import resource  # only where there are workers: not on Windows

    most = resource.getrlimit(resource.RLIMIT_NPROC)[0]
    if most != resource.RLIM_INFINITY and os.geteuid() != 0:
        yield Ceiling("the user's limit (RLIMIT_NPROC)", most, BOTH)


def _number(path: Path) -> int | None:
    try:
        return int(path.read_text())
    except (OSError, ValueError):
        return None
