"""A sheet of paper to draw on: title, rows from top to bottom, axis, footnote.

Nearly every picture of the course is a stack of labelled rows over one axis. Heights are counted
in inches from the top of the drawing area, so that a row keeps its size whatever stands above it,
and the sheet grows with its rows instead of squeezing them. Every text is measured before it is
placed, so that nothing is cut off.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conclib.plots import lettering, style
from conclib.plots.picture import OVERSAMPLING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text

WIDTH = 7.2  # inches: a notebook's column
PIXELS = 100  # pixels of the page for an inch
# On stage the paper has fewer inches across and more pixels for each: everything gets larger,
# text and marks alike, and the picture stays the same.
STAGE_WIDTH = 6.2
STAGE_PIXELS = 175
EDGE = 0.12
BELOW = 0.52  # inches for the ticks and the title of an axis
LINE = 1.3 / 72  # inches from line to line, for each point of the font
GAP = 0.12  # inches between a row's name and what follows
LABELS = 0.34  # of a sheet's width, at most, for the names of rows and lines
MIN_LABEL, MIN_AXES = 0.9, 1.2  # inches, where little room is left for both


@dataclass(frozen=True)
class Row:
    """One row of a sheet.

    Attributes:
        label: what stands left of it.
        height: inches.
        paint: draws it, given the axes and the row's middle in inches from the top.
    """

    label: str
    height: float
    paint: Callable[["Axes", float], None]


def new_figure(width: float, height: float) -> "Figure":
    """Return an empty white figure of ``width`` by ``height`` inches, outside pyplot.

    It has more pixels for each inch where ``CONCLIB_STAGE`` asks for a room's size.
    """
    from matplotlib.figure import Figure

    pixels = STAGE_PIXELS if style.on_stage() else PIXELS
    return Figure(
        figsize=(width, height), dpi=pixels * OVERSAMPLING,
        facecolor=style.PAPER, edgecolor=style.PAPER,
    )  # fmt: skip


def page_width() -> float:
    """Return the width of a full sheet in inches."""
    return STAGE_WIDTH if style.on_stage() else WIDTH


def label_width(beside: float = 0.0) -> float:
    """Return how wide the name of a row or of a line may be, in inches.

    Args:
        beside: inches that are taken, besides the axes.
    """
    width = page_width()
    left = width - EDGE - GAP - beside - MIN_AXES
    return max(MIN_LABEL, min(width * LABELS, left))


def write(
    ax: "Axes", x: float, y: float, text: str, *, size: float = style.BODY, **more: Any
) -> "Text":
    """Write on the axes in the course's font, in black unless ``color`` says blue."""
    plain = {"fontfamily": style.FONT, "fontweight": "normal", "color": style.INK, "va": "center"}
    look = {**plain, "fontsize": size, "clip_on": False, "parse_math": False, **more}
    drawn = lettering.drawable(text, look["fontfamily"], look["fontweight"])
    return ax.text(x, y, drawn, **look)


def sheet(
    title: str,
    body: float,
    *,
    left: float = 0.3,
    right: float = 0.3,
    below: float = BELOW,
    foot: str = "",
) -> tuple["Figure", "Axes"]:
    """Return a figure with its title and footnote written, and the axes to draw in.

    Args:
        title: what the picture answers; broken into lines where it is long.
        body: height of the axes in inches.
        left, right, below: room beside and below the axes in inches, for labels and ticks.
        foot: small print under the axis.
    """
    width = page_width()
    heads = lettering.wrap(title, width - 2 * EDGE, style.TITLE, "bold")
    feet = lettering.wrap(foot, width - 2 * EDGE, style.SMALL)
    head_height = EDGE + len(heads) * style.TITLE * LINE + 0.1
    foot_height = EDGE / 2 + len(feet) * style.SMALL * LINE
    height = head_height + body + below + foot_height
    figure = new_figure(width, height)
    margin_text(figure, heads, 1 - EDGE / height, style.TITLE, bold=True)
    margin_text(figure, feet, foot_height / height, style.SMALL)
    box = (left / width, (below + foot_height) / height, 1 - (left + right) / width, body / height)
    ax = figure.add_axes(box)
    style.style_axes(ax)
    return figure, ax


def margin_text(
    figure: "Figure", lines: list[str], top: float, size: float, *, bold: bool = False
) -> None:
    """Write lines at the left edge of a figure, from ``top`` (a share of its height) down."""
    x, weight = EDGE / figure.get_figwidth(), "bold" if bold else "normal"
    figure.text(
        x, top, lettering.drawable("\n".join(lines), weight=weight), fontsize=size, va="top",
        fontfamily=style.FONT, fontweight=weight, color=style.INK, linespacing=1.3,
        parse_math=False,
    )  # fmt: skip


def stack(
    title: str,
    rows: Sequence[Row],
    prepare: Callable[["Axes"], None],
    *,
    right: float = 0.3,
    below: float = BELOW,
    foot: str = "",
    extra_left: float = 0.0,
) -> tuple["Figure", "Axes"]:
    """Draw rows from top to bottom over one axis, each with its label on the left.

    Args:
        prepare: sets the axis up, before any row is painted.
        below: inches below the axis for its ticks and title; ``EDGE`` where it is switched off.
        extra_left: room between labels and axes in inches, for what a row paints there.
    """
    room = label_width(beside=extra_left + right)
    names = [lettering.fit(row.label, room, _lines(row.height)) for row in rows]
    widest = max((lettering.text_width(line) for lines in names for line in lines), default=0)
    left = EDGE + widest + GAP + extra_left
    body = sum(row.height for row in rows)
    figure, ax = sheet(title, body, left=left, right=right, below=below, foot=foot)
    ax.set_ylim(body, 0)
    ax.tick_params(left=False, labelleft=False)
    ax.spines["left"].set_visible(False)
    prepare(ax)
    top = 0.0
    for row, lines in zip(rows, names, strict=True):
        middle = top + row.height / 2
        place = EDGE - left  # labels begin at the sheet's edge, in inches left of the axes
        _beside(ax, place, middle, "\n".join(lines))
        row.paint(ax, middle)
        top += row.height
    return figure, ax


def _lines(height: float) -> int:
    """Return how many lines of text fit into a row of ``height`` inches."""
    return max(1, int(height / (style.BODY * LINE)))


def _beside(ax: "Axes", inches: float, y: float, text: str) -> None:
    write(ax, inches / axes_width(ax), y, text, transform=ax.get_yaxis_transform(), ha="left")


def axes_width(ax: "Axes") -> float:
    """Return the width of the axes in inches."""
    return ax.get_position().width * ax.figure.get_figwidth()


def along(ax: "Axes", x: float) -> float:
    """Return where ``x`` lies on the axes: inches from its left edge, log scale or not."""
    place = ax.transAxes.inverted().transform(ax.transData.transform((x, 0)))[0]
    return place * axes_width(ax)


def spread(places: Sequence[float], gap: float, low: float = 0.0) -> list[float]:
    """Move places apart, upwards only, until neighbours are ``gap`` apart; keep their order."""
    moved = list(places)
    reached = low - gap
    for index in sorted(range(len(places)), key=lambda index: places[index]):
        moved[index] = reached = max(places[index], reached + gap)
    return moved
