"""Two pictures of a chapter's first minutes: the mystery race, and the ruler of familiar times.

In the race lanes without names start and end the same number of tasks; who is done first is all
that is shown. The ruler is there because nobody has a feeling for a microsecond.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from conclib.plots import marks, sheet, style
from conclib.plots.picture import Picture, Table
from conclib.plots.records import positive, some
from conclib.results import arguments
from conclib.results.quantity import TIME

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LANE_ROW, RULER_ROW = 0.5, 0.34  # inches
PLACES = ("first", "second", "third", "fourth", "fifth", "sixth")
SOURCES = {"live": "measured here", "recorded": "recorded", "cited": "published"}


def race(places: Mapping[str, int | None], *, recorded: str = "") -> Picture:
    """Draw which lane is done first, second, third: places alone, and no times.

    Nothing in the picture tells what a lane runs, or how many times one is quicker than another:
    that is asked for later.

    Args:
        places: from 1 on, by lane; equal where two cannot be told apart, ``None`` where a lane
            could not be timed.
        recorded: where and when it was recorded, if it is not live.

    Raises:
        ValueError: no lanes, or more than there are words for.
    """
    some("places", places)
    if len(places) > len(PLACES):
        raise ValueError(f"places: {len(places)} lanes; at most {len(PLACES)} can be drawn")
    title = "The same number of tasks in each lane, one after another: which lane is done first?"
    names = {lane: PLACES[place - 1] if place else "not timed" for lane, place in places.items()}
    rows = [
        sheet.Row(lane, LANE_ROW, _painter(place, names[lane], bool(recorded)))
        for lane, place in places.items()
    ]
    foot = "Drawn is the order only, not how far apart they are."
    figure, _ = sheet.stack(
        title, rows, lambda ax: _order_axis(ax, len(places)), right=0.9,
        foot=f"{foot} {f'Hollow: {recorded}.' if recorded else ''}".strip(),
    )  # fmt: skip
    each = (f"Lane {lane}: {name}." for lane, name in names.items())
    alt = " ".join([title, *each, *([f"{recorded}."] if recorded else [])])
    return Picture(figure, alt, Table(("lane", "done"), tuple(names.items())))


def _order_axis(ax: "Axes", count: int) -> None:
    ax.set_xlim(0, count * 1.04)
    ax.set_xticks(range(1, count + 1), PLACES[:count])


def _painter(place: int | None, name: str, recorded: bool) -> Callable[["Axes", float], None]:
    kind, end = style.HIDDEN, place or 0

    def paint(ax: "Axes", y: float) -> None:
        ax.plot([0, end], [y, y], color=kind.colour, lw=4, ls="-", marker="None",
                solid_capstyle="butt", zorder=2)  # fmt: skip
        marks.point(ax, end, y, kind, recorded)
        across = (sheet.along(ax, end) + 0.16) / sheet.axes_width(ax)
        sheet.write(ax, across, y, name, ha="left",
                    transform=ax.get_yaxis_transform(), bbox=marks.paper_behind())  # fmt: skip

    return paint


# The ruler -----------------------------------------------------------------------------------
def ruler(
    rows: Sequence[tuple[str, float, str]],
    *,
    title: str = "How long is a microsecond?",
) -> Picture:
    """Draw familiar times on one log axis, each named beside its mark.

    Args:
        rows: (label, ns, source) with source ``"live"``, ``"recorded"`` or ``"cited"``; a cited
            label says its year.
        title: the question that the picture answers.

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
    figure, _ = sheet.stack(title, drawn, lambda ax: style.log_axis(ax, TIME, low, high))
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
