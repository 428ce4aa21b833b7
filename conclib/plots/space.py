"""The address space of a process as a map: what lies where, and how much of it is in memory.

The highest address is on top, where textbooks draw the stack. The order is true; heights grow with
the size, but not in proportion, and what lies between is folded to a line that says how much it
is. A black strip in a block says which share of it is in memory. Each kind has a colour and a
pattern of its own, and stands in words beside its block.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from conclib.plots import lettering, sheet, style
from conclib.plots.picture import Picture, Table
from conclib.plots.records import some
from conclib.plots.space_blocks import NEAR, Block, blocks, value
from conclib.results import arguments
from conclib.results.quantity import BYTES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TITLE = "What lies where in this process?"
FOOT = (
    "Highest address on top, in true order. Heights grow with the size, but not in proportion. "
    "Black strip: the share that is in memory."
)
COLUMN, BESIDE = 1.3, 0.14  # inches: a block's width, and from it to its words
STRIP = 0.055  # inches: the black strip
TEXT_LINE = 0.165  # inches from line to line beside a block
GAP_HEIGHT, SEAM = 0.34, 0.05  # inches: a gap, and one that is too small to be told
OUTSIDE = "[vsyscall]"
MAX_LINES = 6  # about one block
# How each kind is drawn: colour, pattern. The patterns tell apart what is alike in grey.
LOOKS = {
    "text": (style.BLUE, ""),
    "read-only data": ("#56B4E9", ".."),
    "data": ("#F0E442", ""),
    "bss": ("#F0E442", "\\\\\\"),
    "heap": ("#E69F00", ""),
    "stack": (style.THREAD.colour, ""),
    "thread stack": (style.THREAD.colour, "---"),
    "shared library": ("#BBC7D3", ""),
    "file": ("#BBC7D3", ".."),
    "shared memory": ("#CFE8DF", "xx"),
    "vdso": (style.PAPER, "|||"),
    "guard": (style.PAPER, "xxxx"),
    "reserved": (style.PAPER, "//"),
    "anonymous": ("#F6D68F", "///"),
}
OTHER_LOOK = ("#DDDDDD", "")


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
    return f"{TITLE} ({name}, process {pid})" if pid and isinstance(name, str) and name else TITLE


def _holds(found: Iterable[Block], address: int) -> bool:
    return any(each.start <= address < each.end for each in found)


def _marked(each: Block, marks: Mapping[str, int]) -> Block:
    inside = {name: where for name, where in marks.items() if each.start <= where < each.end}
    ordered = sorted(inside.items(), key=lambda item: -item[1])
    lines = tuple(f"◆ {name}: {where:x}" for name, where in ordered)
    return replace(each, lines=lines[:MAX_LINES])


def drawn(
    found: Sequence[Block], title: str, foot: str, marks: Mapping[str, int] | None = None
) -> Picture:
    """Draw blocks from the highest address down.

    Args:
        found: the blocks, lowest address first.
        title: what the picture answers; ``foot``: small print below.
        marks: addresses to point at, by name.
    """
    some("blocks", found)
    top_down = list(reversed(found))
    heights = [_height(each) for each in top_down]
    gaps = [_gap(above, below) for above, below in pairwise(top_down)]
    body = sum(heights) + sum(_gap_height(gap) for gap in gaps) + 0.12
    width = max(lettering.text_width(f"{each.end:x}", style.SMALL) for each in found) * 1.3
    left = sheet.EDGE + width + 0.1
    figure, ax = sheet.sheet(title, body, left=left, right=sheet.EDGE, below=0.08, foot=foot)
    _bare(ax, body)
    y = 0.06
    for number, (each, height) in enumerate(zip(top_down, heights, strict=True)):
        near = number > 0 and gaps[number - 1] < NEAR
        _paint(ax, each, y, height, named_top=not near)
        _point(ax, each, (marks or {}).values(), y, height)
        y += height
        if number < len(gaps):
            _paint_gap(ax, gaps[number], y)
            y += _gap_height(gaps[number])
    return Picture(figure, _sentences(title, top_down, gaps), _table(top_down))


def _bare(ax: "Axes", body: float) -> None:
    """Count the axes in inches, from the top left, and leave out all that belongs to an axis."""
    ax.set_xlim(0, sheet.axes_width(ax))
    ax.set_ylim(body, 0)
    ax.grid(False)
    ax.tick_params(left=False, labelleft=False, bottom=False, labelbottom=False)
    for spine in ax.spines.values():
        spine.set_visible(False)


def _height(each: Block) -> float:
    by_size = 0.04 * math.log2(max(each.size, 4096) / 4096)
    return max(by_size, (2 + len(each.lines)) * TEXT_LINE + 0.08)


def _gap(above: Block, below: Block) -> int:
    return max(above.start - below.end, 0)


def _gap_height(gap: int) -> float:
    return GAP_HEIGHT if gap >= NEAR else SEAM if gap else 0.0


def _paint(ax: "Axes", each: Block, y: float, height: float, *, named_top: bool) -> None:
    from matplotlib.patches import Rectangle

    colour, pattern = LOOKS.get(each.kind, OTHER_LOOK)
    gone = each.status == "gone"
    face = {"facecolor": style.PAPER if gone else colour, "hatch": "" if gone else pattern}
    heavy = each.status in ("new", "grew", "rights")
    edge = {"edgecolor": style.INK, "linewidth": 2.2 if heavy else 0.8}
    ax.add_patch(Rectangle((0, y), COLUMN, height, **face, **edge, linestyle="--" if gone else "-"))
    if each.rss and each.size:
        share = min(each.rss / each.size, 1.0)
        strip = (0, y + height - STRIP)
        ax.add_patch(Rectangle(strip, COLUMN * share, STRIP, facecolor=style.INK, linewidth=0))
    address = {"size": style.SMALL, "fontfamily": style.MONO, "ha": "right"}
    sheet.write(ax, -0.06, y + height, f"{each.start:x}", **address)
    if named_top:
        sheet.write(ax, -0.06, y, f"{each.end:x}", **address)
    _words(ax, each, y, height)


def _point(ax: "Axes", each: Block, marks: Iterable[int], y: float, height: float) -> None:
    """Put a diamond where each marked address lies in its block, well inside its edges."""
    for address in (address for address in marks if each.start <= address < each.end):
        share = (each.end - address) / (each.end - each.start)
        place = y + min(max(share * height, 0.07), height - STRIP - 0.07)
        ax.plot([COLUMN - 0.12], [place], marker="D", ms=6, mfc=style.INK, mec=style.PAPER, mew=1.2,
                ls="")  # fmt: skip


def _words(ax: "Axes", each: Block, y: float, height: float) -> None:
    x = COLUMN + BESIDE
    room = sheet.axes_width(ax) - x
    lines = [each.name, each.detail, *each.lines]
    first = y + height / 2 - (len(lines) - 1) * TEXT_LINE / 2
    for number, line in enumerate(lines):
        size, weight = (style.BODY, "bold") if number == 0 else (style.SMALL, "normal")
        text = lettering.shortened(line, room, size, weight)
        place = first + number * TEXT_LINE
        sheet.write(ax, x, place, text, size=size, fontweight=weight, ha="left")


def _paint_gap(ax: "Axes", gap: int, y: float) -> None:
    """Draw what lies between as two dotted lines down the column's sides, with its size."""
    if gap < NEAR:
        return
    for x in (0.0, COLUMN):
        ax.plot([x, x], [y + 0.03, y + GAP_HEIGHT - 0.03], color=style.INK, ls=(0, (1, 2)), lw=1.2,
                marker="None")  # fmt: skip
    sheet.write(ax, COLUMN / 2, y + GAP_HEIGHT / 2, nothing(gap), size=style.SMALL, ha="center")


def nothing(gap: int) -> str:
    """Say how many bytes of addresses lie between two blocks."""
    return f"{gap / 2**40:,.3g} TB free" if gap >= 2**40 else f"{BYTES.write(gap)} free"


def _sentences(title: str, top_down: Sequence[Block], gaps: Sequence[int]) -> str:
    parts = []
    for number, each in enumerate(top_down):
        more = "".join(f"; {line.removeprefix('◆ ')}" for line in each.lines)
        parts.append(f"{each.name} from {each.start:x} ({each.detail}{more})")
        if number < len(gaps) and gaps[number] >= NEAR:
            parts.append(nothing(gaps[number]))
    return f"{title} From the highest address down: {'; '.join(parts)}."


def _table(top_down: Sequence[Block]) -> Table:
    rows = tuple(
        (
            f"{each.start:x}-{each.end:x}",
            each.name,
            " ".join(each.perms),
            BYTES.write(each.size),
            "not known" if each.rss is None else BYTES.write(each.rss),
            ", ".join([*each.files, *each.lines]),
        )
        for each in top_down
    )
    return Table(("addresses", "kind", "rights", "size", "in memory", "files and marks"), rows)
