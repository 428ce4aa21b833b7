"""One worker, from its start to its end: a fresh Python process that measures one probe.

    caller                                   worker (own session and process group)
      |  request pipe   one JSON object  ->    reads, loads the probe file, sets up
      |  report pipe    one JSON a line  <-    ready, phase, batch ..., done; or events, facts
      |  error pipe     what it prints   <-
      |  lifeline       never written to ->    when the caller dies, Linux kills the whole group

The interpreter runs isolated (``-I``) and, unless a probe needs an installed package, without the
site module (``-S``): small, quick to start, and blind to a ``random.py`` beside the notebook.

A worker never leaves by itself: after its last message it waits to be ended, so that what it has
started can still be found from it. The end is always the same: stop it, end it with its family
(``family.py``), collect it (until then a zombie keeps its number from being used again), remove its
folder. See ``interrupts.py`` for why this cannot be skipped.
"""

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from conclib.results import hooks
from conclib.results.errors import ProtocolError, Unavailable, WorkerError, WorkerTimeout
from conclib.worker import endings, folders, marks, messages
from conclib.worker.channel import Channel
from conclib.worker.family import Family
from conclib.worker.request import Request

if TYPE_CHECKING:
    from conclib.worker.forms import Message

Expected = TypeVar("Expected", bound="Message")
KEPT = ("PATH", "HOME", "LD_LIBRARY_PATH")  # some Pythons find their own library by the last one
GRACE = 1.0  # seconds between the end of its messages and its own, for one that has crashed

_alive: set["Worker"] = set()


def _forget_in_child() -> None:
    """Close a fork's copies of our ends: they would keep the lifeline whole when we are killed."""
    for worker in _alive:
        worker.let_go()
    _alive.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_in_child)


class Worker:
    """A running worker. Made by :func:`conclib.worker.run_workers`, which also ends it."""

    def __init__(self, request: Request, deadline: float, stop: threading.Event | None) -> None:
        if os.name != "posix":
            raise Unavailable("measuring processes need pipes and process groups as POSIX has them")
        self.request = request
        self.returncode: int | None = None
        self._since = time.time()
        self._until = time.monotonic() + deadline
        self._deadline = deadline
        self._phase = ""  # the named phase that the deadline is for, in words
        self._stop = stop
        self._samples = 0  # how many values were asked for last
        self._prints_into = 0  # the inode of the pipe into which it prints
        self._open: list[int] = []
        self._folder = folders.make()
        self.id = Path(self._folder).name
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: Channel | None = None
        _alive.add(self)

    # Start ------------------------------------------------------------------------------------
    def start(self) -> None:
        """Start the process; the caller holds interrupts and will call :meth:`end`.

        Raises:
            WorkerError: it cannot be started: no more processes, descriptors, memory ...
        """
        try:
            self._start()
        except OSError as failure:
            raise WorkerError(f"no measuring process could be started: {failure}") from None

    def _start(self) -> None:
        request, self._ask = self._pipe()
        report, said = self._pipe()
        printed, error = self._pipe()
        lifeline, self._lifeline = self._pipe()
        os.set_blocking(self._ask, False)
        theirs = (request, said, lifeline)
        self._channel = Channel(report, printed, ended=self._has_ended)
        self._prints_into = os.fstat(printed).st_ino
        self._open.remove(report)  # the channel owns these two now
        self._open.remove(printed)
        self._process = subprocess.Popen(
            self._command(*theirs),
            stdin=subprocess.DEVNULL,
            stdout=error,
            stderr=error,
            env=self._environment(),
            cwd=self._folder,
            pass_fds=theirs,
            start_new_session=True,
        )
        for fd in (*theirs, error):
            self._close(fd)

    def _pipe(self) -> tuple[int, int]:
        ends = os.pipe()
        self._open += ends
        first, second = map(self._above_standard, ends)
        return first, second

    def _above_standard(self, fd: int) -> int:
        """Move a descriptor out of the way of standard input, output and error.

        A caller without them (a service, say) gets their numbers for its next files, and Popen
        would put the worker's own over them.
        """
        if fd > 2:
            return fd
        import fcntl  # only where there are workers: not on Windows

        moved = fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 3)
        self._open.append(moved)
        self._close(fd)
        return moved

    def _close(self, fd: int) -> None:
        if fd in self._open:
            self._open.remove(fd)
            os.close(fd)

    def _command(self, *fds: int) -> list[str]:
        python = self.request.python or sys.executable
        flags = ["-I"] if self.request.site else ["-I", "-S"]
        return [python, *flags, str(self.request.start), *map(str, fds)]

    def _environment(self) -> dict[str, str]:
        keep = {name: os.environ[name] for name in KEPT if name in os.environ}
        return {**keep, "LANG": "C.UTF-8", "TMPDIR": self._folder, marks.MARK: self.id}

    @property
    def _reports(self) -> Channel:
        """The channel, which is there from the start to the end."""
        if self._channel is None:
            raise WorkerError(f"{self.request.probe}: its measuring process does not run")
        return self._channel

    # Talk -------------------------------------------------------------------------------------
    def send_request(self) -> None:
        """Send the one request object."""
        self._send(self.request.to_json())

    def ask(self, *, ask: str, samples: int = 0) -> None:
        """Ask for a ``"batch"`` of so many samples, or for the end: ``"done"``."""
        self._samples = samples
        self._send(json.dumps({"ask": ask, "samples": samples}).encode() + b"\n")

    def _send(self, line: bytes) -> None:
        """Write a line; a worker that is gone already is noticed when its answer is read."""
        while line:
            try:
                line = line[os.write(self._ask, line) :]
            except BlockingIOError:  # the pipe is full: the deadline holds here too
                self._reports.pause(self._until, self._stop)
            except BrokenPipeError:
                return

    def answer(self, *expected: type[Expected]) -> Expected:
        """Return the worker's next message, which must be of one of these forms (``forms.py``).

        Raises:
            Unavailable: the probe says that it is not available here, and why.
            WorkerError: the probe failed, or the worker died (with how).
            ProtocolError: it said something else.
            WorkerTimeout, Cancelled: see :meth:`Channel.receive`.
        """
        message = self._next_message()
        if isinstance(message, expected):
            return message
        raise messages.failure(message, expected, self.request.probe, self._reports.tail())

    def _next_message(self) -> "Message":
        try:
            message = self._reports.receive(self._until, self._stop)
        except WorkerTimeout:
            raise WorkerTimeout(
                f"{self.request.probe}: the measuring process was still busy after "
                f"{self._deadline:.3g} s{self._phase} and was killed. {self._reports.tail()}"
            ) from None
        if message is None:
            raise WorkerError(self._exit_report())
        fault = messages.fault(message, self._samples)
        if fault:
            raise ProtocolError(f"the measuring process said {fault}. {self._reports.tail()}")
        return message

    def enter(self, phase: str, seconds: float) -> None:
        """Give the worker a new deadline, for one of its probe's named phases."""
        self._until = time.monotonic() + seconds
        self._deadline = seconds
        self._phase = f" in phase {phase!r}"

    def printed(self) -> str:
        """Return what the worker has printed so far (capped)."""
        self._reports.drain(0.2)
        return self._reports.printed()

    def _has_ended(self) -> bool:
        self._look(0)
        return self.returncode is not None

    def _exit_report(self) -> str:
        """Say how a worker ended that ended too early."""
        self._reports.drain(0.2)
        self._look(GRACE)
        return f"the measuring process {endings.ended_how(self.returncode)}. {self._reports.tail()}"

    # End --------------------------------------------------------------------------------------
    def end(self) -> None:
        """Kill what is left of the worker and of all it started, and collect it."""
        left = self._end_process(self._process) if self._process is not None else ""
        self.let_go()
        _alive.discard(self)
        folders.remove(self._folder)
        if left:
            hooks.on_notice.fire(left)

    def _end_process(self, process: subprocess.Popen[bytes]) -> str:
        """End it with all that it has started; return what to tell of what may be left.

        Looking for it needs descriptors, and there may be no others left than ours. The lifeline
        is closed last: it would end the resource tracker with the group.
        """
        family = Family(process.pid, marks.Signs(self.id, pipe=self._prints_into))
        family.stop()  # first: a worker leaves when its pipes end, and its orphans with it
        self._close_all(but=self._lifeline)
        left = family.end(self._since)
        process.wait()
        family.collect()
        self._process = None
        return left

    def let_go(self) -> None:
        """Close the caller's ends and touch nothing else; for a fork of the caller."""
        self._close_all()

    def _close_all(self, but: int | None = None) -> None:
        for fd in [each for each in self._open if each != but]:
            self._close(fd)
        if self._channel is not None:
            self._channel.close()
            self._channel = None

    def _look(self, seconds: float) -> None:
        """Learn how the process ended without collecting it, waiting at most ``seconds``."""
        until = time.monotonic() + seconds
        pause = 0.0005
        while self._process is not None and self.returncode is None:
            self.returncode = endings.ending(self._process)
            if self.returncode is None:
                if time.monotonic() >= until:
                    return
                time.sleep(pause)
                pause = min(pause * 2, 0.02)
