"""What does it cost to start another program without forking first?

posix_spawn makes the new process borrow the parent's memory for the moment until it loads its own
program; the parent waits for that moment. No page tables are copied. So it should not care how
big the parent is: ``ballast_mb`` and ``pages`` are the same as for ``fork``.
"""

import os
from time import perf_counter_ns as clock
from types import SimpleNamespace

from .. import _ballast, _libc, _refuse

PROBE = {
    "name": "posix_spawn",
    "title": "Start a small program with posix_spawn",
    "times": {
        "call": "the call of posix_spawn alone: it returns when the new program has let go of "
        "its parent's memory",
        "wait": "posix_spawn of the program true, its run, its end, and collecting it",
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
    "baseline": "a call of getpid: everything but the spawn",
    "needs": ["posix_spawn"],
}


def setup(params):
    spawn = _refuse.require(os, "posix_spawn")
    places = ("/bin/true", "/usr/bin/true")
    program = next((place for place in places if os.access(place, os.X_OK)), None)
    if program is None:
        raise _refuse.Unavailable("there is no program named true in /bin or /usr/bin")
    return SimpleNamespace(
        ballast=_ballast.Ballast(params["ballast_mb"], params["pages"]),
        spawn=spawn,
        program=program,
        getpid=_libc.function("getpid"),
        whole=params["timed"] == "wait",
        started=0,
        ended_well=0,
    )


def body(state, loops):
    spawn, program, waitpid, whole = state.spawn, state.program, os.waitpid, state.whole
    arguments = [program]
    total = 0
    for _ in range(loops):
        start = clock()
        pid = spawn(program, arguments, {})
        called = clock()
        _, status = waitpid(pid, 0)
        total += (clock() if whole else called) - start
        state.started += 1
        state.ended_well += status == 0
    return total


def baseline(state, loops):
    return _libc.timed_calls(state.getpid, loops)


def verify(state):
    if state.started == 0 or state.ended_well != state.started:
        raise RuntimeError(f"{state.started} programs, but {state.ended_well} ended well")
    return f"{state.started} programs ran and were collected, each with exit code 0"


def teardown(state):
    state.ballast.close()
