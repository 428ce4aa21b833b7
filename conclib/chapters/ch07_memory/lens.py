"""One idle thread: what it was promised, and, through a lens, what is really there."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from conclib.chapters.ch07_memory.pictures import origin
from conclib.chapters.ch07_memory.sizes import MB, in_mb
from conclib.plots import Picture, Table, sheet, style
from conclib.results import Observation
from conclib.results.quantity import BYTES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PARTS = {  # of what is there: scale, name, whose it is
    "rss": ("resident", "thread"),
    "kernel": ("kernel stack", "other"),
    "tables": ("page tables", "other"),
}
TITLE = "What does one idle thread have?"
TOP, BOTTOM = 0.5, 1.1  # inches of the two drawings
GAP = 0.75  # inches between them


def lens(item: Observation) -> Picture:
    """Draw the promise as an outline, and below it, enlarged, what lies behind and beside it.

    Args:
        item: what ``more_threads`` reported.
    """
    each = item.facts["each_mb"]
    reserved = each["virtual"] * MB
    there = {name: each[name] * MB for name in PARTS if each[name] is not None}
    foot = f"Hatched: {origin(item)}." if origin(item) else ""
    figure, below = sheet.sheet(TITLE, TOP + GAP + BOTTOM, left=1.3, right=1.1, foot=foot)
    box, tall = below.get_position(), figure.get_figheight()
    below.set_position((box.x0, box.y0, box.width, BOTTOM / tall))
    top = (box.x0, box.y0 + (BOTTOM + GAP) / tall, box.width, TOP / tall)
    above = figure.add_axes(top)
    hatch = "///" if origin(item) else None
    _promise(above, reserved, there["rss"])
    _enlarged(below, there, hatch)
    _rays(above, below)
    rows = [("reserved for its stack", in_mb(each["virtual"]))]
    rows += [(PARTS[name][0], BYTES.write(size)) for name, size in there.items()]
    alt = " ".join([TITLE, *(f"{name}: {size}." for name, size in rows), foot]).strip()
    return Picture(figure, alt, Table(("", "one thread"), tuple(rows)))


def _plain(ax: "Axes", top: float) -> None:
    style.style_axes(ax)
    style.linear_axis(ax, BYTES, top)
    style.axis_title(ax, "")
    ax.tick_params(left=False, labelleft=False)
    ax.spines["left"].set_visible(False)


def _promise(ax: "Axes", reserved: float, resident: float) -> None:
    _plain(ax, reserved * 1.02)
    colour = style.THREAD.colour
    ax.set_ylim(-0.5, 0.5)
    ax.barh(0, reserved, 0.6, facecolor=style.PAPER, edgecolor=colour, ls="--", lw=1.2)
    ax.barh(0, resident, 0.6, facecolor=colour)
    _named(ax, 0, "promised", reserved, reserved)


def _enlarged(ax: "Axes", there: Mapping[str, float], hatch: str | None) -> None:
    longest = max(there.values())
    _plain(ax, longest * 1.02)
    ax.set_ylim(len(there) - 0.5, -0.5)
    for place, (scale, size) in enumerate(there.items()):
        name, kind = PARTS[scale]
        fill = style.PAPER if hatch else style.KINDS[kind].colour
        ax.barh(place, size, 0.6, facecolor=fill, edgecolor=style.KINDS[kind].colour, hatch=hatch)
        _named(ax, place, name, size, longest)


def _named(ax: "Axes", y: float, name: str, size: float, longest: float) -> None:
    width = sheet.axes_width(ax)
    across = ax.get_yaxis_transform()
    sheet.write(ax, -0.1 / width, y, name, ha="right", transform=across)
    end = size / (longest * 1.02) + 0.07 / width
    sheet.write(ax, end, y, BYTES.write(size), transform=across)


def _rays(above: "Axes", below: "Axes") -> None:
    """Draw from what is enlarged, above, to both ends of the drawing of it, below."""
    from matplotlib.lines import Line2D

    high, low = above.get_position(), below.get_position()
    share = below.get_xlim()[1] / above.get_xlim()[1]
    for start, end in ((0.0, 0.0), (share, 1.0)):
        xs = [high.x0 + start * high.width, low.x0 + end * low.width]
        ys = [high.y0 + 0.2 * high.height, low.y1]
        above.figure.add_artist(Line2D(xs, ys, color=style.LANE, lw=0.8, ls=":"))
