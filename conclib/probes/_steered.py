"""A child that does one step of its work each time it is asked, and waits in between.

Between two steps it is blocked in ``read``, so whoever looks at it from outside finds it at rest. It
is a process of its own because of what it does: it starts thousands of threads, or fills memory, and
when it has been killed all of that is gone.
"""

import os
import select

from . import _refuse

SIZE = 8  # bytes of a number on its way
EARLY = "the process that was to do the work has ended before its time"


class Steered:
    """Fork a child that answers numbers with numbers: ``answer(number)`` is called in the child."""

    def __init__(self, children, name, answer, prepare=None):
        """Start it.

        Args:
            children: the observer's ``_watching.Children``; name: what to call the child there.
            answer: takes what :meth:`ask` was given, returns a whole number; runs in the child.
            prepare: is called in the child once, before the first question.
        """
        down, self._write = os.pipe()
        self._read, up = os.pipe()
        ours = (self._write, self._read)
        self.pid = children.fork(name, lambda: serve(down, up, ours, answer, prepare))
        os.close(down)
        os.close(up)
        self._life = _refuse.require(os, "pidfd_open")(self.pid)
        self._poll = select.poll()
        self._poll.register(self._read, select.POLLIN)
        self._poll.register(self._life, select.POLLIN)

    def ask(self, number):
        """Have the child do one step; return its answer.

        Raises:
            RuntimeError: it has ended instead; what it printed is on standard error.
        """
        try:
            os.write(self._write, number.to_bytes(SIZE, "little", signed=True))
        except BrokenPipeError:
            raise RuntimeError(EARLY) from None
        ready = {fd for fd, _ in self._poll.poll()}
        said = os.read(self._read, SIZE) if self._read in ready else b""
        if not said:
            raise RuntimeError(EARLY)
        return int.from_bytes(said, "little", signed=True)

    def close(self):
        """Close what belongs to this end; the child has been ended by its observer."""
        for fd in (self._write, self._read, self._life):
            os.close(fd)


def serve(down, up, others, answer, prepare):
    """Be the child: read a number, answer it, until nobody asks any more."""
    for fd in others:
        os.close(fd)
    if prepare:
        prepare()
    while True:
        asked = os.read(down, SIZE)
        if not asked:
            return
        number = answer(int.from_bytes(asked, "little", signed=True))
        os.write(up, number.to_bytes(SIZE, "little", signed=True))
