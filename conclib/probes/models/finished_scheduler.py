"""An exercise's answer is run: a function ``step`` that a scheduler of two queues calls for a task.

Three tasks are given to it. A takes a step, waits, and takes another. B takes five steps and waits
for nothing between. C takes one step and is done. The order of the steps tells what ``step`` does
with a task that waits, with one that could go on, and with one that is done.
"""

import time
from collections import deque

from .. import _sacrifice

PROBE = {
    "name": "finished_scheduler",
    "title": "A scheduler that somebody has finished",
    "times": "nothing: it reports in which order tasks took their steps",
    "unit": "facts",
    "facts": {
        "order": "list[str]",
        "waited_ns": "int | None",
        "wait_ns": "int",
        "unfinished": "list[str]",
        "error": "str",
        "endless": "bool",
    },
    "params": {
        "code": {
            "type": "text",
            "default": (
                "def step(task, ready, waiting):\n"
                "    wait = next(task, None)\n"
                "    if wait:\n"
                "        waiting.append((time.monotonic() + wait, task))\n"
                "    elif wait == 0:\n"
                "        ready.append(task)\n"
            ),
            "pattern": r"(?s)(?=.*\bdef step\().{1,5000}",
            "allowed": "Python text with a function step(task, ready, waiting)",
            "help": "the function step",
        },
    },
    "takes": {"processes": "1", "mb": "16"},
    "baseline": "none",
    "needs": ["fork"],
}  # fmt: skip
WAIT = 0.2  # s that A waits: the others need far less for all of their steps
STEPS = 5  # of B
SECONDS = 3  # after which the function is taken for one that does not return
MANY = 1000  # calls of step: with fewer all is done, or it will never be


def observe(params, tell):
    """Run the function in a child; return what the child reported."""
    try:
        told = _sacrifice.run(lambda report: report(trial(params["code"])), SECONDS)
    except RuntimeError:  # Linux ended it: the function did not return
        return {**_found([], {}), "endless": True}
    if told.lines:
        return told.one()
    return {**_found([], {}), "error": f"the process that ran it ended: {told.end}"}


def trial(code):
    """Run the three tasks by the function ``step`` in ``code``; return the facts."""
    order, times = [], {}
    names = {"time": time, "deque": deque}

    def say(name):
        order.append(name)
        times[name] = time.monotonic_ns()

    try:
        exec(compile(code, "step", "exec"), names)
        endless = run({"A": a(say), "B": b(say), "C": c(say)}, names["step"])
    except BaseException as error:  # the student's: whatever it is, it is to be reported
        return {**_found(order, times), "error": f"{type(error).__name__}: {error}"}
    return {**_found(order, times), "endless": endless}


def a(say):
    """Take a step, wait, take another."""
    say("A1")
    yield WAIT
    say("A2")


def b(say):
    """Take steps, with a yield after each that lets others run."""
    for number in range(1, STEPS + 1):
        say(f"B{number}")
        yield 0


def c(say):
    """Take one step, and be done."""
    say("C1")
    return
    yield


def run(tasks, step):
    """Do what is left of a scheduler: wake who has waited, and call ``step``; tell if it has no end."""
    ready, waiting = deque(tasks.values()), []
    for _ in range(MANY):
        now = time.monotonic()
        for each in [each for each in waiting if each[0] <= now]:
            waiting.remove(each)
            ready.append(each[1])
        if ready:
            step(ready.popleft(), ready, waiting)
        elif waiting:
            time.sleep(max(min(waiting)[0] - now, 0))
        else:
            return False
    return True


def _found(order, times):
    last = {"A": "A2", "B": f"B{STEPS}", "C": "C1"}
    waited = times["A2"] - times["A1"] if "A2" in times else None
    return {
        "order": order[:MANY],
        "waited_ns": waited,
        "wait_ns": int(WAIT * 1e9),
        "unfinished": [name for name, end in last.items() if end not in order],
        "error": "",
        "endless": False,
    }
