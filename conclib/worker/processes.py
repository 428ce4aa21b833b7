"""Processes as Linux lists them: what is there, whose child it is, and one signal to one of them.

A number alone is not a process: when it has ended and was collected, the number is given to another
one. So a process is a number *and* the moment at which it started, and a signal goes through a
*pidfd*, a handle to that process alone. Where there is none (an older Linux, a container that
forbids it), the moment is looked at just before the signal.
"""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from conclib.probes._proc import parse_stat

PROC = Path("/proc")
OVER = "ZX"  # states of what has ended and only waits to be collected
HALTED = "TtZX"  # ... or runs no more


class Process(NamedTuple):
    """A process at the moment of looking: its number, its parent's, its state, and its start."""

    pid: int
    parent: int
    state: str
    start: int

    @property
    def alive(self) -> bool:
        """Whether it has not ended."""
        return self.state not in OVER


def look(pid: int) -> Process | None:
    """Return what Linux lists of one process; ``None`` if it is gone (or there is no /proc)."""
    try:
        stat = parse_stat(_contents(pid, "stat").decode(errors="replace"))
    except (OSError, ValueError):
        return None
    return Process(pid, int(stat["ppid"]), str(stat["state"]), int(stat["starttime"]))


def everything() -> Iterator[Process]:
    """Yield all processes but this one."""
    try:
        names = os.listdir(PROC)
    except OSError:
        return
    for name in names:
        found = look(int(name)) if name.isascii() and name.isdigit() else None
        if found and found.pid != os.getpid():
            yield found


def still(process: Process) -> bool:
    """Tell whether this very process lives, and not another one with its number."""
    now = look(process.pid)
    return now is not None and now.start == process.start and now.alive


def send(process: Process, number: int) -> None:
    """Send a signal to this very process; one that has ended, or another user's, is no error."""
    try:
        handle = os.pidfd_open(process.pid)
    except (OSError, AttributeError):  # gone; or a system that does not have it, or forbids it
        handle = None
    try:
        if not still(process):
            return
        if handle is None:
            os.kill(process.pid, number)
        else:
            signal.pidfd_send_signal(handle, number)
    except OSError:
        pass
    finally:
        if handle is not None:
            os.close(handle)


def read(process: Process, name: str) -> bytes:
    """Return one of a process's files under ``/proc``; nothing if it is gone or not ours."""
    try:
        return _contents(process.pid, name)
    except OSError:
        return b""


def _contents(pid: int, name: str) -> bytes:
    with open(f"{PROC}/{pid}/{name}", "rb", buffering=0) as file:  # noqa: PTH123 -- quick: for all
        return file.read()


def childless(pid: int) -> bool:
    """Tell whether a process surely has no child, by Linux's own list where it keeps one.

    The list is right for a process that is stopped. Then nobody has to look at all the others.
    """
    try:
        tasks = os.listdir(f"{PROC}/{pid}/task")
        return not any(_contents(pid, f"task/{task}/children") for task in tasks)
    except OSError:
        return False
