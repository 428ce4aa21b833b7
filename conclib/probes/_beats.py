"""Signs of life in memory that processes share: an actor writes, the observer reads.

Each actor has a row of 8-byte numbers of its own, and is the only one to write it: how many beats,
its ids, when it was about to fault, when it said its last words, what it has computed, and the times
of its last beats. A number is written by one store of 8 bytes, so a reader never sees half of it;
what belongs to a time is written before the time.
"""

import ctypes
import mmap
import os
from time import monotonic_ns as now

KEPT = 256  # last beats of an actor; the observer reads far more often
COUNT, TID, FAULT, PID, WORDS, ANSWER, DONE, SENT, FIRST = range(9)
ROW = FIRST + KEPT


class Beats:
    """Rows of numbers for so many actors, and a gate that opens for all of them at once."""

    def __init__(self, actors, fd=-1):
        """Map the memory: of a file that others map too, or memory that forked children share."""
        numbers = ROW * actors + 1
        if fd >= 0:
            os.ftruncate(fd, 8 * numbers)
        self._memory = mmap.mmap(fd, 8 * numbers)  # MAP_SHARED: a fork sees the same
        self._numbers = (ctypes.c_int64 * numbers).from_buffer(self._memory)
        self._read = [0] * actors
        self._gate = numbers - 1

    # What an actor does
    def begin(self, actor, tid):
        """Note an actor's ids and wait until the gate is open."""
        import time

        self._numbers[ROW * actor + PID] = os.getpid()
        self._numbers[ROW * actor + TID] = tid
        while not self._numbers[self._gate]:
            time.sleep(0.001)

    def beat(self, actor):
        """Note that an actor lives now."""
        self.note(actor, COUNT, now())

    def note(self, actor, which, t_ns):
        """Note a time in an actor's row; with ``COUNT``, that of one more beat."""
        row = ROW * actor
        if which == COUNT:
            count = self._numbers[row + COUNT]
            self._numbers[row + FIRST + count % KEPT] = t_ns
            self._numbers[row + COUNT] = count + 1
        else:
            self._numbers[row + which] = t_ns

    def about_to_fault(self, actor):
        """Note that the next thing that an actor does is a fault."""
        self._numbers[ROW * actor + FAULT] = now()

    def finish(self, actor, answer):
        """Note what an actor has computed, and that it has done all its work."""
        self._numbers[ROW * actor + ANSWER] = answer
        self._numbers[ROW * actor + DONE] = now()

    def last_words(self, actor):
        """Note that an actor came to its ``finally``."""
        self._numbers[ROW * actor + WORDS] = now()

    # What the observer does
    def open(self):
        """Let all actors begin."""
        self._numbers[self._gate] = 1

    def sent(self, actor):
        """Note that the signal that an actor waits for has been sent."""
        self._numbers[ROW * actor + SENT] = now()

    def tid(self, actor):
        """Return an actor's thread id; 0 as long as it has not begun."""
        return self._numbers[ROW * actor + TID]

    def pid(self, actor):
        """Return the number of the process that an actor lives in; 0 as long as it has not begun."""
        return self._numbers[ROW * actor + PID]

    def number(self, actor, which):
        """Return one number of an actor's row, ``FAULT`` say; 0 as long as it is not written."""
        return self._numbers[ROW * actor + which]

    def fault(self, actor):
        """Return when an actor was about to fault; 0 if it was not."""
        return self.number(actor, FAULT)

    def count(self, actor):
        """Return how often an actor has given a sign of life."""
        return self.number(actor, COUNT)

    def news(self, actor):
        """Return the times of the beats since the last look."""
        row, count = ROW * actor, self._numbers[ROW * actor + COUNT]
        first = max(self._read[actor], count - KEPT)
        self._read[actor] = count
        return [self._numbers[row + FIRST + number % KEPT] for number in range(first, count)]
