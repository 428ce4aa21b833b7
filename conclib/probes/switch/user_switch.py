"""What does a switch cost that Linux never hears of? A loop goes on to the next of 100 tasks.

The tasks are generators on one thread. To switch is to take the next one from a queue, to let it go
on up to its next ``yield``, and to put it back.
"""

from collections import deque
from types import SimpleNamespace

PROBE = {
    "name": "user_switch",
    "title": "Switch to another task, without Linux",
    "times": "taking the next task from a queue, a step of it up to its yield, putting it back",
    "unit": "ns",
    "kind": "task",
    "params": {},
    "baseline": "the loop around it",
    "needs": [],
}
TASKS = 100


def task(steps):
    """Go on for ever, a step at a time; count the steps."""
    while True:
        steps[0] += 1
        yield


def setup(params):
    steps = [0]
    return SimpleNamespace(ready=deque(task(steps) for _ in range(TASKS)), steps=steps, asked=0)


def body(state, loops):
    ready = state.ready
    take, put_back = ready.popleft, ready.append
    for _ in range(loops):
        each = take()
        next(each)
        put_back(each)
    state.asked += loops


def baseline(state, loops):
    for _ in range(loops):
        pass


def verify(state):
    if state.steps[0] != state.asked or not state.asked:
        raise RuntimeError(f"{state.asked} switches asked for, but {state.steps[0]} steps counted")
    return f"{state.asked} steps of {TASKS} tasks were counted, one after each switch"
