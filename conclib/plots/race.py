"""Two pictures of a chapter's first minutes: the mystery race, and the ruler of familiar times.

In the race lanes without names start and end the same number of tasks. The ruler is there because
nobody has a feeling for a microsecond.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conclib.plots import lettering, marks, sheet, style
from conclib.plots.picture import Picture, Table
from conclib.plots.records import Measured, hollow_note, positive, some
from conclib.results import Measurement, arguments, probe_texts
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
    top = max(lane.ns for lane in lanes) * 1.04 or 1.0
    right = max(lettering.text_width(lane.text) for lane in lanes) + 0.25
    figure, _ = sheet.stack(
        title, rows, lambda ax: style.linear_time_axis(ax, top), right=right,
        foot=f"{RECKONED}. {hollow_note([Measured.of(*pair) for pair in results.items()])}",
        stage=stage,
    )  # fmt: skip
    origins = dict.fromkeys(item.origin for item in results.values())
    each = (f"{lane.label}: {lane.text}." for lane in lanes)
    alt = " ".join([title, *each, f"{RECKONED}, {'; '.join(origins)}."])
    rows = tuple((lane.label, lane.text) for lane in lanes)
    return Picture(figure, alt, Table(("lane", f"time for {tasks:,} tasks"), rows))


@dataclass(frozen=True)
class _Lane:
    label: str
    ns: float
    colour: str
    marker: str
    hollow: bool

    @property
    def text(self) -> str:
        return TIME.write(self.ns) if self.ns else "below resolution"


def _lane(label: str, item: Measurement, names: Mapping[str, str] | None, tasks: int) -> _Lane:
    ns, hollow = (item.net or 0.0) * tasks, item.source == "recorded"
    if names is None:
        return _Lane(label, ns, style.LANE, "|", hollow)
    kind = style.KINDS[probe_texts.kind_of(item.probe, item.params)]
    return _Lane(f"{label}: {names[label]}", ns, kind.colour, kind.marker, hollow)


def _painter(lane: _Lane) -> Callable[["Axes", float], None]:
    def paint(ax: "Axes", y: float) -> None:
        ax.plot([0, lane.ns], [y, y], color=lane.colour, lw=4, ls="-", marker="None",
                solid_capstyle="butt", zorder=2)  # fmt: skip
        ax.plot([lane.ns], [y], ls="None", marker=lane.marker, ms=9, mec=lane.colour, mew=2,
                mfc=style.PAPER if lane.hollow else lane.colour, zorder=3,
                clip_on=False)  # fmt: skip
        place = (sheet.along(ax, lane.ns) + 0.16) / sheet.axes_width(ax)
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
    figure, _ = sheet.stack(title, drawn, lambda ax: style.time_axis(ax, low, high), stage=stage)
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
