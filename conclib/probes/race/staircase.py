"""Two little programs change one number, and really run step by step in an order that is given.

Each is a thread. Its program is written out for it, a line for each step, and it stands still in
front of each line until it is its turn. What the number is, and what each has in its copy of it, is
looked at after each step.
"""

from __future__ import annotations  # a worker may be an older Python

import sys
import threading
import types

from .. import _order_model, _stepping

PROBE = {
    "name": "staircase",
    "title": "Two programs in a given order",
    "times": "nothing: it reports the number and both copies after each step",
    "unit": "facts",
    "facts": {
        "programs": "dict[str, str]",
        "orders": "list[str]",
        "ends": "dict[str, int]",
        "outcomes": "dict[str, str]",
        "done": "dict[str, str]",
        "waits": "dict[str, list[int]]",
        "steps": "dict[str, list[dict[str, str | int | None]]]",
        "errors": "list[str]",
        "python": "str",
        "gil": "bool",
    },
    "params": {
        "start": {
            "type": "int",
            "default": 0,
            "min": 0,
            "max": 1000,
            "help": "what the number is at first",
        },
        "a": {
            "type": "text",
            "default": "+1",
            "pattern": r"[+*-][0-9]{1,3}( [+*-][0-9]{1,3})?",
            "allowed": "one change or two, each of them + or - or * and a number",
            "help": "what A does with the number",
        },
        "b": {
            "type": "text",
            "default": "+1",
            "pattern": r"[+*-][0-9]{1,3}( [+*-][0-9]{1,3})?",
            "allowed": "one change or two, each of them + or - or * and a number",
            "help": "what B does with the number",
        },
        "lock": {
            "type": "choice",
            "default": "none",
            "choices": ["none", "one each", "one for both"],
            "help": "which lock is held from each read to its write",
        },
        "order": {
            "type": "text",
            "default": "all",
            "pattern": "all|(?=B*(AB*){3}((AB*){3})?$)(?=A*(BA*){3}((BA*){3})?$)[AB]{6,12}",
            "allowed": "all, or an A for each step of A and a B for each step of B in any order",
            "help": "whose step is next: all orders, or one of them",
        },
    },
    "takes": {"processes": "1", "threads": "2"},
    "baseline": "none",
    "needs": ["fork"],
}
LINES = {
    "read": "copy = number.value",
    "change": "copy = copy {0} {1}",
    "write": "number.value = copy",
}


def written(name, program, lock):
    """Return a program as Python text, and the line at which each step begins, from 1."""
    text, marks = [f"def {name}(number, lock):"], {}
    for change in _order_model.changes(program):
        for step in _order_model.STEPS:
            marks[len(text) + 1] = step
            if lock != _order_model.NONE and step == "read":
                text.append("    lock.acquire()")
            text.append("    " + LINES[step].format(*change))
        if lock != _order_model.NONE:
            text.append("    lock.release()")
    return "\n".join(text), marks


class Program:
    """One of the two programs, as a function that can be run again and again."""

    def __init__(self, name, program, lock):
        self.name = name
        self.text, self.marks = written(name, program, lock)
        self.expected = list(self.marks.values())
        space: dict = {}
        exec(compile(self.text, f"<program {name}>", "exec"), space)
        self._run = space[name]

    def walker(self, number, lock):
        """Return a new walker that runs it."""
        work = lambda walker: self._run(number, _stepping.Asked(walker, lock))  # noqa: E731
        return _stepping.Walker(self.name, work, self._run.__code__, self.marks)


def report(params):
    counts = [len(_order_model.steps(params[name])) for name in ("a", "b")]
    every = params["order"] == "all"
    orders = _order_model.orders(*counts) if every else [params["order"]]
    wrong = _order_model.complaint(orders[0], *counts)
    if wrong:
        raise ValueError(wrong)
    return _stepping.in_a_child(lambda: walk_all(params, orders))


def walk_all(params, orders):
    """In a child, which has threads from here on: run each order; return the facts."""
    lock, number = params["lock"], types.SimpleNamespace()
    programs = [Program("A", params["a"], lock), Program("B", params["b"], lock)]

    def two():
        number.value = params["start"]
        shared = threading.Lock()
        own = [shared if lock == _order_model.ONE else threading.Lock() for _ in programs]
        return [each.walker(number, key) for each, key in zip(programs, own)]  # noqa: B905

    expected = {each.name: each.expected for each in programs}
    walks = {order: _stepping.walk(two, order, lambda: number.value, expected) for order in orders}
    return facts(programs, walks)


def facts(programs, walks):
    """Return the facts about orders that were run."""
    of_each = lambda read: {order: read(walk) for order, walk in walks.items()}  # noqa: E731
    return {
        "programs": {each.name: each.text for each in programs},
        "orders": list(walks),
        "ends": of_each(lambda walk: walk.steps[-1]["number"]),
        "outcomes": of_each(_order_model.outcome),
        "done": of_each(lambda walk: "".join(step["who"] for step in walk.steps)),
        "waits": of_each(lambda walk: walk.waits),
        "steps": of_each(lambda walk: walk.steps),
        "errors": [error for walk in walks.values() for error in walk.errors],
        "python": ".".join(map(str, sys.version_info[:3])),
        "gil": getattr(sys, "_is_gil_enabled", lambda: True)(),
    }
