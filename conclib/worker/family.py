"""The end of a worker that still lives, and of all that it started.

Whatever descends from a living worker can be found by its parents, for the worker adopts the
orphans among its descendants (``probes/_precautions.py``): no session of its own, no other user,
folder or environment hides a process from this. So the order is:

1. *stop* the worker and its group, and then, round after round, what else descends from it, until a
   round finds nothing new that runs: what is stopped starts nothing;
2. kill the descendants, then the worker;
3. give multiprocessing's *resource tracker* a moment: a small process that unlinks the names in
   shared memory of a process that has ended without doing so. It waits for the end of a pipe, which
   comes when all of the others are gone;
4. kill what is left of the group, and unlink what no tracker knew of (``shared.py``).

Nothing is collected here: the worker stays a zombie until its caller has done so, and keeps its
number, which is its group's too, from being used again.
"""

import os
import signal
import time
from collections.abc import Callable

from conclib.worker import processes, shared
from conclib.worker.processes import Process

TRACKER = b"multiprocessing.resource_tracker"
HALT = 0.5  # seconds in which all must have stopped: one that waits for a disk does so later
GONE = 0.2  # seconds for what was killed to be gone, and for the resource tracker to do its work
PAUSE = 0.001


def end(pid: int, since: float) -> None:
    """Kill a worker that lives and leads its own group, and all its descendants.

    Args:
        pid: the worker's.
        since: the moment before it was started (``time.time()``).
    """
    _signal_group(pid, signal.SIGSTOP)
    end_found(pid, _halted_descendants(pid), since)


def end_found(pid: int, found: list[Process], since: float) -> None:
    """Kill the processes found of a worker, the worker, and all that is in its group."""
    names = shared.held([*found, *_own(pid)])
    trackers = [each for each in found if TRACKER in processes.read(each, "cmdline")]
    for each in [*found, *_own(pid)]:
        if each not in trackers:
            processes.send(each, signal.SIGKILL)
    for each in trackers:
        processes.send(each, signal.SIGCONT)
    _until(lambda: not any(map(processes.still, found)), GONE)
    for each in trackers:
        processes.send(each, signal.SIGKILL)
    _signal_group(pid, signal.SIGKILL)
    shared.unlink(names, since)


def _own(pid: int) -> list[Process]:
    """Return the worker itself; nothing if somebody else has collected it and it is gone."""
    worker = processes.look(pid)
    return [worker] if worker and worker.parent == os.getpid() else []


def _signal_group(pid: int, number: int) -> None:
    try:
        os.killpg(pid, number)
    except (ProcessLookupError, PermissionError):
        pass  # only a zombie is left (macOS says EPERM for that)


def descendants(pid: int) -> list[Process]:
    """Return all living processes that descend from one, children before grandchildren."""
    children: dict[int, list[Process]] = {}
    for process in processes.everything():
        children.setdefault(process.parent, []).append(process)
    found, parents = [], [pid]
    while parents:
        next_ones = [child for parent in parents for child in children.get(parent, [])]
        found += [child for child in next_ones if child.alive]
        parents = [child.pid for child in next_ones]
    return found


def _halted_descendants(pid: int) -> list[Process]:
    """Stop whatever descends from a worker until nothing of it runs; return all of it."""
    found: list[Process] = []

    def halted() -> bool:
        if _halted(pid) and processes.childless(pid):
            return True
        found[:] = descendants(pid)
        running = [each for each in found if each.state not in processes.HALTED]
        for each in running:
            processes.send(each, signal.SIGSTOP)
        return not running and _halted(pid)

    _until(halted, HALT)
    return found


def _halted(pid: int) -> bool:
    now = processes.look(pid)
    return now is None or now.state in processes.HALTED


def _until(true: Callable[[], bool], seconds: float) -> None:
    """Ask again and again until it is true, for at most some seconds."""
    end_of_wait = time.monotonic() + seconds
    while not true() and time.monotonic() < end_of_wait:
        time.sleep(PAUSE)
