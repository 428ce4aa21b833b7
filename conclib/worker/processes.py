"""Processes as Linux lists them: what is there, whose child it is, and one signal to one of them.

A number alone is not a process: when it has ended and was collected, the number is given to another
one. So a process is a number *and* the moment at which it started, and a signal goes through a
*pidfd*, a handle to that process alone. Where there is none (an older Linux, a container that
forbids it), the moment is looked at just before the signal.

The numbers in ``/proc`` are those of the PID namespace that it was mounted for. Where that is not
ours they mean other processes, and it is as if there were no ``/proc``.
"""

from __future__ import annotations  # a keeper may be an older Python

import os
import signal
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from conclib.probes._proc import parse_stat

PROC = Path("/proc")
OVER = "ZX"  # states of what has ended and only waits to be collected
HALTED = "TtZX"  # ... or runs no more
WAITS = "D"  # cannot be stopped now; with a signal that waits for it, it runs no code of its own


class Process(NamedTuple):
    """A process at the moment of looking: numbers of it, its parent, session, state and start.

    ``thread`` is the number of the thread that speaks for it, if that is not the first one: the
    first may have ended, and then shows as a zombie, while others go on.
    """

    pid: int
    parent: int
    state: str
    start: int
    session: int = 0
    thread: int = 0

    @property
    def key(self) -> tuple[int, int]:
        """What no other process has: number and start."""
        return self.pid, self.start

    @property
    def alive(self) -> bool:
        """Whether it has not ended."""
        return self.state not in OVER


def listed() -> bool:
    """Tell whether ``/proc`` is there, and its numbers are those that this process uses."""
    try:
        return os.readlink(f"{PROC}/self") == str(os.getpid())  # noqa: PTH115 -- quick: often asked
    except OSError:
        return False


def look(pid: int) -> Process | None:
    """Return what Linux lists of one process; ``None`` if it is gone or cannot be seen."""
    return _look(pid) if listed() else None


def _look(pid: int) -> Process | None:
    try:
        found = _stat(str(pid))
    except (OSError, ValueError):
        return None
    state, thread = str(found["state"]), 0
    if state in OVER and int(found["threads"]) > 1:
        state, thread = _living_thread(pid) or (state, thread)
    parent, start, session = (int(found[name]) for name in ("ppid", "starttime", "session"))
    return Process(pid, parent, state, start, session, thread)


def _living_thread(pid: int) -> tuple[str, int] | None:
    """Return state and number of a thread of a process that goes on; ``None`` if there is none."""
    for thread in _names(f"{pid}/task"):
        try:
            state = str(_stat(f"{pid}/task/{thread}")["state"])
        except (OSError, ValueError):  # it has ended meanwhile
            continue
        if state not in OVER:
            return state, thread
    return None


def _stat(entry: str) -> dict[str, int | str]:
    return parse_stat(_contents(f"{entry}/stat").decode(errors="replace"))


def everything(known: Mapping[int, Process] | None = None) -> Iterator[Process]:
    """Yield all processes but this one.

    Args:
        known: by number, those that need not be looked at again: they have ended, and nobody will
            collect them meanwhile.
    """
    for pid in _names("") if listed() else ():
        found = known[pid] if known and pid in known else _look(pid)
        if found and found.pid != os.getpid():
            yield found


def still(process: Process) -> bool:
    """Tell whether this very process lives, and not another one with its number."""
    now = look(process.pid)
    return now is not None and now.start == process.start and now.alive


def gone(pid: int, start: int) -> bool:
    """Tell whether the process of this number and start has surely ended; ``False`` in any doubt.

    What /proc does not show may live all the same: hidden (mount option ``hidepid``), or not to be
    read because no descriptor is left. So Linux is asked for the number in another way too.
    """
    now = look(pid)
    if now is not None:
        return now.start != start or not now.alive
    try:
        os.kill(pid, 0)  # no signal: only whether there is somebody to get one
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):  # another user's; no number that a process can have
        pass
    return False


def send(process: Process, number: int) -> None:
    """Send a signal to this very process; one that has ended, or another user's, is no error.

    Never to init, a whole group, or this process itself.
    """
    if process.pid <= 1 or process.pid == os.getpid():
        return
    try:
        handle = os.pidfd_open(process.pid)
    except (OSError, AttributeError):  # gone; or a system that does not have it, or forbids it
        handle = None
    try:
        if still(process) and not (handle is not None and _sent(handle, number)):
            _send_by_number(process, number)
    finally:
        if handle is not None:
            os.close(handle)


def _sent(handle: int, number: int) -> bool:
    """Send a signal by a handle; return whether that could be done."""
    try:
        signal.pidfd_send_signal(handle, number)
    except ProcessLookupError:  # it has ended: nobody else may get it by its number
        return True
    except (OSError, AttributeError):  # a container may allow the handle alone
        return False
    return True


def _send_by_number(process: Process, number: int) -> None:
    try:
        if still(process):
            os.kill(process.pid, number)
    except OSError:
        pass


def read(process: Process, name: str) -> bytes:
    """Return one of a process's files under ``/proc``; nothing if it is gone or not ours."""
    try:
        return _contents(f"{_entry(process)}/{name}")
    except OSError:
        return b""


def link(process: Process, name: str) -> str:
    """Return where one of a process's links under ``/proc`` leads; nothing as in :func:`read`."""
    try:
        return os.readlink(f"{PROC}/{_entry(process)}/{name}")  # noqa: PTH115 -- quick: for all
    except OSError:
        return ""


def open_files(process: Process) -> Iterator[tuple[str, str]]:
    """Yield where each descriptor of a process leads, and its number."""
    for fd in _names(f"{_entry(process)}/fd"):
        yield link(process, f"fd/{fd}"), str(fd)


def writable(process: Process, fd: str) -> bool:
    """Tell whether a process may write to one of its descriptors."""
    try:
        return bool(os.lstat(f"{PROC}/{_entry(process)}/fd/{fd}").st_mode & stat.S_IWUSR)
    except OSError:  # gone, or not ours to look at
        return False


def children(pid: int) -> list[int] | None:
    """Return the numbers of a process's children by Linux's own list; ``None`` where it has none.

    The list is right for a process that is stopped. Then nobody has to look at all the others.
    """
    tasks = _names(f"{pid}/task") if listed() else []
    try:
        lists = [_contents(f"{pid}/task/{task}/children") for task in tasks]
    except OSError:
        return None
    return [int(number) for each in lists for number in each.split()] if tasks else None


def newest() -> int:
    """Return the number that Linux has given last to a process or thread; 0 if it is not known."""
    try:
        return int(_contents("loadavg").split()[-1])
    except (OSError, ValueError, IndexError):
        return 0


def collect(process: Process) -> None:
    """Collect a process that has ended, if it is a child of this one."""
    now = look(process.pid)
    if now and (now.start, now.parent) == (process.start, os.getpid()):
        try:
            os.waitpid(process.pid, os.WNOHANG)
        except ChildProcessError:  # somebody else here has done it
            pass


def _entry(process: Process) -> str:
    return f"{process.pid}/task/{process.thread}" if process.thread else str(process.pid)


def _names(folder: str) -> list[int]:
    """Return the names in a folder under ``/proc`` that are numbers; none if it cannot be read."""
    try:
        names = os.listdir(f"{PROC}/{folder}")
    except OSError:
        return []
    return [int(name) for name in names if name.isascii() and name.isdigit()]


def _contents(name: str) -> bytes:
    with open(f"{PROC}/{name}", "rb", buffering=0) as file:  # noqa: PTH123 -- quick: for all
        return file.read()
