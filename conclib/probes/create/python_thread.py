"""What does Python add to a native thread?

``threading.Thread`` makes a native thread, and then: Python objects for it, a thread state in the
interpreter, the GIL to be taken by the new thread, and a handshake (``start`` returns only when
the thread has reported that it runs).
"""

import threading
from time import perf_counter_ns as clock
from types import SimpleNamespace

PROBE = {
    "name": "python_thread",
    "title": "Start a Python thread",
    "times": {
        "call": "creating a threading.Thread and the call of start",
        "join": "creating a threading.Thread, start, its run and end, and join",
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
    "baseline": "reading the clock twice with nothing in between",
    "needs": ["python_thread"],
}


def setup(params):
    return SimpleNamespace(whole=params["timed"] == "join", started=0, ran=set())


def body(state, loops):
    whole, ran = state.whole, state.ran
    total = 0
    for _ in range(loops):
        start = clock()
        thread = threading.Thread(target=ran.add, args=(state.started,))
        thread.start()
        called = clock()
        thread.join()
        total += (clock() if whole else called) - start
        state.started += 1
    return total


def baseline(state, loops):
    total = 0
    for _ in range(loops):
        start = clock()
        total += clock() - start
    return total


def verify(state):
    if state.started == 0 or len(state.ran) != state.started:
        raise RuntimeError(f"{state.started} threads started, but {len(state.ran)} left their mark")
    return f"{state.started} threads ran and were joined; each left a mark of its own"
