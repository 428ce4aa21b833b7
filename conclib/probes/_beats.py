"""Signs of life in memory that forked processes share: an actor writes, the observer reads.

Each actor has a row of 8-byte numbers of its own, and is the only one to write it: how many beats,
its thread id, when it was about to fault, and the times of its last beats. A number is written by
one store of 8 bytes, so a reader never sees half of it; the time is written before the count.
"""

import ctypes
import mmap
from time import monotonic_ns as now

KEPT = 256  # last beats of an actor; the observer reads far more often
COUNT, TID, FAULT, FIRST = 0, 1, 2, 3
ROW = FIRST + KEPT


class Beats:
    """Rows of numbers for so many actors, and a gate that opens for all of them at once."""

    def __init__(self, actors):
        numbers = ROW * actors + 1
        self._memory = mmap.mmap(-1, 8 * numbers)  # MAP_SHARED: a fork sees the same
        self._numbers = (ctypes.c_int64 * numbers).from_buffer(self._memory)
        self._read = [0] * actors
        self._gate = numbers - 1

    # What an actor does
    def begin(self, actor, tid):
        """Note an actor's thread id and wait until the gate is open."""
        import time

        self._numbers[ROW * actor + TID] = tid
        while not self._numbers[self._gate]:
            time.sleep(0.001)

    def beat(self, actor):
        """Note that an actor lives now."""
        row = ROW * actor
        count = self._numbers[row + COUNT]
        self._numbers[row + FIRST + count % KEPT] = now()
        self._numbers[row + COUNT] = count + 1

    def about_to_fault(self, actor):
        """Note that the next thing that an actor does is a fault."""
        self._numbers[ROW * actor + FAULT] = now()

    # What the observer does
    def open(self):
        """Let all actors begin."""
        self._numbers[self._gate] = 1

    def tid(self, actor):
        """Return an actor's thread id; 0 as long as it has not begun."""
        return self._numbers[ROW * actor + TID]

    def fault(self, actor):
        """Return when an actor was about to fault; 0 if it was not."""
        return self._numbers[ROW * actor + FAULT]

    def count(self, actor):
        """Return how often an actor has given a sign of life."""
        return self._numbers[ROW * actor + COUNT]

    def news(self, actor):
        """Return the times of the beats since the last look."""
        row, count = ROW * actor, self._numbers[ROW * actor + COUNT]
        first = max(self._read[actor], count - KEPT)
        self._read[actor] = count
        return [self._numbers[row + FIRST + number % KEPT] for number in range(first, count)]
