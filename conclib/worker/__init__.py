"""The only package that starts, bounds, talks to and reaps a child process.

Everything goes through :func:`run_workers`. It starts the workers, hands them to a function, and
has ended every one of them, with all that they started, before it returns or raises.
"""

import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

from conclib.worker import folders, marks
from conclib.worker.endings import ended_how
from conclib.worker.interrupts import Interrupts
from conclib.worker.marks import other_workers
from conclib.worker.request import Request
from conclib.worker.session import Worker

__all__ = ["Interrupts", "Request", "Worker", "ended_how", "other_workers", "run_workers"]

Result = TypeVar("Result")
_swept = False


def run_workers(
    requests: Sequence[Request],
    use: Callable[[list[Worker]], Result],
    *,
    deadline: float,
    stop: threading.Event | None = None,
) -> Result:
    """Start a worker for each request, call ``use`` with them, end them all, return its result.

    Args:
        requests: what each worker shall do.
        use: talks to the workers; the only part in which an interrupt can strike.
        deadline: seconds of wall clock after which a busy worker is killed.
        stop: an event that somebody may set to have it stopped (noticed within 0.1 s).

    Raises:
        WorkerError, WorkerTimeout, ProtocolError, Unavailable, Cancelled, KeyboardInterrupt:
            after everything was cleaned up.
    """
    _sweep_once()
    with Interrupts() as interrupts:
        workers: list[Worker] = []
        try:
            try:
                for request in requests:
                    workers.append(Worker(request, deadline, stop))
                    workers[-1].start()
                interrupts.allow()
                return use(workers)
            finally:
                interrupts.held = True
        finally:
            _end_all(workers)


def _end_all(workers: list[Worker]) -> None:
    """End each worker, also when ending another one failed."""
    failures = []
    for worker in workers:
        try:
            worker.end()
        except Exception as failure:
            failures.append(failure)
    if failures:
        raise failures[0]


def _sweep_once() -> None:
    """Once in a caller's life, remove what killed callers left."""
    global _swept  # noqa: PLW0603 -- one flag for the whole process is what is meant
    if not _swept:
        _swept = True
        marks.sweep_abandoned()
        folders.sweep_abandoned()
