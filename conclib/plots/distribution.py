"""Every sample of a measurement: how the values spread, and how they came one after another.

One number hides what a plot of all values shows: a tail of late ones, two clusters, a slow start,
a drift, workers that disagree.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from conclib.plots import marks, sheet, style
from conclib.plots.comparison import Entry, stacked
from conclib.plots.picture import Picture, Table
from conclib.plots.records import Measured, origin_note, quantity_of, rows_of, some
from conclib.results import Measurement, probe_texts, statistics
from conclib.results.quantity import TIME
from conclib.results.record import MADE_UP

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ROW = 1.05  # inches: dots, the median's label above them, the fastest's below
FEW = 4  # rows that get the fastest value, too; with more of them a screen would not hold them all
NET = "baseline subtracted"


def distribution(
    result: Measurement | Mapping[str, Measurement],
    *,
    title: str = "How do the single values spread?",
) -> Picture:
    """Draw every value as a dot, with the median and its interval, and the least value of few.

    Args:
        result: one measurement, or several by label.
        title: the question that the picture answers.

    Raises:
        ValueError: no measurement was given, or measurements of several quantities.
    """
    items = {result.title: result} if isinstance(result, Measurement) else dict(result)
    some("result", items)
    drawn = rows_of(items)
    quantity = quantity_of(drawn)
    least, most = ("fastest", "slowest") if quantity is TIME else ("least", "most")
    few = len(drawn) <= FEW
    entries = [_entry(row, items[row.label], (least, most), few) for row in drawn]
    foot = f"Each dot is one value, the bar the 95 % interval of the median. {origin_note(drawn)}"
    columns = ("", "values", least, "median", "95 % interval", most, "source")
    picture, ax = stacked(title, entries, quantity, columns, foot=foot, room=1.25)
    if any(item.baseline for item in items.values()):
        style.axis_title(ax, f"{ax.get_xlabel()}, {NET}")
    return picture


def _entry(row: Measured, item: Measurement, names: tuple[str, str], few: bool) -> Entry:
    ends = [item.quantity.write(end(item.net_values)) for end in (min, max)]
    least = min(item.net_values)
    workers = "1 fresh process" if len(item.runs) == 1 else f"{len(item.runs)} fresh processes"
    source = f", {MADE_UP}" if item.source == MADE_UP else f" from {workers}, {row.origin}"
    interval = item.interval_text

    def paint(ax: "Axes", y: float) -> None:
        marks.measured_row(ax, y, row, "median")
        if few and least > 0:
            ax.plot([least], [y + 0.31], ls="None", marker=6, ms=6, mec=style.INK, mfc=style.INK,
                    zorder=marks.MARK)  # fmt: skip
            marks.above(ax, least, y + 0.44, f"{names[0]} {ends[0]}", style.SMALL)

    sentence = (
        f"{row.label}: {item.n} values{source}; median {item.net_text}, "
        f"95 % interval {interval}, {names[0]} {ends[0]}, {names[1]} {ends[1]}."
    )
    cells = (row.label, str(item.n), ends[0], item.net_text, interval, ends[1], row.origin)
    return Entry(
        sheet.Row(row.label, ROW if few else marks.ROW, paint), row.drawable, sentence, cells
    )


def in_order(
    item: Measurement,
    *,
    title: str = "Do the values change while we measure?",
) -> Picture:
    """Draw the values in the order they were measured, each worker's apart.

    Args:
        item: the measurement.
        title: the question that the picture answers.
    """
    net = [[max(x, 0.0) for x in run.net] for run in item.runs]
    numbers = [x for run in net for x in run if x > 0]
    figure, ax = sheet.sheet(title, 2.6, left=0.85, below=0.35, foot=_order_foot(item))
    style.style_axes(ax, grid="y")
    limits = style.log_limits(numbers, room=1.35)
    style.log_axis(ax, item.quantity, *limits, which="y")
    _paint_runs(ax, item, net)
    write = item.quantity.write
    rows = tuple(
        (str(number), str(len(x)), write(statistics.median(x)) if x else "none")
        for number, x in enumerate(net, start=1)
    )
    each = ", ".join(f"process {number}: {n} values around {x}" for number, n, x in rows)
    alt = f"{title} {item.title}, {item.origin}, in the order of measuring: {each}."
    return Picture(figure, alt, Table(("process", "values", "median"), rows))


def _order_foot(item: Measurement) -> str:
    taken = f" {NET.capitalize()}." if item.baseline else ""
    whose = "the process's median" if len(item.runs) > 1 else "the median, half of them below it"
    counts = {len(run.values) for run in item.runs}
    more = " Each process measures for as long, so a quicker one has more values."
    return f"Each mark is one value, the line {whose}.{taken}{more if len(counts) > 1 else ''}"


def _paint_runs(ax: "Axes", item: Measurement, net: list[list[float]]) -> None:
    kind = style.KINDS[probe_texts.kind_of(item.probe, item.params)]
    gap = max(2.0, 0.04 * item.n)
    start = 0.0
    for number, values in enumerate(net, start=1):
        _paint_run(ax, start, values, kind=kind, hollow=item.source != "live")
        end = start + len(values)
        if len(net) > 1:
            sheet.write(ax, (start + end) / 2, 0.95, f"process {number}", ha="center",
                        transform=ax.get_xaxis_transform())  # fmt: skip
        start = end + gap
    ax.set_xlim(-gap / 2, start - gap / 2)
    ax.tick_params(bottom=False, labelbottom=False)
    style.axis_title(ax, "order of measuring →")


def _paint_run(
    ax: "Axes", start: float, values: list[float], *, kind: style.Kind, hollow: bool
) -> None:
    bottom = ax.get_ylim()[0]
    x = [start + place for place in range(len(values))]
    y = [max(value, bottom * 1.01) for value in values]
    ax.plot(
        x, y, ls="None", marker=kind.marker, ms=3.5, mec=kind.colour, mew=0.7,
        mfc="none" if hollow else kind.colour, alpha=max(0.25, marks.faintness(len(values))),
    )  # fmt: skip
    if values:
        middle = statistics.median(values)
        ax.plot([x[0], x[-1]], [max(middle, bottom)] * 2, color=style.INK, lw=1.6, ls="-",
                marker="None")  # fmt: skip
