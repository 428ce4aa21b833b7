"""Interrupts that arrive at a chosen moment: Stop must end a worker, never lose one.

Python raises KeyboardInterrupt between any two bytecodes: after a process was created and before
it was stored, or in the middle of a ``finally``. Plain ``try/finally`` leaked workers in trials.
So while workers exist, our own handler is installed and *holds* interrupts, except in one window:

    with Interrupts() as interrupts:        # held
        workers = []
        try:
            try:
                workers.append(start())     # still held: cannot be lost
                interrupts.allow()          # the window opens; one that waited is raised now
                work(workers)
            finally:
                interrupts.held = True      # the window closes
        finally:
            end(workers)                    # held: clean-up completes

The trick that leaves no gap: *delivering* an interrupt closes the window. So of all interrupts
that come at most one is raised before the clean-up, and the outer ``finally`` runs undisturbed
even when that one strikes on the first bytecode of the inner one.

The handler is swapped, not the signal mask: a mask would be inherited by every child. Python calls
handlers in the main thread only, so in any other thread there is nothing to hold.
"""

import signal
import threading
from collections.abc import Callable
from types import FrameType


class Interrupts:
    """Hold SIGINT from ``with`` on; see the module's text for the pattern."""

    def __init__(self) -> None:
        self.held = True
        self._waiting = False
        self._previous: Callable[[int, FrameType | None], object] = signal.default_int_handler
        self._installed = False

    def __enter__(self) -> "Interrupts":
        previous = signal.getsignal(signal.SIGINT)
        if callable(previous) and threading.current_thread() is threading.main_thread():
            self._previous = previous
            signal.signal(signal.SIGINT, self._handle)
            self._installed = True
        return self

    def __exit__(self, kind: type | None, *_: object) -> None:
        if not self._installed:
            return
        signal.signal(signal.SIGINT, self._previous)
        if self._waiting and not (kind and issubclass(kind, KeyboardInterrupt)):
            self._deliver(None)  # also in place of another error: Stop is never forgotten

    def allow(self) -> None:
        """Open the window: interrupts are raised from here on, one that waited right now."""
        self.held = False
        if self._waiting:
            self._deliver(None)

    def _handle(self, _signum: int, frame: FrameType | None) -> None:
        if self.held:
            self._waiting = True
        else:
            self._deliver(frame)

    def _deliver(self, frame: FrameType | None) -> None:
        self.held, self._waiting = True, False
        self._previous(signal.SIGINT, frame)  # raises KeyboardInterrupt, as it always did
        self.held = False  # unless somebody's handler only takes note: then the work goes on
