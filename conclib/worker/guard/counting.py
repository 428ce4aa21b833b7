"""Counting from outside: how many tasks live below a process, and how much memory they hold.

Nothing of what is counted is asked of those that are counted.
"""

from __future__ import annotations

import os
import resource
from collections.abc import Iterable

from conclib.worker import processes
from conclib.worker.processes import Process

PAGE = resource.getpagesize()
THREADS, RESIDENT = 17, 21  # fields of /proc/PID/stat after the name


def below(pid: int) -> list[Process]:
    """Return all that descends from a process, without itself."""
    found = []
    waiting = _children(pid)
    while waiting:
        child = processes.look(waiting.pop())
        if child is not None:
            found.append(child)
            waiting += _children(child.pid)
    return found


def _children(pid: int) -> list[int]:
    """Return a process's children, by Linux's own list or, where it has none, by all parents."""
    listed = processes.children(pid)
    if listed is None and os.path.isdir(f"/proc/{pid}"):
        listed = [each.pid for each in processes.everything() if each.parent == pid]
    return listed or []


def tasks_and_memory(those: Iterable[Process]) -> tuple[int, int]:
    """Return how many tasks (processes and threads) these are, and the bytes that they hold.

    Linux counts those that have ended and were not collected, so they are tasks here, too. Memory
    that several share is counted for each of them, so it may be less; never more.
    """
    tasks = pages = 0
    for process in those:
        fields = processes.read(process, "stat").rpartition(b")")[2].split()
        if len(fields) > RESIDENT:
            tasks += max(int(fields[THREADS]), 1)
            pages += int(fields[RESIDENT])
    return tasks, pages * PAGE


def fairly(those: Iterable[Process]) -> int:
    """Return the bytes that processes hold, what they share counted once.

    Where that may not be looked at (or is not there): all but the pages of files.
    """
    return sum(_share(process) for process in those)


def _share(process: Process) -> int:
    for name, keys in (("smaps_rollup", (b"Pss:",)), ("status", (b"RssAnon:", b"RssShmem:"))):
        lines = processes.read(process, name).splitlines()
        found = [int(line.split()[1]) for line in lines if line.startswith(keys)]
        if found:
            return sum(found) * 1024
    return 0
