"""The small pictures of chapter 03: who found what at one address, and what bytes copy.

The page grid, the two switches and the staircase have modules of their own.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from conclib.chapters.ch03_isolation import grid
from conclib.plots import Picture, Table, sheet, style
from conclib.results import Observation

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ROW = 0.5  # inches
BOX = 0.42  # of a look's width, to either side of it
TITLE = "One address: who finds what there?"
WHERE = "The child's pages: which of them were copied?"


def origin(item: Observation) -> str:
    """Return where an observation comes from if not from here and now; else nothing."""
    return "" if item.source == "live" else item.origin


def looks(item: Observation, *, title: str = TITLE) -> Picture:
    """Draw the looks in turn, a row for each process, with the word that each look found.

    Args:
        item: what ``one_address`` reported; ``title``: the question that the picture answers.
    """
    turns, found = item.facts["turns"], item.facts["found"]
    pairs = list(enumerate(zip(turns, found, strict=True), 1))
    names = sorted(set(turns))
    hollow = bool(origin(item))
    rows = [
        sheet.Row(f"process {name}", ROW,
                  _painter([(n, word) for n, (turn, word) in pairs if turn == name], hollow))
        for name in names
    ]  # fmt: skip
    foot = f"Address {item.facts['address']:#x}, for every look."
    foot += f" Hollow: {origin(item)}." if hollow else ""
    figure, _ = sheet.stack(title, rows, lambda ax: _axis(ax, len(pairs)), foot=foot)
    cells = tuple((str(n), turn, word) for n, (turn, word) in pairs)
    said = ", ".join(f"{turn} {word}" for _, turn, word in cells)
    return Picture(figure, f"{title} Look by look: {said}. {foot}", Table(HEAD, cells))


HEAD = ("look", "process", "found")


def _axis(ax: "Axes", count: int) -> None:
    ax.set_xlim(0.4, count + 0.6)
    ax.set_xticks(range(1, count + 1))
    ax.grid(False)
    style.axis_title(ax, "look, one after another")


def _painter(words: Sequence[tuple[int, str]], hollow: bool) -> Callable[["Axes", float], None]:
    def paint(ax: "Axes", y: float) -> None:
        for place, word in words:
            ax.barh(
                y, 2 * BOX, 0.34, left=place - BOX, facecolor=style.PAPER,
                edgecolor=style.BLUE, linewidth=1.6, linestyle="--" if hollow else "-",
            )  # fmt: skip
            sheet.write(ax, place, y, word, ha="center")

    return paint


def pages_of_child(seen: Mapping[str, Observation], *, title: str = WHERE) -> Picture:
    """Draw the child's pages of two runs side by side.

    Args:
        seen: what ``page_copies`` reported, by label; ``title``: the question it answers.
    """
    letters = {name: item.facts["child"] for name, item in seen.items()}
    origins = sorted({origin(item) for item in seen.values()} - {""})
    cells = tuple((name, str(item.facts["copied"]), grid.named(grid.copies(letters[name])))
                  for name, item in seen.items())  # fmt: skip
    said = " ".join(f"{name}: {count} copied ({which})." for name, count, which in cells)
    table = Table(("the child's bytes", "pages copied", "which"), cells)
    return grid.drawn(grid.Grids(letters, "; ".join(origins)), title, said, table)
