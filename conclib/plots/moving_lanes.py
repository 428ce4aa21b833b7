"""Swim lanes to be stepped through: at each step, what had been seen until then.

The lanes are those of ``lanes.py``, drawn so that they move without a notebook kernel. A step is a
moment at which more than a sign of life was seen: a start, a fault, a silence, an end. What follows
within a few milliseconds belongs to the same step. Walls, where they are asked for, come with the
last step: who shared a process stands in one box.
"""

from collections.abc import Sequence
from itertools import pairwise

from conclib.plots import style
from conclib.plots.lane_data import Lane, Seen, lanes_of, span
from conclib.plots.lanes import headline, lanes
from conclib.plots.moving import Moving, moving
from conclib.plots.picture import Picture
from conclib.plots.records import some
from conclib.plots.scene import Label, Line, Mark, Scene, label_width
from conclib.results import Observation
from conclib.results.quantity import TIME

WIDTH, RIGHT, TOP = 720, 14, 22  # pixels
ROW, NAMED, TICK = 30, 46, 8  # pixels: a lane, one with names above its marks, half a tick
NEAR = 0.02  # of the whole time: what is nearer to the one before belongs to its step
MAX_STEPS = 24
SHIFTED = 40  # pixels that a name may begin right of its mark
Things = list[Line | Mark | Label]


def moving_lanes(
    item: Observation | Sequence[Seen],
    *,
    title: str | None = None,
    walls: bool = False,
    hidden: bool = False,
) -> Moving:
    """Draw a lane for each actor, to be stepped back and forth.

    Args:
        item: an observation, or what ``observe(on_event=...)`` was given.
        title: the question that the picture answers; the observation's own if not given.
        walls: whether those who share a process stand together, and, at the last step, in a box.
        hidden: whether all are drawn alike, so that nobody sees who is a process and who a thread.

    Raises:
        ValueError: nothing has happened yet to anybody.
    """
    found = lanes_of(item)
    some("item", found)
    title = headline(item, title)
    layout = Layout(_together(found) if walls else found, hidden)
    scene = layout.scene(walls)
    captions = [layout.sentence(step) for step in range(len(layout.moments))]
    words = lanes(item, title=title, hidden=hidden)
    still = Picture(scene.to_figure(title), words.alt, words.table)
    drawn = [(scene.to_svg(step), text) for step, text in enumerate(captions)]
    return moving(drawn, title=title, still=still, height=scene.height + 140)


class Layout:
    """Where everything stands, and at which step it is told."""

    def __init__(self, found: list[Lane], hidden: bool = False) -> None:
        self.lanes, self.hidden = found, hidden
        self.start, self.end = span(found)
        self.moments = self._moments()
        self.left = 24 + max(1.15 * label_width(lane.actor.name) for lane in found)  # bold
        ends = max(label_width(lane.end_text) for lane in found)
        self.right = WIDTH - RIGHT - ends
        self.rows = [NAMED if _named(lane) else ROW for lane in found]
        self.height = TOP + sum(self.rows) + 26

    def _moments(self) -> list[int]:
        """Return the last time of each step."""
        least = max((self.end - self.start) * NEAR, 1)
        times = sorted({time for lane in self.lanes for time, _ in _told(lane)} | {self.end})
        while True:
            found: list[int] = []
            for time in times:
                if found and time - found[-1] < least:
                    found[-1] = time
                else:
                    found.append(time)
            if len(found) <= MAX_STEPS:
                return found
            least *= 1.5

    def step(self, time: int) -> int:
        """Return at which step something is told."""
        return next(place for place, last in enumerate(self.moments) if time <= last)

    def x(self, time: int) -> float:
        """Return where a time stands."""
        share = (time - self.start) / max(self.end - self.start, 1)
        return self.left + share * (self.right - self.left)

    def y(self, place: int) -> float:
        """Return where a lane lies: at the foot of its row."""
        return TOP + sum(self.rows[: place + 1]) - ROW / 2

    def sentence(self, step: int) -> str:
        """Say what was seen in one step."""
        found = [
            (time, f"{lane.actor.name}: {words}")
            for lane in self.lanes
            for time, words in _told(lane)
            if self.step(time) == step
        ]
        when = TIME.write(self.moments[step] - self.start)
        said = "; ".join(words for _, words in sorted(found))
        return f"Until {when}. {said or 'Signs of life only'}."

    def scene(self, walls: bool) -> Scene:
        """Return everything in its place."""
        things: Things = [self._axis()]
        for place, lane in enumerate(self.lanes):
            things += self._lane(lane, self.y(place))
        if walls:
            things += self._walls()
        low, high = (
            Label(0, self.x(time), self.height - 12, text)
            for time, text in ((self.start, "0"), (self.end, TIME.write(self.end - self.start)))
        )
        return Scene(WIDTH, self.height, (*things, low, high))

    def _axis(self) -> Line:
        y = self.height - 24
        return Line(0, ((self.left, y), (self.right, y)), style.INK, width=1)

    def _lane(self, lane: Lane, y: float) -> Things:
        things: Things = [Label(0, self.left - 10, y, lane.actor.name, anchor="end", bold=True)]
        things += self._life(lane, y)
        colour = self.kind(lane).colour
        for time in lane.beats:
            points = ((self.x(time), y - TICK), (self.x(time), y + TICK))
            things.append(Line(self.step(time), points, colour, width=2))
        things += self._marks(lane, y)
        if lane.ending:
            step, x = self.step(lane.ending.t_ns), self.x(lane.ending.t_ns) + 8
            things.append(Label(step, x, y, lane.end_text, anchor="start"))
        return things

    def _life(self, lane: Lane, y: float) -> Things:
        """Draw a piece of the lane for each step; a hollow band for each silence."""
        colour, things = self.kind(lane).colour, []
        edges = [lane.times[0], *(time for time in self.moments if time > lane.times[0])]
        for begin, end in pairwise(edges):
            last = min(end, lane.times[-1])
            if begin < last:
                for a, b in _loud(begin, last, lane.silences):
                    things.append(
                        Line(self.step(end), ((self.x(a), y), (self.x(b), y)), colour, 1.5)
                    )
        for begin, end in lane.silences:
            a, b = self.x(begin), self.x(end)
            box = ((a, y - 5), (b, y - 5), (b, y + 5), (a, y + 5), (a, y - 5))
            things.append(Line(self.step(end), box, colour, 1))
        return things

    def kind(self, lane: Lane) -> style.Kind:
        """Return how a lane is drawn."""
        return style.OTHER if self.hidden else style.KINDS[lane.actor.kind]

    def _marks(self, lane: Lane, y: float) -> Things:
        kind, things, reached = self.kind(lane), [], 0.0
        for time, what in self._joined(lane):
            x, wide = self.x(time), label_width(what)
            things.append(Mark(self.step(time), x, y, kind.shape, kind.colour))
            left = max(reached, min(x - 4, WIDTH - wide))
            if left - x < SHIFTED and left + wide <= WIDTH:  # else it is in the words only
                things.append(Label(self.step(time), left, y - 21, what, anchor="start"))
                reached = left + wide + 6
        crosses = [Mark(self.step(t), self.x(t), y, "cross", style.FAULT) for t in lane.faults]
        return [*things, *crosses]

    def _joined(self, lane: Lane) -> list[tuple[int, str]]:
        """Return the marks of a lane; those that would cover each other as one."""
        found: list[tuple[int, str]] = []
        for time, what in lane.others:
            if found and self.x(time) - self.x(found[-1][0]) < 6:
                before, words = found[-1]
                found[-1] = (before, words if what in words else f"{words}, {what}")
            else:
                found.append((time, what))
        return found

    def _walls(self) -> Things:
        """Draw a box around the lanes of each process, at the last step."""
        pids = [lane.actor.pid for lane in self.lanes]
        things: Things = []
        for pid in dict.fromkeys(each for each in pids if each is not None):
            own = [place for place, each in enumerate(pids) if each == pid]
            top = self.y(own[0]) - self.rows[own[0]] + ROW / 2 + 2
            low, left, right = self.y(own[-1]) + ROW / 2 - 2, 3.0, WIDTH - 3.0
            box = ((left, top), (right, top), (right, low), (left, low), (left, top))
            things.append(Line(len(self.moments) - 1, box, style.INK, width=1.5))
        return things


def _together(found: list[Lane]) -> list[Lane]:
    """Return the lanes so that those of one process follow each other."""
    order = list(dict.fromkeys(lane.actor.pid for lane in found))
    return sorted(found, key=lambda lane: order.index(lane.actor.pid))


def _named(lane: Lane) -> bool:
    return bool(lane.others)


def _told(lane: Lane) -> list[tuple[int, str]]:
    """Return all that happened to one actor but its signs of life, in words."""
    found = [*lane.others, *((time, "fault") for time in lane.faults)]
    found += [
        (end, f"no sign of life for {TIME.write(end - begin)}") for begin, end in lane.silences
    ]
    return found + ([(lane.ending.t_ns, lane.end_text)] if lane.ending else [])


def _loud(begin: int, end: int, silences: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the pieces of a span of time that lie in no silence."""
    found, at = [], begin
    for first, last in silences:
        if at < min(first, end):
            found.append((at, min(first, end)))
        at = max(at, last)
    return [*found, (at, end)] if at < end else found
