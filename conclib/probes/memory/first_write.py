"""When does the rest of fork's bill come?

After a fork, parent and child share their pages, write-protected. The first write to such a page
stops the writer: Linux copies the page, and only then the write goes on. So part of fork's price is
paid later, by whoever writes first. Here the parent writes one byte to each page of its ballast,
either without any fork, or while a forked child still holds the old pages. Is it every write that
costs more then? With ``write="again"`` each page is written to twice, and the second time counts.
"""

import os
from time import perf_counter_ns as clock
from types import SimpleNamespace

from .. import _ballast, _libc, _proc, _refuse

PROBE = {
    "name": "first_write",
    "title": "Write to every page",
    "times": "writing one byte to each page of the ballast, in the parent",
    "unit": "ns",
    "params": {
        "ballast_mb": {
            "type": "int",
            "default": 64,
            "min": 1,
            "max": 512,
            "unit": "MB",
            "title": "memory the parent has touched",
            "help": "memory that the parent has written to before, on top of its own",
        },
        "after": {
            "type": "choice",
            "default": "nothing",
            "choices": ["nothing", "fork"],
            "help": "what has happened just before",
        },
        "write": {
            "type": "choice",
            "default": "first",
            "choices": ["first", "again"],
            "help": "which write to a page is timed: the first one since then, or the second",
        },
    },
    "takes": {"mb": "ballast_mb * (2 if after == 'fork' else 1)"},
    "baseline": "a call of getpid",
    "needs": ["fork"],
}


def setup(params):
    _refuse.require(os, "fork")
    _refuse.require_single_thread()
    ballast = _ballast.Ballast(params["ballast_mb"])
    pages = len(ballast.memory) // _proc.PAGE
    return SimpleNamespace(
        ballast=ballast,
        ink=b"\x02" * pages,
        after_fork=params["after"] == "fork",
        fork=_libc.function("fork"),
        getpid=_libc.function("getpid"),
        faults=[[] for _ in range(2 if params["write"] == "again" else 1)],  # at each write
    )


def body(state, loops):
    memory, ink = state.ballast.memory, state.ink
    total = 0
    for _ in range(loops):
        release = _child(state) if state.after_fork else None
        for counted in state.faults:
            before = _faults()
            start = clock()
            memory[:: _proc.PAGE] = ink
            took = clock() - start
            counted.append(_faults() - before)
        total += took
        if release:
            release()
    return total


def _child(state):
    """Fork a child that holds the old pages until it is released; return what releases it."""
    read, write = os.pipe()
    pid = state.fork()
    if pid == 0:
        os.close(write)
        os.read(read, 1)  # ends when the parent closes its end
        os._exit(0)
    os.close(read)
    if pid < 0:
        os.close(write)
        raise _libc.failed("fork")

    def release():
        os.close(write)
        os.waitpid(pid, 0)

    return release


def _faults():
    """Page faults of this process so far that needed no disk, as Linux counts them."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt


def baseline(state, loops):
    getpid = state.getpid
    for _ in range(loops):
        getpid()


def verify(state):
    first, *again = state.faults
    least, pages = min(first), len(state.ink)
    if state.after_fork and least < pages:
        raise RuntimeError(f"{pages} pages were written, but only {least} page faults counted")
    if again and max(again[0]) >= pages:
        raise RuntimeError(f"{max(again[0])} page faults at the second write to {pages} pages")
    second = f"; at the second write: {max(again[0])} or fewer" if again else ""
    return f"{pages} pages written; page faults in each round: {least} or more{second}"


def teardown(state):
    state.ballast.close()
