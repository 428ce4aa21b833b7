"""Results against what a sweep varied: what rises, what stays flat, and how fast.

Both axes are linear unless asked otherwise: only then is "so much for each MB" a straight line
whose steepness can be seen. Each line is named at its end. Its slope is the median of the slopes
between all pairs of points (Theil and Sen), which one odd point cannot tilt; where five points or
more show a bend, its place is named instead.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from conclib.plots import explanations, lettering, marks, sheet, style
from conclib.plots.picture import Picture, Table
from conclib.plots.records import Measured, origin_note, quantity_of, several_hosts, some
from conclib.results import Measurements, arguments, shapes, statistics
from conclib.results.axis import Axis
from conclib.results.quantity import COUNT, Quantity
from conclib.results.shapes import Point

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HEIGHT = 3.4  # inches
NEAR = 0.2  # of the width
DASHES = ("-", (0, (5, 2)), (0, (1, 1.6)), (0, (5, 1.5, 1, 1.5)))  # a line of its own for each
BENDS = {shapes.KNEE: "bends up at", shapes.SATURATION: "levels off at"}
ENDS = {"higher": "no steady rise", "lower": "falls", "overlapping": "no rise beyond its noise",
        "unresolved": "no interval to judge by"}  # fmt: skip


@dataclass(frozen=True)
class _Line:
    label: str
    short: str  # as much of the label as leaves room to draw
    axis: Axis
    points: tuple[tuple[float, Measured], ...]
    curve: shapes.Curve
    measured: str  # what was timed or counted, in words

    @property
    def medians(self) -> list[Point]:
        return [(x, item.value) for x, item in self.points if item.value is not None]

    @property
    def margin(self) -> list[str]:
        """What stands at its end."""
        return [self.short, self.words]

    @property
    def words(self) -> str:
        """How it goes on, beyond its noise."""
        if len(self.medians) < 2:
            return "one value only"
        shape = shapes.measured([(x, each) for x, each in self.curve if each.value is not None])
        if shape.at is not None:
            return f"{BENDS.get(shape.word, 'bends down at')} {self.axis.write(shape.at)}"
        (_, first), *_, (_, last) = self.curve
        found, slope = last.compare(first), statistics.slope(self.medians)
        if found == "higher" and slope > 0 and shape.word != shapes.UNCLEAR:
            return f"≈ {first.quantity.write(slope)} {self.axis.per}"
        return ENDS[found]


def curve(
    series: Measurements | Mapping[str, Measurements],
    *,
    drawn: Sequence[Point] = (),
    expected: Mapping[str, float] | None = None,
    title: str = "",
) -> Picture:
    """Draw one or several sweeps over the axis that they vary, one line for each.

    Args:
        series: one sweep, or several over the same axis by label.
        drawn: the curve that the student predicted, as points in the units of axis and results;
            it is laid over the picture up to where it leaves it.
        expected: what explanations predict, as slopes by name; each is drawn as a thin line from
            the first point measured to where it leaves the picture.
        title: the question that the picture answers; made from the axis if not given.

    Raises:
        TypeError: no sweep.
        ValueError: nothing to draw, several quantities or axes, or a measurement that does not
            say its place on the axis.
    """
    some("series", series)
    named = {"": series} if isinstance(series, Measurements) else series
    width = sheet.label_width()
    hosts = several_hosts(item for items in named.values() for item in items.values())
    lines = [_line(label, items, width, hosts) for label, items in named.items()]
    axis, quantity = _shared(lines)
    title = title or f"How does it change with {axis.title}?"
    shown = expected or {}
    margin = [*(line.margin for line in lines), *map(explanations.lines, shown)]
    right = max(lettering.text_width(text) for name in margin for text in name) + 0.3
    figure, ax = sheet.sheet(title, HEIGHT, left=0.95, right=right, foot=_foot(lines))
    top = _axes(ax, lines, axis, quantity)
    for line, dash in zip(lines, DASHES * len(lines), strict=False):
        _paint(ax, line, dash)
    guess = _guess(drawn)
    _overlay(ax, explanations.below(guess, top))
    ends = [(*line.medians[-1], line.margin) for line in lines if line.medians]
    _name_ends(ax, [*ends, *_predict(ax, shown, lines[0], top)])
    return Picture(figure, _alt(title, lines, guess, shown), _table(lines, axis))


def _line(label: str, items: Measurements, width: float, hosts: bool) -> _Line:
    some(f"series[{label!r}]" if label else "series", items)
    points = items.points
    first = points[0][1]
    label = label or first.title
    drawn = tuple((x, Measured.of(items.varied.write(x), item, hosts)) for x, item in points)
    short = lettering.shortened(label, width)
    return _Line(label, short, items.varied, drawn, items.curve, first.times)


def _shared(lines: list[_Line]) -> tuple[Axis, Quantity]:
    """Return the axis and the quantity that all lines share."""
    axis = lines[0].axis
    others = {line.axis.text for line in lines} - {axis.text}
    if others:
        raise ValueError(f"series: must be over one axis, got {axis.text} and {', '.join(others)}")
    return axis, quantity_of(item for line in lines for _, item in line.points)


def _foot(lines: list[_Line]) -> str:
    measured = "; ".join(dict.fromkeys(line.measured for line in lines))
    items = [replace(item, label=line.label) for line in lines for _, item in line.points]
    return f"Measured: {measured}. {origin_note(items)}"


def _axes(ax: "Axes", lines: list[_Line], axis: Axis, quantity: Quantity) -> float:
    """Set both axes up; return the highest point measured."""
    from matplotlib.ticker import FuncFormatter

    style.style_axes(ax, grid="y")
    ends = [x for line in lines for _, item in line.points for x in item.reach]
    places = [x for line in lines for x, _ in line.points]
    top = max(ends, default=1.0)
    room = 0.03 * (max(places) - min(places) or 1.0)
    ax.set_xlim(min(places) - room, max(places) + room)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: COUNT.plain(x)))
    style.axis_title(ax, lettering.shortened(axis.text, sheet.axes_width(ax) + 0.9))
    style.linear_axis(ax, quantity, top * 1.1, which="y")
    return top


def _paint(ax: "Axes", line: _Line, dash: str | tuple) -> None:
    kind = style.KINDS[line.points[0][1].kind]
    for x, item in line.points:
        if item.interval:
            ax.plot([x, x], item.interval, color=kind.colour, lw=2, ls="-", marker="_", ms=9,
                    mew=2, zorder=marks.BAR)  # fmt: skip
        if item.value is not None:
            marks.point(ax, x, item.value, kind, bool(item.recorded))
    if line.medians:
        xs, ys = zip(*line.medians, strict=True)
        ax.plot(xs, ys, color=kind.colour, lw=1.6, ls=dash, marker="None", zorder=3)


def _name_ends(ax: "Axes", ends: list[tuple[float, float, list[str]]]) -> None:
    """Write what ends at (x, y) right of it, moved apart where the ends lie close."""
    down = ax.transAxes.inverted().transform
    at = [down(ax.transData.transform((x, y)))[1] * HEIGHT for x, y, _ in ends]
    places = sheet.spread(at, gap=2.5 * style.BODY * sheet.LINE, low=0.1)
    inch = 1 / sheet.axes_width(ax)
    for (_, _, text), end, place in zip(ends, at, places, strict=True):
        ax.plot([1 - 0.02 * inch, 1 + 0.1 * inch], [end / HEIGHT, place / HEIGHT], color=style.LANE,
                lw=0.8, ls="-", marker="None", transform=ax.transAxes, clip_on=False)  # fmt: skip
        sheet.write(ax, 1 + 0.14 * inch, place / HEIGHT, "\n".join(text), ha="left",
                    transform=ax.transAxes, linespacing=1.25)  # fmt: skip


def _guess(drawn: Sequence[Point]) -> list[Point]:
    return sorted(
        (arguments.number("drawn x", x, 0, 1e18), arguments.number("drawn y", y, 0, 1e18))
        for x, y in drawn
    )


def _overlay(ax: "Axes", seen: list[Point]) -> None:
    """Lay the student's own line over the picture, and write on it what it is."""
    if not seen:
        return
    bottom = ax.get_ylim()[0]
    xs, ys = [x for x, _ in seen], [max(y, bottom) for _, y in seen]
    ax.plot(xs, ys, color=style.PREDICTION, lw=4, ls="-", alpha=0.7, marker="None", zorder=1)
    end = len(xs) // 2
    x, y = (xs[end], ys[end]) if len(xs) > 2 else ((xs[0] + xs[-1]) / 2, (ys[0] + ys[-1]) / 2)
    left, right = ax.get_xlim()
    beside = (x - left) / (right - left) < NEAR  # the left axis: no room for half a name
    name = {"ha": "left"} if beside else {"ha": "center", "bbox": marks.paper_behind()}
    sheet.write(ax, x + 0.02 * (right - left) * beside, y, "your prediction", **name)


def _predict(
    ax: "Axes", expected: Mapping[str, float], line: _Line, top: float
) -> list[tuple[float, float, list[str]]]:
    """Draw what explanations predict; return the ends that have still to be named."""
    if not line.medians:
        return []
    start, last = line.medians[0], line.points[-1][0]
    shown = [explanations.expected(*each, start, (last, top)) for each in expected.items()]
    for each in shown:
        explanations.draw(ax, each)
    return [(*each.points[-1], each.lines) for each in shown if not each.leaves]


def _alt(title: str, lines: list[_Line], guess: list, expected: Mapping[str, float]) -> str:
    axis, write = lines[0].axis, lines[0].points[0][1].quantity.write
    parts = [title]
    for line in lines:
        each = ", ".join(f"{item.label}: {item.text}" for _, item in line.points)
        origins = dict.fromkeys(item.origin for _, item in line.points)
        parts.append(f"{line.label}: {line.words} ({each}; {'; '.join(origins)}).")
    if guess:
        ends = " to ".join(f"{write(y)} at {axis.write(x)}" for x, y in (guess[0], guess[-1]))
        parts.append(f"Your prediction goes from {ends}.")
    for name, slope in expected.items():
        parts.append(f"If it {name}: {f'{write(slope)} {axis.per}' if slope else 'no rise'}.")
    return " ".join(parts)


def _table(lines: list[_Line], axis: Axis) -> Table:
    rows = tuple((line.label, *item.cells) for line in lines for _, item in line.points)
    return Table(("", axis.title, "median", "95 % interval", "source"), rows)
