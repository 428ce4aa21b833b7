"""Two functions change one balance. With which lock does it stay right?

``deposit`` adds to the balance and ``withdraw`` takes from it. Between reading and writing each asks
a payment service, which takes a moment. They run freely first, many times over; then step by step, in
every order of their steps. A lock may be one for each function, or one for the balance.
"""

from __future__ import annotations  # a worker may be an older Python

import linecache
import sys
import threading
import time
import types

from .. import _order_model, _stepping

PROBE = {
    "name": "whose_lock",
    "title": "Two functions, one balance, and whose lock?",
    "times": "nothing: it reports the balance after free runs, and after each order of steps",
    "unit": "facts",
    "facts": {
        "source": "str",
        "start": "int",
        "expected": "int",
        "free": "dict[str, int]",
        "free_ends": "list[int]",
        "free_lost": "list[int]",
        "counts": "dict[str, int]",
        "outcomes": "dict[str, str]",
        "ends": "dict[str, int]",
        "errors": "list[str]",
        "python": "str",
        "gil": "bool",
    },
    "params": {
        "lock": {
            "type": "choice",
            "default": "none",
            "choices": ["none", "one per function", "one for the balance"],
            "help": "which lock is held from each read to its write",
        },
        "runs": {
            "type": "int",
            "default": 20,
            "min": 1,
            "max": 100,
            "help": "how many free runs, each with both functions at once",
        },
        "times": {
            "type": "int",
            "default": 10,
            "min": 1,
            "max": 50,
            "help": "how often each function is called in a free run",
        },
    },
    "takes": {"processes": "1", "threads": "2"},
    "baseline": "none",
    "needs": ["fork"],
}
START, AMOUNT = 100, 10
SERVICE = 0.0004  # seconds that the payment service takes


def deposit(account, lock, ask_the_service):
    lock.acquire()
    balance = account.balance
    ask_the_service()
    balance = balance + AMOUNT
    account.balance = balance
    lock.release()


def withdraw(account, lock, ask_the_service):
    lock.acquire()
    balance = account.balance
    ask_the_service()
    balance = balance - AMOUNT
    account.balance = balance
    lock.release()


FUNCTIONS = {"A": deposit, "B": withdraw}
MARKS = {
    1: "read",
    4: "change",
    5: "write",
}  # which of their lines are stopped at, counted from def


class Account:
    """A balance that counts how many changes were overwritten by somebody who had not read them.

    In the end that need not show: a deposit and a withdrawal that are both lost leave it right.
    """

    def __init__(self, balance):
        self._balance, self._written, self.lost = balance, 0, 0
        self._known = threading.local()

    @property
    def balance(self):
        """What it holds; whoever looks is remembered to know of all changes so far."""
        self._known.written = self._written
        return self._balance

    @balance.setter
    def balance(self, new):
        self.lost += self._written - self._known.written
        self._written += 1
        self._balance = new


class NoLock:
    """What stands in place of a lock where there is none."""

    def acquire(self, blocking=True):
        """Let everybody in."""
        return True

    def release(self):
        """Do nothing."""


def locks(which):
    """Return the lock of each function."""
    one = threading.Lock()
    make = {"none": NoLock, "one per function": threading.Lock}.get(which, lambda: one)
    return {name: make() for name in FUNCTIONS}


def report(params):
    return _stepping.in_a_child(lambda: both_ways(params))


def both_ways(params):
    """In a child, which has threads from here on: run them freely, then in each order."""
    errors = []
    free = [free_run(params["lock"], params["times"], errors) for _ in range(params["runs"])]
    walks = {order: walk(params["lock"], order) for order in _order_model.orders()}
    outcomes = {order: _order_model.outcome(each) for order, each in walks.items()}
    errors += [error for each in walks.values() for error in each.errors]
    found = list(outcomes.values())
    lost = [each.lost for each in free]
    return {
        "source": source(),
        "start": START,
        "expected": START,
        "free": {"runs": len(free), "right": lost.count(0), "wrong": len(free) - lost.count(0)},
        "free_ends": [each.balance for each in free],
        "free_lost": lost,
        "counts": {name: found.count(name) for name in ("right", "lost", "waits")},
        "outcomes": outcomes,
        "ends": {order: each.steps[-1]["number"] for order, each in walks.items()},
        "errors": errors,
        "python": ".".join(map(str, sys.version_info[:3])),
        "gil": getattr(sys, "_is_gil_enabled", lambda: True)(),
    }


def source():
    """Return the text of the two functions, as it stands in this file."""
    lines = linecache.getlines(__file__)
    first = deposit.__code__.co_firstlineno - 1
    last = withdraw.__code__.co_firstlineno + max(MARKS) + 1
    return "".join(lines[first:last]).rstrip()


def free_run(which, times, errors):
    """Let both functions run at once, each so many times; return the account."""
    account, keys = Account(START), locks(which)
    together = threading.Barrier(len(FUNCTIONS))

    def work(name):
        together.wait()
        try:
            for _ in range(times):
                FUNCTIONS[name](account, keys[name], lambda: time.sleep(SERVICE))
        except Exception as error:
            errors.append(f"{name}: {type(error).__name__}: {error}")

    threads = [threading.Thread(target=work, args=(name,)) for name in FUNCTIONS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return account


def walk(which, order):
    """Run both functions once, step by step in this order."""
    account = types.SimpleNamespace()

    def two():
        account.balance = START
        keys = locks(which)
        return [walker(name, account, keys[name]) for name in FUNCTIONS]

    expected = {name: list(_order_model.STEPS) for name in FUNCTIONS}
    return _stepping.walk(two, order, lambda: account.balance, expected)


def walker(name, account, lock):
    """Return a walker that runs one of the functions."""
    function = FUNCTIONS[name]
    first = function.__code__.co_firstlineno
    marks = {first + line: step for line, step in MARKS.items()}
    work = lambda walker: function(account, _stepping.Asked(walker, lock), lambda: None)  # noqa: E731
    return _stepping.Walker(name, work, function.__code__, marks)
