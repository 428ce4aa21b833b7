"""Which processes may be read at all, and the error that says why one may not."""

import os
from typing import Any

from conclib.probes._proc import key_numbers
from conclib.results import ConclibError, arguments

MAX_PID = 2**22  # the largest number that Linux gives to a process
GONE, FOREIGN, DENIED = "gone", "not yours", "denied"
REASONS = {
    GONE: "there is no such process; it may have ended. `ps -u $USER` lists yours",
    FOREIGN: "this process belongs to another user; only your own can be read",
    DENIED: (
        "the system does not let you read this process, although it is yours: a program that "
        "handles secrets or has changed its user is protected like this, and so is what runs in "
        "some containers"
    ),
}


class CannotInspect(ConclibError, ValueError):
    """This process cannot be read: it is gone, somebody else's, or it does not allow it.

    Attributes:
        pid: its number.
        reason: ``"gone"``, ``"not yours"`` or ``"denied"``.
    """

    def __init__(self, pid: int, reason: str) -> None:
        super().__init__(f"pid={pid}: {REASONS[reason]}")
        self.pid, self.reason = pid, reason

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.pid, self.reason)


def checked(pid: int | None) -> int:
    """Return the number of a process to look at; without one, that of this process.

    Raises:
        TypeError, ValueError: no whole number, or none that a process can have.
    """
    return os.getpid() if pid is None else arguments.integer("pid", pid, 1, MAX_PID)


def require_own(pid: int, status: str) -> None:
    """Refuse a process of another user.

    Root could read it; but nobody learns on a neighbour's process.

    Args:
        pid: its number.
        status: the text of its ``/proc/PID/status``, which everybody may read.

    Raises:
        CannotInspect: it runs for another user.
    """
    owner = key_numbers(status).get("Uid")
    if owner is not None and owner != os.getuid():
        raise CannotInspect(pid, FOREIGN)
