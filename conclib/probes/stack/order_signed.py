"""Threads are started one after another, and each signs a list. In which order do they sign?

With a *gate* each of them first waits at one starting line, and then makes a system call, in which
it gives way to the others. All of it happens in a child of the measuring process.
"""

from __future__ import annotations  # a worker may be an older Python

import threading
import time

from .. import _answering

PROBE = {
    "name": "order_signed",
    "title": "Who signs first?",
    "times": "nothing: it reports in which orders threads signed a list",
    "unit": "facts",
    "facts": {
        "started": "str",
        "orders": "dict[str, int]",
        "rounds": "int",
        "kinds": "int",
        "possible": "int",
        "as_started": "int",
    },
    "params": {
        "gate": {
            "type": "choice",
            "default": "no",
            "choices": ["no", "yes"],
            "help": "whether all wait at one starting line first, and then make a system call",
        },
        "threads": {"type": "int", "default": 4, "min": 2, "max": 6, "help": "how many sign"},
        "rounds": {"type": "int", "default": 200, "min": 10, "max": 500, "help": "how often"},
    },
    "takes": {"processes": "1", "threads": "threads", "descriptors": "8"},
    "baseline": "none",
    "needs": ["fork"],
}


def sign_at_once(number, paper, _line):
    paper.append(number)


def sign_after_the_gate(number, paper, line):
    line.wait()  # until all of them are here
    time.sleep(0)  # a system call: others may go first
    paper.append(number)


def one_round(sign, count):
    """Start threads 1, 2, 3 ... in this order; return the order in which they signed, as text."""
    paper, line = [], threading.Barrier(count)
    crowd = [threading.Thread(target=sign, args=(n, paper, line)) for n in range(1, count + 1)]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    return "".join(map(str, paper))


def all_rounds(report, params):
    sign = sign_after_the_gate if params["gate"] == "yes" else sign_at_once
    for _ in range(params["rounds"]):
        report(one_round(sign, params["threads"]))


def report(params):
    signed = _answering.run(lambda report: all_rounds(report, params)).whole()
    started = "".join(map(str, range(1, params["threads"] + 1)))
    possible = 1
    for number in range(2, params["threads"] + 1):
        possible *= number
    return {
        "started": started,
        "orders": {order: signed.count(order) for order in sorted(set(signed))},
        "rounds": len(signed),
        "kinds": len(set(signed)),
        "possible": possible,
        "as_started": signed.count(started),
    }
