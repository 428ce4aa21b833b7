"""A process whose threads only wait, and its forked child: how many tasks, how many stacks?

The threads run ``pause`` of the C library and no Python, so the child of a fork beside them can go on
in Python without harm: nobody but the thread that forks can hold one of Python's locks.
"""

from __future__ import annotations  # a worker may be an older Python

import ctypes
import os

from . import _ftw, _libc, _looking, _own_stack, _record, _watching

NOTE = 27182818  # what is written on the stack of each thread, at its far end
pointer = ctypes.c_void_p


class Waiting:
    """Native threads of this process that wait for ever, with a note on the stack of each."""

    def __init__(self, count):
        self._create = _libc.function(
            "pthread_create", ctypes.c_int, pointer, pointer, pointer, pointer
        )
        self._pause = _libc.address("pause")
        self.lows = [self._start() for _ in range(count)]

    def _start(self):
        """Start one; return the lowest address of its stack, where the note lies."""
        thread = ctypes.c_ulong()
        code = self._create(ctypes.byref(thread), None, self._pause, None)
        if code:
            raise _libc.failed("pthread_create", code)
        low, _ = _own_stack.bounds(thread.value)
        _ftw.put(low, NOTE)
        return low

    def notes(self):
        """Return how many of the notes are there, on stacks that are still mapped."""
        regions = _own_stack.regions()
        mapped = [low for low in self.lows if _own_stack.may_be_read(regions, low)]
        return sum(_ftw.number_at(low) == NOTE for low in mapped)


def seen(waiting):
    """Return what this process has: tasks as Linux lists them, stacks with a note, its name."""
    status = _record.keyed(_looking.read("self", "status") or "")
    return {
        "tasks": len(os.listdir("/proc/self/task")),
        "stacks": waiting.notes(),
        "name": status["Name"],
    }


def live(report, count):
    """Be the parent: start the threads, fork, and report on both; the child first reports itself."""
    waiting = Waiting(count)
    _libc.function("prctl", ctypes.c_int, ctypes.c_int, ctypes.c_char_p)(15, b"it forks")
    report(seen(waiting))
    pid = _libc.function("fork")()
    if pid < 0:
        raise _libc.failed("fork")
    if pid == 0:
        code = 1
        try:
            report(seen(waiting))
            code = 0
        finally:
            os._exit(code)
    if _watching.collect(pid) != ("exited", 0):
        raise RuntimeError("the child of a fork beside threads ended before its time")
