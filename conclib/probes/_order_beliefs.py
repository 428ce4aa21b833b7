"""Find the order: what beliefs about races would have each order come to, and puzzles drawn from that.

Two programs of one change each, a lock or none, a target: which order of the six steps gives it? Of the
options one is right. Each wrong one rests on a belief that somebody may hold:

    line     the line is one step, done when its program begins
    sorted   Linux sorts it out: both changes count, in the order of their writes
    alone    only the last write counts, also where the other one had ended before it began
    refused  what is written first stays: the second write is refused, for its copy is old
    any-lock a lock each keeps them apart as one lock for both does
    no-wait  where the lock is taken one goes on all the same

Only ``random.Random(seed).random()`` is used: it is the same in every Python.
"""

from __future__ import annotations  # a worker may be an older Python

import random
from collections.abc import Callable, Sequence
from typing import TypeVar

from ._order_model import EACH, LOCKS, NONE, ONE, A, B, Run, apply, changes, ends

T = TypeVar("T")

NEVER = "never"
BELIEFS = ("line", "sorted", "alone", "refused", "any-lock", "no-wait")
WRONG = 3  # options beside the right one
CHANGES = ("+1", "+2", "+3", "+5", "+8", "-1", "-2", "-4", "*2", "*3", "*4", "*5")
LARGEST_START = 9


def believed(belief: str, *, start: int, a: str, b: str, lock: str, order: str) -> int | None:
    """Return what somebody with a belief expects of an order; ``None``: it cannot happen.

    Args:
        belief: one of ``BELIEFS``; the others: as for ``_order_model.Run``.
    """
    if belief in ("any-lock", "no-wait"):
        taken = {("any-lock", EACH): ONE, ("no-wait", ONE): NONE}.get((belief, lock), lock)
        run = Run(start, a, b, order, taken)
        return run.end if run.happened else None
    does = {A: changes(a)[0], B: changes(b)[0]}
    last = order[-1]
    first = B if last == A else A  # whose last step comes first
    if belief == "alone":
        return apply(does[last], start)
    if belief == "refused" and not order.startswith(first * 3):
        return apply(does[first], start)
    begins = order[0] if belief == "line" else first
    ends_it = B if begins == A else A
    return apply(does[ends_it], apply(does[begins], start))


def drawn(seed: int) -> dict:
    """Return the puzzle of a seed: ``start``, ``a``, ``b``, ``lock``, ``target``, ``options``, ``right``,
    ``beliefs`` (the belief behind each wrong option).
    """  # fmt: skip
    draw = random.Random(seed).random
    while True:
        puzzle = _tried(draw)
        if puzzle:
            return puzzle


def _tried(draw: Callable[[], float]) -> dict | None:
    """Draw a puzzle; ``None`` if the numbers do not tell the beliefs apart."""
    start = 1 + int(draw() * LARGEST_START)
    lock, a, b = (_one(draw, each) for each in (LOCKS, CHANGES, CHANGES))
    does_a, does_b = changes(a)[0], changes(b)[0]
    after_a, after_b = apply(does_a, start), apply(does_b, start)
    in_turn = [apply(does_b, after_a), apply(does_a, after_b)]
    if len({start, after_a, after_b, *in_turn}) < 5 or min(after_a, after_b, *in_turn) < 0:
        return None
    target = _one(draw, _one(draw, [in_turn, [after_a, after_b]]))
    game = {"start": start, "a": a, "b": b, "lock": lock}
    return _with_options(draw, game, target)


def _with_options(draw: Callable[[], float], game: dict, target: int) -> dict | None:
    """Add options in a drawn order; ``None`` if beliefs do not give enough wrong ones."""
    real = ends(**game)
    good = [order for order, end in real.items() if end == target]
    fits = _fitting(game, target, [order for order in real if order not in good])
    wrong = {}
    if good:
        never = [belief for belief in fits if not _expects(belief, game, target, list(real))]
        if not never:
            return None
        wrong[NEVER] = _one(draw, never)
    each_once = _shuffled(draw, list(fits))
    for belief in each_once * WRONG:  # a belief comes again only after all others
        free = [order for order in fits[belief] if order not in wrong]
        if free and len(wrong) < WRONG:
            wrong[_one(draw, free)] = belief
    if len(wrong) < WRONG:
        return None
    right = _one(draw, good) if good else NEVER
    options = tuple(_shuffled(draw, [right, *wrong]))
    return {**game, "target": target, "options": options, "right": right, "beliefs": wrong}


def _fitting(game: dict, target: int, wrong: list[str]) -> dict[str, list[str]]:
    """Return for each belief that can be held here the wrong orders that it takes for right."""
    no_use = {"any-lock": EACH, "no-wait": ONE}  # these two are about one kind of lock
    held = [belief for belief in BELIEFS if no_use.get(belief, game["lock"]) == game["lock"]]
    return {belief: _expects(belief, game, target, wrong) for belief in held}


def _expects(belief: str, game: dict, target: int, among: list[str]) -> list[str]:
    return [order for order in among if believed(belief, **game, order=order) == target]


def _one(draw: Callable[[], float], items: Sequence[T]) -> T:
    return items[int(draw() * len(items))]


def _shuffled(draw: Callable[[], float], items: Sequence[T]) -> list[T]:
    return sorted(items, key=lambda _: draw())
