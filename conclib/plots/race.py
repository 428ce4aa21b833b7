"""Two pictures of a chapter's first minutes: the mystery race, and the ruler of familiar times.

In the race lanes without names start and end the same number of tasks. The ruler is there because
nobody has a feeling for a microsecond.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from conclib.plots import lettering, marks, sheet, style
from conclib.plots.picture import Picture, Table
from conclib.plots.records import Measured, origin_note, positive, some
from conclib.results import Measurement, arguments
from conclib.results.quantity import TIME

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LANE_ROW, RULER_ROW = 0.5, 0.34  # inches
RECKONED = "Reckoned from each lane's median"  # nobody waited for so many tasks
SOURCES = {"live": "measured here", "recorded": "recorded", "cited": "published"}


def race(
    results: Mapping[str, Measurement],
    names: Mapping[str, str] | None = None,
    *,
    tasks: int = 1000,
    title: str = "",
    stage: bool | None = None,
) -> Picture:
    """Draw how long each lane needs for the same number of tasks, on a linear axis.

    Without ``names`` nothing in the picture, its text or its table tells what a lane runs: every
    lane has the same colour and the same shape.

    Args:
        results: measurements by lane, ``"A"``, ``"B"``, …
        names: what each lane turned out to be, once that may be told.
        tasks: how many tasks each lane starts and ends, 1 to 1,000,000.
        title: the question that the picture answers.
        stage: size it for a room; ``None`` asks ``CONCLIB_STAGE``.

    Raises:
        ValueError: nothing measured, or ``tasks`` out of range.
        KeyError: ``names`` lacks a lane.
    """
    some("results", results)
    arguments.integer("tasks", tasks, 1, 1_000_000)
    lanes = [_lane(label, item, names, tasks) for label, item in results.items()]
    title = title or f"{tasks:,} tasks, one after another: when is each lane done?"
    rows = [sheet.Row(lane.label, LANE_ROW, _painter(lane)) for lane in lanes]
    top = max(lane.value or 0.0 for lane in lanes) * 1.04 or 1.0
    right = max(lettering.text_width(lane.text) for lane in lanes) + 0.25
    figure, _ = sheet.stack(
        title, rows, lambda ax: style.linear_axis(ax, TIME, top), right=right,
        foot=f"{RECKONED}. {origin_note(lanes)}",
        stage=stage,
    )  # fmt: skip
    origins = dict.fromkeys(lane.origin for lane in lanes)
    each = (f"{lane.label}: {lane.text}." for lane in lanes)
    alt = " ".join([title, *each, f"{RECKONED}, {'; '.join(origins)}."])
    rows = tuple((lane.label, lane.text) for lane in lanes)
    return Picture(figure, alt, Table(("lane", f"time for {tasks:,} tasks"), rows))


def _lane(label: str, item: Measurement, names: Mapping[str, str] | None, tasks: int) -> Measured:
    """Return what a lane takes for all its tasks, in an actor's own look only if it has a name."""
    one = Measured.of(label if names is None else f"{label}: {names[label]}", item)
    kind = style.HIDDEN.name if names is None else one.kind
    return replace(one, value=one.value and one.value * tasks, kind=kind)


def _painter(lane: Measured) -> Callable[["Axes", float], None]:
    kind, end = style.KINDS[lane.kind], lane.value or 0.0

    def paint(ax: "Axes", y: float) -> None:
        ax.plot([0, end], [y, y], color=kind.colour, lw=4, ls="-", marker="None",
                solid_capstyle="butt", zorder=2)  # fmt: skip
        marks.point(ax, end, y, kind, bool(lane.recorded))
        place = (sheet.along(ax, end) + 0.16) / sheet.axes_width(ax)
        sheet.write(ax, place, y, lane.text, ha="left",
                    transform=ax.get_yaxis_transform(), bbox=marks.paper_behind())  # fmt: skip

    return paint


# The ruler -----------------------------------------------------------------------------------
def ruler(
    rows: Sequence[tuple[str, float, str]],
    *,
    title: str = "How long is a microsecond?",
    stage: bool | None = None,
) -> Picture:
    """Draw familiar times on one log axis, each named beside its mark.

    Args:
        rows: (label, ns, source) with source ``"live"``, ``"recorded"`` or ``"cited"``; a cited
            label says its year.
        title: the question that the picture answers.
        stage: size it for a room; ``None`` asks ``CONCLIB_STAGE``.

    Raises:
        ValueError: no rows, an unknown source, or a time that is not positive.
    """
    some("rows", rows)
    for _, _, source in rows:
        arguments.choice("source", source, SOURCES)
    ordered = sorted(rows, key=lambda row: row[1])
    times = [positive("ns", ns) for _, ns, _ in ordered]
    drawn = [sheet.Row("", RULER_ROW, _mark(*row)) for row in ordered]
    low, high = style.log_limits(times, room=3)
    figure, _ = sheet.stack(
        title, drawn, lambda ax: style.log_axis(ax, TIME, low, high), stage=stage
    )
    cells = tuple((label, TIME.write(ns), SOURCES[source]) for label, ns, source in ordered)
    alt = [f"{label}: {time} ({source})." for label, time, source in cells]
    return Picture(figure, " ".join([title, *alt]), Table(("", "time", "source"), cells))


def _mark(label: str, ns: float, source: str) -> Callable[["Axes", float], None]:
    def paint(ax: "Axes", y: float) -> None:
        bottom = ax.get_ylim()[0]
        ax.plot([ns, ns], [y, bottom], color=style.LANE, lw=0.8, ls=":", marker="None", zorder=1)
        if source == "cited":
            ax.plot([ns, ns], [y - 0.09, y + 0.09], color=style.CITED, lw=2, ls="-", marker="None")
        else:
            marks.point(ax, ns, y, style.OTHER, source == "recorded")
        marks.beside(ax, ns, y, f"{label}, {TIME.write(ns)}", gap=0.12)

    return paint
