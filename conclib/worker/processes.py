"""Finding and killing processes that belong to one worker, wherever they went.

A group kill reaches every child that stayed in the worker's process group. A child that called
``setsid`` left it. But it still carries the worker's id in its environment, which Linux shows in
``/proc/PID/environ``: there we find it again. A process is killed through a *pidfd*, a handle to
that process alone: its number could meanwhile belong to somebody else.
"""

import os
import signal
from pathlib import Path

MARK = "CONCLIB_WORKER"
PROC = Path("/proc")
ROUNDS = 50  # a process that forks while we sweep needs another round


def _marks(pid: str) -> bytes:
    try:
        return (PROC / pid / "environ").read_bytes()
    except OSError:  # gone, a zombie, or somebody else's: none of ours
        return b""


def _marked(mark: bytes) -> list[int]:
    if not PROC.is_dir():
        return []
    pids = [entry for entry in os.listdir(PROC) if entry.isdigit()]
    return [int(pid) for pid in pids if mark in b"\0" + _marks(pid) and int(pid) != os.getpid()]


def belonging_to(worker_id: str) -> list[int]:
    """Return the pids of all living processes that carry this worker's id."""
    return _marked(f"\0{MARK}={worker_id}\0".encode())


def other_workers(own_ids: set[str]) -> int:
    """Return how many processes of *other* conclib workers run on this machine, as far as seen."""
    own = [f"\0{MARK}={one}\0".encode() for one in own_ids]
    everyone = _marked(f"\0{MARK}=".encode())
    return sum(not any(mark in b"\0" + _marks(str(pid)) for mark in own) for pid in everyone)


def kill_one(pid: int) -> None:
    """Send SIGKILL to one process by pidfd; one that is gone already is no error."""
    try:
        handle = os.pidfd_open(pid)
    except (OSError, AttributeError):
        return
    try:
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
            kill_one(pid)
    return found
