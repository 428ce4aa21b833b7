"""The roll call as a picture: a dot for each thread that Linux counted behind each program."""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from conclib.chapters.ch11_models import words
from conclib.lesson.showing.looked import origin
from conclib.plots import Picture, Table, lettering, sheet, style
from conclib.results import Observation

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TITLE = "10,000 tasks wait: how many threads does Linux see?"
SIDE = 100  # dots in a row
MARGIN = 6  # places of a dot that stay free beside a full row
IN_A_ROW = 6  # dots that stand in one row
SQUARE, GAP = 2.05, 0.2  # inches: of a program's square, and between two
HEAD, BELOW = 0.42, 0.5  # inches above and below the squares
SMALL, LARGE, ALONE = 0.9, 5.0, 7.0  # points: a dot among thousands, one of a few, one alone


def roll(seen: Mapping[str, Observation], *, title: str = TITLE) -> Picture:
    """Draw a dot for each thread.

    Args:
        seen: observations of ``waiting_tasks``, from left to right.
        title: the question that the picture answers.
    """
    items = list(seen.values())
    feet = sorted({origin(item) for item in items} - {""})
    foot = "A dot: a thread that Linux lists. " + (f"Hollow: {'; '.join(feet)}." if feet else "")
    width = sheet.page_width()
    square = (width - 2 * sheet.EDGE - GAP * (len(items) - 1)) / len(items)
    figure, ax = sheet.sheet(title, HEAD + square + BELOW, left=sheet.EDGE, right=sheet.EDGE,
                             below=0.05, foot=foot)  # fmt: skip
    ax.set_xlim(0, width - 2 * sheet.EDGE)
    ax.set_ylim(HEAD + square + BELOW, 0)
    ax.axis("off")
    for place, item in enumerate(items):
        _program(ax, place * (square + GAP), square, item)
    said = words.roll(items)
    rows = tuple(
        (words.name(item), f"{item.facts['tasks']:,}", _count(item), item.origin) for item in items
    )
    table = Table(("program", "tasks that wait", "threads that Linux lists", "source"), rows)
    return Picture(figure, f"{title} {said} {foot}".strip(), table)


def places(count: int, square: float) -> list[tuple[float, float]]:
    """Return where so many dots stand in a square: in rows, larger groups closer together."""
    side = SIDE if count > SIDE else count if count <= IN_A_ROW else math.ceil(math.sqrt(count))
    side = max(side, 1)
    step = square / (side + MARGIN)
    rows = -(-count // side)
    left = (square - step * (side - 1)) / 2
    top = (square - step * (rows - 1)) / 2
    return [(left + step * (n % side), top + step * (n // side)) for n in range(count)]


def _count(item: Observation) -> str:
    threads = item.facts["threads"]
    return "not known" if threads is None else f"{threads:,}"


def _program(ax: "Axes", left: float, square: float, item: Observation) -> None:
    middle = left + square / 2
    name = lettering.fit(words.NAMES[item.params["runtime"]], square, 1)[0]
    sheet.write(ax, middle, HEAD / 2, name, ha="center", fontweight="bold")
    ax.add_patch(_frame(left, square))
    count = item.facts["threads"] or 0
    dots = places(count, square)
    size = SMALL if count > SIDE else ALONE if count == 1 else LARGE
    hollow = bool(origin(item))
    ax.plot(
        [left + x for x, _ in dots], [HEAD + y for _, y in dots], ls="None", ms=size,
        marker=style.THREAD.marker, mec=style.THREAD.colour, mew=0.3 if count > SIDE else 1.2,
        mfc=style.PAPER if hollow else style.THREAD.colour, clip_on=False,
    )  # fmt: skip
    sheet.write(ax, middle, HEAD + square + BELOW / 2, _count(item), ha="center", size=style.TITLE,
                fontweight="bold")  # fmt: skip


def _frame(left: float, square: float) -> object:
    from matplotlib.patches import Rectangle

    return Rectangle((left, HEAD), square, square, fill=False, edgecolor=style.LANE, lw=0.8,
                     clip_on=False)  # fmt: skip
