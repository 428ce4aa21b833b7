"""Swim lanes: what was seen of each process, thread and task, on one axis of time.

A lane for each actor, in the colour of its kind. Each sign of life is a tick; a lane is hollow
while its actor is there and gives none; a fault is a black upright line with a cross; all else is a
mark with its name above it; how an actor ended stands in words at the end of its lane. The same
lanes as text need no picture, and both can be drawn of what has arrived so far. What was recorded
says where and when.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from conclib.plots import lettering, sheet, style
from conclib.plots.lane_data import Lane, Seen, lanes_of, span
from conclib.plots.picture import Picture, Table
from conclib.plots.records import some
from conclib.results import Observation, arguments
from conclib.results.quantity import TIME

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TITLE = "Who lives, who dies, and when?"
HEIGHT, NAMED = 0.36, 0.52  # inches of a lane, and of one with names above its marks
TICK = 0.09  # inches that a sign of life reaches up and down
ABOVE = 0.17  # inches from a lane up to the names of its marks
BESIDE = 0.06  # inches that a name begins left of its mark, and between two names
SHIFTED = 0.8  # inches that a name may stand right of its mark, where others are in its way
MOST = 40  # lanes that are drawn; more take long to draw, and nobody can follow them
MIN_WIDTH, MAX_WIDTH = 20, 400  # characters of lanes as text


def lanes(
    item: Observation | Sequence[Seen],
    *,
    title: str | None = None,
    hidden: bool = False,
) -> Picture:
    """Draw a lane for each actor of an observation, or for the first forty; the table has them all.

    Args:
        item: an observation, or what ``observe(on_event=...)`` was given so far.
        title: the question that the picture answers; the observation's own if not given.
        hidden: whether all are drawn alike, so that nobody sees who is a process and who a thread.

    Raises:
        ValueError: nothing has happened yet to anybody.
    """
    found = lanes_of(item)
    some("item", found)
    title = headline(item, title)
    start, end = span(found)
    drawn = found[:MOST]
    rows = [_row(lane, start, hidden) for lane in drawn]
    right = 0.3 + max(lettering.text_width(lane.end_text, style.SMALL) for lane in drawn)
    more = f"and {len(found) - MOST:,} more" if len(found) > MOST else ""
    if more:
        rows.append(sheet.Row(more, HEIGHT, lambda ax, y: None))

    def prepare(ax: "Axes") -> None:
        top = max(end - start, 1) * 1.02
        style.linear_axis(ax, TIME, top, title="time since the first event")

    figure, _ = sheet.stack(title, rows, prepare, right=right)
    first = title if title.endswith(("?", "!", ".")) else f"{title}."
    alt = " ".join([first, *(_sentence(lane, start) for lane in drawn)])
    alt += f" {more[0].upper()}{more[1:]} that are not drawn." if more else ""
    return Picture(figure, alt, _table(found, start, hidden))


def headline(item: Observation | Sequence[Seen], title: str | None) -> str:
    """Return what stands above a picture: its question, and of a recording where it was made."""
    own = item.title if isinstance(item, Observation) else TITLE
    return " ".join(filter(None, [title or own, _source(item)]))


def _source(item: Observation | Sequence[Seen]) -> str:
    """Say where and when a recording was made; nothing of what was seen here."""
    recorded = isinstance(item, Observation) and item.source == "recorded"
    return f"({item.origin})" if recorded else ""


def _row(lane: Lane, start: int, hidden: bool) -> sheet.Row:
    kind = style.OTHER if hidden else style.KINDS[lane.actor.kind]

    def paint(ax: "Axes", y: float) -> None:
        first, last = lane.times[0] - start, lane.times[-1] - start
        line = {"color": kind.colour, "ls": "-", "marker": "None"}
        ax.plot([first, last], [y, y], lw=1.2, **line)
        for silence in lane.silences:
            _hollow(ax, [time - start for time in silence], y, kind.colour)
        beats = [time - start for time in lane.beats]
        ax.vlines(beats, y - TICK, y + TICK, colors=kind.colour, linewidths=1.6)
        marked = [time - start for time, _ in lane.others]
        ax.plot(marked, [y] * len(marked), color=kind.colour, ls="", marker=kind.marker, ms=5)
        _names(ax, [(time - start, what) for time, what in lane.others], y - ABOVE)
        for time in lane.faults:
            _fault(ax, time - start, y)
        words = {"size": style.SMALL, "ha": "left"}
        sheet.write(ax, last + _inches(ax, 0.08), y, lane.end_text, **words)

    return sheet.Row(lane.actor.name, NAMED if lane.others else HEIGHT, paint)


def _names(ax: "Axes", marks: Sequence[tuple[int, str]], y: float) -> None:
    """Write a name above each mark; one that would stand too far from it is in the words only."""
    width, reached = sheet.axes_width(ax), -BESIDE
    for time, what in marks:
        long = lettering.text_width(what, style.SMALL)
        mark = sheet.along(ax, time) - BESIDE
        place = max(reached, min(mark, width - long))
        if place - mark <= SHIFTED and place + long <= width + BESIDE:
            sheet.write(ax, place / width, y, what, size=style.SMALL, ha="left",
                        transform=ax.get_yaxis_transform())  # fmt: skip
            reached = place + long + BESIDE


def _hollow(ax: "Axes", span: Sequence[int], y: float, colour: str) -> None:
    """Draw an empty band, with nothing of the lane inside."""
    low, high = [y - TICK / 2] * 2, [y + TICK / 2] * 2
    ax.fill_between(span, low, high, facecolor=style.PAPER, edgecolor=colour, lw=1.0, zorder=2.5)


def _fault(ax: "Axes", x: float, y: float) -> None:
    """Draw a black upright line, with a cross on its lane."""
    reach = HEIGHT / 2 - 0.02
    ax.plot([x, x], [y - reach, y + reach], color=style.FAULT, lw=1.8, ls="-", marker="None")
    ax.plot([x], [y], color=style.FAULT, ls="", marker="x", ms=9, mew=2.4, zorder=5)


def _inches(ax: "Axes", inches: float) -> float:
    left, right = ax.get_xlim()
    return inches / sheet.axes_width(ax) * (right - left)


def _sentence(lane: Lane, start: int) -> str:
    """Return one lane in words: ``'process 2: 9 beats, fault at 80.1 ms, was ended by ...'``."""
    parts = [f"{len(lane.beats)} beats"] if lane.beats else []
    parts += [f"no sign of life for {TIME.write(end - begin)}" for begin, end in lane.silences]
    parts += [f"fault at {TIME.write(time - start)}" for time in lane.faults]
    parts += [f"{what} at {TIME.write(time - start)}" for time, what in lane.others]
    if lane.ending:
        parts.append(f"{lane.end_text} at {TIME.write(lane.ending.t_ns - start)}")
    return f"{lane.actor.name}: {', '.join(parts)}."


def _table(found: list[Lane], start: int, hidden: bool) -> Table:
    rows = tuple(
        (
            lane.actor.name,
            "not told" if hidden else lane.actor.kind,
            str(len(lane.beats)),
            TIME.write(lane.times[-1] - start),
            lane.end_text or "not seen",
        )
        for lane in found
    )
    return Table(("actor", "kind", "beats", "last seen", "end"), rows)


def lanes_text(item: Observation | Sequence[Seen], *, width: int = 60) -> str:
    """Return the lanes as text: ``|`` a sign of life, ``X`` a fault, ``o`` anything else.

    A lane is ``-``, and ``=`` while its actor is there and gives no sign of life.

    Args:
        item: an observation, or what ``observe(on_event=...)`` was given so far.
        width: characters of a lane, 20 to 400.
    """
    arguments.integer("width", width, MIN_WIDTH, MAX_WIDTH)
    found = lanes_of(item)
    start, end = span(found)
    names = max((len(lane.actor.name) for lane in found), default=0)
    lines = [
        f"{lane.actor.name:<{names}}  {_line(lane, start, end, width)}  {lane.end_text}".rstrip()
        for lane in found
    ]
    source = [_source(item)] if lines else []
    return "\n".join(filter(None, lines + source))


def _line(lane: Lane, start: int, end: int, width: int) -> str:
    def place(time: int) -> int:
        return (time - start) * (width - 1) // max(end - start, 1)

    cells = [" "] * width
    for cell in range(place(lane.times[0]), place(lane.times[-1]) + 1):
        cells[cell] = "-"
    for silence in lane.silences:
        for cell in range(*map(place, silence)):
            cells[cell] = "="
    marks = [(time, "|") for time in lane.beats] + [(time, "o") for time, _ in lane.others]
    for time, mark in [*marks, *((time, "X") for time in lane.faults)]:
        cells[place(time)] = mark
    return "".join(cells)
