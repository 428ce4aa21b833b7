"""A plain curve: results of any quantity over what a sweep varied, each with its interval.

Nothing here knows what is measured: the axes' titles and numbers come from the quantity and from
the axis. A logarithmic scale is used where the quantity usually has one and the values span tens.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from conclib.plots import sheet, style
from conclib.plots.picture import Picture, Table
from conclib.plots.records import some
from conclib.results.axis import Axis
from conclib.results.estimate import Estimate
from conclib.results.quantity import Quantity

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HEIGHT = 3.2  # inches
TENS = 30.0  # largest over smallest from which a logarithmic scale helps
BETTER = {True: "more is better", False: "less is better", None: ""}


def curve(
    points: Mapping[float, Estimate],
    axis: Axis,
    *,
    title: str,
    kind: str = "other",
    stage: bool | None = None,
) -> Picture:
    """Draw estimates over the axis that they were measured along.

    Args:
        points: an estimate for each of the axis's values.
        axis: what was varied.
        title: the question that the picture answers.
        kind: ``"process"``, ``"thread"``, ``"task"`` or ``"other"``: the colour and shape.
        stage: size it for a room; ``None`` asks ``CONCLIB_STAGE``.

    Raises:
        ValueError: no points, other values than the axis has, or two quantities.
    """
    some("points", points)
    if set(points) != set(axis.values):
        raise ValueError(f"points={list(points)!r}: must be at the axis's {list(axis.values)!r}")
    quantities = {estimate.quantity.name: estimate.quantity for estimate in points.values()}
    if len(quantities) > 1:
        raise ValueError(f"points: must be of one quantity, got {', '.join(quantities)}")
    (quantity,) = quantities.values()
    figure, ax = sheet.sheet(title, HEIGHT, left=1.0, right=0.3, stage=stage)
    style.style_axes(ax, grid="y")
    _scale(ax, points, quantity)
    style.axis_title(ax, axis.text)
    better = BETTER[quantity.more_is_better]
    style.axis_title(ax, f"{quantity.axis}{f' ({better})' if better else ''}", "y")
    _paint(ax, points, style.KINDS[kind])
    _ticks(ax, axis, quantity)
    return Picture(figure, _alt(title, points, axis), _table(points, axis, quantity))


def _ends(points: Mapping[float, Estimate]) -> list[float]:
    found = [end for each in points.values() for end in (*(each.interval or ()), each.value or 0)]
    return [end for end in found if end > 0]


def _scale(ax: "Axes", points: Mapping[float, Estimate], quantity: Quantity) -> None:
    ends = _ends(points) or [1.0]
    if quantity.logarithmic and max(ends) / min(ends) > TENS:
        ax.set_yscale("log")
        ax.set_ylim(min(ends) / 1.5, max(ends) * 1.5)
    else:
        ax.set_ylim(0, max(ends) * 1.1)


def _paint(ax: "Axes", points: Mapping[float, Estimate], kind: style.Kind) -> None:
    measured = sorted((x, each) for x, each in points.items() if each.value is not None)
    for x, each in measured:
        if each.interval:
            ax.plot([x, x], each.interval, color=kind.colour, lw=2, ls="-", marker="_", ms=9, mew=2)
    xs, ys = [x for x, _ in measured], [each.value for _, each in measured]
    ax.plot(xs, ys, color=kind.colour, lw=1.6, ls="-", marker=kind.marker, ms=6)


def _ticks(ax: "Axes", axis: Axis, quantity: Quantity) -> None:
    """Let both axes be written by their quantities."""
    from matplotlib.ticker import FuncFormatter, NullFormatter

    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: axis.write(x)))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _: quantity.write(y)))
    ax.yaxis.set_minor_formatter(NullFormatter())


def _alt(title: str, points: Mapping[float, Estimate], axis: Axis) -> str:
    each = [f"at {axis.write(x)} {points[x].text}" for x in axis.values]
    return f"{title} By {axis.text}: {'; '.join(each)}."


def _table(points: Mapping[float, Estimate], axis: Axis, quantity: Quantity) -> Table:
    rows = tuple((axis.write(x), points[x].text) for x in axis.values)
    return Table((axis.text, quantity.axis), rows)
