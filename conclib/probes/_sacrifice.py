"""Children that may die, or that stand still to be looked at: the measuring process forks them.

What would harm whoever does it, a write that is not allowed or a stack without an end, is done in a
child of the measuring process, never in that process itself. The child reports in lines of JSON on
a pipe: each line has left the child before it goes on, so whatever it does next, what it said is
kept. Linux ends the child after a few seconds, whatever becomes of us.
"""

from __future__ import annotations  # a worker may be an older Python

import json
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from . import _precautions, _regions, _watching

SECONDS = 8  # of any child's life
PIECE = 65536
ENDS = ("lived", "SIGSEGV", "SIGBUS")  # what may come of a write to an address


class Told:
    """What a child said, and how it ended.

    Attributes:
        lines: what it reported, in order.
        how: ``"exited"`` or ``"signalled"``; ``code``: its exit code, or the signal's number.
    """

    def __init__(self, lines: list, how: str, code: int) -> None:
        self.lines, self.how, self.code = lines, how, code

    @property
    def lives(self) -> bool:
        """Whether it came to its end by itself."""
        return (self.how, self.code) == ("exited", 0)

    @property
    def end(self) -> str:
        """How it ended, in words: ``"lived"``, ``"SIGSEGV"``, ``"exit code 1"``."""
        if self.lives:
            return "lived"
        return (
            signal.Signals(self.code).name if self.how == "signalled" else f"exit code {self.code}"
        )

    def by_itself(self) -> str:
        """Return how it ended, where its own deed decided that: it lived, or Linux stopped the deed.

        Raises:
            RuntimeError: it was ended otherwise: by somebody else, or by an error of ours.
        """
        if self.end not in ENDS:
            raise RuntimeError(f"a child was ended by something else than its deed: {self.end}")
        return self.end

    def whole(self) -> list:
        """Return all that it reported, if it came to its end by itself.

        Raises:
            RuntimeError: it did not, and so this is not all.
        """
        if not self.lives or not self.lines:
            raise RuntimeError(f"a child that was to report ended before its time: {self.end}")
        return self.lines

    def one(self) -> dict:
        """Return the first thing that it reported.

        Raises:
            RuntimeError: it reported nothing.
        """
        if not self.lines:
            raise RuntimeError(f"a child that was to report reported nothing: {self.end}")
        return self.lines[0]


def run(work: Callable[[Callable], None], seconds: int = SECONDS) -> Told:
    """Run ``work(report)`` in a child and wait for its end; ``report`` takes plain data.

    Args:
        seconds: after so long Linux ends the child, and that is an error.
    """
    read, write = os.pipe()

    def in_the_child() -> None:
        os.close(read)
        prepare(seconds)
        work(lambda data: os.write(write, json.dumps(data).encode() + b"\n"))

    pid = _watching.fork(in_the_child)
    os.close(write)
    text = b""
    try:
        while piece := os.read(read, PIECE):
            text += piece
    finally:
        os.close(read)
        how, code = _watching.collect(pid)
    if (how, code) == ("signalled", signal.SIGALRM):
        raise RuntimeError(f"a child was not done after {seconds} s: is the machine that busy?")
    return Told([json.loads(line) for line in text.splitlines()], how, code)


def prepare(seconds: int = SECONDS) -> None:
    """In a child: leave no file behind after a crash, and end in time."""
    _precautions.no_core_file()
    _watching.limit(seconds)


@contextmanager
def stopped(work: Callable[[Callable], None]) -> Iterator[tuple[int, dict]]:
    """Give the pid of a child that stands still, and what it reported; end it afterwards.

    ``work(report)`` reports one thing and calls :func:`stand_still` wherever it likes.
    """
    read, write = os.pipe()

    def in_the_child() -> None:
        os.close(read)
        prepare()
        work(lambda data: os.write(write, json.dumps(data).encode() + b"\n"))

    pid = _watching.fork(in_the_child)
    os.close(write)
    try:
        info = os.waitid(os.P_PID, pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
        if info.si_code != os.CLD_STOPPED:
            raise RuntimeError("a child that was to stand still has ended")
        yield pid, json.loads(os.read(read, PIECE).splitlines()[0])
    finally:
        os.close(read)
        os.kill(pid, signal.SIGKILL)  # ours and not collected yet: it is no other's number
        os.waitpid(pid, 0)


def stand_still() -> None:
    """Stop here, until somebody says to go on."""
    os.kill(os.getpid(), signal.SIGSTOP)


def maps(pid: int | str = "self") -> list[dict]:
    """Return the regions of a process, in order of address (see ``_regions.py``)."""
    with open(f"/proc/{pid}/maps") as file:
        return _regions.parse(file.read())
