"""Finding what a worker started once the worker itself is gone: by the mark that it carries.

While a worker lives, its descendants are found by their parents (``family.py``). A worker that has
crashed, or that Linux killed because its caller was killed, leads nowhere any more. But its name
stands in the environment of all that it started, which Linux shows in ``/proc/PID/environ``: there
we find it again; or, if the environment was emptied, in the worker's folder. A process that has
both another environment and another folder is lost.
"""

import signal
from collections.abc import Iterator

from conclib.worker import names, processes
from conclib.worker.processes import PROC, Process

MARK = "CONCLIB_WORKER"
EMPTIED = b"\0"  # the environment of a process that was given none
ROUNDS = 50  # a process that forks while we sweep needs another round


def _environment(process: Process) -> bytes:
    """Return a process's environment with NUL at both ends; nothing if it cannot be read."""
    text = processes.read(process, "environ")
    return b"\0" + text


def _marked(mark: bytes) -> Iterator[Process]:
    return (each for each in processes.everything() if each.alive and mark in _environment(each))


def _worker_of(process: Process) -> str:
    """Return the name of the worker that a process belongs to; empty if it is gone."""
    value = _environment(process).partition(f"\0{MARK}=".encode())[2]
    return value.partition(b"\0")[0].decode(errors="replace")


def belonging_to(worker_id: str) -> list[Process]:
    """Return all living processes that carry this worker's name.

    A process whose environment was emptied is found by the worker's folder, in which it lives.
    Somebody who only looks into the folder from a terminal has an environment of its own, and must
    never be taken for ours.
    """
    return [each for each in processes.everything() if each.alive and _belongs(each, worker_id)]


def _belongs(process: Process, worker_id: str) -> bool:
    environment = _environment(process)
    if environment != EMPTIED:
        return f"\0{MARK}={worker_id}\0".encode() in environment
    try:
        return (PROC / str(process.pid) / "cwd").readlink().name.split(" ")[0] == worker_id
    except OSError:  # gone, or somebody else's
        return False


def other_workers(own_ids: set[str]) -> int:
    """Return how many processes of *other* conclib workers run on this machine, as far as seen."""
    return sum(_worker_of(each) not in {*own_ids, ""} for each in _marked(f"\0{MARK}=".encode()))


def sweep(worker_id: str) -> int:
    """Kill what still carries the worker's name, until nothing does; return how many were found."""
    found = 0
    for _ in range(ROUNDS):
        left = belonging_to(worker_id)
        if not left:
            break
        found += len(left)
        for process in left:
            processes.send(process, signal.SIGKILL)
    return found


def sweep_abandoned() -> None:
    """Kill what had left its worker's group when the worker's caller was killed."""
    for process in _marked(f"\0{MARK}=".encode()):
        if names.abandoned(_worker_of(process)):
            processes.send(process, signal.SIGKILL)
