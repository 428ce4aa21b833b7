"""The picture of the clone dial: which flags are on, and what each setting costs."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from conclib.plots import lettering, marks, sheet, style
from conclib.plots.picture import Picture, Table
from conclib.plots.records import Measured, origin_note, quantity_of, rows_of, some
from conclib.results import Measurement

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Painter = Callable[["Axes", float], None]
DIAL_ROW, FLAG_ROW = 0.44, 0.42  # inches
FLAG_WIDTH = 0.64  # inches for a column of the dial
FLAGS = {
    "vm": "memory",
    "files": "open files",
    "fs": "directory",
    "sighand": "signals",
    "thread": "pid",
}  # clone's own names, and what they let parent and child share
ON, OFF = "shared", "copied"


def dial(
    results: Mapping[str, Measurement],
    *,
    flags: Mapping[str, str] = FLAGS,
    title: str = "Which shared thing makes it cheap?",
) -> Picture:
    """Draw the clone dial: for each row which flags are on, and what it costs.

    Args:
        results: measurements of ``clone`` by label, in the order of turning the dial.
        flags: names of 0/1 parameters, a column each, and what each lets the two share.
        title: the question that the picture answers.

    Raises:
        ValueError: nothing measured, no flags, or a measurement that lacks one of the flags.
    """
    some("results", results)
    some("flags", flags)
    for label, item in results.items():
        lacking = [flag for flag in flags if flag not in item.params]
        if lacking:
            raise ValueError(f"results: {label!r} ({item.name}) has no parameter {lacking[0]!r}")
    items = {item.label: item for item in rows_of(results)}
    quantity = quantity_of(items.values())
    rows = [sheet.Row("", FLAG_ROW, _flag_names(flags))]
    rows += [
        sheet.Row(label, DIAL_ROW, _dial_row(items[label], _set(item, flags)))
        for label, item in results.items()
    ]
    limits = style.log_limits([x for item in items.values() for x in item.reach], room=2.2)
    right = max(lettering.text_width(item.short) for item in items.values()) + 0.1
    figure, _ = sheet.stack(
        title, rows, lambda ax: style.log_axis(ax, quantity, *limits), right=right,
        extra_left=FLAG_WIDTH * len(flags) + 0.15, foot=_dial_foot(list(items.values())),
    )  # fmt: skip
    table = _dial_table(items, results, flags)
    return Picture(figure, _dial_alt(title, items, results, flags), table)


def _set(item: Measurement, flags: Sequence[str]) -> list[bool]:
    return [bool(item.params[flag]) for flag in flags]


def _dial_foot(items: Sequence[Measured]) -> str:
    squares = "Filled square: parent and child share it. Empty: the child gets its own."
    return f"{squares} {origin_note(items)}"


def _column(ax: "Axes", place: int, count: int) -> float:
    """Return where a column of flags stands, in axes widths left of the axes."""
    return -((count - place - 0.5) * FLAG_WIDTH + 0.15) / sheet.axes_width(ax)


def _flag_names(flags: Mapping[str, str]) -> Painter:
    def paint(ax: "Axes", y: float) -> None:
        for place, flag in enumerate(flags):
            x = _column(ax, place, len(flags))
            each = (flags[flag], f"({flag})")
            text = "\n".join(lettering.shortened(name, FLAG_WIDTH, style.SMALL) for name in each)
            sheet.write(ax, x, y, text, size=style.SMALL, ha="center", linespacing=1.2,
                        transform=ax.get_yaxis_transform())  # fmt: skip

    return paint


def _dial_row(item: Measured, switches: Sequence[bool]) -> Painter:
    def paint(ax: "Axes", y: float) -> None:
        for place, on in enumerate(switches):
            x = _column(ax, place, len(switches))
            ax.plot([x], [y], ls="None", marker="s", ms=9, mec=style.INK, mew=1.2,
                    mfc=style.INK if on else style.PAPER, clip_on=False,
                    transform=ax.get_yaxis_transform())  # fmt: skip
        marks.summary(ax, y, item)

    return paint


def _dial_words(item: Measurement, flags: Mapping[str, str]) -> str:
    shared = [word for flag, word in flags.items() if item.params[flag]]
    return f"parent and child share {', '.join(shared)}" if shared else "nothing is shared"


def _dial_alt(title: str, items: Mapping, results: Mapping, flags: Mapping[str, str]) -> str:
    each = [
        f"{items[label].sentence[:-1]}; {_dial_words(item, flags)}."
        for label, item in results.items()
    ]
    return " ".join([title, *each])


def _dial_table(items: Mapping, results: Mapping, flags: Sequence[str]) -> Table:
    rows = []
    for label, item in results.items():
        switches = (ON if on else OFF for on in _set(item, flags))
        rows.append((label, *switches, *items[label].cells[1:]))
    return Table(("", *flags, "median", "95 % interval", "source"), tuple(rows))


PICTURES = {
    "dial": dial,
}
