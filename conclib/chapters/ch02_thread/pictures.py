"""The small pictures of chapter 02: the strip of readers, and the orders of signing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conclib.chapters.ch02_thread.rules import ALPHABET, readers_alone
from conclib.lesson.showing.looked import origin
from conclib.plots import Amount, Picture, Table, amounts, sheet, style
from conclib.results import Observation
from conclib.results.quantity import COUNT

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ROW, BOX = 0.42, 0.3  # inches
LONGEST = 16  # letters of the file, on the axis
SHOWN = 5  # of the orders, as bars
Row = tuple[str, str, str]  # who, the letters or an error's name, the kind


def strip(item: Observation, *, uncovered: bool = False, title: str) -> Picture:
    """Draw which letters of one file each reader got, the first reader in the top row.

    Args:
        item: what ``letters`` reported; ``uncovered``: tell who each reader is.
        title: the question that the picture answers.
    """
    reads, who = item.facts["reads"], item.facts["who"]
    alone = readers_alone(item.facts)
    kinds = {n: "process" if n in alone else "thread" for n in reads}
    kinds = kinds if uncovered else dict.fromkeys(reads, "hidden")
    names = {n: f"{n}, {who[n].partition(',')[0]}" if uncovered else f"reader {n}" for n in reads}
    return _strip([(names[n], reads[n], kinds[n]) for n in reads], title, item)


def read_on(item: Observation, title: str) -> Picture:
    """Draw what a parent read, what another one read, and what the parent got after that.

    Args:
        item: what ``reads_on`` reported; ``title``: the question that the picture answers.
    """
    facts, who = item.facts, item.params["who"]
    kind = "thread" if who == "thread" else "process"
    rows = [
        ("the parent", facts["before"], "process"),
        (f"the {who}", facts["other"], kind),
        ("the parent again", facts["after"], "process"),
    ]
    return _strip(rows, title, item)


def _strip(rows: Sequence[Row], title: str, item: Observation) -> Picture:
    foot = f"Hollow: {origin(item)}." if origin(item) else ""
    drawn = [sheet.Row(who, ROW, _boxes(got, kind, bool(foot))) for who, got, kind in rows]
    figure, _ = sheet.stack(title, drawn, _letters_axis, foot=foot)
    cells = tuple((who, in_letters(got)) for who, got, _ in rows)
    said = [f"{who} got {got}." for who, got in cells]
    alt = " ".join(filter(None, [title, *said, foot]))
    return Picture(figure, alt, Table(("in this order", "got"), cells))


def in_letters(got: str) -> str:
    """Return letters, or that there was an error, with its name."""
    return f"an error, {got}" if got.startswith("E") and got not in ALPHABET else got


def _letters_axis(ax: "Axes") -> None:
    ax.set_xlim(0, LONGEST)
    ax.set_xticks(range(0, LONGEST + 1, 4))
    style.axis_title(ax, "place in the file, in letters")


def _boxes(got: str, kind: str, hollow: bool) -> Callable[["Axes", float], None]:
    """Return what paints the letters of one reader where they stand in the file."""
    colour = style.KINDS[kind].colour
    white = kind != "thread" and not hollow

    def paint(ax: "Axes", y: float) -> None:
        if got not in ALPHABET:
            sheet.write(ax, 0.1, y, in_letters(got))
            return
        for letter in got:
            place = ALPHABET.find(letter)
            fill = style.PAPER if hollow else colour
            ax.barh(y, 0.9, BOX, left=place + 0.05, facecolor=fill, edgecolor=colour)
            ink = style.PAPER if white else style.INK
            sheet.write(ax, place + 0.5, y, letter, ha="center", color=ink)

    return paint


def orders(items: Mapping[str, Observation], title: str) -> Picture:
    """Draw how often each order of signing came out, the most frequent ones first.

    Args:
        items: observations of ``order_signed`` by label; ``title``: the question.
    """
    rows = [row for label, item in items.items() for row in _bars(label, item)]
    return amounts(rows, title=title, quantity=replace(COUNT, axis="in how many rounds"))


def _bars(label: str, item: Observation) -> list[Amount]:
    found = sorted(item.facts["orders"].items(), key=lambda pair: -pair[1])
    more: dict[str, Any] = {"kind": "thread", "recorded": origin(item)}
    rows = [Amount(f"{label}: {', '.join(order)}", times, **more) for order, times in found[:SHOWN]]
    if rest := found[SHOWN:]:
        all_others = f"{label}: {len(rest)} other orders"
        rows.append(Amount(all_others, sum(times for _, times in rest), **more))
    return rows
