"""Eight hearts as lanes: each beat is a spike, and who gives none any more has a flat line.

Before a question is answered the lanes do not tell who is what. Once it is, the hearts of a process
stand beside each other, in a box: its wall.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from conclib.chapters.ch06_fate import words
from conclib.lesson.showing.looked import origin
from conclib.plots import Picture, Table, lettering, sheet, style
from conclib.plots.lane_data import Lane, lanes_of, span
from conclib.results import Observation
from conclib.results.events import RAISED
from conclib.results.quantity import TIME

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TITLE = "Eight hearts: whose line goes flat?"
ROW = 0.34  # inches of a lane
SPIKE = 0.17  # inches that a beat reaches up
BASE = 0.1  # inches from the middle of a row down to its line
BAND = 0.1  # inches: how high a hollow band is
FLAG, POLE = 0.13, 0.24  # inches
MARGIN = 0.12  # inches from the axes to the words beside them
SIDE = 0.05  # inches from a box to what it holds
CROSS, FLAGS = "Cross: the fault.", "Flag: last words."
HOLLOW = "Hollow: there, and silent."
LINES_FOOT = "Cross: something went wrong here. Hollow: silent for a while."
SHOWN = 350_000_000  # ns: so long at least are lines that hide when they ended
DONE, FLAT = "all its beats", "flat"
SPOKE = "last words"  # what a lane calls them


def hearts(item: Observation, *, walls: bool = False, title: str = TITLE) -> Picture:
    """Draw the eight hearts of an observation.

    Args:
        item: an observation of ``hearts``.
        walls: whether it is told who shares a process, and how each of them ended.
        title: the question that the picture answers.
    """
    by_name = {lane.actor.name: lane for lane in lanes_of(item)}
    names = in_order(item) if walls else list(words.HEARTS)
    lanes = [by_name[name] for name in names if name in by_name]
    start, end = span(lanes)
    said = [margin(item, lane, walls=walls) for lane in lanes]
    rows = [
        sheet.Row(lane.actor.name, ROW, _painter(lane, (start, end), text, walls=walls))
        for lane, text in zip(lanes, said, strict=True)
    ]
    right = 0.34 + max((lettering.text_width(text, style.SMALL) for text in said), default=0)
    foot = " ".join(filter(None, [_marks(lanes), _kinds(walls), _hollow(item)]))

    def prepare(ax: "Axes") -> None:
        style.linear_axis(ax, TIME, max(end - start, 1) * 1.02, title="time since the first beat")

    figure, ax = sheet.stack(title, rows, prepare, right=right, foot=foot)
    if walls:
        _boxes(ax, [item.facts["walls"][lane.actor.name] for lane in lanes])
    first = title if title.endswith(("?", ".")) else f"{title}."
    alt = f"{first} {_alt(item, lanes, said, walls=walls)} {foot}".strip()
    return Picture(figure, alt, _table(item, lanes, walls=walls))


def flat_lines(item: Observation, names: dict[str, str], *, title: str) -> Picture:
    """Draw the lines of a ``crash`` under other names, and nothing else that was seen of it.

    Args:
        item: an observation of ``crash``.
        names: what each of its actors is called here, in the order of the lanes.
        title: the question that the picture answers.
    """
    by_name = {lane.actor.name: lane for lane in lanes_of(item)}
    lanes = [replace(by_name[name], others=()) for name in names]
    start, _ = span(lanes)  # when they ended is not told
    end = max([start + SHOWN, *(time for lane in lanes for time in lane.beats)])
    said = [DONE if item.facts["finished"][name] else FLAT for name in names]
    rows = [
        sheet.Row(letter, ROW, _painter(lane, (start, end), text, walls=False))
        for letter, lane, text in zip(names.values(), lanes, said, strict=True)
    ]
    right = 0.34 + max(lettering.text_width(text, style.SMALL) for text in said)

    def prepare(ax: "Axes") -> None:
        style.linear_axis(ax, TIME, max(end - start, 1) * 1.02, title="time since the first beat")

    foot = " ".join(filter(None, [LINES_FOOT, _hollow(item)]))
    figure, _ = sheet.stack(title, rows, prepare, right=right, foot=foot)
    each = " ".join(
        f"{letter}: {len(lane.beats)} beats, {text}."
        for letter, lane, text in zip(names.values(), lanes, said, strict=True)
    )
    return Picture(figure, f"{title} {each} {foot}")


def in_order(item: Observation) -> list[str]:
    """Return the hearts so that those of a process stand beside each other, the largest first."""
    walls = item.facts["walls"]
    return sorted(
        words.HEARTS, key=lambda name: (-len(words.home(item.facts, name)), walls[name], name)
    )


def margin(item: Observation, lane: Lane, *, walls: bool) -> str:
    """Say what became of a heart; without walls only whether its line is flat."""
    name = lane.actor.name
    flat = name in item.facts["flat"]
    if not walls:
        return FLAT if flat else DONE
    answer = item.facts["answers"][name]
    return f"{shortly(lane)}; no answer" if flat else f"{DONE}; answer {answer}"


def shortly(lane: Lane) -> str:
    """Say how a heart ended, in a few words; the table has all of it."""
    ending = lane.ending
    if ending is None:
        return "end not seen"
    if ending.how == RAISED:
        return "ended by an exception"
    return lane.end_text.removeprefix("was ")


def _marks(lanes: Sequence[Lane]) -> str:
    """Explain the marks that are really drawn, and no other."""
    drawn = {
        CROSS: any(lane.faults for lane in lanes),
        FLAGS: any(what == SPOKE for lane in lanes for _, what in lane.others),
        HOLLOW: any(lane.silences for lane in lanes),
    }
    return " ".join(text for text, there in drawn.items() if there)


def _kinds(walls: bool) -> str:
    return "A box: one process. Vermilion: threads in it; blue: one alone." if walls else ""


def _hollow(item: Observation) -> str:
    return f"Dashed: {origin(item)}." if origin(item) else ""


# Drawing ----------------------------------------------------------------------------------------
def _painter(
    lane: Lane, times: tuple[int, int], text: str, *, walls: bool
) -> Callable[["Axes", float], None]:
    kind = style.KINDS[lane.actor.kind] if walls else style.HIDDEN
    start, end = times
    flat = not text.startswith(DONE)

    def paint(ax: "Axes", y: float) -> None:
        low = y + BASE
        beats = [time - start for time in lane.beats]
        last = end if flat or not beats else lane.beats[-1]
        ax.plot([0, last - start], [low, low], color=kind.colour, lw=1.0, ls="-", marker="None")
        ax.vlines(beats, low - SPIKE, low, colors=kind.colour, linewidths=1.5)
        if walls:
            ax.plot(beats, [low - SPIKE] * len(beats), color=kind.colour, ls="", ms=3.2,
                    marker=kind.marker)  # fmt: skip
        for first, last in lane.silences:
            _band(ax, (first - start, last - start), low, kind.colour)
        for time in lane.faults:
            _fault(ax, time - start, y)
        for time, what in lane.others:
            if what == SPOKE:
                _flag(ax, time - start, low)
        place = 1 + MARGIN / sheet.axes_width(ax)
        words_ = {"size": style.SMALL, "ha": "left", "transform": ax.get_yaxis_transform()}
        sheet.write(ax, place, y, text, **words_)

    return paint


def _band(ax: "Axes", span_: tuple[float, float], y: float, colour: str) -> None:
    from matplotlib.patches import Rectangle

    first, last = span_
    ax.add_patch(Rectangle((first, y - BAND), last - first, BAND, facecolor=style.PAPER,
                           edgecolor=colour, lw=1.2, zorder=3))  # fmt: skip


def _fault(ax: "Axes", x: float, y: float) -> None:
    ax.plot([x, x], [y - ROW / 2 + 0.02, y + ROW / 2 - 0.02], color=style.FAULT, lw=1.8, ls="-",
            marker="None", zorder=5)  # fmt: skip
    ax.plot([x], [y], color=style.FAULT, ls="", marker="x", ms=9, mew=2.4, zorder=5)


def _flag(ax: "Axes", x: float, y: float) -> None:
    ax.plot([x, x], [y - POLE, y], color=style.INK, lw=1.2, ls="-", marker="None", zorder=6)
    wide = FLAG / sheet.axes_width(ax) * (ax.get_xlim()[1] - ax.get_xlim()[0])
    ax.fill([x, x + wide, x], [y - POLE, y - POLE + 0.05, y - POLE + 0.1], color=style.INK,
            zorder=6)  # fmt: skip


def _boxes(ax: "Axes", walls: Sequence[str]) -> None:
    """Draw a box around the rows of each process."""
    from matplotlib.patches import Rectangle

    left, right = ax.get_xlim()
    edge = SIDE / sheet.axes_width(ax) * (right - left)
    for wall in dict.fromkeys(walls):
        rows = [place for place, each in enumerate(walls) if each == wall]
        top, tall = rows[0] * ROW, len(rows) * ROW
        ax.add_patch(Rectangle(
            (left - edge, top + 0.02), right - left + 2 * edge, tall - 0.04, fill=False,
            edgecolor=style.INK, lw=1.4, clip_on=False, zorder=2,
        ))  # fmt: skip


# Words ------------------------------------------------------------------------------------------
def _alt(item: Observation, lanes: list[Lane], said: list[str], *, walls: bool) -> str:
    each = " ".join(
        f"{lane.actor.name}: {len(lane.beats)} beats{', the fault' if lane.faults else ''}, {text}."
        for lane, text in zip(lanes, said, strict=True)
    )
    told = f"Together in a process: {together(item)}." if walls else ""
    return f"{told} {each}".strip()


def together(item: Observation) -> str:
    """Say who shares a process: ``'A, C, D, G; B; E'``."""
    groups: dict[str, list[str]] = {}
    for name in in_order(item):
        groups.setdefault(item.facts["walls"][name], []).append(name)
    return "; ".join(", ".join(group) for group in groups.values())


def _table(item: Observation, lanes: list[Lane], *, walls: bool) -> Table:
    facts = item.facts
    head = (
        "heart",
        "beats",
        "line",
        *(("lives in", "end", "answer", "last words") if walls else ()),
    )
    rows = []
    for lane in lanes:
        name = lane.actor.name
        row = (name, str(len(lane.beats)), FLAT if name in facts["flat"] else DONE)
        spoke = "yes" if name in words.spoke(facts) else "no" if name in facts["flat"] else "–"
        more = (facts["walls"][name], lane.end_text, facts["answers"][name], spoke)
        rows.append(row + more if walls else row)
    return Table(head, tuple(rows))
