"""The sharing matrix as a picture: thing by thing, who shares it, and how that was found.

A cell says its answer in a word, in its fill and in its frame, so that it reads without colour.
Beside the word stands its witness: *seen* (one changed the thing, another looked), *asked*
(``kcmp``), or both.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from conclib.plots import Picture, Table, sheet, style
from conclib.results import Observation
from conclib.results.wording import listed

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ROW, HEAD, RIGHT, GAP = 0.31, 0.36, 0.14, 0.035  # inches
STAGE_ROW, STAGE_HEAD = 0.19, 0.24  # in a room all rows must be seen at once
EDGE, IN = 0.025, 0.06  # of a column: from its edge to a box, and to the words in it
SHARED, OWN, DOUBT, OPEN = "shared", "own", "?", "not known"
LIGHT = "#B9D9EB"
LOOKS = {  # of each answer: fill, frame, style and width of the frame
    SHARED: (LIGHT, style.BLUE, "-", 1.2),
    OWN: (style.PAPER, style.LANE, "-", 1.2),
    DOUBT: (style.PAPER, style.INK, "--", 2.2),
    OPEN: (style.PAPER, style.LANE, ":", 1.2),
}
# What the probe calls its tasks, and what they are called on the page.
CALLED = {"maker": "parent", "thread": "thread", "child": "forked child", "stranger": "stranger"}
FOOT = (
    "seen: one changed it, the other looked; asked: Linux was asked whether it is the same (kcmp)."
)
Cell = Mapping[str, Any]


def matrix(item: Observation, *, title: str = "Shared or own?") -> Picture:
    """Draw what the probe ``sharing`` found, a row for each thing and a column for each other task.

    ``thread.matrix(cl.observe("sharing"))``

    Args:
        item: an observation of ``sharing``.
        title: the question that the picture answers.

    Raises:
        TypeError: no observation, or one of another probe.
    """
    facts = facts_of(item)
    first = STAGE_HEAD if style.on_stage() else HEAD
    head = title if item.source == "live" else f"{title} ({item.origin})"
    rows = [sheet.Row(corner(facts), first, _head(facts["others"]))]
    for thing, cells in facts["cells"].items():
        rows.append(
            sheet.Row(thing, row_height(), _painter([cells[name] for name in facts["others"]]))
        )
    figure, _ = sheet.stack(
        head,
        rows,
        lambda ax: _empty(ax, len(facts["others"])),
        right=RIGHT,
        below=sheet.EDGE,
        foot=FOOT,
    )
    return Picture(figure, f"{head} {sentence(item)}", table(facts))


def row_height() -> float:
    """Return how tall a row is, in inches: less on a stage, where there is a room to read it."""
    return STAGE_ROW if style.on_stage() else ROW


def facts_of(item: Observation) -> Mapping[str, Any]:
    """Return the facts of an observation of ``sharing``.

    Raises:
        TypeError: it is something else.
    """
    if not isinstance(item, Observation) or "cells" not in item.facts:
        raise TypeError('item: must be what cl.observe("sharing") gave')
    return item.facts


def corner(facts: Mapping[str, Any]) -> str:
    """Say who changes what stands in the rows."""
    changer = facts["changer"]
    return "changed by" if changer == "other" else f"changed by {CALLED[changer]}"


# Drawing ----------------------------------------------------------------------------------------
def _empty(ax: "Axes", columns: int) -> None:
    ax.set_xlim(0, columns)
    ax.set_axis_off()


def _head(names: list[str]) -> Callable[["Axes", float], None]:
    def paint(ax: "Axes", y: float) -> None:
        for place, name in enumerate(names):
            sheet.write(ax, place + 0.5, y, CALLED[name], ha="center", fontweight="bold")

    return paint


def _painter(cells: list[Cell]) -> Callable[["Axes", float], None]:
    def paint(ax: "Axes", y: float) -> None:
        for place, cell in enumerate(cells):
            _box(ax, place, y, cell["mark"])
            weight = "bold" if cell["mark"] == SHARED else "normal"
            sheet.write(ax, place + IN, y, cell["mark"], ha="left", fontweight=weight)
            sheet.write(ax, place + 1 - IN, y, witness(cell), size=style.SMALL, ha="right")

    return paint


def _box(ax: "Axes", place: int, y: float, mark: str) -> None:
    from matplotlib.patches import Rectangle

    fill, frame, dash, width = LOOKS[mark]
    tall = row_height() - (2 * GAP if row_height() == ROW else GAP)
    ax.add_patch(Rectangle(
        (place + EDGE, y - tall / 2), 1 - 2 * EDGE, tall, facecolor=fill,
        edgecolor=frame, linestyle=dash, linewidth=width, clip_on=False,
    ))  # fmt: skip


# Words ------------------------------------------------------------------------------------------
def witness(cell: Cell) -> str:
    """Return how a cell was found, in a word."""
    seen, asked = cell["behaviour"] is not None, cell["kcmp"] is not None
    if seen and asked:
        return "seen, asked"
    return "seen" if seen else "asked" if asked else ""


def table(facts: Mapping[str, Any]) -> Table:
    """Return the matrix as text, and why something is not known."""
    others = facts["others"]
    columns = ("thing", *(CALLED[name] for name in others), "not known")
    rows = tuple(
        (thing, *(in_words(cells[name]) for name in others), missing(cells))
        for thing, cells in facts["cells"].items()
    )
    return Table(columns, rows)


def in_words(cell: Cell) -> str:
    """Return a cell's answer with its witness."""
    return f"{cell['mark']} ({witness(cell)})" if witness(cell) else cell["mark"]


def missing(cells: Mapping[str, Cell]) -> str:
    """Say why Linux could not be asked, or nothing was seen; the same reason once."""
    whys = [part for cell in cells.values() for part in cell["why"].split("; ") if part]
    return "; ".join(dict.fromkeys(whys))


def sentence(item: Observation) -> str:
    """Say how many of the things each task shares, and which.

    Raises:
        TypeError: no observation of ``sharing``.
    """
    return counted(facts_of(item))


def counted(facts: Mapping[str, Any]) -> str:
    """Say how many of the things each task shares, and which."""
    total = len(facts["cells"])
    said = []
    for name in facts["others"]:
        marks = {thing: cells[name]["mark"] for thing, cells in facts["cells"].items()}
        shared = [thing for thing, mark in marks.items() if mark == SHARED]
        unknown = [thing for thing, mark in marks.items() if mark in (DOUBT, OPEN)]
        open_ = f"; not known: {listed(unknown)}" if unknown else ""
        these = f": {listed(shared)}" if shared else ""
        said.append(
            f"{_pair(facts['changer'], name)} share {len(shared)} of {total}{these}{open_}."
        )
    return " ".join(said)


def _pair(changer: str, other: str) -> str:
    first = "maker" if changer == "other" else changer
    return f"{CALLED[first].capitalize()} and {CALLED[other]}"
