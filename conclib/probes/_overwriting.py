"""Two threads of a child that may be ended: A stands within ftw, B writes to A's stack.

A goes into ftw and stays in its callback, asleep in ``read`` or looking at its record again and again.
B does its work meanwhile; when B is done, A looks at its own record and reports what it finds.
"""

from __future__ import annotations  # a worker may be an older Python

import ctypes
import sys
import threading
import time

from . import _accounts, _ftw, _held, _own_stack, _refuse, _regions

SIZE = 31_415_926  # bytes of A's file: a number that stands nowhere by chance
WRITTEN = 1000
SOME = 1000  # looks that A has taken before B comes, if it runs
NO_FENCE = "there is no fence below this thread's stack here, so there is nothing to aim at"


def story(folder, how, aim, watcher):
    """Return what a child is to do: start A and B, and report what each finds."""
    path = _ftw.file_of(folder, "photo", SIZE)

    def work(report):
        _accounts.small_pages_only()
        offset = _ftw.size_offset({path: SIZE})
        first = Keeper(path, offset, watcher == "running", report)
        first.ready.wait()
        while first.running and first.looks < SOME:
            time.sleep(0.001)
        visitor = Visitor(first, how, aim, report)
        visitor.thread.join()
        if aim == "fence" and not visitor.places:
            raise _refuse.Unavailable(NO_FENCE)
        first.go_on()
        first.thread.join()

    return work


class Keeper:
    """Thread A: it keeps a file's size in a local variable of C."""

    def __init__(self, path, offset, running, report):
        self.offset, self.running, self.report = offset, running, report
        self.ready, self._go, self.address, self.looks = _held.Gate(), _held.Gate(), 0, 0
        self.done = False
        self.thread = threading.Thread(target=_ftw.walk, args=(path, self._stay))
        self.thread.start()

    def go_on(self):
        """Let A look for the last time, and come back out of ftw."""
        self.done = True
        self._go.open()

    def _stay(self, record):
        """Be called by ftw: keep the address, stay here, then look at one's own variable."""
        self.address = record + self.offset
        self.ready.open()
        while self.running and not self.done and _ftw.number_at(self.address) == SIZE:
            self.looks += 1
        self._go.wait()
        self.report({"found": _ftw.number_at(self.address), "looks": self.looks})


class Visitor:
    """Thread B: it finds a place to write to, and writes."""

    def __init__(self, first, how, aim, report):
        self.first, self.how, self.aim, self.report = first, how, aim, report
        self.places = None
        self.thread = threading.Thread(target=self._visit)
        self.thread.start()

    def _visit(self):
        self.report(where(self.first))
        if self.aim == "fence":
            self.places = in_the_fence(self.first, self.report)
        elif self.how == "told":
            self.places = [self.first.address]
        else:
            self.places = search(self.first, self.report)
        for place in self.places:
            _ftw.put(place, WRITTEN)


def where(first):
    """Return where A's record lies, and both stacks; the calling thread is B."""
    stacks = {"A": _own_stack.bounds(first.thread.ident), "B": _own_stack.bounds()}
    return {"local": first.address, "stacks": {name: list(both) for name, both in stacks.items()}}


def in_the_fence(first, report):
    """Return the address of the last number in the fence below A's stack.

    An empty list where there is no fence, and so nothing to aim at.
    """
    low, _ = _own_stack.bounds(first.thread.ident)
    if not _own_stack.fence(first.thread.ident):
        return []
    report({"below_local": first.address - low})
    return [low - _ftw.WORD]


def search(first, report):
    """Look for the file's size in what A's stack has in memory; return where it was found.

    That is one place as a rule. An A that runs may have a second copy, which it is just comparing.
    """
    low, high = _own_stack.bounds(first.thread.ident)
    stands = _own_stack.standing(first.thread.native_id)["stack_pointer"]
    start = stands if stands and low <= stands < high else used_from(low, high)
    hits = list(holding(start, high, SIZE))
    report({"hits": len(hits), "searched_kb": (high - start + 1023) // 1024})
    return hits


def used_from(low, high):
    """Return where the part of a stack begins that is in memory, in whole pages."""
    region = _regions.locate(_own_stack.regions(), high - 1) or {}
    return max(low, high - region.get("rss", 0)) // 4096 * 4096


def holding(start, end, number):
    """Give the addresses from ``start`` on at which a number lies, at multiples of its size."""
    text, wanted = ctypes.string_at(start, end - start), number.to_bytes(_ftw.WORD, sys.byteorder)
    at = text.find(wanted)
    while at >= 0:
        if (start + at) % _ftw.WORD == 0:
            yield start + at
        at = text.find(wanted, at + 1)
