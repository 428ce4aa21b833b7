"""Thirteen things that a process may do, and what each of them changes in its map and its record.

A seed picks one and how much of it; the same seed gives the same one wherever it is asked. Two of
them change nothing that the system keeps. Nothing is done here; ``life/act.py`` does it.

A *row* is what one look says of one thing: the sizes of the map in bytes, the fields of the record
as they are. Memory that is only *resident* is left out: it moves by itself.
"""

from __future__ import annotations  # a worker may be an older Python

import random

ACTS = ("small", "large", "deep", "library", "thread", "file", "directory", "signal", "cpu",
        "niceness", "umask", "environment", "nothing")  # fmt: skip
UNSEEN = ("environment", "nothing")  # what the system keeps is the same after them
MAP = ("program", "heap", "memory of no file", "libraries", "stack")
RECORD = ("CPU time", "open files", "directory", "signals caught", "niceness", "umask", "threads")
ROWS = MAP + RECORD
MB, KB = 2**20, 2**10

# How much an act does: the choices, of which the seed takes one.
AMOUNTS = {
    "small": (4000, 5000, 6000, 7000, 8000, 9000),  # requests
    "large": (16, 24, 32, 40, 48, 56, 64),  # MB
    "deep": (300, 400, 500, 600),  # calls, each of which calls the next one
    "library": (1,),
    "thread": (1, 2, 3),
    "file": (1, 2, 3),
    "directory": (1,),
    "signal": (10, 12, 15, 1, 28),  # SIGUSR1, SIGUSR2, SIGTERM, SIGHUP, SIGWINCH
    "cpu": (100, 150, 200, 250),  # ms
    "niceness": (1, 2, 3, 4, 5, 6),
    "umask": (0o022, 0o027, 0o002, 0o007),
    "environment": (1,),
    "nothing": (1,),
}
REQUEST, CHUNK = 1000, 1008  # bytes: asked for, and what the C library takes for it
LEVEL = 2500  # bytes of stack for each call, about
THREAD_STACK = 8 * MB
BEFORE, AFTER = "/", "/proc"  # directories that every Linux has
UMASK = 0o077
SIGNALS = {1: "SIGHUP", 10: "SIGUSR1", 12: "SIGUSR2", 15: "SIGTERM", 28: "SIGWINCH"}

# How far a row must move to count as changed: Python itself moves a little meanwhile.
ENOUGH = {"heap": MB, "memory of no file": 4 * MB, "stack": 256 * KB, "CPU time": 60}


def act(seed: int) -> tuple[str, int]:
    """Return the act of a seed, and how much of it."""
    draw = random.Random(seed).random  # what is built on it may differ from Python to Python
    return picked(draw)


def all_seen() -> list[tuple[str, int]]:
    """Return each act that leaves a trace, with the smallest of its amounts."""
    return [(name, AMOUNTS[name][0]) for name in ACTS if name not in UNSEEN]


def picked(draw) -> tuple[str, int]:
    """Return an act and its amount, drawn by chance."""
    name = ACTS[int(draw() * len(ACTS))]
    amounts = AMOUNTS[name]
    return name, amounts[int(draw() * len(amounts))]


def after(name: str, amount: int, before: dict) -> dict:
    """Return the rows after an act, computed from those before it.

    Args:
        name: one of ``ACTS``; ``amount``: one of its ``AMOUNTS``.
        before: what each row says before; sizes in bytes, CPU time in ms.
    """
    rows = dict(before)
    more = {
        "small": ("heap", amount * CHUNK),
        "large": ("memory of no file", amount * MB),
        "deep": ("stack", amount * LEVEL),
        "library": ("libraries", 1),
        "file": ("open files", amount),
        "cpu": ("CPU time", amount),
        "niceness": ("niceness", amount),
    }
    if name in more:
        row, by = more[name]
        rows[row] += by
    elif name == "thread":
        rows["threads"] += amount
        rows["memory of no file"] += amount * THREAD_STACK
    else:
        instead = {
            "directory": {"directory": AFTER},
            "signal": {"signals caught": SIGNALS.get(amount, "")},
            "umask": {"umask": f"{amount:04o}"},
        }
        rows.update(instead.get(name, {}))
    return rows


def changed(before: dict, rows: dict) -> list[str]:
    """Return the rows that differ by more than what moves by itself.

    A row that could not be read is ``None``, and does not count.
    """
    found = []
    for row in ROWS:
        old, new = before[row], rows[row]
        if old is None or new is None or old == new:
            continue
        if row not in ENOUGH or abs(new - old) >= ENOUGH[row]:
            found.append(row)
    return found
