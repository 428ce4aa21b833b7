"""Reading a worker: one JSON object a line, standard error drained beside it, and never endless.

A pipe holds about 64 kB. Who reads only one of two pipes deadlocks as soon as the other is full,
so both are watched at once. What a probe prints is kept up to a cap and thrown away beyond it,
with a notice.
"""

import os
import selectors
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from conclib.results import hooks
from conclib.results.errors import Cancelled, ProtocolError, WorkerTimeout
from conclib.worker import messages, texts

if TYPE_CHECKING:
    from conclib.worker.forms import Message

KEEP_PRINTED = 64 * 1024
MAX_LINE = 2 * 2**20  # bytes: facts of some thousand numbers are 100 kB, a batch is 2 kB
POLL = 0.05  # seconds between two looks at the stop flag


class Channel:
    """The caller's ends of a worker's report and standard-error pipes."""

    def __init__(
        self,
        report: int,
        printed: int,
        clock: Callable[[], float] = time.monotonic,
        ended: Callable[[], bool] = lambda: False,
    ) -> None:
        messages.load()
        self._fds = {report: "report", printed: "printed"}
        self._clock = clock
        self._ended = ended
        self._selector = selectors.DefaultSelector()
        for fd in self._fds:
            os.set_blocking(fd, False)
            self._selector.register(fd, selectors.EVENT_READ)
        self._pending = bytearray()
        self._printed = bytearray()
        self._dropped = 0
        self._report_open = True

    def close(self) -> None:
        """Close both pipes."""
        self._selector.close()
        for fd in self._fds:
            os.close(fd)
        self._fds = {}

    def printed(self) -> str:
        """Return what the worker printed, as it may be shown, with a notice where it was cut."""
        text = texts.visible(self._printed.decode("utf-8", "replace"))
        if self._dropped:
            text += f"\n[... {self._dropped:,} more bytes printed, not kept]"
        return text

    def tail(self) -> str:
        """Return the last lines of what the worker printed, for an error message."""
        lines = [line for line in self.printed().strip().splitlines() if line.strip()]
        return "\n".join(lines[-6:])[-1500:] or "It printed nothing."

    def receive(self, until: float, stop: threading.Event | None = None) -> "Message | None":
        """Return the worker's next message; ``None`` when its report pipe or itself has ended.

        A child of a worker that has crashed may hold the pipe open: then no end of it ever comes.

        Args:
            until: the deadline, on the channel's clock (seconds).
            stop: set by somebody who wants this to end.

        Raises:
            Cancelled: ``stop`` was set.
            WorkerTimeout: the deadline came first.
            ProtocolError: what came is not a message of Protocol 2 in one line.
        """
        while b"\n" not in self._pending:
            if not self._report_open:
                self._require_whole_line()
                return None
            if not self.pause(until, stop) and self._ended() and not self._wait(0):
                self._report_open = False
        line, _, self._pending = self._pending.partition(b"\n")
        return self._message(bytes(line))

    def pause(self, until: float, stop: threading.Event | None = None) -> bool:
        """Wait a moment for something to read, and read it; let others know that time goes by.

        Return whether anything came.

        Raises:
            Cancelled, WorkerTimeout, ProtocolError: as :meth:`receive`.
        """
        if stop is not None and stop.is_set():
            raise Cancelled("stopped: this measurement was cancelled and nothing of it kept")
        left = until - self._clock()
        if left <= 0:
            raise WorkerTimeout("the measuring process was busy at its deadline and was killed")
        hooks.on_wait.fire()
        return self._wait(min(left, POLL))

    def drain(self, seconds: float) -> None:
        """Read what is left of standard error, for at most ``seconds``."""
        until = self._clock() + seconds
        while self._selector.get_map() and self._clock() < until:
            if not self._wait(0):
                break

    def _wait(self, seconds: float) -> bool:
        events = self._selector.select(seconds)
        for key, _ in events:
            self._take(key.fd)
        return bool(events)

    def _take(self, fd: int) -> None:
        try:
            data = os.read(fd, 65536)
        except BlockingIOError:
            return
        if not data:
            self._forget(fd)
        elif self._fds[fd] == "report":
            self._pending += data
            if len(self._pending) > MAX_LINE:
                self._forget(fd)  # there may be no end to it
                raise self._garbage(f"a line of more than {MAX_LINE // 2**20} MB")
        else:
            room = KEEP_PRINTED - len(self._printed)
            self._printed += data[:room]
            self._dropped += max(0, len(data) - room)

    def _forget(self, fd: int) -> None:
        """Read no more from one of the pipes."""
        self._selector.unregister(fd)
        self._report_open = self._report_open and self._fds[fd] != "report"

    def _require_whole_line(self) -> None:
        if self._pending:
            half, self._pending = bytes(self._pending), bytearray()
            raise self._garbage(f"half a line: {half[:80]!r}")

    def _message(self, line: bytes) -> "Message":
        try:
            return messages.decode(line)
        except ValueError as error:
            raise self._garbage(f"{line[:80]!r} ({error})") from None

    def _garbage(self, what: str) -> ProtocolError:
        self.drain(0.2)
        heard = f"the measuring process said {what}, which is not Protocol 2"
        return ProtocolError(f"{heard}. {self.tail()}")
