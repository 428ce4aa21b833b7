"""The pictures of chapter 01: six objects in their regions, what grows, and how deep calls come."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conclib.chapters.ch01_process.projected import projected
from conclib.plots import sheet, style
from conclib.plots.picture import Picture, Table
from conclib.plots.space import listed_regions, space
from conclib.plots.space_blocks import Block, block
from conclib.plots.space_drawing import LOOKS, drawn
from conclib.results import Observation
from conclib.results.quantity import BYTES
from conclib.results.wording import listed

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Painter = Callable[["Axes", float], None]
Region = Mapping[str, Any]
MB = 2**20
NEAR = 2**30  # bytes; what lies farther apart is not folded into one
PLACES = "Six objects: where do they lie?"
LIES = {"up": "higher", "down": "lower"}
STAGE_FOOT = "Highest address on top, in true order."
GROWTH = "Which way did they grow?"
GROWTH_FOOT = "Highest address on top. Arrow: the edge that moved, and its way, as measured."
DEPTHS = "Twice the limit: twice the depth?"
DEPTHS_FOOT = "Bar: the stack, from its top to where it ended. Black mark: the limit that was set."


def places(seen: Observation, *, title: str = PLACES) -> Picture:
    """Draw the regions of a process with the six objects in them.

    Args:
        seen: what ``cl.observe("six_objects")`` gave.
        title: the question that the picture answers.
    """
    marks = {each["name"]: each["address"] for each in seen.facts["objects"]}
    note = f" ({seen.origin})" if seen.source == "recorded" else ""
    shown = folded(seen.facts["regions"], tuple(marks.values()))
    if style.on_stage():
        named = [_named(block(each), marks) for each in listed_regions(shown)]
        return projected(named, title + note, STAGE_FOOT)
    return space(shown, marks=marks, title=title + note)


def _named(each: Block, marks: Mapping[str, int]) -> Block:
    inside = [name for name, where in marks.items() if each.start <= where < each.end]
    return replace(each, lines=tuple(f"◆ {name}" for name in inside))


def folded(regions: Iterable[Region], addresses: Sequence[int]) -> list[Region]:
    """Return the regions that hold one of these addresses; neighbours of no interest as one.

    Args:
        regions: in order of address.
        addresses: what makes a region one of interest.
    """
    found: list[Region] = []
    others: list[Region] = []
    for each in regions:
        holds = any(each["start"] <= address < each["end"] for address in addresses)
        far = bool(others) and each["start"] - others[-1]["end"] > NEAR
        if others and (holds or far):
            found.append(_together(others))
            others = []
        (found if holds else others).append(each)
    return [*found, *([_together(others)] if others else [])]


def _together(some: Sequence[Region]) -> Region:
    if len(some) == 1:
        return some[0]
    kinds = listed(dict.fromkeys(each["kind"] for each in some))
    return {
        "start": some[0]["start"],
        "end": some[-1]["end"],
        "kind": f"{len(some)} other regions",
        "perms": kinds,
        "path": "",
    }


# What grows --------------------------------------------------------------------------------------
def growth(seen: Observation, *, title: str = GROWTH) -> Picture:
    """Draw heap, big blocks and stack after they grew, each with an arrow at the edge that moved.

    Args:
        seen: what ``cl.observe("grow")`` gave.
        title: the question that the picture answers.
    """
    facts = seen.facts
    heap, big, stack = facts["heap_top"], facts["big_blocks"], facts["stack_bottom"]
    size = seen.params.get("big_mb", 0) * MB
    ways = facts["ways"]
    parts = [
        _big(big, size, ways["big blocks"], facts["big_regions"]),
        _grown("stack", stack[-1], facts["stack_top"], ways["stack"], stack),
    ]
    if heap[0]:  # not every C library has one
        parts.append(_grown("heap", facts["heap_start"], heap[-1], ways["heap"], heap))
    note = f" ({seen.origin})" if seen.source == "recorded" else ""
    found = _among(parts, facts["others"])
    draw = projected if style.on_stage() else drawn
    return draw(found, title + note, GROWTH_FOOT)


def _among(parts: Sequence[Block], others: Iterable[Region]) -> list[Block]:
    """Return the parts in true order, with what lies between them put together."""
    marked = [{"start": each.start, "end": each.end, "block": each} for each in parts]
    in_order = sorted([*listed_regions(list(others)), *marked], key=lambda each: each["start"])
    found = folded(in_order, [each.start for each in parts])
    return [each["block"] if "block" in each else block(each) for each in found]


def _grown(kind: str, start: int, end: int, way: str, places: Sequence[int]) -> Block:
    moved = BYTES.write(abs(places[-1] - places[0]))
    return _block(kind, start, end, way, f"its edge went {way}, by {moved} in all")


def _big(places: Sequence[int], size: int, way: str, regions: int) -> Block:
    line = f"{len(places)} big blocks: each next one lies {LIES.get(way, way)}"
    found = _block("anonymous", min(places), max(places) + size, way, line)
    return replace(found, count=regions)


def _block(kind: str, start: int, end: int, way: str, line: str) -> Block:
    direction = way if way in LIES else ""
    return Block(start, end, (kind,), ("rw-p",), size=end - start, lines=(line,),
                 status="grew", direction=direction)  # fmt: skip


# How deep calls come ------------------------------------------------------------------------------
def depths(seen: Observation, *, title: str = DEPTHS) -> Picture:
    """Draw under each limit where the stack ended, and how deep the calls came.

    Args:
        seen: what ``cl.observe("stack_limit")`` gave.
        title: the question that the picture answers.
    """
    facts = seen.facts
    ends = list(zip(facts["limits_mb"], facts["size_mb"], facts["calls"], strict=True))
    rows = [sheet.Row(f"limit {mb:g} MB", 0.42, _bar(mb, size, deep)) for mb, size, deep in ends]
    top = max(facts["limits_mb"]) * MB
    note = f" ({seen.origin})" if seen.source == "recorded" else ""
    figure, _ = sheet.stack(
        title + note, rows, lambda ax: style.linear_axis(ax, BYTES, top * 1.02),
        right=1.3, foot=DEPTHS_FOOT,
    )  # fmt: skip
    cells = [(f"{mb:g} MB", f"{size:.4g} MB", f"{deep:,}") for mb, size, deep in ends]
    words = [
        f"limit {mb}: the stack ended at {size}, {deep} calls deep" for mb, size, deep in cells
    ]
    head = ("limit", "the stack ended at", "calls")
    return Picture(figure, f"{title}{note} {'; '.join(words)}.", Table(head, tuple(cells)))


def _bar(limit: float, size: float, calls: int) -> Painter:
    def paint(ax: "Axes", y: float) -> None:
        ax.barh([y], [size * MB], height=0.2, color=LOOKS["stack"][0])
        ax.plot([limit * MB] * 2, [y - 0.16, y + 0.16], color=style.INK, lw=2.2, marker="None")
        sheet.write(ax, limit * MB, y, f"  {calls:,} calls", ha="left")

    return paint


PICTURES = {
    "places": places,
    "growth": growth,
    "depths": depths,
}
