"""Cost against the size of the parent: what rises, what stays flat, and how fast.

Both axes are linear here: only then is "so many µs for each MB" a straight line whose steepness
can be seen. Each line is named at its end. Its slope is the median of the slopes between all
pairs of points (Theil and Sen), which one odd point cannot tilt.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from conclib.plots import marks, sheet, style
from conclib.plots.picture import Picture, Table
from conclib.plots.records import Measured, hollow_note, some
from conclib.results import Measurements, arguments, statistics, units

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PARAM = "ballast_mb"
HEIGHT = 3.4  # inches
DASHES = ("-", (0, (5, 2)), (0, (1, 1.6)), (0, (5, 1.5, 1, 1.5)))  # a line of its own for each


def theil_sen(points: Sequence[tuple[float, float]]) -> float:
    """Return the median of the slopes between all pairs of points.

    Raises:
        ValueError: fewer than two different ``x``.
    """
    pairs = combinations(points, 2)
    slopes = [(y2 - y1) / (x2 - x1) for (x1, y1), (x2, y2) in pairs if x1 != x2]
    if not slopes:
        raise ValueError(f"points: two or more different sizes are needed, {len(points)} given")
    return statistics.median(slopes)


@dataclass(frozen=True)
class _Line:
    label: str
    points: tuple[tuple[float, Measured], ...]  # size in MB, cost in ns

    @property
    def medians(self) -> list[tuple[float, float]]:
        return [(size, item.value) for size, item in self.points if item.value is not None]

    @property
    def slope(self) -> float | None:
        medians = self.medians
        return theil_sen(medians) if len({size for size, _ in medians}) > 1 else None

    @property
    def rises(self) -> bool:
        """Whether the last interval lies wholly above the first: more than noise."""
        first, last = self.points[0][1].interval, self.points[-1][1].interval
        return bool(first and last and first[1] < last[0])

    @property
    def words(self) -> str:
        if self.slope is None:
            return "one size only"
        if self.rises and self.slope > 0:
            return f"≈ {units.time(self.slope)} per MB"
        return "no rise beyond its noise"


def against_size(
    series: Measurements | Mapping[str, Measurements],
    *,
    drawn: Sequence[tuple[float, float]] = (),
    log: bool = False,
    title: str = "Does it cost more when the parent is bigger?",
    stage: bool | None = None,
) -> Picture:
    """Draw cost against the parent's touched memory, one line for each series.

    Args:
        series: one sweep over ``ballast_mb``, or several by label.
        drawn: the shape the student drew, as (x, y) from 0 to 1 of the paper's width and height;
            it is laid over the picture from the smallest to the largest size, and from zero to
            the highest point measured.
        log: a logarithmic time axis, where the series differ by tens.
        title: the question that the picture answers.
        stage: size it for a room; ``None`` asks ``CONCLIB_STAGE``.

    Raises:
        ValueError: nothing to draw, or a measurement that does not say its ``ballast_mb``.
    """
    some("series", series)
    named = {"": series} if isinstance(series, Measurements) else series
    lines = [_line(label, items) for label, items in named.items()]
    labels = [[line.label, line.words] for line in lines]
    right = max(sheet.text_width(text) for pair in labels for text in pair) + 0.3
    foot = hollow_note([item for line in lines for _, item in line.points])
    figure, ax = sheet.sheet(title, HEIGHT, left=0.95, right=right, foot=foot, stage=stage)
    top = _axes(ax, lines, log)
    for line, dash in zip(lines, DASHES * len(lines), strict=False):
        _paint(ax, line, dash)
    _name_ends(ax, lines)
    shape = _shape(drawn)
    _overlay(ax, shape, lines, top)
    return Picture(figure, _alt(title, lines, shape), _table(lines))


def _line(label: str, items: Measurements) -> _Line:
    some(f"series[{label!r}]" if label else "series", items)
    points = []
    for name, item in items.items():
        if PARAM not in item.params:
            raise ValueError(f"series: {name!r} ({item.name}) has no {PARAM}: no place on the axis")
        points.append((float(item.params[PARAM]), Measured.of(name, item)))
    points.sort(key=lambda point: point[0])
    return _Line(label or next(iter(items.values())).title, tuple(points))


def _axes(ax: "Axes", lines: list[_Line], log: bool) -> float:
    """Set both axes up; return the highest point measured, in ns."""
    measured = [item for line in lines for _, item in line.points]
    ends = [x for item in measured for x in (*(item.interval or ()), item.value or 0.0) if x > 0]
    sizes = [size for line in lines for size, _ in line.points]
    top = max(ends, default=1e6)
    room = 0.03 * (max(sizes) - min(sizes) or 1.0)
    ax.set_xlim(min(sizes) - room, max(sizes) + room)
    style.axis_title(ax, "memory the parent has touched (MB)")
    style.style_axes(ax, grid="y")
    if log:
        style.time_axis(ax, *style.log_limits(ends), which="y")
    else:
        style.linear_time_axis(ax, top * 1.1, which="y")
    return top


def _paint(ax: "Axes", line: _Line, dash: str | tuple) -> None:
    for size, item in line.points:
        if item.interval:
            _upright_bar(ax, size, item.interval, style.KINDS[item.kind].colour)
        if item.value is not None:
            marks.point(ax, size, item.value, style.KINDS[item.kind], bool(item.recorded))
    colour = style.KINDS[line.points[0][1].kind].colour
    if line.medians:
        x, y = zip(*line.medians, strict=True)
        ax.plot(x, y, color=colour, lw=1.6, ls=dash, marker="None", zorder=3)


def _upright_bar(ax: "Axes", x: float, ends: tuple[float, float], colour: str) -> None:
    ax.plot([x, x], ends, color=colour, lw=2, ls="-", marker="_", ms=9, mew=2, zorder=marks.BAR)


def _name_ends(ax: "Axes", lines: list[_Line]) -> None:
    """Name each line right of its end, moved apart where the ends lie close."""
    lines = [line for line in lines if line.medians]
    down = ax.transAxes.inverted().transform
    at = [down(ax.transData.transform(line.medians[-1]))[1] * HEIGHT for line in lines]
    places = sheet.spread(at, gap=2.5 * style.BODY * sheet.LINE, low=0.1)
    inch = 1 / sheet.axes_width(ax)
    for line, end, place in zip(lines, at, places, strict=True):
        ax.plot([1 - 0.02 * inch, 1 + 0.1 * inch], [end / HEIGHT, place / HEIGHT], color=style.LANE,
                lw=0.8, ls="-", marker="None", transform=ax.transAxes, clip_on=False)  # fmt: skip
        beside = 1 + 0.14 * inch
        sheet.write(ax, beside, place / HEIGHT, f"{line.label}\n{line.words}", ha="left",
                    transform=ax.transAxes, linespacing=1.25)  # fmt: skip


def _shape(drawn: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    return sorted(
        (arguments.number("drawn x", x, 0, 1), arguments.number("drawn y", y, 0, 1))
        for x, y in drawn
    )


def _overlay(ax: "Axes", shape: list, lines: list[_Line], top: float) -> None:
    """Lay the student's own line over the picture, on a paper from 0 to the highest point."""
    if not shape:
        return
    sizes = [size for line in lines for size, _ in line.points]
    low, high = min(sizes), max(sizes)
    bottom = ax.get_ylim()[0]
    xs = [low + x * (high - low) for x, _ in shape]
    ys = [max(y * top, bottom) for _, y in shape]
    ax.plot(xs, ys, color=style.PREDICTION, lw=4, ls="-", alpha=0.7, marker="None", zorder=1)
    middle = len(xs) // 2
    sheet.write(
        ax, xs[middle], ys[middle], "your prediction", ha="center", bbox=marks.paper_behind()
    )


def _alt(title: str, lines: list[_Line], shape: list) -> str:
    parts = [title]
    for line in lines:
        each = ", ".join(f"{size:g} MB: {item.cells(style.TIME)[1]}" for size, item in line.points)
        origins = dict.fromkeys(item.recorded or "measured here" for _, item in line.points)
        parts.append(f"{line.label}: {line.words} ({each}; {'; '.join(origins)}).")
    if shape:
        first, last = shape[0][1], shape[-1][1]
        course = "rises" if last > first + 0.05 else "falls" if last < first - 0.05 else "is level"
        parts.append(f"Your drawing {course} from {first:.0%} to {last:.0%} of the height.")
    return " ".join(parts)


def _table(lines: list[_Line]) -> Table:
    rows = tuple(
        (line.label, f"{size:g}", *item.cells(style.TIME)[1:])
        for line in lines
        for size, item in line.points
    )
    return Table(("", "parent's memory (MB)", "median", "95 % interval", "source"), rows)
