"""How many more tasks and descriptors this process may have, by each limit that counts.

Linux counts processes and threads alike, as *tasks*: for the whole machine, for a control group
(``pids``), and for a user (``RLIMIT_NPROC``, which does not bind root).
"""

import os
from collections.abc import Iterator
from pathlib import Path

from conclib.inspecting.memory import room
from conclib.probes import _cgroup
from conclib.probes._proc import key_numbers

TASKS = ("processes", "threads")


def free(proc: str = "/proc") -> Iterator[tuple[str, int, str]]:
    """Yield each limit as ``(resource, how much is free, what sets it)``.

    Args:
        proc: where ``/proc`` is; another place for tests.
    """
    memory = room()
    yield "mb", memory.free, memory.text
    for number, why in [*_machine(proc), *_group(f"{proc}/self"), *_user(proc)]:
        for name in TASKS:
            yield name, max(number, 0), why
    yield from _descriptors()


def _machine(proc: str) -> Iterator[tuple[int, str]]:
    try:
        most = int(Path(proc, "sys/kernel/threads-max").read_text())
        now = int(Path(proc, "loadavg").read_text().split()[3].partition("/")[2])
    except (OSError, ValueError, IndexError):
        return
    yield most - now, f"{most - now:,} tasks are free on this machine"


def _group(own: str) -> Iterator[tuple[int, str]]:
    for folder in _cgroup.folders("pids", own):
        most, now = _cgroup.number(folder, "pids.max"), _cgroup.number(folder, "pids.current")
        if most is not None and now is not None:
            yield most - now, f"the control group that this runs in has {most - now:,} tasks free"


def _user(proc: str) -> Iterator[tuple[int, str]]:
    import resource  # only where there are workers: not on Windows

    most = resource.getrlimit(resource.RLIMIT_NPROC)[0]
    if most != resource.RLIM_INFINITY and os.geteuid() != 0:
        try:
            now = _tasks_of(os.getuid(), proc)
        except OSError:  # without a descriptor left nothing can be counted
            return
        yield most - now, f"this user may have {most:,} tasks (RLIMIT_NPROC) and has {now:,}"


def _tasks_of(user: int, proc: str) -> int:
    """Return how many tasks a user has on this machine; Linux counts by the *real* user."""
    found = 0
    for path in Path(proc).glob("[0-9]*/status"):
        try:
            seen = key_numbers(path.read_text(errors="replace"))
        except OSError:  # it has ended meanwhile
            continue
        found += seen.get("Threads", 0) if seen.get("Uid") == user else 0
    return found


def _descriptors() -> Iterator[tuple[str, int, str]]:
    import resource

    most = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if most != resource.RLIM_INFINITY:
        yield "descriptors", most, f"a process may have {most:,} files open (RLIMIT_NOFILE)"
