"""The matrix of fates: fault by fault and container by container, what became of the others.

A cell says its answer in words, in its fill and in its frame, so that it reads without colour.
Where something was predicted, it stands below the answer.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from conclib.chapters.ch06_fate import words
from conclib.lesson.showing.looked import origin
from conclib.plots import Picture, Table, sheet, style
from conclib.results import Observation

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Cells = Mapping[tuple[str, str], Mapping[str, Any]]
Predicted = Mapping[tuple[str, str], str]
TITLE = "One goes wrong: what becomes of the others?"
ROW, TALL, HEAD = 0.36, 0.5, 0.34  # inches: a row, one with what was predicted, the head
STAGE = 2.75  # inches for all rows
EDGE, GAP = 0.02, 0.03  # of a column; inches
LIGHT, GREY = "#B9D9EB", "#CFCFCF"
LOOKS = {  # of each fate: fill, frame, style and width of the frame
    words.GO_ON: (LIGHT, style.BLUE, "-", 1.2),
    words.PAUSE: (style.PAPER, style.BLUE, "--", 1.8),
    words.STAND: (style.PAPER, style.INK, ":", 1.8),
    words.END: (GREY, style.INK, "-", 2.4),
}
OTHER = (style.PAPER, style.LANE, "-", 0.8)  # they differ, or it cannot be run here
DIFFER = "differ"
REASONS = {  # for who predicted something else
    ("os._exit", "thread"): "os._exit ends the process, so all of its threads.",
    ("sys.exit", "thread"): "sys.exit is an exception, and ends the thread that raises it.",
}
APART = "What goes wrong in one process does not reach three others that share nothing with it."
WRONGLY = ", wrongly"
RIGHT, WRONG = "as you said", "you said: {}"


def matrix(item: Observation, *, predicted: Predicted | None = None, title: str = TITLE) -> Picture:
    """Draw the cells of an observation of ``fates``.

    Args:
        item: what ``fates`` reported.
        predicted: what was said beforehand, by fault and container.
        title: the question that the picture answers.
    """
    cells = words.cells(item.facts)
    faults, containers = in_order(item)
    said = predicted or {}
    rows, tall = [sheet.Row("", HEAD, _head(containers))], row_height(len(faults), bool(said))
    for fault in faults:
        some = [(cells.get((fault, each)), said.get((fault, each))) for each in containers]
        rows.append(sheet.Row(fault, tall, _painter(some, tall)))
    foot = f"Not from this machine: {origin(item)}." if origin(item) else ""
    figure, _ = sheet.stack(
        title, rows, lambda ax: _empty(ax, len(containers)), right=0.14, below=sheet.EDGE, foot=foot
    )
    return Picture(figure, " ".join(filter(None, [title, sentence(cells), foot])),
                   table(cells, faults, containers, said))  # fmt: skip


def row_height(count: int, predicted: bool) -> float:
    """Return how tall each of so many rows is, in inches: in a room all must be seen at once."""
    usual = TALL if predicted else ROW
    return min(usual, STAGE / count) if style.on_stage() else usual


def in_order(item: Observation) -> tuple[list[str], list[str]]:
    """Return the faults and the containers as they were asked for: cells come as they end."""
    return item.params["faults"].split(", "), item.params["containers"].split(", ")


def fate(cell: Mapping[str, Any] | None) -> str:
    """Return what became of the others in a cell, in words; or that it was not run."""
    return words.NO_ROW if cell is None or cell["others"] is None else str(cell["others"])


def told(cell: Mapping[str, Any] | None) -> str:
    """Return a cell's words: what became of the others, and whether their answers are wrong."""
    wrong = cell is not None and (cell.get("wrong") or 0) > 1  # one of them is the faulty one's
    return fate(cell) + WRONGLY * wrong


def scored(cell: Mapping[str, Any] | None, guess: str | None) -> str:
    """Say whether what was predicted of a cell came; nothing where nothing was."""
    if guess is None or fate(cell) == words.NO_ROW:
        return ""
    return RIGHT if guess == fate(cell) else WRONG.format(guess)


# Drawing ----------------------------------------------------------------------------------------
def _empty(ax: "Axes", columns: int) -> None:
    ax.set_xlim(0, columns)
    ax.set_axis_off()


def _head(containers: Sequence[str]) -> Callable[["Axes", float], None]:
    def paint(ax: "Axes", y: float) -> None:
        for place, name in enumerate(containers):
            sheet.write(ax, place + 0.5, y, name, ha="center", fontweight="bold")

    return paint


def _painter(
    cells: Sequence[tuple[Mapping[str, Any] | None, str | None]], tall: float
) -> Callable[["Axes", float], None]:
    def paint(ax: "Axes", y: float) -> None:
        for place, (cell, guess) in enumerate(cells):
            word, below = fate(cell), scored(cell, guess)
            _box(ax, place, y, word, tall)
            up = 0.1 if below else 0.0
            sheet.write(ax, place + 0.5, y - up, told(cell), ha="center")
            sheet.write(ax, place + 0.5, y + 0.1, below, size=style.SMALL, ha="center")

    return paint


def _box(ax: "Axes", place: int, y: float, word: str, row: float) -> None:
    from matplotlib.patches import Rectangle

    fill, frame, dash, width = LOOKS.get(word, OTHER)
    tall = row - 2 * GAP
    ax.add_patch(Rectangle(
        (place + EDGE, y - tall / 2), 1 - 2 * EDGE, tall, facecolor=fill, edgecolor=frame,
        linestyle=dash, linewidth=width, clip_on=False,
    ))  # fmt: skip


# Words ------------------------------------------------------------------------------------------
def sentence(cells: Cells) -> str:
    """Say how often the others met each fate: ``'Of 10 cells: go on 6, end too 2.'``."""
    found = [fate(cell) for cell in cells.values()]
    each = [f"{word} {found.count(word)}" for word in (*words.FATES, DIFFER, words.NO_ROW)
            if word in found]  # fmt: skip
    return f"The others, in {words.counted(len(found), 'cell')}: {', '.join(each)}."


def score(cells: Cells, predicted: Predicted) -> str:
    """Say how much of what was predicted came."""
    known = {
        place: guess for place, guess in predicted.items() if fate(cells.get(place)) != words.NO_ROW
    }
    right = sum(fate(cells[place]) == guess for place, guess in known.items())
    return (
        f"You predicted {words.counted(len(known), 'cell')}, and {right} came as you said."
        if known
        else ""
    )


def reasons(cells: Cells, predicted: Predicted) -> str:
    """Say why something else came than was predicted; why somebody stops is asked later."""
    missed = [place for place in predicted
              if scored(cells.get(place), predicted[place]) not in ("", RIGHT)]  # fmt: skip
    found = [REASONS[place] for place in REASONS if place in missed]
    apart = any(container == "process" for _, container in missed)
    return " ".join([*found, *([APART] if apart else [])])


def table(
    cells: Cells, faults: Sequence[str], containers: Sequence[str], predicted: Predicted
) -> Table:
    """Return the matrix as text, and what was predicted."""

    def text(fault: str, container: str) -> str:
        cell = cells.get((fault, container))
        said = scored(cell, predicted.get((fault, container)))
        return told(cell) + (f" ({said})" if said else "")

    rows = tuple((fault, *(text(fault, each) for each in containers)) for fault in faults)
    return Table(("fault", *containers), rows)
