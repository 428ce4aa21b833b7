"""Names in shared memory that a worker's family holds, so that they can be unlinked after it.

Python registers a block or a semaphore with its resource tracker, which unlinks what its makers
have left. But a worker can be ended between the making and the registering, while the tracker is
just being started. So we look ourselves, while everybody is stopped: whoever has made a name still
has it open, or mapped. A name that was there before the worker, or another user's, is not ours.
"""

import os
from collections.abc import Iterable
from pathlib import Path

from conclib.worker import processes
from conclib.worker.processes import Process

FOLDER = "/dev/shm/"
KINDS = ("psm_", "sem.mp-", "sem.conclib-worker-")  # as multiprocessing names them, and we
COARSE = 0.05  # seconds: a file's times come from a clock that stands still for some milliseconds


def held(family: Iterable[Process]) -> set[Path]:
    """Return the names of shared memory that some processes have open or mapped."""
    found = {path for process in family for path in (*_open(process), *_mapped(process))}
    kinds = tuple(FOLDER + kind for kind in KINDS)
    return {Path(path) for path in found if path.startswith(kinds)}


def _open(process: Process) -> list[str]:
    return [target for target, _ in processes.open_files(process)]


def _mapped(process: Process) -> list[str]:
    lines = processes.read(process, "maps").decode(errors="replace").splitlines()
    return [FOLDER + line.partition(FOLDER)[2] for line in lines if f" {FOLDER}" in line]


def unlink(paths: Iterable[Path], since: float) -> None:
    """Unlink those of some names that this user has made after a moment (``time.time()``)."""
    for path in paths:
        try:
            status = path.stat()
            if status.st_uid == os.geteuid() and status.st_ctime >= since - COARSE:
                path.unlink()
        except OSError:  # the tracker has done it
            continue
