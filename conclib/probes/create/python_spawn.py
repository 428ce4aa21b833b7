"""What does it cost to start a fresh Python?

The process itself is cheap (see ``posix_spawn``); the interpreter then has to wake up: load its
own program, build its types, import what it needs before it can run your first line. We start it
as small as it gets (isolated, without the site module), so this is a lower bound.
"""

import os
import sys
from types import SimpleNamespace

from .. import _refuse

PROBE = {
    "name": "python_spawn",
    "title": "Start a fresh Python",
    "times": "posix_spawn of a minimal Python that does nothing, its run, its end, collecting it",
    "unit": "ns",
    "kind": "process",
    "params": {},
    "baseline": "a call of os.getpid",
    "needs": ["posix_spawn"],
}


def setup(params):
    spawn = _refuse.require(os, "posix_spawn")
    return SimpleNamespace(spawn=spawn, started=0, ended_well=0)


def body(state, loops):
    arguments = [sys.executable, "-I", "-S", "-c", "pass"]
    for _ in range(loops):
        pid = state.spawn(sys.executable, arguments, {})
        _, status = os.waitpid(pid, 0)
        state.started += 1
        state.ended_well += status == 0


def baseline(state, loops):
    for _ in range(loops):
        os.getpid()


def verify(state):
    if state.started == 0 or state.ended_well != state.started:
        raise RuntimeError(f"{state.started} interpreters, but {state.ended_well} ended well")
    return f"{state.started} interpreters ran and were collected, each with exit code 0"
