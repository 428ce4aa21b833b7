"""Threads that live one after another, or together, each with a local variable within ftw."""

from __future__ import annotations  # a worker may be an older Python

import os
import threading
import time

from . import _accounts, _ftw, _held, _own_stack

SIZE = 31_415_000  # bytes of the first thread's file; each further one has one byte more
DEPTH = 3  # calls of ftw within each other: deeper than a thread goes that only looks


def lives(folder, count, together):
    """Return what a child is to do: let so many threads live, and report on each."""
    wanted = range(SIZE, SIZE + count)
    sizes = {_ftw.file_of(folder, str(size), size): size for size in wanted}

    def work(report):
        _accounts.small_pages_only()
        before, alive, offset = 0, [], _ftw.size_offset(sizes)
        for path in sizes:
            life = Life(path, offset, before)
            before = life.facts["local"]
            alive.append(life)
            if not together:
                life.end()
        for life in alive:
            life.end()
            report(life.facts)

    return work


class Life:
    """A thread, its stack, its local variable, and what lay at the place of the one before."""

    def __init__(self, path, offset, before):
        self.path, self.offset, self.before, self.facts = path, offset, before, {}
        self._seen, self._go = _held.Gate(), _held.Gate()
        self._thread = threading.Thread(target=self._live)
        if before and not _own_stack.may_be_read(_own_stack.regions(), before):
            self.before = 0  # that memory has been given back
        self._thread.start()
        self._seen.wait()

    def end(self):
        """Let it return from ftw; return once Linux does not list it any more."""
        if self._thread is None:
            return
        self._go.open()
        self._thread.join()
        while os.path.exists(f"/proc/self/task/{self._thread.native_id}"):
            time.sleep(0.001)  # join returns a moment before that
        self._thread = None
        self._seen.close()
        self._go.close()

    def _live(self):
        self.facts["left"] = _ftw.number_at(self.before) if self.before else None
        _ftw.walk(self.path, self._stay, DEPTH)

    def _stay(self, record):
        place = record + self.offset
        low, _ = _own_stack.bounds()
        self.facts.update(stack=low, local=place, kept=_ftw.number_at(place))
        self._seen.open()
        self._go.wait()
