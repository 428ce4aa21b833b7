"""The map of an address space for a projected screen: a row for each block, none of the details.

In a notebook's column the map has room for addresses and sizes. On a projected screen letters are
larger and fewer lines fit, so here stands what the lesson is about: order, kind, rights, what lies
in it, which way it grew.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from conclib.plots import sheet, style
from conclib.plots.picture import Picture, Table
from conclib.plots.space_blocks import NEAR, Block
from conclib.plots.space_drawing import LOOKS, OTHER_LOOK, nothing

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Painter = Callable[["Axes", float], None]
ROW, GAP = 0.24, 0.16  # inches
COLUMN, WIDE = 3.0, 10.0  # in tenths of the axes: the blocks, all of it
ARROWS = {"up": "↑ grew up", "down": "↓ grew down"}


def projected(found: Sequence[Block], title: str, foot: str) -> Picture:
    """Draw blocks from the highest address down, each in one row.

    Args:
        found: the blocks, lowest address first; their lines that begin with a diamond are shown.
        title: what the picture answers; ``foot``: small print below.
    """
    top_down = list(reversed(found))
    rows = []
    for above, each in pairwise([None, *top_down]):
        gap = above.start - each.end if above else 0
        if gap >= NEAR:
            rows.append(sheet.Row("", GAP, _free(gap)))
        rows.append(sheet.Row(each.name, ROW, _one(each)))
    figure, _ = sheet.stack(title, rows, _bare, foot=foot)
    cells = tuple((each.name, " ".join(each.perms), said(each)) for each in top_down)
    words = "; ".join(f"{name} ({perms}) {more}".strip() for name, perms, more in cells)
    alt = f"{title} From the highest address down: {words}."
    return Picture(figure, alt, Table(("kind", "rights", "more"), cells))


def said(each: Block) -> str:
    """Return what lies in a block, or which way it grew."""
    inside = [line.partition(":")[0] for line in each.lines if line.startswith("◆")]
    return ", ".join([*inside, *([ARROWS[each.direction]] if each.direction else [])])


def _one(each: Block) -> Painter:
    def paint(ax: "Axes", y: float) -> None:
        colour, pattern = LOOKS.get(each.kind, OTHER_LOOK)
        ax.barh([y], [COLUMN], height=ROW * 0.94, color=colour, hatch=pattern, edgecolor=style.INK)
        rights = each.perms[0][:3] if each.kind in LOOKS else ""
        sheet.write(ax, COLUMN + 0.2, y, f"{rights}  {said(each)}".strip(), ha="left")

    return paint


def _free(gap: int) -> Painter:
    def paint(ax: "Axes", y: float) -> None:
        sheet.write(ax, COLUMN / 2, y, nothing(gap), size=style.SMALL, ha="center")

    return paint


def _bare(ax: "Axes") -> None:
    ax.set_xlim(0, WIDE)
    ax.grid(False)
    ax.tick_params(bottom=False, labelbottom=False)
    ax.spines["bottom"].set_visible(False)
