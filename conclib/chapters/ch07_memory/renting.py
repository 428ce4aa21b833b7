"""The picture of chapter 07: the rent. A real run, drawn so that each process can be ended."""

from conclib.chapters.ch07_memory import clickable, holders
from conclib.lesson.showing.looked import Looked, looked
from conclib.probes import _rent_model
from conclib.results import Observation, Unavailable

TITLE = "Who holds what, and what leaves with whom?"
SHARE = 4  # each child rewrites one of so many parts, as the probe has it
CLOSE = 2  # kB


def rent(*, size_mb: int = 48, children: int = 3) -> Looked:
    """Let a parent and its children share memory, rewrite a quarter each, and draw who holds what.

    Args:
        size_mb: what the parent fills, 4 to 512 MB; children: how many, 1 to 4.

    Raises:
        TypeError, ValueError: out of range.
    """
    from conclib import lab
    from conclib.results import arguments

    arguments.integer("children", children, 1, SHARE)
    try:
        item = lab.observe("rent", do="rewrite", size_mb=size_mb, children=children)
    except Unavailable:
        item = lab.observe("rent", do="rewrite")
    names, bricks = item.facts["names"], held(item)
    drawn = clickable.holders(names, holders.of_bricks(bricks), title=TITLE)
    return looked({"rent": item}, sentence(item), drawn)


def rewritten(item: Observation) -> dict[str, int]:
    """Return how many MB each process rewrote."""
    names = item.facts["names"]
    part = item.params["size_mb"] // SHARE if item.params["do"] == "rewrite" else 0
    return {name: part if 1 <= place <= SHARE else 0 for place, name in enumerate(names)}


def held(item: Observation) -> list[tuple[str, ...]]:
    """Return the bricks of a run: a tuple of its holders for each MB."""
    return _rent_model.bricks(item.params["size_mb"], rewritten(item))


def sentence(item: Observation) -> str:
    """Say whether what is drawn is what was measured, in every figure of every step."""
    bricks, facts = held(item), item.facts
    worst = 0.0
    for step in range(len(facts["ends"]) + 1):
        for name in facts["names"]:
            for scale, megabytes in _rent_model.figures(bricks, name).items():
                found = facts["figures"][scale][name][step]
                worst = max(worst, 0 if found is None else abs(found - megabytes * 1024))
        bricks = (
            _rent_model.without(bricks, facts["ends"][step]) if step < len(facts["ends"]) else []
        )
    if worst <= CLOSE:
        return "What is drawn was really run: every figure of every step was as it stands here."
    return (
        f"Careful: in the real run a figure was {worst:.0f} kB off what is drawn. Believe the run; "
        "its numbers are in .seen."
    )
