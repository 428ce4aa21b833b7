"""Two tasks each add one to the same number, a million times. What is lost?

The number lies in memory that both of them reach, and the line that adds is the same: two threads of
one process run it, or two processes. Nothing holds them up and nothing brings them into an order.
"""

from __future__ import annotations  # a worker may be an older Python

import ctypes
import mmap
import os
import sys
import threading
import time

from .. import _conditions, _light, _sacrifice, _watching

PROBE = {
    "name": "million",
    "title": "Two tasks add to one number",
    "times": "nothing: it reports what the number is in the end",
    "unit": "facts",
    "facts": {
        "expected": "int",
        "found": "int",
        "lost": "int",
        "exceptions": "list[str]",
        "exits": "list[str]",
        "overlap": "float",
        "cpus": "int",
        "python": "str",
        "gil": "bool",
    },
    "params": {
        "who": {
            "type": "choice",
            "default": "threads",
            "choices": ["threads", "processes"],
            "help": "who adds: two threads of one process, or two processes",
        },
        "times": {
            "type": "int",
            "default": 1_000_000,
            "min": 1,
            "max": 10_000_000,
            "help": "how often each of them adds one",
        },
    },
    "takes": {"processes": "2", "threads": "2", "descriptors": "8"},
    "baseline": "none",
    "needs": ["fork"],
}
SECONDS = 30  # after which Linux ends whoever is still at work
NUMBER, READY, BEGAN, ENDED = 0, 8, (16, 17), (24, 25)  # places of 8 bytes, 64 or more apart
PLACES = 32
DONE = "exit code 0"
PATIENCE = 5  # seconds that one waits for the other to begin
PAUSE = 0.0002  # seconds between two looks at whether the other one is there


def add(x, times):
    for _ in range(times):
        x.value += 1


def report(params):
    memory = mmap.mmap(-1, 8 * PLACES)  # MAP_SHARED: a fork sees the same
    shared = [ctypes.c_int64.from_buffer(memory, 8 * place) for place in range(PLACES)]
    read, write = os.pipe()
    tasks = [lambda number=number: take_part(shared, number, params["times"], write)
             for number in (0, 1)]  # fmt: skip
    works = [lambda: in_threads(tasks)] if params["who"] == "threads" else tasks
    try:
        exits = run(works)
    finally:
        os.close(write)
    with os.fdopen(read) as pipe:
        exceptions = sorted(pipe.read().splitlines())
    if set(exits) != {DONE}:  # what was not added is not lost
        raise RuntimeError(f"not both came to their end: {', '.join(exits)}")
    return facts(shared, 2 * params["times"], exceptions, exits)


def run(works):
    """Run each in a child of its own, all at once; return how each has ended."""
    pids = []
    try:
        for work in works:
            pids.append(_watching.fork(lambda work=work: bounded(work)))
    except BaseException:
        for pid in pids:  # who is there would wait in vain for who is not
            os.kill(pid, _light.SIGKILL)  # ours, and not collected yet: it is no other's number
        raise
    finally:
        ends = [_watching.collect(pid) for pid in pids]
    words = {"exited": "exit code", "signalled": "signal"}
    return [f"{words[how]} {code}" for how, code in ends]


def bounded(work):
    """In a child: leave no file behind after a crash, end in time, and work."""
    _sacrifice.prepare(SECONDS)
    work()


def in_threads(tasks):
    """In a child: run each in a thread, and wait for all."""
    threads = [threading.Thread(target=task) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def take_part(shared, number, times, write):
    """Be one of the two: wait for the other one, add, and say what went wrong, if anything did."""
    meet(shared, number)
    shared[BEGAN[number]].value = time.monotonic_ns()
    try:
        add(shared[NUMBER], times)
    except Exception as error:
        os.write(write, f"{type(error).__name__}: {error}\n".encode())
    shared[ENDED[number]].value = time.monotonic_ns()


def meet(shared, number):
    """Wait until the other one is there, too."""
    shared[READY + number].value = 1
    end = time.monotonic() + PATIENCE
    while not (shared[READY].value and shared[READY + 1].value):
        if time.monotonic() > end:
            raise RuntimeError("the other one did not come")
        time.sleep(PAUSE)


def facts(shared, expected, exceptions, exits):
    """Return the facts; ``overlap`` is the part of the time in which both were at work."""
    began, ended = ([shared[place].value for place in places] for places in (BEGAN, ENDED))
    both, either = min(ended) - max(began), max(ended) - min(began)
    found = shared[NUMBER].value
    return {
        "expected": expected,
        "found": found,
        "lost": expected - found,
        "exceptions": exceptions,
        "exits": exits,
        "overlap": round(max(both, 0) / max(either, 1), 3),
        "cpus": _conditions.allowed(),
        "python": ".".join(map(str, sys.version_info[:3])),
        "gil": getattr(sys, "_is_gil_enabled", lambda: True)(),
    }
