"""Costs beside each other, in rows with headings.

A dot with its interval, not a bar from zero: on a log axis there is no zero to start from.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from conclib.plots import lettering, marks, sheet, style
from conclib.plots.picture import Picture, Table
from conclib.plots.records import Measured, hollow_note, some
from conclib.results import Measurement

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Painter = Callable[["Axes", float], None]
HEADING_ROW = 0.34  # inches


def bars(
    results: Mapping[str, Measurement],
    *,
    groups: Mapping[str, Sequence[str]] | None = None,
    title: str = "What does each one cost?",
    stage: bool | None = None,
) -> Picture:
    """Draw several costs under each other: every sample, the median, its interval.

    Args:
        results: measurements by label.
        groups: a heading, and the labels that stand under it, in order; without it all of them
            in one group.
        title: the question that the picture answers.
        stage: size it for a room; ``None`` asks ``CONCLIB_STAGE``.

    Raises:
        ValueError: nothing measured.
        KeyError: a group names a label that was not measured.
    """
    some("results", results)
    groups = groups or {"": list(results)}
    rows, items = [], []
    for heading, labels in groups.items():
        if heading:
            rows.append(sheet.Row("", HEADING_ROW, _heading(heading)))
        for label in labels:
            items.append(Measured.of(label, results[label]))
            rows.append(sheet.Row(label, marks.ROW, _measured(items[-1])))
    limits = style.log_limits([x for item in items for x in item.drawable])
    figure, _ = sheet.stack(
        title, rows, lambda ax: style.time_axis(ax, *limits), foot=hollow_note(items), stage=stage,
    )  # fmt: skip
    return Picture(figure, _alt(title, groups, results), _table(groups, results))


def _measured(item: Measured) -> Painter:
    return lambda ax, y: marks.measured_row(ax, y, item, style.TIME)


def _heading(text: str) -> Painter:
    def paint(ax: "Axes", y: float) -> None:
        left = ax.get_position().x0 * ax.figure.get_figwidth() - sheet.EDGE
        name = lettering.shortened(text, left + sheet.axes_width(ax), weight="bold")
        sheet.write(ax, -left / sheet.axes_width(ax), y, name, fontweight="bold", ha="left",
                    transform=ax.get_yaxis_transform())  # fmt: skip

    return paint


def _alt(title: str, groups: Mapping, results: Mapping[str, Measurement]) -> str:
    parts = [title]
    for heading, labels in groups.items():
        parts += [f"{heading}:"] if heading else []
        parts += [Measured.of(label, results[label]).sentence(style.TIME) for label in labels]
    return " ".join(parts)


def _table(groups: Mapping, results: Mapping[str, Measurement]) -> Table:
    rows = tuple(
        (heading, *Measured.of(label, results[label]).cells(style.TIME))
        for heading, labels in groups.items()
        for label in labels
    )
    return Table(("", "what", "median", "95 % interval", "source"), rows)
