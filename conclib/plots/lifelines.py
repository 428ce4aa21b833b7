"""Where everything of a story stands: lanes, branches, labels, brackets.

Every process has a lane, and what happens at the same time stands above each other. A lane's
labels are lifted until none meets another; a younger child lies nearer to its parent than an older
one, so no branch crosses a lane.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from conclib.plots import style
from conclib.plots.scene import Label, Line, Mark, Scene, label_width
from conclib.results import arguments

WHATS = ("start", "print", "fork", "exec", "wait", "exit", "fault")
WIDTH, LEFT, RIGHT = 720, 64, 46  # pixels
MAX_LETTERS = 36  # letters of a label; the narration has the whole text
LANE, LEVEL, TOP, WAIT = 41, 25, 14, 20  # pixels: a lane, a level of labels, above all, a wait


@dataclass(frozen=True)
class Event:
    """One thing that happened: when (a whole number, only its order counts), to whom, what."""

    t: int
    who: str
    what: str
    text: str = ""
    narration: str = ""

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Event":
        """Build an event from plain data, refusing what is not one."""
        arguments.integer("t", data.get("t"), 0, 10**9)
        arguments.choice("what", data.get("what"), WHATS)
        texts = {name: str(data.get(name, "")) for name in ("who", "text", "narration")}
        if not texts["who"]:
            raise ValueError(f"who={data.get('who')!r}: every event says to whom it happened")
        return cls(t=data["t"], what=data["what"], **texts)

    @property
    def sentence(self) -> str:
        """What happened, as a sentence."""
        words = {
            "start": "starts",
            "print": f"prints “{self.text}”",
            "fork": "calls fork: from here on there is one process more",
            "exec": f"becomes another program: {self.text or 'exec'}",
            "wait": f"waits for {self.text or 'its child'} to end, and collects it",
            "exit": f"ends{f' ({self.text})' if self.text else ''}",
            "fault": f"crashes{f' ({self.text})' if self.text else ''}",
        }
        who = f"The {self.who}" if self.who.isalpha() else self.who[0].upper() + self.who[1:]
        return self.narration or f"{who} {words[self.what]}."

    @property
    def label(self) -> str:
        """What stands beside its mark."""
        short = {"print": self.text, "wait": "waits", "start": self.text, "fork": "fork"}
        text = " ".join(short.get(self.what, f"{self.what} {self.text}").split())
        return text if len(text) <= MAX_LETTERS else text[: MAX_LETTERS - 1] + "…"


@dataclass
class Lane:
    """One process's lane.

    Attributes:
        who: the process.
        begin, end: the steps at which it begins, and at which it ends if it does.
        parent: who forked it; empty for the first.
        y: where it lies.
        spans: its labels, each from where to where and at which level.
    """

    who: str
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
        self.labels = [(event, *self._place(event)) for event in events if self._has_label(event)]
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
        """Return where a step stands."""
        return self.left + (step + 0.5) * self.gap

    def _find_lanes(self) -> dict[str, Lane]:
        """Give each process a lane; it begins at the fork that made it, if one did."""
        lanes: dict[str, Lane] = {}
        forks = [event for event in self.events if event.what == "fork"]
        for event in self.events:
            if event.who not in lanes:
                lanes[event.who] = self._new_lane(event, forks, lanes)
            if event.what in ("exit", "fault"):
                lanes[event.who].end = self.step(event)
        return lanes

    def _new_lane(self, first: Event, forks: list[Event], known: Mapping[str, Lane]) -> Lane:
        """Take the fork that names this process, else the oldest fork whose child is open."""
        earlier = [fork for fork in forks if fork.t <= first.t and fork.who in known]
        named = [fork for fork in earlier if fork.text == first.who]
        found = next(iter(named + [fork for fork in earlier if not fork.text]), None)
        if found is None:
            return Lane(first.who, self.step(first))
        forks.remove(found)
        return Lane(first.who, self.step(found), parent=found.who)

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

    @staticmethod
    def _has_label(event: Event) -> bool:
        return bool(event.label) and event.what != "wait"

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
        """Draw a life line, a piece for each step, and the branch where it begins."""
        y, first = lane.y, self.x(lane.begin)
        colour = style.PROCESS.colour
        if lane.parent:
            branch = ((first, self.lanes[lane.parent].y), (first, y))
            things: list = [Line(lane.begin, branch, colour)]
        else:
            things = [Line(lane.begin, ((self.left - 6, y), (first, y)), colour)]
        name_x = first - 10 if lane.parent else self.left - 14
        things.append(Label(lane.begin, name_x, y, lane.who, anchor="end", bold=True))
        last = len(self.times) if lane.end is None else lane.end
        waits = self._waits(lane)
        for step in range(lane.begin + 1, last + 1):
            right = self.x(step) if step < len(self.times) else WIDTH - RIGHT / 2
            waiting = any(start < step <= end for start, end in waits)
            piece = ((self.x(step - 1), y), (right, y))
            things.append(Line(min(step, len(self.times) - 1), piece, colour, dashed=waiting))
        return things

    def _waits(self, lane: Lane) -> list[tuple[int, int]]:
        """Return from which step to which the process waits.

        A wait noted before the child's end lasts until then; one noted after it (when the call
        returned) has lasted since the process's own event before.
        """
        found = []
        own = [self.step(event) for event in self.events if event.who == lane.who]
        for event in self.events:
            if event.who == lane.who and event.what == "wait":
                noted = self.step(event)
                before = max((step for step in own if step < noted), default=noted)
                later = [end for end in self._ends(event, lane) if end > noted]
                found.append((noted, min(later)) if later else (before, noted))
        return found

    def _ends(self, event: Event, lane: Lane) -> list[int]:
        children = [other for other in self.lanes.values() if other.parent == lane.who]
        asked = [child for child in children if child.who == event.text] or children
        return [child.end for child in asked if child.end is not None]

    def _mark(self, event: Event) -> list:
        step, lane = self.step(event), self.lanes[event.who]
        x, y, colour = self.x(step), lane.y, style.PROCESS.colour
        if event.what == "exit":
            return [Line(step, ((x, y - 12), (x, y + 12)), colour, width=5)]
        if event.what == "fault":
            return [Mark(step, x, y, "cross", style.FAULT)]
        if event.what == "wait":
            return [thing for span in self._waits(lane) for thing in self._bracket(span, y)]
        return [
            Mark(step, x, y, "diamond" if event.what == "exec" else style.PROCESS.shape, colour)
        ]

    def _bracket(self, span: tuple[int, int], y: float) -> list:
        left, right = self.x(span[0]) + 12, self.x(span[1]) - 2
        corners = ((left, y + 9), (left, y + 16), (right, y + 16), (right, y + 9))
        label = Label(span[1], (left + right) / 2, y + 27, "waits")
        return [Line(span[1], corners, style.INK, width=1.5), label]
