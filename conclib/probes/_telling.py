"""How a probe tells what it sees while it goes on: actors, events, endings, phases.

Nothing here waits for the caller. What the pipe does not take at once lies in a buffer, and goes
out with the next call. Where the buffer is full *beats* are left out, and counted; endings and all
other events never are. Times are nanoseconds of ``CLOCK_MONOTONIC``, which all processes share.

Only the worker itself may call these. Its children leave what they have to say in shared memory
(``_beats.py``), or an observer sees it from outside (``_watching.py``).
"""

import os
import select
from collections import deque
from time import monotonic_ns as now

from . import _light

PIECE = 4096  # bytes that a pipe takes at once if it takes any (PIPE_BUF)
FULL = 256 * 1024  # bytes in the buffer; beyond it beats are left out


class Tell:
    """What ``observe(params, tell)`` is given."""

    def __init__(self, fd):
        self._fd = fd
        self._own = os.getpid()
        self._poll = select.poll()
        self._poll.register(fd, select.POLLOUT)
        self._pieces = deque()
        self._size = 0
        self.thinned = 0

    def actor(self, name, kind, pid=None, tid=None, maker=""):
        """Name somebody, before the first event about them."""
        self._put("actor", name=name, kind=kind, pid=pid, tid=tid, maker=maker)

    def event(self, actor, what, t_ns=None, seen="observer", **data):
        """Say what happened to an actor, and when if it was not just now."""
        t_ns = now() if t_ns is None else t_ns
        self._put("event", t_ns=t_ns, actor=actor, what=what, data=data, seen=seen)

    def beats(self, actor, times_ns):
        """Say when an actor gave signs of life: many times in one event."""
        if self._size > FULL:
            self.thinned += len(times_ns)
        elif times_ns:
            self.event(actor, "beats", times_ns[-1], "itself", times_ns=times_ns)

    def ending(self, actor, how, *, by, code=None, detail="", t_ns=None):
        """Say how an actor ended, and who saw it."""
        t_ns = now() if t_ns is None else t_ns
        self._put("ending", actor=actor, how=how, t_ns=t_ns, by=by, code=code, detail=detail)

    def phase(self, name):
        """Say that one of the probe's declared phases begins."""
        self._put("entered", name=name, t_ns=now())

    def flush(self):
        """Write all that is left, however long that takes."""
        while self._pieces:
            self._poll.poll()
            self._write()

    def _put(self, message, /, **fields):
        if os.getpid() != self._own:
            raise RuntimeError("tell: only the measuring process itself may speak on its pipe")
        line = _light.dumps({"type": message, **fields}).encode() + b"\n"
        self._pieces += [line[at : at + PIECE] for at in range(0, len(line), PIECE)]
        self._size += len(line)
        self._write()

    def _write(self):
        """Write what the pipe takes without waiting."""
        while self._pieces and any(mask & select.POLLOUT for _, mask in self._poll.poll(0)):
            piece = self._pieces.popleft()
            self._size -= os.write(self._fd, piece)
