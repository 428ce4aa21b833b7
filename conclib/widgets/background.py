"""One piece of work at a time beside the notebook: a reader thread with a stop and an end.

    callbacks (main thread, or another)        reader thread
    run(work) -------------------------------> work(stop event): reads a worker's pipes
    stop()    sets the event                   <- raises Cancelled within a tenth of a second
    close()   stops, and waits for the end

A notebook handles one message after another, so a callback that measured by itself would keep Stop
waiting until all is over. The thread forks nothing and times nothing: that is a worker's business,
another process. It is a daemon: it keeps no kernel from ending, and a worker dies with its caller.
"""

import contextlib
import threading
from collections.abc import Callable

from conclib.results import ConclibError, hooks

BUSY = "A measurement is under way here. Press Stop, or wait until it has ended."
CLOSED = "This panel is closed. Run its cell again for a new one."


class Background:
    """Runs one piece of work at a time in a thread of its own."""

    def __init__(self) -> None:
        self.guard = threading.RLock()
        self.running = self.closed = False
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def stopping(self) -> bool:
        """Whether the end has been asked for."""
        return self._stop.is_set()

    def claim(self) -> threading.Event:
        """Begin, in whatever thread; return the event that asks for the end.

        Raises:
            ConclibError: something runs already, or this is closed.
        """
        with self.guard:
            if self.running or self.closed:
                raise ConclibError(BUSY if self.running else CLOSED)
            self.running, self._stop = True, threading.Event()
            return self._stop

    def release(self) -> None:
        """End what :meth:`claim` began."""
        with self.guard:
            self.running = False

    def run(self, work: Callable[[], object]) -> None:
        """Call ``work`` in the reader thread and return at once.

        What it raises is dropped: ``work`` has told the student before.
        """

        def quietly() -> None:
            with contextlib.suppress(Exception), hooks.asking("panel"):
                work()

        self._thread = threading.Thread(target=quietly, name="conclib panel", daemon=True)
        self._thread.start()

    def stop(self) -> bool:
        """Ask for the end; return whether anything was running."""
        with self.guard:
            if self.running:
                self._stop.set()
            return self.running

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for the thread's end, at most ``seconds``; return whether it has ended."""
        thread = self._thread
        if thread is None or thread is threading.current_thread():
            return True
        thread.join(seconds)
        return not thread.is_alive()

    def close(self) -> None:
        """Stop what is running, wait for its end, and let nothing begin any more."""
        with self.guard:
            self.closed = True
            self._stop.set()
        self.wait()
