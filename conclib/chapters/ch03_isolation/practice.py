"""The endless exercise of chapter 03: in which order must the steps come, to end with this number?

What a seed gives, what each order comes to, and what beliefs would have it come to are computed in
modules beside the probe that really steps through it: so what is shown, computed and run is one and
the same.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from conclib.lesson.registry import Variant
from conclib.probes import _order_beliefs, _order_model
from conclib.results.wording import listed

Puzzle = Mapping[str, Any]
SIGNS = {"+": "adds", "-": "subtracts", "*": "multiplies by"}
LOCKS = {
    _order_model.NONE: "no lock",
    _order_model.EACH: "two locks: A takes one, B the other",
    _order_model.ONE: "one lock, for both",
}


def find_the_order(seed: int) -> Variant:
    """Return the puzzle of a seed, 1 to 1,000,000,000, with four answers."""
    puzzle = _order_beliefs.drawn(seed)
    never = puzzle["right"] == _order_beliefs.NEVER
    return Variant(
        options=tuple(puzzle["options"]),
        right=puzzle["right"],
        beliefs=dict(puzzle["beliefs"]),
        reason="never" if never else "found",
        values=values(puzzle),
        code=shown(puzzle),
        run=partial(ran, puzzle),
    )


def game(puzzle: Puzzle) -> dict[str, Any]:
    """Return what is run: where the number starts, both programs, the lock."""
    return {name: puzzle[name] for name in ("start", "a", "b", "lock")}


def shown(puzzle: Puzzle) -> str:
    """Return the two programs line by line, and what is asked."""
    lines = [f"the number is {puzzle['start']}"]
    for name in ("a", "b"):
        ((sign, by),) = _order_model.changes(puzzle[name])
        lines.append(f"{name.upper()} reads it, {SIGNS[sign]} {by}, writes it back")
    held = "" if puzzle["lock"] == _order_model.NONE else ", held from read to write"
    lines += [f"{LOCKS[puzzle['lock']]}{held}", f"asked: {puzzle['target']} in the end"]
    return "\n".join(lines)


def values(puzzle: Puzzle) -> dict[str, Any]:
    """Return what is put in place in the words of the answers."""
    ends = _order_model.ends(**game(puzzle))
    orders = [each for each in puzzle["options"] if each != _order_beliefs.NEVER]
    each = ", ".join(f"{order} {_end(ends[order])}" for order in orders)
    there = sorted({end for end in ends.values() if end is not None})
    return {
        "target": puzzle["target"],
        "each": each,
        "ends": listed([str(end) for end in there]),
        "count": len(ends),
    }


def _end(end: int | None) -> str:
    return "cannot happen: one must wait" if end is None else f"gives {end}"


def ran(puzzle: Puzzle, stop: Any = None) -> str:
    """Step through it with two real threads; say what it came to."""
    from conclib import lab

    right = puzzle["right"]
    order = "all" if right == _order_beliefs.NEVER else right
    seen = lab.observe("staircase", **game(puzzle), order=order, stop=stop)
    return run_sentence(puzzle, seen.facts, seen.origin)


def run_sentence(puzzle: Puzzle, facts: Mapping[str, Any], origin: str) -> str:
    """Say what a run came to, and whether it is what was computed."""
    head = f"Really run ({origin}), by two threads: "
    happened = [o for o, how in facts["outcomes"].items() if how != "waits"]
    ends = {order: facts["ends"][order] for order in happened}
    hits = [order for order, end in ends.items() if end == puzzle["target"]]
    right = puzzle["right"]
    if right == _order_beliefs.NEVER:
        said = f"{len(ends)} orders could happen, and {len(hits)} of them gave {puzzle['target']}."
        as_computed = not hits
    else:
        said = f"{right} gave {ends.get(right, 'nothing, for one had to wait')}."
        as_computed = right in hits
    return f"{head}{said} " + (
        "That is what was computed." if as_computed
        else "That is not what was computed above: believe the run."
    )  # fmt: skip


PRACTICE = {
    "find-the-order": find_the_order,
}
