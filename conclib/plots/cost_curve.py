"""Cost against the size of the parent: what rises, what stays flat, and how fast.

Both axes are linear here: only then is "so many µs for each MB" a straight line whose steepness
can be seen. Each line is named at its end. Its slope is the median of the slopes between all
pairs of points (Theil and Sen), which one odd point cannot tilt.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conclib.plots import explanations, lettering, marks, sheet, style
from conclib.plots.picture import Picture, Table
from conclib.plots.records import Measured, hollow_note, some
from conclib.results import Measurements, arguments, statistics
from conclib.results.quantity import TIME

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PARAM = "ballast_mb"
HEIGHT = 3.4  # inches
TIMED = {"call": "time of the call", "wait": "time of the whole life"}
NEAR = 0.2  # of the width
DASHES = ("-", (0, (5, 2)), (0, (1, 1.6)), (0, (5, 1.5, 1, 1.5)))  # a line of its own for each


@dataclass(frozen=True)
class _Line:
    label: str
    short: str  # as much of the label as leaves room to draw
    points: tuple[tuple[float, Measured], ...]  # size in MB, cost in ns
    timed: str = ""  # the probe's parameter of this name

    @property
    def medians(self) -> list[tuple[float, float]]:
        return [(size, item.value) for size, item in self.points if item.value is not None]

    @property
    def margin(self) -> list[str]:
        """What stands at its end."""
        return [self.short, self.words]

    @property
    def slope(self) -> float | None:
        medians = self.medians
        return statistics.slope(medians) if len({size for size, _ in medians}) > 1 else None

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
            return f"≈ {TIME.write(self.slope)} per MB"
        return "no rise beyond its noise"


def against_size(
    series: Measurements | Mapping[str, Measurements],
    *,
    drawn: Sequence[tuple[float, float]] = (),
    foretold: Mapping[str, float] | None = None,
    log: bool = False,
    title: str = "Does it cost more when the parent is bigger?",
    stage: bool | None = None,
) -> Picture:
    """Draw cost against the parent's touched memory, one line for each series.

    Args:
        series: one sweep over ``ballast_mb``, or several by label.
        drawn: the curve that the student predicted, as points (MB, ns); it is laid over the
            picture up to where it leaves it.
        foretold: what explanations foretell, as ns for each MB by name; each is drawn as a thin
            line from the first point measured to where it leaves the picture.
        log: a logarithmic time axis, where the series differ by tens.
        title: the question that the picture answers.
        stage: size it for a room; ``None`` asks ``CONCLIB_STAGE``.

    Raises:
        ValueError: nothing to draw, or a measurement that does not say its ``ballast_mb``.
    """
    some("series", series)
    named = {"": series} if isinstance(series, Measurements) else series
    width = sheet.label_width(stage)
    lines = [_line(label, items, width) for label, items in named.items()]
    margin = [*(line.margin for line in lines), *map(explanations.lines, foretold or {})]
    right = max(lettering.text_width(text) for name in margin for text in name) + 0.3
    foot = hollow_note([item for line in lines for _, item in line.points])
    figure, ax = sheet.sheet(title, HEIGHT, left=0.95, right=right, foot=foot, stage=stage)
    top = _axes(ax, lines, log)
    for line, dash in zip(lines, DASHES * len(lines), strict=False):
        _paint(ax, line, dash)
    guess = _guess(drawn)
    _overlay(ax, guess, top)
    told = _foretell(ax, foretold or {}, lines[0], top)
    ends = [(*line.medians[-1], "\n".join(line.margin)) for line in lines if line.medians]
    _name_ends(ax, ends + [(*one.end, one.broken) for one in told if not one.leaves])
    return Picture(figure, _alt(title, lines, guess, foretold or {}), _table(lines))


def _line(label: str, items: Measurements, width: float) -> _Line:
    some(f"series[{label!r}]" if label else "series", items)
    points = []
    for name, item in items.items():
        if PARAM not in item.params:
            raise ValueError(f"series: {name!r} ({item.name}) has no {PARAM}: no place on the axis")
        points.append((float(item.params[PARAM]), Measured.of(name, item)))
    points.sort(key=lambda point: point[0])
    first = next(iter(items.values()))
    label = label or first.title
    short = lettering.shortened(label, width)
    return _Line(label, short, tuple(points), first.params.get("timed", ""))


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
    style.axis_title(ax, _timed(lines), "y")
    return top


def _timed(lines: list[_Line]) -> str:
    """Say what part of a life the axis measures, where all lines measure the same."""
    parts = {line.timed for line in lines}
    return TIMED.get(parts.pop(), "time") if len(parts) == 1 else "time"


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


def _name_ends(ax: "Axes", ends: list[tuple[float, float, str]]) -> None:
    """Write what ends at (x, y) right of it, moved apart where the ends lie close."""
    down = ax.transAxes.inverted().transform
    at = [down(ax.transData.transform((x, y)))[1] * HEIGHT for x, y, _ in ends]
    places = sheet.spread(at, gap=2.5 * style.BODY * sheet.LINE, low=0.1)
    inch = 1 / sheet.axes_width(ax)
    for (_, _, text), end, place in zip(ends, at, places, strict=True):
        ax.plot([1 - 0.02 * inch, 1 + 0.1 * inch], [end / HEIGHT, place / HEIGHT], color=style.LANE,
                lw=0.8, ls="-", marker="None", transform=ax.transAxes, clip_on=False)  # fmt: skip
        beside = 1 + 0.14 * inch
        sheet.write(ax, beside, place / HEIGHT, text, ha="left",
                    transform=ax.transAxes, linespacing=1.25)  # fmt: skip


def _guess(drawn: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    return sorted(
        (arguments.number("drawn MB", x, 0, 1e9), arguments.number("drawn ns", y, 0, 1e18))
        for x, y in drawn
    )


def _overlay(ax: "Axes", guess: list[tuple[float, float]], top: float) -> None:
    """Lay the student's own line over the picture, and write on it what it is."""
    seen = _below(guess, top)
    if not seen:
        return
    bottom = ax.get_ylim()[0]
    xs, ys = [x for x, _ in seen], [max(y, bottom) for _, y in seen]
    ax.plot(xs, ys, color=style.PREDICTION, lw=4, ls="-", alpha=0.7, marker="None", zorder=1)
    end = len(xs) // 2
    x, y = (xs[end], ys[end]) if len(xs) > 2 else ((xs[0] + xs[-1]) / 2, (ys[0] + ys[-1]) / 2)
    left, right = ax.get_xlim()
    beside = (x - left) / (right - left) < NEAR  # the time axis: no room for half a name
    name = {"ha": "left"} if beside else {"ha": "center", "bbox": marks.paper_behind()}
    sheet.write(ax, x + 0.02 * (right - left) * beside, y, "your prediction", **name)


def _below(points: list[tuple[float, float]], top: float) -> list[tuple[float, float]]:
    """Return a line up to where it leaves the picture at its top."""
    seen: list[tuple[float, float]] = []
    for x, y in points:
        if y > top:
            if seen:
                before, low = seen[-1]
                seen.append((before + (x - before) * (top - low) / (y - low), top))
            break
        seen.append((x, y))
    return seen


def _foretell(
    ax: "Axes", foretold: Mapping[str, float], line: _Line, top: float
) -> list[explanations.Foretold]:
    if not line.medians:
        return []
    start, last = line.medians[0], line.points[-1][0]
    told = [explanations.foretold(*each, start, (last, top)) for each in foretold.items()]
    explanations.draw(ax, told)
    return told


def _alt(title: str, lines: list[_Line], guess: list, foretold: Mapping[str, float]) -> str:
    parts = [title]
    for line in lines:
        each = ", ".join(f"{size:g} MB: {item.cells(style.TIME)[1]}" for size, item in line.points)
        origins = dict.fromkeys(item.recorded or "measured here" for _, item in line.points)
        parts.append(f"{line.label}: {line.words} ({each}; {'; '.join(origins)}).")
    if guess:
        (small, first), (big, last) = guess[0], guess[-1]
        ends = f"{TIME.write(first)} at {small:g} MB to {TIME.write(last)} at {big:g} MB"
        parts.append(f"Your prediction goes from {ends}.")
    parts += [explanations.sentence(name, slope) for name, slope in foretold.items()]
    return " ".join(parts)


def _table(lines: list[_Line]) -> Table:
    rows = tuple(
        (line.label, f"{size:g}", *item.cells(style.TIME)[1:])
        for line in lines
        for size, item in line.points
    )
    return Table(("", "parent's memory (MB)", "median", "95 % interval", "source"), rows)
