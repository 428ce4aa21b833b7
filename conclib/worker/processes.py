"""Finding and killing processes that belong to one worker, wherever they went.

A group kill reaches every child that stayed in the worker's process group. A child that called
``setsid`` left it. But it still carries the worker's id in its environment, which Linux shows in
``/proc/PID/environ``: there we find it again; or, if that was emptied, in the worker's folder. It
is killed through a *pidfd*, a handle to that process alone: its number could meanwhile belong to
somebody else.

The lifeline ends a killed caller's workers at once, but by group as well. What had left the group
is found by the next caller: the id tells whose worker it was, and whether that one is gone.
"""

import os
import signal
from pathlib import Path

from conclib.worker import folders

MARK = "CONCLIB_WORKER"
PROC = Path("/proc")
EMPTIED = b"\0"  # the environment of a process that was given none
ROUNDS = 50  # a process that forks while we sweep needs another round


def _environment(pid: int) -> bytes:
    """Return a process's environment with NUL at both ends; nothing if it cannot be read."""
    try:
        return b"\0" + (PROC / str(pid) / "environ").read_bytes()
    except OSError:  # gone, a zombie, or somebody else's: none of ours
        return b""


def _pids() -> list[int]:
    """Return all processes but this one."""
    if not PROC.is_dir():
        return []
    return [int(name) for name in os.listdir(PROC) if name.isdigit() and int(name) != os.getpid()]


def _marked(mark: bytes) -> list[int]:
    return [pid for pid in _pids() if mark in _environment(pid)]


def _mark(worker_id: str) -> bytes:
    return f"\0{MARK}={worker_id}\0".encode()


def _worker_of(pid: int) -> str:
    """Return the id of the worker that a process belongs to; empty if it is gone."""
    value = _environment(pid).partition(f"\0{MARK}=".encode())[2]
    return value.partition(b"\0")[0].decode(errors="replace")


def belonging_to(worker_id: str) -> list[int]:
    """Return the pids of all living processes that carry this worker's id.

    A process whose environment was emptied is found by the worker's folder, in which it lives. One
    that also went elsewhere, or got another environment, is lost: somebody who only looks into the
    folder from a terminal must never be taken for ours.
    """
    return [pid for pid in _pids() if _belongs(pid, worker_id)]


def _belongs(pid: int, worker_id: str) -> bool:
    environment = _environment(pid)
    if environment != EMPTIED:
        return _mark(worker_id) in environment
    try:
        return (PROC / str(pid) / "cwd").readlink().name.split(" ")[0] == worker_id
    except OSError:  # gone, or somebody else's
        return False


def other_workers(own_ids: set[str]) -> int:
    """Return how many processes of *other* conclib workers run on this machine, as far as seen."""
    everyone = _marked(f"\0{MARK}=".encode())
    return sum(_worker_of(pid) not in {*own_ids, ""} for pid in everyone)


def kill_one(pid: int, worker_id: str) -> None:
    """Send SIGKILL by pidfd to a process of this worker; one that is gone already is no error."""
    try:
        handle = os.pidfd_open(pid)
    except (OSError, AttributeError):
        return
    try:
        if _belongs(pid, worker_id):  # still the process that we have found
            signal.pidfd_send_signal(handle, signal.SIGKILL)
    except OSError:
        pass
    finally:
        os.close(handle)


def sweep(worker_id: str) -> int:
    """Kill what still carries the worker's id, until nothing does; return how many were found."""
    found = 0
    for _ in range(ROUNDS):
        pids = belonging_to(worker_id)
        if not pids:
            break
        found += len(pids)
        for pid in pids:
            kill_one(pid, worker_id)
    return found


def sweep_abandoned() -> None:
    """Kill what had left its worker's group when the worker's caller was killed."""
    for pid in _marked(f"\0{MARK}=".encode()):
        worker_id = _worker_of(pid)
        if folders.owner_gone(worker_id) and _same_numbers(pid):
            kill_one(pid, worker_id)


def _same_numbers(pid: int) -> bool:
    """Tell whether a process counts pids as we do; one in a container counts its own."""
    try:
        own, other = ((PROC / name / "ns/pid").readlink() for name in ("self", str(pid)))
    except OSError:
        return False
    return own == other
