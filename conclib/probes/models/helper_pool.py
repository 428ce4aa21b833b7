"""Helper threads of asyncio, all of which are asleep: how long does it take to look a name up?

asyncio has one thread, and a pool of helpers for calls that block. ``asyncio.to_thread`` uses them,
and asyncio itself does, to look up the name of another machine. The pool has an upper bound.
"""

import os
import time

from .. import _refuse, _tasks_program, _watching

PROBE = {
    "name": "helper_pool",
    "title": "A name is looked up beside sleeping helpers",
    "times": "nothing: it reports how long looking up a name took, and how many threads there were",
    "unit": "facts",
    "kind": "task",
    "facts": {
        "version": "str",
        "sleepers": "int",
        "threads_before": "int",
        "threads_lookup": "int",
        "threads": "int",
        "helpers": "int",
        "lookup_idle_ns": "int",
        "lookup_full_ns": "int",
        "held_ns": "int",
        "cpus": "int",
    },
    "params": {
        "sleepers": {
            "type": "int",
            "default": 64,
            "min": 0,
            "max": 200,
            "title": "calls in helper threads",
            "help": "how many calls that block are given to the helpers",
        },
        "hold_ms": {
            "type": "int",
            "default": 600,
            "min": 100,
            "max": 3000,
            "unit": "ms",
            "title": "length of the calls",
            "help": "how long these calls take",
        },
    },
    "takes": {"processes": "1", "threads": "64", "descriptors": "12", "mb": "32"},
    "baseline": "none",
    "needs": ["fork"],
}
PATIENCE = 10.0  # seconds for an answer
QUIET = 0.05  # seconds without a new thread


def observe(params, tell):
    """Look a name up, have all helpers sleep, and look it up again."""
    _refuse.require_proc()
    tell.actor("observer", "process", os.getpid())
    program = _tasks_program.Program("asyncio", None, 1 + params["sleepers"])
    try:
        tell.actor("program", "process", program.pid, maker="observer")
        facts = story(program, params)
    finally:
        how, code = program.end()
    tell.ending("program", how, by="waitid", code=code)
    return {**facts, "version": program.version, "cpus": len(os.sched_getaffinity(0))}


def story(program, params):
    """Go through it; return what was seen."""
    before = len(_watching.tasks(program.pid))
    idle = look_up(program)
    after = len(_watching.tasks(program.pid))
    ns = params["hold_ms"] * 1_000_000
    program.tell("call", params["sleepers"], "helper", ns, program.pipe)
    threads = settled(program)
    start = time.monotonic_ns()
    program.tell("lookup", 1)
    answer = program.answered(params["hold_ms"] / 1000)
    os.write(program.feed, b"." * params["sleepers"])
    held = time.monotonic_ns() - start
    words = answer or program.answered(PATIENCE)
    return {
        "sleepers": params["sleepers"],
        "threads_before": before,
        "threads_lookup": after,
        "threads": threads,
        "helpers": threads - before,
        "lookup_idle_ns": idle,
        "lookup_full_ns": int(words[1]),
        "held_ns": held,
    }


def look_up(program):
    """Have the program look a name up; return how long that took it, in ns."""
    program.tell("lookup", 1)
    return int(program.answer("looked", PATIENCE)[0])


def settled(program):
    """Return how many threads there are, once no more come for a moment."""
    most, since = 0, time.monotonic()
    while time.monotonic() - since < QUIET:
        now = len(_watching.tasks(program.pid))
        if now > most:
            most, since = now, time.monotonic()
        time.sleep(0.002)
    return most
