"""What explanations predict, as thin dotted lines beside what was measured.

An explanation that predicts another line than the one measured is refuted, and that should be
seen, not only said. A line that is too steep leaves the picture at its top, and is named there;
the others are named right of their ends.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conclib.plots import lettering, sheet, style
from conclib.results.shapes import Point

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDEST, MAX_LINES = 1.4, 3  # inches and lines for a name beside the picture
DOTS = (0, (1, 2.2))


@dataclass(frozen=True)
class Expected:
    """The line of one explanation, up to where it leaves the picture, if it does."""

    lines: list[str]  # its name
    points: list[Point]
    leaves: bool


def expected(name: str, slope: float, start: Point, corner: Point) -> Expected:
    """Return the line that an explanation predicts.

    Args:
        name: the explanation, to go on after "if it".
        slope: how steep, for one more of what is varied.
        start: where it begins: the first point measured.
        corner: the largest value of the axis, and the highest point measured.
    """
    (x, y), (right, top) = start, corner
    end = right, y + slope * (right - x)
    return Expected(lines(name), below([start, end], top), end[1] > top)


def below(points: Sequence[Point], top: float) -> list[Point]:
    """Return a line up to where it leaves the picture at its top."""
    seen: list[Point] = []
    for x, y in points:
        if y > top:
            if seen:
                before, low = seen[-1]
                seen.append((before + (x - before) * (top - low) / (y - low), top))
            break
        seen.append((x, y))
    return seen


def draw(ax: "Axes", shown: Expected) -> None:
    """Draw the line, and name it if it leaves the picture."""
    x, y = zip(*shown.points, strict=True)
    ax.plot(x, y, color=style.INK, lw=1, ls=DOTS, marker="None", zorder=2)
    if shown.leaves:
        above = y[-1] + 0.02 * (y[-1] - y[0])
        sheet.write(ax, x[-1], above, " ".join(shown.lines), ha="left", va="bottom")


def lines(name: str) -> list[str]:
    """Return an explanation's name, broken into lines for the margin."""
    return lettering.fit(f"if it {name}", WIDEST, MAX_LINES)
