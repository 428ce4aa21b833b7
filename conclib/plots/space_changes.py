"""What has changed in an address space: the map as it is now, and marks at what came, went or grew.

A heavy frame and its words mark what is new, has grown or has other rights; an arrow shows at which
edge it grew, as that was seen. A dashed frame without colour is where something was that is gone.
What is as before is put together.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from conclib.plots.picture import Picture
from conclib.plots.space import listed_regions
from conclib.plots.space_blocks import (
    GONE,
    NEAR,
    NEW,
    SAME,
    Block,
    block,
    in_few,
    of_libraries,
    together,
)
from conclib.plots.space_drawing import drawn

TITLE = "What has changed in this process's memory?"
FOOT = (
    "Highest address on top, in true order; what is as before is put together. Heavy frame: new, "
    "grown or with other rights; dashed: gone; arrow: the edge at which it grew or shrank."
)


def space_changes(difference: Any, *, title: str | None = None) -> Picture:
    """Draw what has changed from one look at a process's memory to another.

    Args:
        difference: what ``before.difference(after)`` gave, of two looks by ``cl.inspect``.
        title: the question that the picture answers.
    """
    changes = list(difference.changes)
    now = [_now(region, changes) for region in listed_regions(difference.after)]
    gone = [_gone(each) for each in changes if each.what == GONE]
    found = sorted([*now, *gone], key=lambda each: (each.start, each.status != GONE))
    whose = getattr(difference.after, "pid", None)
    who = f" (process {whose})" if whose else ""
    nothing = "" if changes else " Nothing has changed in its list of regions."
    return drawn(_folded(found), title or f"{TITLE}{who}", FOOT + nothing)


def _now(region: Any, changes: Iterable[Any]) -> Block:
    """Return a region of now as a block, with what has become of it."""
    own = [each for each in changes if each.region is region or _shrank_to(each, region)]
    if not own:
        return replace(block(region), status=SAME)
    lines = tuple(map(_line, own))
    return replace(block(region), status=own[0].what, direction=own[0].direction, lines=lines)


def _shrank_to(change: Any, region: Any) -> bool:
    """Whether a region of now is what was left when another one lost an edge."""
    touches = region.end == change.start or region.start == change.end
    return bool(change.what == "shrank" and touches and change.region.path == region.path)


def _line(change: Any) -> str:
    arrow = {"up": "↑ ", "down": "↓ "}.get(change.direction, "")
    return f"{arrow}{change.text}"


def _gone(change: Any) -> Block:
    was = replace(block(change.region), start=change.start, end=change.end, size=change.size)
    return replace(was, status=GONE, rss=None, lines=(change.text,))


def _folded(found: Sequence[Block]) -> list[Block]:
    """Return the blocks with neighbours put together that are all as before, or all new or gone."""
    folded: list[Block] = []
    for each in of_libraries(list(found)):
        last = folded[-1] if folded else None
        if last is not None and last.status == each.status and _goes_with(each, last):
            folded[-1] = _as_one(last, each)
        else:
            folded.append(each)
    return in_few(folded)


def _goes_with(each: Block, last: Block) -> bool:
    libraries = each.kind == last.kinds[-1] == "shared library"
    close = each.start - last.end < NEAR
    return close and (each.status == SAME or (each.status in (NEW, GONE) and libraries))


def _as_one(last: Block, each: Block) -> Block:
    """Put two blocks together; of what came or went together, one line is enough."""
    lines = () if each.status == SAME else (f"{each.status}: {last.count + each.count} regions",)
    return replace(together([last, each]), status=each.status, lines=lines)
