"""What does fork cost, and what does it depend on?

fork makes a second process that begins as a duplicate of the first. Its memory is not copied: both
get the same pages, marked "copy on write". What *is* copied are the lists that say which page lies
where (page tables), for memory that is private to the process and has been touched. So the price
depends on the parent; ``ballast_mb`` makes it bigger.

We call the C library's fork directly. ``os.fork`` does the same and also runs Python's own at-fork
functions. The child leaves at once by ``_exit``: nothing of the parent's may run twice.
"""

import os
from time import perf_counter_ns as clock
from types import SimpleNamespace

from .. import _ballast, _libc, _refuse

PROBE = {
    "name": "fork",
    "title": "Fork a process",
    "times": {
        "call": "the call of fork alone, in the parent; the child's end is not in it",
        "wait": "fork, the child's immediate end, and the parent collecting it",
    },
    "unit": "ns",
    "kind": "process",
    "params": {
        "ballast_mb": {
            "type": "int",
            "default": 0,
            "min": 0,
            "max": 1024,
            "unit": "MB",
            "title": "memory the parent has touched",
            "help": "memory that the parent has written to before, on top of its own",
        },
        "pages": {
            "type": "choice",
            "default": "4k",
            "choices": ["4k", "huge", "file", "shared"],
            "help": "what kind of memory that is",
        },
        "timed": {
            "type": "choice",
            "default": "call",
            "choices": ["call", "wait"],
            "help": "the call alone, or the whole life of what it starts",
        },
    },
    "takes": {"mb": "ballast_mb"},
    "baseline": "a call of getpid by the same way: everything but the fork",
    "needs": ["fork"],
}


def setup(params):
    _refuse.require(os, "fork")
    _refuse.require_single_thread()
    return SimpleNamespace(
        ballast=_ballast.Ballast(params["ballast_mb"], params["pages"]),
        fork=_libc.function("fork"),
        getpid=_libc.function("getpid"),
        whole=params["timed"] == "wait",
        forked=0,
        ended_well=0,
    )


def body(state, loops):
    fork, waitpid, leave, whole = state.fork, os.waitpid, os._exit, state.whole
    total = 0
    for _ in range(loops):
        start = clock()
        pid = fork()
        if pid == 0:
            leave(0)  # this is the child
        called = clock()
        if pid < 0:
            raise _libc.failed(f"fork, after {state.forked} that went well")
        _, status = waitpid(pid, 0)
        total += (clock() if whole else called) - start
        state.forked += 1
        state.ended_well += status == 0
    return total


def baseline(state, loops):
    return _libc.timed_calls(state.getpid, loops)


def verify(state):
    if state.forked == 0 or state.ended_well != state.forked:
        raise RuntimeError(f"{state.forked} forks, but {state.ended_well} children ended well")
    return f"{state.forked} children were made and collected, each with exit code 0"


def teardown(state):
    state.ballast.close()
