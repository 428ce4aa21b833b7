"""The address space of a process as a map: what lies where, and how much of it is in memory.

The highest address is on top, where textbooks draw the stack. The order is true; heights grow with
the size, but not in proportion, and what lies between is folded to a line that says how much it
is. A black strip in a block says which share of it is in memory. Each kind has a colour and a
pattern of its own, and stands in words beside its block.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from conclib.plots.picture import Picture
from conclib.plots.records import some
from conclib.plots.space_blocks import Block, blocks, value
from conclib.plots.space_drawing import drawn
from conclib.results import arguments
from conclib.results.wording import printable

TITLE = "What lies where in this process?"
FOOT = "Highest address on top, in true order. Heights grow with the size, but not in proportion."
OUTSIDE = "[vsyscall]"
MAX_LINES = 6  # about one block


def space(
    regions: Any,
    *,
    marks: Mapping[str, int] | None = None,
    title: str | None = None,
) -> Picture:
    """Draw the map of an address space.

    Args:
        regions: what ``cl.inspect`` gave, or regions as a probe reports them: ``start``, ``end``,
            ``perms``, ``kind``, and where known ``path`` and ``rss``.
        marks: addresses to point at, by name: ``{"the function": 0x4012a0}``.
        title: the question that the picture answers.

    Raises:
        ValueError: no regions, or one without addresses, rights and kind.
    """
    listed = listed_regions(regions)
    some("regions", listed)
    named = {arguments.label("marks", name): where for name, where in (marks or {}).items()}
    found = [_marked(each, named) for each in blocks(listed, tuple(named.values()))]
    nowhere = [name for name, where in named.items() if not _holds(found, where)]
    foot = " ".join([FOOT, *(f"{name} lies in no region." for name in nowhere)])
    return drawn(found, title or _title(regions), foot, named)


def listed_regions(regions: Any) -> list[Any]:
    """Return the regions of a record, or of a list of them.

    Without the one that Linux lists for every process at the very top of all addresses, far above
    all that a process can have.
    """
    listed = getattr(regions, "regions", regions)
    return [each for each in listed if value(each, "path") != OUTSIDE]


def _title(regions: Any) -> str:
    pid, name = getattr(regions, "pid", None), getattr(regions, "name", "")
    return (
        f"{TITLE} ({printable(name)}, process {pid})"
        if pid and isinstance(name, str) and name
        else TITLE
    )


def _holds(found: Iterable[Block], address: int) -> bool:
    return any(each.start <= address < each.end for each in found)


def _marked(each: Block, marks: Mapping[str, int]) -> Block:
    inside = {name: where for name, where in marks.items() if each.start <= where < each.end}
    ordered = sorted(inside.items(), key=lambda item: -item[1])
    lines = tuple(f"◆ {name}: {where:x}" for name, where in ordered)
    return replace(each, lines=lines[:MAX_LINES])
