"""The small pictures of chapter 02: the strip of readers, and the orders of signing."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from conclib.chapters.ch02_thread.looked import origin
from conclib.chapters.ch02_thread.rules import readers_alone
from conclib.plots import Amount, Picture, Table, amounts, sheet, style
from conclib.results import Observation
from conclib.results.quantity import COUNT

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ROW, BOX = 0.42, 0.3  # inches
SHOWN = 8  # of the orders, as bars


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
    hollow = bool(origin(item))
    rows = [sheet.Row(names[n], ROW, _boxes(reads[n], kinds[n], hollow)) for n in reads]
    foot = f"Hollow: {origin(item)}." if hollow else ""
    figure, _ = sheet.stack(title, rows, _letters_axis, foot=foot)
    said = [f"{names[n]} got {reads[n]}." for n in reads]
    table = Table(("in this order", "got"), tuple((names[n], reads[n]) for n in reads))
    return Picture(figure, " ".join(filter(None, [title, *said, foot])), table)


def _letters_axis(ax: "Axes") -> None:
    ax.set_xlim(0, 16)
    ax.set_xticks(range(0, 17, 4))
    style.axis_title(ax, "place in the file, in letters")


def _boxes(letters: str, kind: str, hollow: bool) -> Callable[["Axes", float], None]:
    """Return what paints the letters of one reader where they stand in the file."""

    def paint(ax: "Axes", y: float) -> None:
        colour = style.KINDS[kind].colour
        fill = style.PAPER if hollow else colour
        for letter in letters:
            place = ord(letter) - ord("A")
            ax.barh(y, 0.9, BOX, left=place + 0.05, facecolor=fill, edgecolor=colour)
            white = kind in ("process", "hidden", "other") and not hollow
            ink = style.PAPER if white else style.INK
            sheet.write(ax, place + 0.5, y, letter, ha="center", color=ink)

    return paint


def orders(items: Mapping[str, Observation], title: str) -> Picture:
    """Draw how often each order of signing came out, the most frequent ones first.

    Args:
        items: observations of ``order_signed`` by label; ``title``: the question.
    """
    rows = [row for label, item in items.items() for row in _bars(label, item)]
    return amounts(rows, title=title, quantity=COUNT)


def _bars(label: str, item: Observation) -> list[Amount]:
    found = sorted(item.facts["orders"].items(), key=lambda pair: -pair[1])
    more: dict[str, Any] = {"kind": "thread", "recorded": origin(item)}
    rows = [Amount(f"{label}: {', '.join(order)}", times, **more) for order, times in found[:SHOWN]]
    if rest := found[SHOWN:]:
        all_others = f"{label}: {len(rest)} other orders"
        rows.append(Amount(all_others, sum(times for _, times in rest), **more))
    return rows
