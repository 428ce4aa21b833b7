"""The picture of chapter 01: a life in two ledgers, the map and the record of each process.

Steps go from top to bottom, as in an account book. Each process has two ribbons: its map and its
record. A full ribbon is kept from step to step; an open one was replaced; a dashed frame is empty.
Where a ribbon ends, nothing is kept any more. Beside the ribbons stands what a step has changed.
"""

from collections.abc import Sequence
from typing import Any

from conclib.chapters.ch01_process import ledger_data
from conclib.chapters.ch01_process.ledger_data import (
    BORN,
    EMPTY,
    GONE,
    GROWN,
    NEW,
    STATES,
    UNKNOWN,
    Entry,
    Step,
)
from conclib.plots import style
from conclib.plots.moving import Moving, moving
from conclib.plots.picture import Picture, Table
from conclib.plots.scene import Label, Line, Scene
from conclib.results import Observation

WIDTH, LEFT, COLUMN = 720, 92, 209  # pixels
TOP, ROW, BELOW = 40, 26, 22
WORDS = 6.2  # pixels: how far the two lines of a row are from its middle
BEGIN = 8  # pixels: from a row's upper edge to where a ribbon begins in it
MAP, RECORD, BESIDE = 8, 102, 12  # pixels from a column's edge, and from a ribbon to its words
RIBBON, FRAME = 14, 6.0  # pixels: how wide a ribbon is, and how far its frame is from its middle
MOST = 2  # changes named beside a record; the sentences and the table have them all
FIRST = ("state", "exit code", "program", "parent", "pid", "open files")
BLUE = style.PROCESS.colour


def ledgers(item: Observation, *, title: str = "What does each step of a life change?") -> Moving:
    """Draw the life that the probe ``life`` has seen as two ledgers, to be stepped through.

    ``process.ledgers(cl.observe("life"))``

    Args:
        item: an observation of ``life``.
        title: the question that the picture answers.

    Raises:
        TypeError: no observation, or one of another probe.
    """
    if not isinstance(item, Observation) or "looks" not in item.facts:
        raise TypeError('item: must be what cl.observe("life") gave')
    found = ledger_data.steps(item.facts)
    head = title if item.source == "live" else f"{title} ({item.origin})"
    scene = Layout(found).scene()
    captions = [step.sentence for step in found]
    alt = " ".join([head, *(f"{n}. {text}" for n, text in enumerate(captions, start=1))])
    columns = ("step", "process", "map", "record")
    still = Picture(scene.to_figure(head), alt, Table(columns, ledger_data.rows(found)))
    drawn = [(scene.to_svg(place), text) for place, text in enumerate(captions)]
    return moving(drawn, title=head, still=still, height=scene.height + 150)


class Layout:
    """Where everything stands."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self.steps = steps
        self.names = list(dict.fromkeys(e.who for step in steps for e in step.entries))
        self.replaced: set[str] = set()
        self.birth = {
            each.who: (place, each) for place, step in reversed(list(enumerate(steps)))
            for each in step.entries
        }  # fmt: skip

    def y(self, place: int) -> float:
        """Return where a step stands."""
        return TOP + ROW * place + ROW / 2

    def x(self, who: str) -> float:
        """Return where a process's column begins."""
        return LEFT + COLUMN * self.names.index(who)

    def scene(self) -> Scene:
        """Return everything in its place."""
        things: list[Any] = []
        for who in self.names:
            things += self._head(who)
        for draw in (self._rule, self._ribbons, self._words):  # words over ribbons over rules
            for place, step in enumerate(self.steps):
                things += draw(place, step)
        height = TOP + ROW * len(self.steps) + BELOW
        return Scene(WIDTH, height, (*things, *self._foot(height)))

    def _head(self, who: str) -> list[Any]:
        place, first = self.birth[who]
        pid = {name: after for name, _, after in first.changes}.get("pid", "")
        x = self.x(who)
        return [
            Label(place, x, 10, f"{who}, pid {pid}", anchor="start", bold=True),
            Label(place, x + MAP, 28, "map"),
            Label(place, x + RECORD, 28, "record"),
        ]

    def _rule(self, place: int, step: Step) -> list[Any]:
        y = self.y(place)
        line = Line(place, ((8, y - ROW / 2), (WIDTH - 8, y - ROW / 2)), style.GRID, width=1)
        return [
            line,
            Label(place, 8, y - WORDS, f"{place + 1}. {step.what}", anchor="start", bold=True),
            Label(place, 8, y + WORDS, step.who, anchor="start"),
        ]

    # Ribbons ----------------------------------------------------------------------------------
    def _ribbons(self, place: int, step: Step) -> list[Any]:
        return [thing for each in step.entries for thing in self._ribbon_pair(place, each)]

    def _ribbon_pair(self, place: int, each: Entry) -> list[Any]:
        """Draw map and record from this step to the next, and where they come from."""
        if each.map == NEW:
            self.replaced.add(each.who)
        things: list[Any] = []
        last = place + 1 == len(self.steps)
        begin = TOP + ROW * place + BEGIN
        ends = begin, begin + (ROW / 2 if last else ROW)
        x = self.x(each.who)
        if each.record:
            things += self._map_ribbon(place, each, x + MAP, ends)
            things.append(_full(place, x + RECORD, ends))
        if each.map == BORN:
            things = [*self._branches(place, each), *things]
        return things

    def _map_ribbon(self, place: int, each: Entry, x: float, ends: tuple) -> list[Any]:
        if not each.regions:
            return _frame(place, x, ends, dashed=True, top=each.map == EMPTY)
        if each.who in self.replaced:
            return _frame(place, x, ends, dashed=False, top=each.map == NEW)
        return [_full(place, x, ends)]

    def _branches(self, place: int, each: Entry) -> list[Any]:
        """Draw where map and record of a forked process come from."""
        maker, top = self.names[0], TOP + ROW * place + BEGIN
        return [
            Line(place, ((self.x(maker) + off, y), (self.x(each.who) + off, y)), BLUE, 1.5)
            for off, y in ((MAP, top + 1), (RECORD, top + 5))
        ]  # fmt: skip

    # Words ------------------------------------------------------------------------------------
    def _words(self, place: int, step: Step) -> list[Any]:
        things: list[Any] = []
        for each in step.entries:
            x, y = self.x(each.who), self.y(place)
            if short_map(each):
                left = x + MAP + BESIDE
                things.append(Label(place, left, y + WORDS, short_map(each), anchor="start"))
            lines = chief(each)
            for line, text in enumerate(lines):
                up = y + WORDS - 2 * WORDS * (len(lines) - 1 - line)
                things.append(Label(place, x + RECORD + BESIDE, up, text, anchor="start"))
        return things

    def _foot(self, height: float) -> list[Any]:
        first = self.birth[self.names[0]][1]
        number = {name: after for name, _, after in first.changes}.get("parent")
        text = f"Full: kept. Open: replaced. Dashed: empty. {number} is the measuring process."
        return [Label(0, 8, height - 10, text, anchor="start")]


def _full(place: int, x: float, ends: tuple[float, float]) -> Line:
    return Line(place, ((x, ends[0]), (x, ends[1] + 0.5)), BLUE, RIBBON)  # without a seam


def _frame(
    place: int, x: float, ends: tuple[float, float], *, dashed: bool, top: bool
) -> list[Line]:
    """Return the two edges of an open ribbon, and its upper end where it begins."""
    left, right = x - FRAME, x + FRAME
    sides = [Line(place, ((side, ends[0]), (side, ends[1])), BLUE, 2, dashed)
             for side in (left, right)]  # fmt: skip
    return [*sides, Line(place, ((left, ends[0]), (right, ends[0])), BLUE, 2)] if top else sides


def short_map(each: Entry) -> str:
    """Return what stands beside a map: what became of it, and how many regions that concerns."""
    copied = "copy of" if each.shared == each.regions else f"{each.shared} of"
    return {
        BORN: f"{copied} {each.regions}",
        NEW: f"{each.regions} new",
        EMPTY: "empty",
        GROWN: f"kept {each.shared}",
        UNKNOWN: "hidden",
    }.get(each.map, "")


def chief(each: Entry) -> list[str]:
    """Return the changes that are named beside a record, the most telling ones."""
    if each.map == GONE:
        return ["gone"]
    known = {name: after for name, _, after in each.changes}
    named = [name for name in FIRST if name in known][:MOST]
    if each.born:
        named = ["pid", "parent"]
    return [f"{name} {STATES.get(known[name], known[name])}" for name in named]
