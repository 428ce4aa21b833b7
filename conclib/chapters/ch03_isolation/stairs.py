"""What was seen of two programs in every order of their steps, ready to be drawn or clicked.

An order is a path: a step to the right for each step of A, a step up for each of B. Where a path
has come to, what the number is there and what each has in its copy, is known from real runs alone:
each place belongs to the orders that begin with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conclib.probes import _order_model
from conclib.results import Observation

A, B = _order_model.A, _order_model.B
SIDE = 3  # steps of each, in what can be drawn
SIGNS = {"+": "adds {}", "-": "takes away {}", "*": "multiplies by {}"}
LOST, RIGHT, WAITS = "lost", "right", "waits"


@dataclass(frozen=True)
class Place:
    """Where a path has come to.

    Attributes:
        number: what the number is; ``copies``: what A and B have in their copy, ``None`` before
            they have read.
        text: what happened last, in a sentence or two.
        waits: whether the last step could not be done: somebody found the lock taken.
    """

    number: int
    copies: tuple[int | None, int | None]
    text: str
    waits: bool = False

    def cells(self) -> tuple[str, str, str]:
        """Return number and copies as text."""
        return (str(self.number), *("–" if each is None else str(each) for each in self.copies))


@dataclass(frozen=True)
class Stairs:
    """All orders that were run of two programs with one change each.

    Attributes:
        params: of the run: ``start``, ``a``, ``b``, ``lock``.
        places: by path, ``""`` being the start; a path that waits is the last one of its kind.
        ends: what each order really ended with, by order; ``outcomes``: what became of it.
        origin: where it was recorded; empty for a live run.
    """

    params: Mapping[str, Any]
    places: Mapping[str, Place]
    ends: Mapping[str, int]
    outcomes: Mapping[str, str]
    origin: str = ""

    @classmethod
    def of(cls, seen: Observation) -> "Stairs":
        """Return what a run of the probe ``staircase`` saw.

        Raises:
            ValueError: of a program with more than one change, which is not drawn.
        """
        params, facts = seen.params, seen.facts
        if any(len(order) != 2 * SIDE for order in facts["orders"]):
            raise ValueError(
                f"a={params['a']!r}, b={params['b']!r}: only programs of one change each are "
                "drawn, for example a='+2', b='*3'"
            )
        places = {"": Place(params["start"], (None, None), _beginning(params))}
        for order in facts["orders"]:
            places |= _places(order, facts, params)
        origin = "" if seen.source == "live" else seen.origin
        return cls(params, places, dict(facts["ends"]), dict(facts["outcomes"]), origin)

    @property
    def recorded(self) -> str:
        """Where it was recorded, in a sentence; empty for a live run."""
        return f"{self.origin[:1].upper()}{self.origin[1:]}." if self.origin else ""

    @property
    def locked(self) -> bool:
        """Whether one lock keeps the two apart."""
        return bool(self.params["lock"] == _order_model.ONE)

    def of_outcome(self, outcome: str) -> list[str]:
        """Return the orders of which this became."""
        return [order for order, each in self.outcomes.items() if each == outcome]

    def ends_of(self, outcome: str) -> str:
        """Return what the orders of this outcome ended with, in words."""
        return " or ".join(map(str, sorted({self.ends[each] for each in self.of_outcome(outcome)})))

    def path(self, order: str) -> list[tuple[str, Place]]:
        """Return the places of an order, from the start to its end or to where somebody waits."""
        found = [(order[:n], self.places[order[:n]]) for n in range(len(order) + 1)
                 if order[:n] in self.places]  # fmt: skip
        stop = next((n for n, (_, place) in enumerate(found) if place.waits), len(found))
        return found[: stop + 1]

    def label(self, name: str, step: str) -> str:
        """Return what a step is called beside the picture: ``"read"``, ``"+1"``, ``"write"``."""
        change = str(self.params[name.lower()]).replace("*", "×").replace("-", "−")
        return change if step == "change" else step


def _beginning(params: Mapping[str, Any]) -> str:
    return f"The number is {params['start']}. Nobody has done a step yet."


def _places(order: str, facts: Mapping[str, Any], params: Mapping[str, Any]) -> dict[str, Place]:
    """Return the places of one order that was run."""
    waits = facts["waits"][order]
    steps = facts["steps"][order]
    known = waits[0] if waits else len(order)
    found = {order[: n + 1]: _place(steps[: n + 1], params) for n in range(known)}
    if waits:
        who, last = order[known], steps[known - 1]
        other = B if who == A else A
        text = f"{who} wants to read, and finds the lock taken: {who} waits until {other} is done."
        found[order[: known + 1]] = Place(last["number"], (last[A], last[B]), text, True)
    return found


def _place(steps: list[Mapping[str, Any]], params: Mapping[str, Any]) -> Place:
    """Return where these steps have led to."""
    last = steps[-1]
    return Place(last["number"], (last[A], last[B]), _sentence(steps, params))


def _sentence(steps: list[Mapping[str, Any]], params: Mapping[str, Any]) -> str:
    who, step, number = (steps[-1][key] for key in ("who", "step", "number"))
    copy = steps[-1][who]
    if step == "read":
        return f"{who} reads the number: its copy is {copy}."
    if step == "change":
        program = params[who.lower()]
        does = SIGNS[program[0]].format(program[1:])
        return f"{who} {does}, in its copy: that is {copy} now. The number is still {number}."
    written = f"{who} writes its copy back: the number is {number}."
    lost = _order_model.lost(steps) - _order_model.lost(steps[:-1])
    other = B if who == A else A
    if lost:
        written += f" What {other} wrote is gone: {who} had read before that."
    return written
