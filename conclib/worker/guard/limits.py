"""What the victim may use up: Linux's own limits, for each process, and for all together.

``RLIMIT_NPROC`` is not the number of processes that one may start: it is held against all
tasks that the *user* has, wherever they are. How many these are cannot be asked for in a container,
so it is tried: by forking, under one limit after another. What ends later leaves room for more of
the victim's. So those that have ended, and only wait to be collected, get a moment for that, and
are then left out; it is tried until two tries agree; and the keeper counts all the same.
"""

from __future__ import annotations

import os
import resource
import time
from typing import NamedTuple

from conclib.worker import processes

FEWEST_TASKS = 4  # with less left nothing can be shown
TRIES, PAUSE = 10, 0.01  # seconds between two
MOMENT = 3.0  # seconds: some systems' init takes its time
LOCKED = 65536  # bytes that may be locked in memory
WAITING = 256  # signals and timers
ADDRESSES = 8  # times the memory: stacks and reserves are addresses, and use no memory yet


class Limits(NamedTuple):
    """What the victim may use up.

    Attributes:
        tasks: processes and threads at a time, all together.
        memory: bytes, for each process by Linux, for all together by the keeper.
        output: bytes that it may print.
        seconds: of wall clock; and of each process's CPU time a little more.
        descriptors: open files of each process.
    """

    tasks: int = 40
    memory: int = 512 * 2**20
    output: int = 100_000
    seconds: float = 5.0
    descriptors: int = 64


def impose(limits: Limits) -> int:
    """Impose the limits on this process and all that it will start; return the limit on tasks.

    That is the one asked for, or half of what this user has left, if that is less.

    Raises:
        OSError: the limit on tasks does not hold here, or nothing is left.
    """
    tasks = _limit_tasks(limits.tasks)
    _set(resource.RLIMIT_DATA, limits.memory)
    _set(resource.RLIMIT_AS, limits.memory * ADDRESSES)
    _set(resource.RLIMIT_FSIZE, 0)
    _set(resource.RLIMIT_NOFILE, limits.descriptors)
    _set(resource.RLIMIT_CPU, int(limits.seconds) + 2)
    _set(resource.RLIMIT_MEMLOCK, LOCKED)
    _set(resource.RLIMIT_SIGPENDING, WAITING)
    _set(resource.RLIMIT_MSGQUEUE, 0)
    return tasks


def _set(which: int, value: int) -> None:
    hard = resource.getrlimit(which)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(which, (value, value))


def _limit_tasks(wanted: int) -> int:
    if _may_fork(1):
        raise OSError("the limit on processes (RLIMIT_NPROC) does not hold for this user here")
    hard = resource.getrlimit(resource.RLIMIT_NPROC)[1]
    top = 2**22 if hard == resource.RLIM_INFINITY else hard  # Linux has no higher numbers
    used = _used(top)
    allowed = min(wanted, (top - used) // 2)
    if allowed < FEWEST_TASKS:
        raise OSError(f"this user may start {top - used} more processes, which is not enough")
    _set(resource.RLIMIT_NPROC, used + allowed)
    return allowed


def _used(top: int) -> int:
    """Return how many tasks this user has: as many as twice in a row, or else the fewest found."""
    end = time.monotonic() + MOMENT
    while _zombies() and time.monotonic() < end:
        time.sleep(PAUSE)
    counts = [_lowest_that_forks(top) - 1]
    for _ in range(TRIES):
        time.sleep(PAUSE)
        counts.append(_lowest_that_forks(top) - 1)
        if counts[-1] == counts[-2]:
            break
    found = counts[-1] if counts[-1] == counts[-2] else min(counts)
    return max(found - len(_zombies()), 1)


def _zombies() -> list[int]:
    """Return the processes of this user that have ended and were not collected."""
    return [each.pid for each in processes.everything() if not each.alive and _own(each.pid)]


def _own(pid: int) -> bool:
    try:
        return os.stat(f"/proc/{pid}").st_uid == os.geteuid()
    except OSError:
        return False


def _lowest_that_forks(top: int) -> int:
    """Return the lowest limit under which this process can fork once: one more than there are."""
    low, high = 1, 2
    while not _may_fork(min(high, top)):
        if high >= top:
            raise OSError("this user may start no more processes")
        low, high = high, high * 2
    high = min(high, top)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _may_fork(middle) else (middle, high)
    return high


def _may_fork(limit: int) -> bool:
    """Tell whether one child can be started under a limit; it ends at once."""
    resource.setrlimit(resource.RLIMIT_NPROC, (limit, resource.getrlimit(resource.RLIMIT_NPROC)[1]))
    try:
        pid = os.fork()
    except BlockingIOError:
        return False
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    return True
