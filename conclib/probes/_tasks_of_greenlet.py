"""Many tasks by greenlet: all on one thread, and a loop of our own says whose turn it is.

greenlet alone only switches: from one task to another that is named. Who comes next, and how the
program sleeps when nobody is ready, is said by the loop below. (gevent brings such a loop.)
"""

import heapq
import importlib
import os
import select
import sys
import time
from collections import deque

from . import _refuse
from . import _tasks_of_python as common


class Loop:
    """Whose turn it is: those that are ready, then those whose time has come, or who can read."""

    def __init__(self, greenlet):
        self._greenlet, self.hub = greenlet, greenlet.getcurrent()
        self.ready, self._sleeping, self._reading = deque(), [], {}
        self._poll, self._number = select.poll(), 0

    def start(self, work, *args):
        """Make a task; its first turn comes later, and when it ends the loop goes on."""
        self.ready.append(self._greenlet.greenlet(lambda: work(*args), self.hub))

    def rest(self):
        """Of a task: give the turn to others, and be ready again at once."""
        self.ready.append(self._greenlet.getcurrent())
        self.hub.switch()

    def sleep(self, seconds):
        """Of a task: be ready again after so long."""
        self._number += 1  # so that two with the same time need not be compared
        task = self._greenlet.getcurrent()
        heapq.heappush(self._sleeping, (time.monotonic() + seconds, self._number, task))
        self.hub.switch()

    def until_readable(self, fd):
        """Of a task: be ready again when there is something to read."""
        self._reading[fd] = self._greenlet.getcurrent()
        self._poll.register(fd, select.POLLIN)
        self.hub.switch()

    def run(self):
        """Give turns until nobody can ever be ready again."""
        while self.ready or self._sleeping or self._reading:
            for _ in range(len(self.ready)):
                self.ready.popleft().switch()
            for fd, _ in self._poll.poll(self._pause()):
                self._poll.unregister(fd)
                self.ready.append(self._reading.pop(fd))
            while self._sleeping and self._sleeping[0][0] <= time.monotonic():
                self.ready.append(heapq.heappop(self._sleeping)[2])

    def _pause(self):
        """Return how long nobody will be ready, in ms; None if only a pipe can end it."""
        if self.ready:
            return 0
        if not self._sleeping:
            return None
        return max(self._sleeping[0][0] - time.monotonic(), 0) * 1000


def run(beats, down, up, folder):
    """Obey commands with a greenlet for each task; ``folder`` is where greenlet lies."""
    sys.path.append(folder)
    try:
        greenlet = importlib.import_module("greenlet")  # no part of Python: see programs.py
    except ImportError as error:
        raise _refuse.Unavailable(f"greenlet cannot be imported by this Python: {error}") from None
    loop, rows = Loop(greenlet), common.Rows(beats)
    os.write(up, common.version("greenlet", greenlet.__version__))
    loop.start(obey, loop, rows, down, up)
    loop.run()


def obey(loop, rows, down, up):
    """Obey each command; while nothing is asked the loop waits for the pipe."""
    rest = b""
    while True:
        loop.until_readable(down)
        piece = os.read(down, 4096)
        if not piece:
            os._exit(0)
        *whole, rest = (rest + piece).split(b"\n")
        for line in whole:
            said = do(loop, rows, *line.decode().split())
            os.write(up, f"{said}\n".encode() if said else b"")


def do(loop, rows, what, count, *words):
    """Do one command; return the answer."""
    count = int(count)
    if what == "wait":
        return wait(loop, count)
    if what == "hearts":
        for _ in range(count):
            loop.start(heart, loop, rows, rows.next())
        return f"beating {count}"
    if what == "call":
        for _ in range(count):
            loop.start(call, loop, rows, rows.next(), *words)
        return ""
    done = []
    for _ in range(count):
        loop.start(compute, loop, int(words[0]), words[1], done)
    while len(done) < count:
        loop.rest()
    return f"computed {count}"


def wait(loop, count):
    """Start tasks that wait for what never happens: nobody will ever switch to them again."""
    begun = []  # a task that nobody knows of any more would be ended, so this also holds them

    def waiter():
        begun.append(loop._greenlet.getcurrent())
        loop.hub.switch()

    for _ in range(count):
        loop.start(waiter)
    while len(begun) < count:
        loop.rest()
    kept.append(begun)
    return f"waiting {len(begun)}"


kept = []


def heart(loop, rows, row):
    """Give a sign of life each 10 ms; in between it is the loop that wakes it."""
    while True:
        rows.beat(row)
        loop.sleep(common.EVERY)


def call(loop, rows, row, *words):
    """Make one call that takes a while, in one of several ways."""
    how, ns, fd = words[0], int(words[1]), int(words[2])
    rows.calls(row)
    if how == "read":
        os.read(fd, 1)
    elif how == "nanosleep":
        time.sleep(ns / 1e9)
    elif how == "own_read":
        own = os.dup(fd)
        os.set_blocking(own, False)
        while not readable(loop, own):
            pass
    elif how == "compute":
        common.compute_for(ns)
    elif how == "own_sleep":
        loop.sleep(ns / 1e9)
    rows.back(row)


def readable(loop, fd):
    """Wait for a byte and read it; return whether nobody else was quicker."""
    loop.until_readable(fd)
    try:
        return bool(os.read(fd, 1))
    except BlockingIOError:
        return False


def compute(loop, rounds, how, done):
    """Do a fixed amount of work, and let others have their turn after each round."""
    for _ in range(rounds):
        common.one_round(how)
        loop.rest()
    done.append(1)
