"""Two real threads run one line, ``x.value += 1``, step by step, in every order there is.

The line is one for us and several for Python: it reads the number, adds to it, and writes the sum.
A thread can be stopped between these. Here both are stopped there, each time, and each goes on when
it is its turn, as an order says: ``AABABB``. Nothing is left to chance, and nothing is left out.
"""

from __future__ import annotations  # a worker may be an older Python

import ctypes
import dis
import linecache
import sys

from .. import _order_model, _stepping

PROBE = {
    "name": "stepped",
    "title": "One line in every order",
    "times": "nothing: it reports what the number is after each order of steps",
    "unit": "facts",
    "facts": {
        "line": "str",
        "bytecode": "list[dict[str, str]]",
        "ends": "dict[str, int]",
        "numbers": "dict[str, list[int]]",
        "expected": "int",
        "orders": "int",
        "losing": "int",
        "right": "list[str]",
        "errors": "list[str]",
        "verified": "int",
        "python": "str",
        "gil": "bool",
    },
    "params": {
        "order": {
            "type": "text",
            "default": "all",
            "pattern": "all|(?=(B*A){3}B*$)[AB]{6}",
            "allowed": "all, or three times A and three times B in any order",
            "help": "whose step is next: all orders, or one of them",
        },
    },
    "takes": {"processes": "1", "threads": "2"},
    "baseline": "none",
    "needs": ["fork"],
}
EXPECTED = 2
READ, ADD, WRITE = ("LOAD_ATTR",), ("BINARY_OP", "INPLACE_ADD"), ("STORE_ATTR",)
STEPS = {"read": READ, "add": ADD, "write": WRITE}


def add_one(x):
    x.value += 1


def bytecode():
    """Return the bytecodes of the line: place, name, and the step that begins with it, or ""."""
    begins = [offset for offset, _ in dis.findlinestarts(add_one.__code__)][-1]
    found = []
    for each in dis.get_instructions(add_one):
        step = next((step for step, names in STEPS.items() if each.opname in names), "")
        if each.offset >= begins:
            found.append((each.offset, each.opname, step))
        if step == "write":  # what follows ends the function
            break
    return found


def report(params):
    chosen = _order_model.orders() if params["order"] == "all" else [params["order"]]
    return _stepping.in_a_child(lambda: step_all(chosen))


def step_all(orders):
    """In a child, which has threads from here on: step each order; return the facts."""
    x, code = ctypes.c_int64(), bytecode()
    marks = {place: step for place, _, step in code if step}

    def two():
        x.value = 0
        return [_stepping.Walker(name, lambda _: add_one(x), add_one.__code__, marks, True)
                for name in _stepping.NAMES]  # fmt: skip

    expected = {name: list(STEPS) for name in _stepping.NAMES}
    walks = {order: _stepping.walk(two, order, lambda: x.value, expected) for order in orders}
    numbers = {order: [step["number"] for step in walk.steps] for order, walk in walks.items()}
    done = {order: "".join(step["who"] for step in walk.steps) for order, walk in walks.items()}
    errors = [error for walk in walks.values() for error in walk.errors]
    return facts(code, numbers, sum(order == went for order, went in done.items()), errors)


def facts(code, numbers, verified, errors):
    """Return the facts: an update is lost where two additions of one come to less than two.

    ``verified`` counts the orders in which each step was seen to be done by whom the order names.
    """
    ends = {order: seen[-1] for order, seen in numbers.items()}
    right = [order for order, end in ends.items() if end == EXPECTED]
    return {
        "line": linecache.getline(__file__, add_one.__code__.co_firstlineno + 1).strip(),
        "bytecode": [{"name": name, "step": step} for _, name, step in code],
        "ends": ends,
        "numbers": numbers,
        "expected": EXPECTED,
        "orders": len(ends),
        "losing": len(ends) - len(right),
        "right": right,
        "errors": errors,
        "verified": verified,
        "python": ".".join(map(str, sys.version_info[:3])),
        "gil": getattr(sys, "_is_gil_enabled", lambda: True)(),
    }
