"""One measurement at a time: in this notebook by a lock, and beside other notebooks by a note."""

import threading
from collections.abc import Callable
from typing import TypeVar

from conclib.results import ConclibError, hooks
from conclib.worker import Interrupts, other_workers

BUSY = "another measurement is under way in this notebook: stop it, or wait"
CROWDED = "another conclib was measuring on this machine at the same time"
Result = TypeVar("Result")
_busy = threading.Lock()


def alone(work: Callable[[], Result]) -> Result:
    """Call ``work`` while nothing else is measured here; an interrupt cannot leave us busy.

    Raises:
        ConclibError: something else is being measured or observed in this notebook.
    """
    with Interrupts() as interrupts:
        if not _busy.acquire(blocking=False):
            raise ConclibError(BUSY)
        try:
            try:
                interrupts.allow()
                return work()
            finally:
                interrupts.held = True
                hooks.on_end.fire()
        finally:
            _busy.release()


def crowded() -> bool:
    """Return whether another conclib measures on this machine, while no worker of ours lives."""
    return other_workers(set()) > 0
