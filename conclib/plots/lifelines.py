"""Where everything of a story stands: lanes, branches, labels, brackets.

Every process and every thread has a lane, in its kind's colour and shape. What happens at the same
time stands above each other. A lane's labels are lifted until none meets another; a younger child
lies nearer to its parent than an older one, so no branch crosses a lane. A line is thick while
somebody holds a lock, and dashed while somebody waits.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from conclib.plots import style
from conclib.plots.life_events import BEGIN, END, Event
from conclib.plots.scene import Label, Line, Mark, Scene, label_width

WIDTH, LEFT, RIGHT = 720, 64, 46  # pixels
LANE, LEVEL, TOP, WAIT = 41, 25, 14, 20  # pixels: a lane, a level of labels, above all, a wait
LINE, HOLDS = 2.5, 6.0  # pixels: a life line, and the same while a lock is held


@dataclass
class Lane:
    """The lane of one process or thread.

    Attributes:
        who: its name.
        kind: how it is drawn.
        begin, end: the steps at which it begins, and at which it ends if it does.
        parent: who made it; empty for the first.
        y: where it lies.
        spans: its labels, each from where to where and at which level.
    """

    who: str
    kind: style.Kind
    begin: int
    parent: str = ""
    end: int | None = None
    y: float = 0.0
    spans: list[tuple[float, float, int]] = field(default_factory=list)

    def level(self, left: float, right: float) -> int:
        """Find the lowest level on which a label meets no other, and keep it there."""
        taken = {level for a, b, level in self.spans if left < b + 6 and a < right + 6}
        free = next(level for level in range(len(taken) + 1) if level not in taken)
        self.spans.append((left, right, free))
        return free

    @property
    def levels(self) -> int:
        """How many levels its labels take."""
        return 1 + max((level for _, _, level in self.spans), default=0)


class Layout:
    """Turns events into a scene: lanes first, then their labels, then everything's place."""

    def __init__(self, events: list[Event], times: list[int]) -> None:
        self.events, self.times = events, times
        self.lanes = self._find_lanes()
        names = [label_width(lane.who) for lane in self.lanes.values() if not lane.parent]
        self.left = max(LEFT, 1.15 * max(names) + 18)  # room for the first processes' names, bold
        self.gap = (WIDTH - self.left - RIGHT) / len(times)
        self.labels = [(event, *self._place(event)) for event in events if event.label]
        self.order = self._from_top()
        y = float(TOP)
        for lane in self.order:
            y += lane.levels * LEVEL
            lane.y = y + 8
            y += LANE + (WAIT if self._waits(lane) else 0)
        self.height = round(y + 4)

    def step(self, event: Event) -> int:
        """Return at which step an event is told."""
        return self.times.index(event.t)

    def x(self, step: int) -> float:
        """Return where a step stands; the right edge for what goes on after the last one."""
        inside = step < len(self.times)
        return self.left + (step + 0.5) * self.gap if inside else WIDTH - RIGHT / 2

    def _find_lanes(self) -> dict[str, Lane]:
        """Give each actor a lane; it begins at the event that made it, if one did."""
        lanes: dict[str, Lane] = {}
        made = [event for event in self.events if event.what in BEGIN]
        for event in self.events:
            if event.who not in lanes:
                lanes[event.who] = self._new_lane(event, made, lanes)
            if event.what in END:
                lanes[event.who].end = self.step(event)
        return lanes

    def _new_lane(self, first: Event, made: list[Event], known: Mapping[str, Lane]) -> Lane:
        """Take the fork that names this actor, else the oldest fork whose child is open."""
        kind = style.KINDS[first.kind]
        earlier = [event for event in made if event.t <= first.t and event.who in known]
        named = [event for event in earlier if event.text == first.who]
        found = next(iter(named + [event for event in earlier if not event.text]), None)
        if found is None:
            return Lane(first.who, kind, self.step(first))
        made.remove(found)
        return Lane(first.who, kind, self.step(found), parent=found.who)

    def _from_top(self) -> list[Lane]:
        """Order the lanes so that no branch crosses another: the youngest child lies nearest."""
        placed: list[Lane] = []

        def place(lane: Lane) -> None:
            placed.append(lane)
            young = [other for other in self.lanes.values() if other.parent == lane.who]
            for child in sorted(young, key=lambda other: -other.begin):
                place(child)

        for lane in self.lanes.values():
            if not lane.parent:
                place(lane)
        return placed

    def _place(self, event: Event) -> tuple[float, int]:
        """Return a label's middle and level: over its mark, but right of where its lane begins."""
        lane, half = self.lanes[event.who], label_width(event.label, event.what == "print") / 2
        left = self.x(lane.begin) + 10 if lane.parent else 4.0
        middle = min(max(self.x(self.step(event)), left + half), WIDTH - 4 - half)
        return middle, lane.level(middle - half, middle + half)

    def scene(self) -> Scene:
        """Return everything in its place."""
        things: list = []
        for lane in self.order:
            things += self._life(lane)
        for event in self.events:
            things += self._mark(event)
        for event, middle, level in self.labels:
            y = self.lanes[event.who].y - 24 - level * LEVEL
            boxed = event.what == "print"
            things.append(Label(self.step(event), middle, y, event.label, boxed=boxed))
        return Scene(WIDTH, self.height, tuple(things))

    def _life(self, lane: Lane) -> list:
        """Draw a life line, the branch where it begins, and a bracket for each wait."""
        y, first, colour = lane.y, self.x(lane.begin), lane.kind.colour
        if lane.parent:
            branch = ((first, self.lanes[lane.parent].y), (first, y))
            things: list = [Line(lane.begin, branch, colour)]
        else:
            things = [Line(lane.begin, ((self.left - 6, y), (first, y)), colour)]
        name_x = first - 10 if lane.parent else self.left - 14
        things.append(Label(lane.begin, name_x, y, lane.who, anchor="end", bold=True))
        things += self._pieces(lane)
        return things + [thing for span in self._waits(lane) for thing in self._bracket(span, y)]

    def _pieces(self, lane: Lane) -> list:
        """Draw a piece of a life line for each step: dashed in a wait, thick while it holds."""
        things, count = [], len(self.times)
        waits, holds = self._waits(lane), self._holds(lane)
        for step in range(lane.begin + 1, (count if lane.end is None else lane.end) + 1):
            waiting, holding = (
                any(start < step <= end for start, end in spans) for spans in (waits, holds)
            )
            piece = ((self.x(step - 1), lane.y), (self.x(step), lane.y))
            width = HOLDS if holding else LINE
            things.append(Line(min(step, count - 1), piece, lane.kind.colour, width, waiting))
        return things

    def _waits(self, lane: Lane) -> list[tuple[int, int]]:
        """Return from which step to which somebody waits: for a child's end, or for a lock."""
        own = [event for event in self.events if event.who == lane.who]
        children = [self._wait(event, own, lane) for event in own if event.what == "wait"]
        return children + [self._until(event, "acquire", own) for event in own
                           if event.what == "ask"]  # fmt: skip

    def _holds(self, lane: Lane) -> list[tuple[int, int]]:
        """Return from which step to which somebody holds a lock."""
        own = [event for event in self.events if event.who == lane.who]
        return [self._until(event, "release", own) for event in own if event.what == "acquire"]

    def _until(self, event: Event, what: str, own: list[Event]) -> tuple[int, int]:
        """Return the span from an event to the next such one, or to the lane's end."""
        later = [self.step(each) for each in own if each.what == what and each.t > event.t]
        last = self.lanes[event.who].end
        return self.step(event), min(later, default=len(self.times) if last is None else last)

    def _wait(self, event: Event, own: list[Event], lane: Lane) -> tuple[int, int]:
        """Return how long a wait for a child lasted.

        One that was noted before the child's end lasts until then; one noted after it (when the
        call returned) has lasted since the process's own event before.
        """
        noted = self.step(event)
        before = max((step for each in own if (step := self.step(each)) < noted), default=noted)
        later = [end for end in self._ends(event, lane) if end > noted]
        return (noted, min(later)) if later else (before, noted)

    def _ends(self, event: Event, lane: Lane) -> list[int]:
        children = [other for other in self.lanes.values() if other.parent == lane.who]
        asked = [child for child in children if child.who == event.text] or children
        return [child.end for child in asked if child.end is not None]

    def _mark(self, event: Event) -> list:
        step, lane = self.step(event), self.lanes[event.who]
        x, y, kind = self.x(step), lane.y, lane.kind
        if event.what == "exit":
            return [Line(step, ((x, y - 12), (x, y + 12)), kind.colour, width=5)]
        if event.what in END:
            return [Mark(step, x, y, "cross", style.FAULT)]
        if event.what == "wait":
            return []  # its bracket says it
        return [Mark(step, x, y, "diamond" if event.what == "exec" else kind.shape, kind.colour)]

    def _bracket(self, span: tuple[int, int], y: float) -> list:
        step = min(span[1], len(self.times) - 1)
        left, right = self.x(span[0]) + 12, self.x(span[1]) - 2
        corners = ((left, y + 9), (left, y + 16), (right, y + 16), (right, y + 9))
        return [Line(step, corners, style.INK, width=1.5),
                Label(step, (left + right) / 2, y + 27, "waits")]  # fmt: skip
