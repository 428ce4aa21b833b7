"""What do two switches by Linux cost? Two threads hand one byte to each other, there and back.

Each of them sleeps until the other one has written. Kept on one CPU Linux has to switch twice for
each byte that goes there and back; on several CPUs it wakes the other thread on another one, which
takes longer and is no switch.
"""

import os
import resource
import threading
from types import SimpleNamespace

PROBE = {
    "name": "thread_switch",
    "title": "Two threads hand a byte to each other",
    "times": "writing a byte for the other thread, and its answer: two switches on one CPU",
    "unit": "ns",
    "kind": "thread",
    "params": {},
    "baseline": "the same two writes and two reads by one thread, on pipes of its own",
    "needs": ["python_thread"],
}
LEAST = 1  # switch for each round, at least: on several CPUs one of the two may not have slept


def setup(params):
    there, back, own = os.pipe(), os.pipe(), os.pipe()
    state = SimpleNamespace(there=there, back=back, own=own, rounds=0, before=None, counted=0)

    def answer():
        while byte := os.read(there[0], 1):
            os.write(back[1], byte)

    state.other = threading.Thread(target=answer)
    state.other.start()
    return state


def switches():
    """Count how often Linux took a CPU from one of us: it slept, or had just woken the other."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_nvcsw + used.ru_nivcsw


def body(state, loops):
    write, read = os.write, os.read
    out, into = state.there[1], state.back[0]
    before = switches()
    for _ in range(loops):
        write(out, b"x")
        read(into, 1)
    state.counted += switches() - before
    state.rounds += loops


def baseline(state, loops):
    write, read = os.write, os.read
    into, out = state.own
    for _ in range(loops):
        write(out, b"x")
        read(into, 1)
        write(out, b"x")
        read(into, 1)


def verify(state):
    if state.counted < LEAST * state.rounds:
        raise RuntimeError(
            f"{state.rounds} bytes came back, but Linux counted {state.counted} switches"
        )
    return f"{state.rounds} bytes came back; Linux counted {state.counted} switches"


def teardown(state):
    os.close(state.there[1])
    state.other.join()
    for end in (state.there[0], *state.back, *state.own):
        os.close(end)
