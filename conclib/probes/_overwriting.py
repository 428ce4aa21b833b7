"""Two threads of a child that may be ended: A stands within ftw, B writes to A's stack.

A goes into ftw and stays in its callback, asleep in ``read`` or looking at its record again and again.
B does its work meanwhile; when B is done, A looks at its own record and reports what it finds.
"""

from __future__ import annotations  # a worker may be an older Python

import os
import sys
import threading
import time

from . import _accounts, _ftw, _held, _own_stack, _regions

SIZE = 31_415_926  # bytes of A's file: a number that stands nowhere by chance
WRITTEN = 1000
SOME = 1000  # looks that A has taken before B comes, if it runs
NO_FENCE = "there is no fence below this thread's stack here, so there is nothing to aim at"


def story(folder, how, aim, watcher):
    """Return what a child is to do: start A and B, and report what each finds."""
    path = _ftw.file_of(folder, "photo", SIZE)

    def work(report):
        _accounts.small_pages_only()
        first = Keeper(path, watcher == "running", report)
        first.ready.wait()
        while first.running and first.looks < SOME:
            time.sleep(0.001)
        second = threading.Thread(target=visit, args=(first, how, aim, report))
        second.start()
        second.join()
        first.go_on()
        first.thread.join()

    return work


class Keeper:
    """Thread A: it keeps a file's size in a local variable of C."""

    def __init__(self, path, running, report):
        self.path, self.running, self.report = path, running, report
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
        self.address = record + _ftw.place_of_size(record, SIZE)
        self.ready.open()
        while self.running and not self.done and _ftw.number_at(self.address) == SIZE:
            self.looks += 1
        self._go.wait()
        self.report({"found": _ftw.number_at(self.address), "looks": self.looks})


def visit(first, how, aim, report):
    """Be thread B: find the place to write to, and write."""
    if aim == "fence":
        place = in_the_fence(first, report)
    else:
        place = first.address if how == "told" else search(first, report)
    if place:
        _ftw.put(place, WRITTEN)


def in_the_fence(first, report):
    """Return the address of the last number in the fence below A's stack; 0 if there is none."""
    low, _ = _own_stack.bounds(first.thread.ident)
    fence = _own_stack.fence_below(_own_stack.regions(), low)
    if fence is None:
        report({"refused": True, "why": NO_FENCE})
        return 0
    report({"below_local": first.address - low})
    return low - _ftw.WORD


def search(first, report):
    """Look for the file's size in what is in memory of A's stack; return the place, if it is one."""
    low, high = _own_stack.bounds(first.thread.ident)
    stands = _own_stack.standing(first.thread.native_id)["stack_pointer"]
    start = stands if stands and low <= stands < high else used_from(low, high)
    hits = list(places(start, high, SIZE))
    report({"hits": len(hits), "searched_kb": (high - start + 1023) // 1024})
    return hits[0] if len(hits) == 1 else 0


def used_from(low, high):
    """Return where the part of a stack begins that is in memory, in whole pages."""
    region = _regions.locate(_own_stack.regions(), high - 1) or {}
    return max(low, high - region.get("rss", 0)) // 4096 * 4096


def places(start, end, number):
    """Give the addresses from ``start`` on at which a number lies, at multiples of its size."""
    import ctypes

    text, wanted = ctypes.string_at(start, end - start), number.to_bytes(_ftw.WORD, sys.byteorder)
    at = text.find(wanted)
    while at >= 0:
        if (start + at) % _ftw.WORD == 0:
            yield start + at
        at = text.find(wanted, at + 1)
