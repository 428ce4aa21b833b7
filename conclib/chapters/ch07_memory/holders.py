"""Memory that several hold: who reaches which part, what each pays, and what leaves with whom.

A column for each holder; upwards the memory that is really there. A part that several hold spans
their columns, light, and says by how many it is divided; what one alone has is solid. At the feet
stand the three figures. At the right, the same memory once more as one bar: what is really in RAM.

The picture to click on is in ``clickable.py``; here are its still, its words and its table.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conclib.plots import Picture, Table, sheet, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LIGHT = "#9CC9E6"  # a shared part: paler than a process's blue, dark enough for black text
COLUMN, BODY = 1.0, 2.9  # inches
FIGURES = ("RSS", "PSS", "USS")


@dataclass(frozen=True)
class Part:
    """A piece of memory and those who hold it.

    Attributes:
        size: in MB, above 0; ``holders``: their names, one or more.
    """

    size: float
    holders: tuple[str, ...]


def figures(parts: Sequence[Part], name: str) -> tuple[float, float, float]:
    """Return what a holder reaches, its share, and what it alone has, in MB."""
    mine = [part for part in parts if name in part.holders]
    return (
        sum(part.size for part in mine),
        sum(part.size / len(part.holders) for part in mine),
        sum(part.size for part in mine if len(part.holders) == 1),
    )


def without(parts: Sequence[Part], name: str) -> list[Part]:
    """Return the parts when one holder has ended; what it alone held is gone."""
    left = [Part(part.size, tuple(each for each in part.holders if each != name)) for part in parts]
    return [part for part in left if part.holders]


def still(names: Sequence[str], parts: Sequence[Part], title: str) -> Picture:
    """Draw who holds what, as it is before anybody ends; for the arguments see ``clickable.py``."""
    total = sum(part.size for part in parts)
    figure, ax = sheet.sheet(title, BODY, left=0.85, right=0.3, below=0.95, foot=FOOT)
    width = len(names) + 1.6
    ax.set_xlim(-0.1, width)
    ax.set_ylim(0, total)
    style.style_axes(ax, grid="")
    ax.set_xticks([])
    style.axis_title(ax, "MB, really in RAM", "y")
    _draw_parts(ax, names, parts)
    _draw_feet(ax, names, parts, total)
    return Picture(figure, f"{title} {_in_words(names, parts)}", _table(names, parts))


FOOT = (
    "Light and ÷n: held by n. Solid: one's own. RSS: what it reaches; PSS: its share; USS: its own."
)


def _runs(places: Sequence[int]) -> list[tuple[int, int]]:
    """Return places that follow each other as (first, last)."""
    found: list[tuple[int, int]] = []
    for place in sorted(places):
        if found and found[-1][1] == place - 1:
            found[-1] = found[-1][0], place
        else:
            found.append((place, place))
    return found


def _draw_parts(ax: "Axes", names: Sequence[str], parts: Sequence[Part]) -> None:
    bottom, bar = 0.0, len(names) + 0.5
    for part in parts:
        alone = len(part.holders) == 1
        look = {"facecolor": style.BLUE if alone else LIGHT, "edgecolor": style.PAPER, "lw": 0.8}
        places = [names.index(name) for name in part.holders]
        ends = [min(places) + 0.5, max(places) + 0.5]  # one part, also across a gap
        ax.plot(
            ends, [bottom + part.size / 2] * 2, color=LIGHT, lw=3, ls="-", marker="None", zorder=0
        )
        for first, last in _runs(places):
            ax.bar((first + last) / 2 + 0.5, part.size, last - first + 0.86, bottom, **look)
            if not alone:
                middle = bottom + part.size / 2
                sheet.write(
                    ax, (first + last) / 2 + 0.5, middle, f"÷{len(part.holders)}", ha="center"
                )
        ax.bar(bar + 0.4, part.size, 0.6, bottom, **look)
        bottom += part.size


def _draw_feet(ax: "Axes", names: Sequence[str], parts: Sequence[Part], total: float) -> None:
    line = total / BODY * 0.19  # a line of text, in MB of the axis
    sums = [0.0, 0.0, 0.0]
    for place, name in enumerate(names):
        found = figures(parts, name)
        sums = [a + b for a, b in zip(sums, found, strict=True)]
        _foot(ax, place + 0.5, line, name, found)
    _foot(ax, len(names) + 0.9, line, "all, added", sums)
    for row, name in enumerate(FIGURES):
        sheet.write(ax, -0.15, -line * (row + 1.9), name, size=style.SMALL, ha="right")
    sheet.write(ax, len(names) + 0.9, total + line * 0.5, f"in RAM: {total:.4g}", ha="center")


def _foot(ax: "Axes", x: float, line: float, name: str, found: Sequence[float]) -> None:
    sheet.write(ax, x, -line * 0.8, name, ha="center", fontweight="bold", size=style.SMALL)
    for row, number in enumerate(found):
        sheet.write(ax, x, -line * (row + 1.9), f"{number:.4g}", ha="center", size=style.SMALL)


def _in_words(names: Sequence[str], parts: Sequence[Part]) -> str:
    total = sum(part.size for part in parts)
    each = []
    for name in names:
        numbers = zip(FIGURES, figures(parts, name), strict=True)
        each.append(f"{name}: " + ", ".join(f"{what} {mb:.4g} MB" for what, mb in numbers))
    return f"Really in RAM: {total:.4g} MB. {'. '.join(each)}. {_ends(names, parts)}"


def _ends(names: Sequence[str], parts: Sequence[Part]) -> str:
    """Say what leaves if they end from left to right."""
    said, left = [], list(parts)
    for name in names:
        back = figures(left, name)[2]
        left = without(left, name)
        said.append(f"{name} {back:.4g} MB")
    return f"If they end in this order, it gives back: {', '.join(said)}."


def _table(names: Sequence[str], parts: Sequence[Part]) -> Table:
    rows = [(name, *(f"{mb:.4g} MB" for mb in figures(parts, name))) for name in names]
    sums = [sum(figures(parts, name)[n] for name in names) for n in range(len(FIGURES))]
    rows.append(("all, added", *(f"{mb:.4g} MB" for mb in sums)))
    rows.append(("really in RAM", *["–"] * 2, f"{sum(p.size for p in parts):.4g} MB"))
    return Table(("", *FIGURES), tuple(rows))


def of_bricks(bricks: Sequence[tuple[str, ...]]) -> list[Part]:
    """Join neighbouring bricks of 1 MB that have the same holders."""
    parts: list[Part] = []
    for brick in bricks:
        if parts and parts[-1].holders == brick:
            parts[-1] = Part(parts[-1].size + 1, brick)
        else:
            parts.append(Part(1, brick))
    return parts
