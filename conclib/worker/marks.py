"""By what a process is known to have been started by a worker that it does not descend from.

While a worker lives, most of what it has started is found by its parents (``family.py``). But a
worker that has crashed, or that Linux killed because its caller was killed, leads nowhere any more;
and a probe can make children that are not its own (``clone`` with CLONE_PARENT), or give orphans
away. They are known all the same, by signs that only a child of the worker can have:

* its **session**, which one has to be born in;
* its **name**, in the environment that a child inherits and Linux shows in ``/proc/PID/environ``;
  or, where the environment was emptied, as the folder that the process is in;
* the **pipe** that a worker prints into, open for writing: the caller itself has closed that end.

A process that has none of them left is lost.
"""

import signal
from collections.abc import Iterator
from typing import NamedTuple

from conclib.worker import names, processes
from conclib.worker.processes import Process

MARK = "CONCLIB_WORKER"
EMPTIED = b"\0"  # the environment of a process that was given none


class Signs(NamedTuple):
    """What only the children of one worker have: its name, its session, the pipe's inode."""

    name: str
    session: int = 0
    pipe: int = 0


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


def belongs(process: Process, signs: Signs) -> bool:
    """Tell whether a process has one of a worker's signs; one that has ended shows its session.

    Somebody who only looks into the worker's folder from a terminal has an environment of its own,
    and must never be taken for ours.
    """
    if signs.session and process.session == signs.session:
        return True
    environment = _environment(process)
    if f"\0{MARK}={signs.name}\0".encode() in environment:
        return True
    if environment == EMPTIED and _folder(process) == signs.name:
        return True
    return bool(signs.pipe) and _writes(process, f"pipe:[{signs.pipe}]")


def _folder(process: Process) -> str:
    """Return the name of the folder that a process is in, also where that has been removed."""
    return processes.link(process, "cwd").rpartition("/")[2].removesuffix(" (deleted)")


def _writes(process: Process, pipe: str) -> bool:
    fds = [fd for target, fd in processes.open_files(process) if target == pipe]
    return any(processes.writable(process, fd) for fd in fds)


def other_workers(own_ids: set[str]) -> int:
    """Return how many processes of *other* conclib workers run on this machine, as far as seen."""
    return sum(_worker_of(each) not in {*own_ids, ""} for each in _marked(f"\0{MARK}=".encode()))


def sweep_abandoned() -> None:
    """Kill what had left its worker's group when the worker's caller was killed."""
    for process in _marked(f"\0{MARK}=".encode()):
        if names.abandoned(_worker_of(process)):
            processes.send(process, signal.SIGKILL)
