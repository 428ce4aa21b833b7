"""Blocks of addresses as a column, the highest on top, with what they are in words beside it."""

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from conclib.plots import lettering, sheet, style
from conclib.plots.picture import Picture, Table
from conclib.plots.records import some
from conclib.plots.space_blocks import GONE, NEAR, Block
from conclib.results.quantity import BYTES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLUMN, BESIDE = 1.3, 0.14  # inches: a block's width, and from it to its words
STRIP = 0.055  # inches: the black strip
TEXT_LINE = 0.165  # inches from line to line beside a block
GAP_HEIGHT, SEAM = 0.34, 0.05  # inches: a gap, and one that is too small to be told
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
CHANGED = ("new", "grew", "shrank", "rights")  # these get a heavy frame
IN_MEMORY = "Black strip: the share that is in memory."
ARROW = 0.34  # inches


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
    width = max(lettering.text_width(f"{each.end:x}", style.SMALL) for each in found) * 1.3
    left = sheet.EDGE + width + 0.1
    room = sheet.page_width() - left - sheet.EDGE - COLUMN - BESIDE
    top_down = list(reversed(found))
    words = [_words(each, room) for each in top_down]
    heights = [_height(each, len(lines)) for each, lines in zip(top_down, words, strict=True)]
    gaps = [_gap(above, below) for above, below in pairwise(top_down)]
    body = sum(heights) + sum(_gap_height(gap) for gap in gaps) + 0.12
    known = any(each.rss is not None for each in found)
    small = f"{foot} {IN_MEMORY}" if known else foot
    figure, ax = sheet.sheet(title, body, left=left, right=sheet.EDGE, below=0.08, foot=small)
    _bare(ax, body)
    y = 0.06
    for number, (each, height) in enumerate(zip(top_down, heights, strict=True)):
        near = number > 0 and gaps[number - 1] < NEAR
        _paint(ax, each, y, height)
        _addresses(ax, each, y, height, named_top=not near)
        _point(ax, each, (marks or {}).values(), y, height)
        _write(ax, words[number], y + height / 2)
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


def _height(each: Block, lines: int) -> float:
    by_size = 0.04 * math.log2(max(each.size, 4096) / 4096)
    return max(by_size, lines * TEXT_LINE + 0.08)


def _gap(above: Block, below: Block) -> int:
    return max(above.start - below.end, 0)


def _gap_height(gap: int) -> float:
    return GAP_HEIGHT if gap >= NEAR else SEAM if gap else 0.0


def _paint(ax: "Axes", each: Block, y: float, height: float) -> None:
    from matplotlib.patches import Rectangle

    colour, pattern = (style.PAPER, "") if each.status == GONE else _look(each)
    width, dash = (2.2 if each.status in CHANGED else 0.8), "--" if each.status == GONE else "-"
    inside = (
        0.035 if each.status == GONE else 0.0
    )  # its dashes shall not lie on its neighbours' edges
    corner, wide, high = (inside, y + inside), COLUMN - 2 * inside, height - 2 * inside
    box = Rectangle(corner, wide, high, facecolor=colour, hatch=pattern, edgecolor=style.INK,
                    linewidth=width, linestyle=dash, zorder=2 + (width > 1))  # fmt: skip
    ax.add_patch(box)
    if each.rss and each.size:
        share = COLUMN * min(each.rss / each.size, 1.0)
        place = (0, y + height - STRIP)
        ax.add_patch(Rectangle(place, share, STRIP, facecolor=style.INK, linewidth=0, zorder=3))
    if each.direction:
        _arrow(ax, each, y, height)


def _look(each: Block) -> tuple[str, str]:
    return LOOKS.get(each.kind, OTHER_LOOK)


def _arrow(ax: "Axes", each: Block, y: float, height: float) -> None:
    """Draw at which edge a block grew, outwards, or shrank, inwards."""
    from matplotlib.patches import FancyArrow

    grew, up = each.status != "shrank", each.direction == "up"
    edge = y + 0.02 if up == grew else y + height - 0.02
    inside = edge + min(ARROW, height * 0.8) * (1 if up == grew else -1)
    tail, tip = (inside, edge) if grew else (edge, inside)
    ax.add_patch(
        FancyArrow(
            COLUMN / 2, tail, 0, tip - tail, width=0.07, head_width=0.2, head_length=0.15,
            length_includes_head=True, facecolor=style.INK, edgecolor=style.PAPER, lw=1.4, zorder=5,
        )
    )  # fmt: skip


def _addresses(ax: "Axes", each: Block, y: float, height: float, *, named_top: bool) -> None:
    places = [(y + height, each.start)] + [(y, each.end)] * named_top
    for place, address in places:
        sheet.write(ax, -0.06, place, f"{address:x}", size=style.SMALL, fontfamily=style.MONO,
                    ha="right")  # fmt: skip


def _point(ax: "Axes", each: Block, marks: Iterable[int], y: float, height: float) -> None:
    """Put a diamond where each marked address lies in its block, well inside its edges."""
    for address in (address for address in marks if each.start <= address < each.end):
        share = (each.end - address) / (each.end - each.start)
        place = y + min(max(share * height, 0.07), height - STRIP - 0.07)
        ax.plot([COLUMN - 0.12], [place], marker="D", ms=6, mfc=style.INK, mec=style.PAPER, mew=1.2,
                ls="")  # fmt: skip


def _words(each: Block, room: float) -> list[tuple[str, float, str]]:
    """Return the lines beside a block, with their size and weight, each in two if it is long."""
    name = lettering.fit(each.name, room * 0.94, 2)  # bold letters are wider
    others = [part for line in (each.detail, *each.lines) for part in lettering.fit(line, room, 2)]
    return [(line, style.BODY, "bold") for line in name] + [
        (line, style.SMALL, "normal") for line in others
    ]


def _write(ax: "Axes", lines: Sequence[tuple[str, float, str]], middle: float) -> None:
    first = middle - (len(lines) - 1) * TEXT_LINE / 2
    for number, (text, size, weight) in enumerate(lines):
        place = first + number * TEXT_LINE
        sheet.write(ax, COLUMN + BESIDE, place, text, size=size, fontweight=weight, ha="left")


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
    return Table(("from, to", "kind", "rights", "size", "in memory", "files and marks"), rows)
