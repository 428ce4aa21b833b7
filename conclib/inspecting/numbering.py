"""Whether ``/proc`` lists processes by the numbers that we know: asked before it is read."""

import os
from pathlib import Path

PROC = "/proc"
NO_PROC = "there is no /proc here, where Linux shows its processes"
OTHER_NAMESPACE = "/proc shows the processes of another PID namespace here"


def unusable(proc: str) -> str:
    """Return why the numbers there are not ours, or nothing if they are.

    Args:
        proc: where processes are listed; of another place than ``/proc``, which was recorded,
            only that it is there is asked.
    """
    if not Path(proc).is_dir():
        return NO_PROC
    try:
        own = str(Path(proc, "self").readlink() if proc == PROC else os.getpid())
    except OSError:  # an empty one
        return NO_PROC
    return "" if own == str(os.getpid()) else OTHER_NAMESPACE
