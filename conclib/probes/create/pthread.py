"""What does a thread cost, without Python in it?

pthread_create makes a native thread. To keep Python out of it, the thread's whole program is a C
function, ``getpid``. It needs no GIL, and what it returns proves that it ran in *our* process.
"""

import ctypes
import os
from time import perf_counter_ns as clock
from types import SimpleNamespace

from .. import _libc

PROBE = {
    "name": "pthread",
    "title": "Start a native thread",
    "times": {
        "call": "the call of pthread_create alone; the thread's run and end are not in it",
        "join": "pthread_create, the thread's run and end, and pthread_join",
    },
    "unit": "ns",
    "kind": "thread",
    "params": {
        "timed": {
            "type": "choice",
            "default": "call",
            "choices": ["call", "join"],
            "help": "the call alone, or the whole life of what it starts",
        },
    },
    "baseline": "the same calls with the same arguments, to getpid: everything but the thread",
    "needs": ["pthread"],
}


def setup(params):
    pointer = ctypes.POINTER(ctypes.c_void_p)
    to_create = (ctypes.c_int, pointer, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)
    to_join = (ctypes.c_int, ctypes.c_void_p, pointer)
    return SimpleNamespace(
        create=_libc.function("pthread_create", *to_create),
        join=_libc.function("pthread_join", *to_join),
        create_nothing=_libc.function("getpid", *to_create),
        join_nothing=_libc.function("getpid", *to_join),
        program=_libc.address("getpid"),
        whole=params["timed"] == "join",
        started=0,
        ran_here=0,
    )


def body(state, loops):
    create, join, program, whole = state.create, state.join, state.program, state.whole
    thread, returned, own = ctypes.c_void_p(), ctypes.c_void_p(), os.getpid()
    at_thread, at_returned = ctypes.pointer(thread), ctypes.pointer(returned)
    total = 0
    for _ in range(loops):
        start = clock()
        code = create(at_thread, None, program, None)
        called = clock()
        if code:
            raise _libc.failed(f"pthread_create, after {state.started} that went well", code)
        join(thread, at_returned)
        total += (clock() if whole else called) - start
        state.started += 1
        state.ran_here += returned.value == own
    return total


def baseline(state, loops):
    create, join, program, whole = (
        state.create_nothing,
        state.join_nothing,
        state.program,
        state.whole,
    )
    thread, returned = ctypes.c_void_p(), ctypes.c_void_p()
    at_thread, at_returned = ctypes.pointer(thread), ctypes.pointer(returned)
    total = 0
    for _ in range(loops):
        start = clock()
        create(at_thread, None, program, None)
        called = clock()
        join(thread, at_returned)
        total += (clock() if whole else called) - start
    return total


def verify(state):
    if state.started == 0 or state.ran_here != state.started:
        raise RuntimeError(f"{state.started} threads, but {state.ran_here} returned our pid")
    return f"{state.started} threads ran and were joined; each returned this process's number"
