"""The page grid: all pages of a small piece of memory, of a parent and of its child, side by side.

A cell is a page. Grey is shared, or the old page that nobody else has any more; blue with a dot is
a copy, and stands in the grid of the process that has it.
"""

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from conclib.plots import Picture, Table, sheet, style
from conclib.results import Observation

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SIDE = 16  # cells
CELL = 0.15  # inches
APART = 0.8  # inches between the two grids
HEAD = 0.3  # inches above them, for their names
TITLE = "Which pages have been copied?"
SHARED, COPIED, ALONE, UNKNOWN = "s", "c", "a", "?"  # as the probe writes them
COLUMNS = ("process", "shared with the other", "copied", "the old page, alone", "not known")
LEGEND = "A cell is a page. Grey: shared, or the old page. Blue with a dot: a copy."
RECORDED = " (recorded)"
FREE = "#D9D9D9"
LISTED = 12  # runs of pages that a text names


class Grids(NamedTuple):
    """What two grids show.

    Attributes:
        letters: a letter for each page, by process.
        origin: where this comes from if not from here and now; else nothing.
    """

    letters: dict[str, str]
    origin: str


def of(item: Observation) -> Grids:
    """Return what ``page_copies`` reported, as grids."""
    letters = {name: item.facts[name] for name in ("parent", "child")}
    return Grids(letters, "" if item.source == "live" else item.origin)


def copies(letters: str) -> list[int]:
    """Return the numbers of the pages that were copied, from 1 on."""
    return [number for number, letter in enumerate(letters, 1) if letter == COPIED]


def named(pages: list[int]) -> str:
    """Name pages: ``"pages 1 to 4, 102"``, ``"page 3"``, ``"no page"``."""
    if not pages:
        return "no page"
    groups = groupby(enumerate(pages), lambda pair: pair[1] - pair[0])
    runs = [[page for _, page in some] for _, some in groups]
    texts = [", ".join(map(str, run)) if len(run) < 3 else f"{run[0]} to {run[-1]}" for run in runs]
    more = f" and {len(runs) - LISTED} more places" if len(runs) > LISTED else ""
    return f"{'page' if len(pages) == 1 else 'pages'} {', '.join(texts[:LISTED])}{more}"


def said(item: Observation) -> str:
    """Say how many pages each of the two has copied, and which."""
    parts = []
    for name, letters in of(item).letters.items():
        pages = copies(letters)
        parts.append(f"the {name} has {len(pages):,} copied" + (f" ({named(pages)})" * bool(pages)))
    unknown = sum(letters.count(UNKNOWN) for letters in of(item).letters.values())
    missing = f" {unknown} could not be told." if unknown else ""
    return f"Of {item.facts['pages']} pages, {', '.join(parts)}.{missing}"


def grid(item: Observation, *, title: str = TITLE) -> Picture:
    """Draw the pages of parent and child.

    Args:
        item: what ``page_copies`` reported; ``title``: the question that the picture answers.
    """
    return drawn(of(item), title, said(item), table(item))


def drawn(shown: Grids, title: str, words: str, table: Table) -> Picture:
    """Draw two grids of pages side by side.

    Args:
        shown: the pages of both, each under its name.
        title: the question that the picture answers; words, table: the same facts as text.
    """
    foot = LEGEND + (f" Dashed: {shown.origin}." if shown.origin else "")
    if UNKNOWN in "".join(shown.letters.values()):
        foot += " White with a question mark: not known."
    size = SIDE * CELL
    width = 2 * size + APART
    left = max(0.3, (sheet.page_width() - width) / 2)
    right = sheet.page_width() - width - left
    figure, ax = sheet.sheet(title, HEAD + size, left=left, right=right, below=0.06, foot=foot)
    bare(ax, width, HEAD + size)
    for place, (name, letters) in enumerate(shown.letters.items()):
        start = place * (size + APART)
        count = len(copies(letters))
        head = f"{name}: {count} copied{RECORDED * bool(shown.origin)}"
        sheet.write(ax, start, HEAD / 2, head, fontweight="bold")
        for number, letter in enumerate(letters):
            row, column = divmod(number, SIDE)
            at = (start + column * CELL, HEAD + row * CELL)
            _cell(ax, at, letter, recorded=bool(shown.origin))
    return Picture(figure, f"{title} {words} {foot}", table)


def table(item: Observation) -> Table:
    """Return the same as a table: how many pages of each kind, for each process."""
    shown = of(item)
    rows = tuple(
        (
            name + RECORDED * bool(shown.origin),
            *(str(letters.count(kind)) for kind in (SHARED, COPIED, ALONE, UNKNOWN)),
        )
        for name, letters in shown.letters.items()
    )
    return Table(COLUMNS, rows, "The same pages as a table")


def bare(ax: "Axes", width: float, height: float) -> None:
    """Make the axes a paper in inches, from the top left, without any axis."""
    ax.set_xlim(0, width)
    ax.set_ylim(height, 0)
    ax.grid(False)
    ax.tick_params(left=False, bottom=False, labelleft=False, labelbottom=False)
    for spine in ax.spines.values():
        spine.set_visible(False)


def _cell(ax: "Axes", at: tuple[float, float], letter: str, *, recorded: bool) -> None:
    """Draw one page; a recorded copy is an outline."""
    from matplotlib.patches import Rectangle

    copied, unknown, gap = letter == COPIED, letter == UNKNOWN, 0.012
    x, y = at[0] + gap, at[1] + gap
    side = CELL - 2 * gap
    hollow = recorded and copied
    fill = style.BLUE if copied and not hollow else FREE if not (copied or unknown) else style.PAPER
    edge = style.BLUE if copied else style.LANE if unknown else FREE
    line = "--" if hollow else "-"
    ax.add_patch(Rectangle((x, y), side, side, facecolor=fill, edgecolor=edge, lw=0.9, ls=line))
    middle = (at[0] + CELL / 2, at[1] + CELL / 2)
    if unknown:
        sheet.write(ax, *middle, "?", size=style.SMALL - 2, ha="center")
    elif copied:
        ax.plot(*middle, marker="o", ms=2.6, mew=0, color=style.BLUE if hollow else style.PAPER)
