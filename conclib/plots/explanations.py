"""What explanations foretell, as thin dotted lines beside what was measured.

An explanation that foretells another line than the one measured is refuted, and that should be
seen, not only said. A line that is too steep leaves the picture at its top, and is named there;
the others are named right of their ends.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conclib.plots import lettering, sheet, style
from conclib.results.quantity import TIME

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Point = tuple[float, float]
WIDEST, MAX_LINES = 1.4, 3  # inches and lines for a name beside the picture
DOTS = (0, (1, 2.2))


@dataclass(frozen=True)
class Foretold:
    """The line of one explanation, up to where it leaves the picture, if it does."""

    name: str
    start: Point
    end: Point
    leaves: bool

    @property
    def broken(self) -> str:
        """Its name, broken into lines for the margin."""
        return "\n".join(lines(self.name))


def foretold(name: str, slope: float, start: Point, corner: Point) -> Foretold:
    """Return the line that an explanation foretells.

    Args:
        name: the explanation, to go on after "if it".
        slope: how steep, in ns for each MB.
        start: where it begins: the first point measured.
        corner: the largest size, and the highest point measured.
    """
    (x0, y0), (right, top) = start, corner
    rise = slope * (right - x0)
    leaves = y0 + rise > top
    share = (top - y0) / rise if leaves else 1.0
    return Foretold(name, start, (x0 + share * (right - x0), y0 + share * rise), leaves)


def draw(ax: "Axes", told: Iterable[Foretold]) -> None:
    """Draw the lines, and name those that leave the picture."""
    for one in told:
        x, y = zip(one.start, one.end, strict=True)
        ax.plot(x, y, color=style.INK, lw=1, ls=DOTS, marker="None", zorder=2)
        if one.leaves:
            above = y[1] + 0.02 * (y[1] - y[0])
            sheet.write(ax, x[1], above, " ".join(lines(one.name)), ha="left", va="bottom")


def lines(name: str) -> list[str]:
    """Return an explanation's name, broken into lines for the margin."""
    return lettering.fit(f"if it {name}", WIDEST, MAX_LINES)


def sentence(name: str, slope: float) -> str:
    """Say in words what an explanation foretells."""
    return f"If it {name}: {f'{TIME.write(slope)} per MB' if slope else 'no rise'}."
