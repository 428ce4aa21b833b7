"""What the three multiprocessing probes share: start a Process that does nothing, and join it.

The start method is always named. Python's default differs by platform and has changed with 3.14,
so a number without its start method means nothing. The target is a built-in function: one from a
file loaded by its path could not be found again by a fresh interpreter.
"""

import multiprocessing
import os
from types import SimpleNamespace

from . import _refuse


def setup(method):
    """Prepare the named start method; refuse where the platform does not have it."""
    if method not in multiprocessing.get_all_start_methods():
        raise _refuse.Unavailable(f"multiprocessing has no start method {method} here")
    if method == "fork":
        _refuse.require_single_thread()
    context = multiprocessing.get_context(method)
    return SimpleNamespace(context=context, method=method, started=0, ended_well=0)


def body(state, loops):
    """Create, start and join ``loops`` processes, one after another."""
    for _ in range(loops):
        process = state.context.Process(target=os.getpid)
        process.start()
        process.join()
        state.started += 1
        state.ended_well += process.exitcode == 0
        process.close()


def baseline(state, loops):
    """Go round the loop with nothing in it: making the Process objects belongs to the price."""
    for _ in range(loops):
        pass


def verify(state):
    """Every process must have ended with exit code 0."""
    if state.started == 0 or state.ended_well != state.started:
        raise RuntimeError(f"{state.started} processes, but {state.ended_well} ended well")
    return f"{state.started} processes ran and were joined, each with exit code 0"


def teardown(state):
    """Stop the helper processes that multiprocessing keeps for itself."""
    from multiprocessing import forkserver, resource_tracker

    if state.method == "forkserver":
        forkserver._forkserver._stop()
    if state.method != "fork":
        resource_tracker._resource_tracker._stop()
