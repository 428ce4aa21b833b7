"""The control blocks of a few threads, side by side: what Linux keeps for each of them."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from conclib.lesson.showing.looked import UNKNOWN, in_words, origin
from conclib.plots import Picture, Table, sheet, style
from conclib.results import Observation

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Thread = Mapping[str, Any]
ROW, EDGE = 0.27, 0.04  # inches; the edge in columns
OF_THE_BLOCK = {
    "number": "tid",
    "state": "state",
    "niceness (priority)": "niceness",
    "signals held back": "blocks",
    "times switched to": "switches",
    "instruction at": "instruction",
    "stack pointer at": "stack_pointer",
}
OF_THE_RECORD = {"local record at": "local", "size in the record": "value"}
STATES = {"S": "asleep (S)", "R": "running (R)", "D": "waiting (D)", "T": "stopped (T)"}
ADDRESSES = ("instruction", "stack_pointer", "local")


def cards(item: Observation, title: str) -> Picture:
    """Draw a card for each thread; below a line, what its local record holds.

    Args:
        item: what ``four_stacks`` reported; ``title``: the question that the picture answers.
    """
    threads = item.facts["threads"]
    head, *lines = rows(threads)
    drawn = [sheet.Row(name, ROW, _painter(cells, name in OF_THE_RECORD))
             for name, *cells in (head, *lines)]  # fmt: skip
    foot = "Addresses count in base 16."
    if origin(item):
        foot += f" Dashed: {origin(item)}."
    tall = ROW * len(drawn)
    figure, ax = sheet.stack(
        title, drawn, lambda ax: _empty(ax, len(threads)), below=sheet.EDGE, foot=foot
    )
    for place in range(len(threads)):
        _card(ax, place, tall, dashed=bool(origin(item)))
    said = [f"{name}: {', '.join(cells)}." for name, *cells in lines]
    return Picture(figure, " ".join([title, *said, foot]), Table(head, tuple(lines)))


def _empty(ax: "Axes", columns: int) -> None:
    ax.set_xlim(0, columns)
    ax.set_axis_off()


def _painter(cells: list[str], strong: bool) -> Callable[["Axes", float], None]:
    """Return what writes one field of each thread into its card."""

    def paint(ax: "Axes", y: float) -> None:
        for place, text in enumerate(cells):
            bold = "bold" if strong or text.startswith("thread ") else "normal"
            sheet.write(ax, place + 0.5, y, text, ha="center", size=style.SMALL, fontweight=bold)

    return paint


def _card(ax: "Axes", place: int, tall: float, *, dashed: bool) -> None:
    from matplotlib.patches import Rectangle

    ax.add_patch(Rectangle(
        (place + EDGE, 0), 1 - 2 * EDGE, tall, fill=False, edgecolor=style.THREAD.colour,
        linewidth=1.4, linestyle="--" if dashed else "-", clip_on=False,
    ))  # fmt: skip


def rows(threads: Mapping[str, Thread]) -> list[tuple[str, ...]]:
    """Return a table of them: a column for each thread, a row for each field, the head first."""
    head = ("", *(f"thread {name}" for name in threads))
    fields = {**OF_THE_BLOCK, **OF_THE_RECORD}
    return [head, *((name, *(written(key, each[key]) for each in threads.values()))
                    for name, key in fields.items())]  # fmt: skip


def written(key: str, value: Any) -> str:
    """Write a field: an address in base 16, a number of a thread without commas."""
    if value is None:
        return UNKNOWN
    if key in ADDRESSES:
        return f"{value:x}"
    if key == "state":
        return STATES.get(value, str(value))
    return str(value) if key == "tid" else in_words(value)
