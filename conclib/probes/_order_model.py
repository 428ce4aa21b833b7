"""Two little programs change one number, step by step: what every order of their steps comes to.

A program is a list of changes, ``"+2"`` or ``"+2 *3"``, and each change has three steps:

    read    copy = number       (where there is a lock: takes it first)
    change  copy = copy + 2
    write   number = copy       (and gives the lock back)

An order says who does the next step: ``"AABABB"``. Whoever finds the lock taken waits: that turn
passes, and the lock is asked for again at the next one. What is left undone when the order is at its
end is done then, so a program always comes to its end; but the order that was asked for has not
happened. Nothing runs here; the probe ``staircase`` really does it, and tests compare the two.

The beliefs, the endless exercise and its variants are in ``_order_beliefs.py``.
"""

from __future__ import annotations  # a worker may be an older Python

import re
from collections.abc import Iterator
from itertools import combinations

A, B = "A", "B"
STEPS = ("read", "change", "write")
NONE, EACH, ONE = "none", "one each", "one for both"
LOCKS = (NONE, EACH, ONE)
CHANGE = re.compile(r"([+*-])([0-9]{1,3})")
PROGRAM = r"[+*-][0-9]{1,3}( [+*-][0-9]{1,3})?"  # one change or two
MOST = 10**9  # what a number may come to, in either direction


def changes(program: str) -> list[tuple[str, int]]:
    """Return the changes of a program: ``"+2 *3"`` gives ``[("+", 2), ("*", 3)]``.

    Raises:
        ValueError: it is no program.
    """
    if not re.fullmatch(PROGRAM, program):
        raise ValueError(f"{program!r} is no program: write one change or two, for example +2 *3")
    return [(sign, int(number)) for sign, number in CHANGE.findall(program)]


def apply(change: tuple[str, int], number: int) -> int:
    """Return what a change makes of a number."""
    sign, by = change
    return number * by if sign == "*" else number + (by if sign == "+" else -by)


def steps(program: str) -> list[str]:
    """Return the names of a program's steps, in order."""
    return [*STEPS * len(changes(program))]


def orders(a: int = 3, b: int = 3) -> list[str]:
    """Return every order of ``a`` steps of A and ``b`` steps of B, in alphabetical order."""
    places = range(a + b)
    return ["".join(A if n in own else B for n in places) for own in combinations(places, a)]


def complaint(order: str, a: int, b: int) -> str:
    """Say what is wrong with an order for so many steps of A and of B; ``""`` if nothing is."""
    if set(order) <= {A, B} and (order.count(A), order.count(B)) == (a, b):
        return ""
    example = orders(a, b)[0]
    return f"order={order!r}: {a} times A and {b} times B in any order, for example {example}"


class Run:
    """One order, worked through.

    Attributes:
        order: what was asked for; ``done``: who really did a step, in order.
        steps: for each step that was done: ``who``, ``step`` (read, change or write), and after it
            ``number``, ``A`` and ``B`` (each one's copy; ``None`` before it has read).
        waits: places in the order, from 0, at which somebody found the lock taken.
        end: the number at the end.
    """

    def __init__(self, start: int, a: str, b: str, order: str, lock: str = NONE) -> None:
        self.order, self.lock = order, lock
        self.end = start
        self.steps: list[dict] = []
        self.waits: list[int] = []
        self._left = {A: _steps(a), B: _steps(b)}
        self._copies: dict[str, int | None] = {A: None, B: None}
        self._holder = ""
        for place, who in enumerate(order):
            if self._left[who] and not self._step(who):
                self.waits.append(place)
        for who in self._who_is_left():
            self._step(who)

    @property
    def done(self) -> str:
        """Who did a step, in order."""
        return "".join(each["who"] for each in self.steps)

    @property
    def happened(self) -> bool:
        """Whether the order is one that can happen."""
        return not self.waits

    def _who_is_left(self) -> Iterator[str]:
        """Give who goes on when the order has come to its end: first whoever has the lock."""
        while self._left[A] or self._left[B]:
            yield self._holder or (A if self._left[A] else B)

    def _step(self, who: str) -> bool:
        """Do somebody's next step; return whether it could be done."""
        step, change = self._left[who][0]
        if step == "read":
            if self.lock == ONE and self._holder not in ("", who):
                return False
            self._holder = who if self.lock == ONE else ""
            self._copies[who] = self.end
        elif step == "change":
            self._copies[who] = apply(change, self._copies[who] or 0)
        else:
            self.end, self._holder = self._copies[who] or 0, ""
        self._left[who].pop(0)
        self.steps.append({"who": who, "step": step, "number": self.end, **self._copies})
        return True


def _steps(program: str) -> list[tuple[str, tuple[str, int]]]:
    return [(step, change) for change in changes(program) for step in STEPS]


def lost(steps: list[dict]) -> int:
    """Return how many changes were overwritten by somebody who had not read them.

    Args:
        steps: each with ``who`` and ``step``, as they were done, by a model or for real.
    """
    written, known, found = 0, {A: 0, B: 0}, 0
    for each in steps:
        if each["step"] == "read":
            known[each["who"]] = written
        elif each["step"] == "write":
            found += written - known[each["who"]]
            written += 1
    return found


def outcome(run: Run) -> str:
    """Return what became of an order: ``"right"``, ``"lost"`` or ``"waits"`` (cannot happen).

    Args:
        run: anything with ``steps`` and ``waits``.
    """
    return "waits" if run.waits else "lost" if lost(run.steps) else "right"


def ends(start: int, a: str, b: str, lock: str = NONE) -> dict[str, int | None]:
    """Return what each order ends with; ``None`` where it cannot happen."""
    runs = [Run(start, a, b, order, lock) for order in orders(len(steps(a)), len(steps(b)))]
    return {run.order: run.end if run.happened else None for run in runs}
