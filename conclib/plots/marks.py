"""How a measurement, a prediction, a band and a citation look, drawn on a given axes.

A measurement is its median as a solid mark, its interval as a bar, and below them every sample as
a faint dot: side by side, because a mark on top of a thousand dots hides either them or itself.
Recorded instead of live: the same, hollow.
"""

from typing import TYPE_CHECKING

from conclib.plots import lettering, sheet, style
from conclib.plots.records import Cited, Measured, Range
from conclib.results.quantity import Quantity

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Inches from the middle of a row, downwards: the label, the median, the dots and their spread.
LABEL, MIDDLE, DOTS_AT, SPREAD = -0.27, -0.06, 0.17, 0.09
END = 0.1  # half the height of an interval's ends, inches
GOLDEN = 0.6180339887  # its multiples spread evenly, and the same way each time: no random dots
ROW = 0.72  # inches for a row with dots and a label above
SIZE = 8  # points across for a median
BAND, DOTS, BAR, MARK = 0.5, 2, 4, 5


def jitter(count: int) -> list[float]:
    """Return ``count`` offsets from -1 to 1, evenly spread and the same each time."""
    return [2 * ((place * GOLDEN) % 1) - 1 for place in range(count)]


def faintness(count: int) -> float:
    """Return how opaque a dot may be so that many of them still show where they are dense."""
    return max(0.08, min(0.5, 5 / max(count, 1) ** 0.5))


def dots(ax: "Axes", y: float, item: Measured) -> None:
    """Draw every sample as a faint dot; what a log axis cannot show lies at its left edge."""
    kind = style.KINDS[item.kind]
    left = ax.get_xlim()[0]
    shown = [max(value, left * 1.01) for value in item.values]
    ys = [y + DOTS_AT + SPREAD * offset for offset in jitter(len(shown))]
    fill = "none" if item.recorded else kind.colour
    ax.scatter(
        shown, ys, s=9, marker=kind.marker, facecolors=fill, edgecolors=kind.colour,
        linewidths=0.5 if item.recorded else 0, alpha=faintness(len(shown)), zorder=DOTS,
    )  # fmt: skip


def bar(ax: "Axes", y: float, ends: tuple[float, float], colour: str) -> None:
    """Draw an interval as a bar with upright ends."""
    low, high = max(ends[0], ax.get_xlim()[0]), ends[1]
    parts = [([low, high], [y, y]), *(([end] * 2, [y - END, y + END]) for end in (low, high))]
    for xs, ys in parts:
        ax.plot(xs, ys, color=colour, lw=2, ls="-", marker="None", zorder=BAR)


def point(ax: "Axes", x: float, y: float, kind: style.Kind, hollow: bool) -> None:
    """Draw a median: solid, or hollow when it was recorded; a thin white rim parts two of them."""
    ax.plot(
        [x], [y], ls="None", marker=kind.marker, ms=SIZE + 3.2, mew=0, mec=style.PAPER,
        mfc=style.PAPER, zorder=MARK, clip_on=False,
    )  # fmt: skip
    ax.plot(
        [x], [y], ls="None", marker=kind.marker, ms=SIZE, mec=kind.colour, mew=1.6,
        mfc=style.PAPER if hollow else kind.colour, zorder=MARK, clip_on=False,
    )  # fmt: skip


def measured_row(ax: "Axes", y: float, item: Measured, name: str = "") -> None:
    """Draw one measurement with its value, after ``name``, written above it."""
    kind = style.KINDS[item.kind]
    dots(ax, y, item)
    if item.interval:
        bar(ax, y + MIDDLE, item.interval, kind.colour)
    if item.value is None:
        sheet.write(ax, ax.get_xlim()[0] * 1.05, y + MIDDLE, item.short, ha="left")
        return
    point(ax, item.value, y + MIDDLE, kind, bool(item.recorded))
    above(ax, item.value, y + LABEL, f"{name} {item.short}".strip())


def summary(ax: "Axes", y: float, item: Measured) -> None:
    """Draw a measurement on one line: interval, median, and its value right of them."""
    kind = style.KINDS[item.kind]
    if item.interval:
        bar(ax, y, item.interval, kind.colour)
    right = max((item.interval or (0, 0))[1], item.value or ax.get_xlim()[0])
    if item.value is not None:
        point(ax, item.value, y, kind, bool(item.recorded))
    place = (sheet.along(ax, right) + 0.13) / sheet.axes_width(ax)
    sheet.write(ax, place, y, item.short, ha="left", transform=ax.get_yaxis_transform())


def above(ax: "Axes", x: float, y: float, text: str, size: float = style.BODY) -> None:
    """Write a label centred on ``x``, moved just enough to stay on the axes."""
    half = lettering.text_width(text, size) / 2
    inches = min(max(sheet.along(ax, x), half), max(sheet.axes_width(ax) - half, half))
    place = inches / sheet.axes_width(ax)
    sheet.write(ax, place, y, text, size=size, transform=ax.get_yaxis_transform(), ha="center",
                bbox=paper_behind())  # fmt: skip


def paper_behind() -> dict:
    """Return a white box for a text that may stand on hatching or dots."""
    return {"facecolor": style.PAPER, "edgecolor": "none", "pad": 1.0, "alpha": 0.85}


def bracket(ax: "Axes", y: float, guess: Range, quantity: Quantity) -> None:
    """Draw the student's prediction: a bracket with its range written above."""
    bracket_line(ax, y, guess)
    range_label(ax, y - 0.16, guess, quantity)


def bracket_line(ax: "Axes", y: float, guess: Range) -> None:
    """Draw the bracket alone."""
    x = [guess.low, guess.low, guess.high, guess.high]
    ax.plot(x, [y + 0.13, y, y, y + 0.13], color=style.PREDICTION, lw=3, ls="-", marker="None",
            zorder=BAR, solid_joinstyle="miter")  # fmt: skip


def band(ax: "Axes", limits: Range, top: float, bottom: float) -> None:
    """Draw the textbook's band as a grey hatched strip between two heights."""
    from matplotlib.patches import Rectangle

    strip = Rectangle(
        (limits.low, top), limits.high - limits.low, bottom - top, facecolor="#F4F4F4",
        edgecolor=style.TEXTBOOK, hatch=style.TEXTBOOK_HATCH, linewidth=0.8,
        zorder=BAND, alpha=0.55,
    )  # fmt: skip
    ax.add_patch(strip)


def range_label(ax: "Axes", y: float, span: Range, quantity: Quantity) -> None:
    """Write a range's numbers over its middle."""
    above(ax, (span.low * span.high) ** 0.5, y, quantity.plain_range(span.low, span.high))


def drop_lines(ax: "Axes", guess: Range, top: float, bottom: float) -> None:
    """Lead the bracket's ends down through other rows."""
    for end in (guess.low, guess.high):
        ax.plot([end, end], [top, bottom], color=style.PREDICTION, lw=1.2, ls=":", marker="None",
                zorder=1)  # fmt: skip


def tick(ax: "Axes", y: float, item: Cited) -> None:
    """Draw a published figure: a small black tick, its label beside it where there is room."""
    ax.plot([item.value] * 2, [y - 0.08, y + 0.08], color=style.CITED, lw=1.8, ls="-",
            marker="None", zorder=MARK)  # fmt: skip
    beside(ax, item.value, y, item.text, gap=0.07, size=style.SMALL)


def beside(
    ax: "Axes", x: float, y: float, text: str, *, gap: float, size: float = style.BODY
) -> None:
    """Write right of ``x``, or left of it where the sheet ends; cut where neither has room."""
    at, width = sheet.along(ax, x), sheet.axes_width(ax)
    right, left = width + 0.2 - at - gap, at - gap
    text = lettering.shortened(text, 0.97 * max(left, right), size)  # pixels widen the letters
    fits = lettering.text_width(text, size) <= right
    place, side = (at + gap, "left") if fits else (at - gap, "right")
    sheet.write(ax, place / width, y, text, size=size, ha=side, bbox=paper_behind(),
                transform=ax.get_yaxis_transform())  # fmt: skip
