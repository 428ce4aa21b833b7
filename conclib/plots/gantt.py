"""Who ran where and when, to be stepped through: a Gantt chart of tasks, kernel threads and CPUs.

A row for each actor, in the colour of its kind. A filled bar: it runs. Hatched in black: it sleeps
in a call. A thin line: it could run, and does not. A dashed one: it waits for something. A black
bar: a switch, which is no work. Empty: it is not there, or has nothing to do.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from conclib.plots import lettering, style
from conclib.plots.moving import Moving, moving
from conclib.plots.picture import Picture, Table
from conclib.plots.records import some
from conclib.plots.scene import Box, Label, Line, Scene, Thing, label_width
from conclib.results.quantity import TIME

RUNS, SWITCHES, READY, WAITS, ASLEEP = "runs", "switches", "ready", "waits", "asleep"
WORDS = {
    RUNS: "runs", READY: "could run", WAITS: "waits", ASLEEP: "sleeps in a call",
    SWITCHES: "a switch",
}  # fmt: skip
WIDTH, RIGHT, TOP, ROW, GAP = 720, 16, 10, 23, 9  # pixels; the last between two groups of rows
HALF = 8  # pixels that a bar reaches up and down
MAX_STEPS = 30
LONGEST = 1.5  # inches of a name
MIN_BAR = 1.5  # pixels: what is shorter is still seen
LETTERED = "#D9D9D9"  # a CPU's bar: grey and light, for it bears a name


@dataclass(frozen=True)
class Bar:
    """What one actor did for some time: one of ``WORDS``; ``text`` is written into it."""

    start: int
    end: int
    what: str
    text: str = ""


@dataclass(frozen=True)
class Row:
    """One actor: its name, its kind (``"task"``, ``"thread"``, ``"other"``), what it did."""

    name: str
    kind: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Moment:
    """What happened at a time (ns), in words: a step of the chart, or a part of one."""

    t_ns: int
    text: str


def gantt(
    rows: Sequence[Row],
    moments: Sequence[Moment],
    *,
    title: str,
    alt: str,
    end_ns: int,
    whole: bool = False,
) -> Moving:
    """Draw rows of bars over one axis of time, to be stepped back and forth.

    Args:
        rows: from top to bottom; those of one kind follow each other.
        moments: what happened when, in order of time.
        title: the question that the picture answers.
        alt: the same facts in words.
        end_ns: where the axis ends; what is later is not drawn.
        whole: whether it begins with its last step, in which all is there.

    Raises:
        ValueError: no rows, or no moments.
    """
    some("rows", rows)
    some("moments", moments)
    layout = _Layout(rows, [each for each in moments if each.t_ns <= end_ns], end_ns)
    scene = layout.scene()
    cells = tuple((TIME.write(each.t_ns), each.text) for each in moments if each.t_ns <= end_ns)
    still = Picture(scene.to_figure(title), alt, Table(("time", "what happens"), cells))
    drawn = [(scene.to_svg(step), text) for step, text in enumerate(layout.sentences())]
    return moving(drawn, title=title, still=still, height=scene.height + 150, whole=whole)


class _Layout:
    """Where everything stands, and at which step it appears."""

    def __init__(self, rows: Sequence[Row], moments: Sequence[Moment], end: int) -> None:
        self.rows, self.moments, self.end = rows, moments, max(end, 1)
        self.steps = _steps(moments, self.end)
        self.names = [lettering.shortened(row.name, LONGEST, style.SMALL, "bold") for row in rows]
        self.left = 20 + max(1.15 * label_width(name) for name in self.names)  # bold
        breaks = [row.kind != rows[n - 1].kind for n, row in enumerate(rows) if n]
        self.tops = [TOP]
        for parted in breaks:
            self.tops.append(self.tops[-1] + ROW + GAP * parted)
        self.bottom = self.tops[-1] + ROW + 4

    def x(self, time: float) -> float:
        """Return where a time stands."""
        return self.left + min(time / self.end, 1) * (WIDTH - RIGHT - self.left)

    def scene(self) -> Scene:
        """Return everything in its place."""
        things: list[Thing] = [*self._axis()]
        for row, name, top in zip(self.rows, self.names, self.tops, strict=True):
            middle = top + ROW / 2
            things.append(Label(0, self.left - 8, middle, name, anchor="end", bold=True))
            for bar in row.bars:
                things += self._bar(row, bar, middle)
        return Scene(WIDTH, self.bottom + 46, (*things, *self._key()))

    def _axis(self) -> list[Thing]:
        line = Line(0, ((self.left, self.bottom), (WIDTH - RIGHT, self.bottom)), width=1)
        ends = [(0, "0", "start"), (self.end / 2, TIME.write(self.end / 2), "middle")]
        ends.append((self.end, TIME.write(self.end), "end"))
        labels = [Label(0, self.x(t), self.bottom + 12, text, anchor=at) for t, text, at in ends]
        return [line, *labels]

    def _bar(self, row: Row, bar: Bar, middle: float) -> list[Thing]:
        """Draw a bar as it grows: at each step what had happened until then."""
        if bar.start > self.end:
            return []
        first = next((n for n, time in enumerate(self.steps) if time > bar.start), len(self.steps))
        last = next((n for n, time in enumerate(self.steps) if time >= bar.end), len(self.steps))
        first, last = min(first, len(self.steps) - 1), min(last, len(self.steps) - 1)
        ends = [*self.steps[first:last], min(bar.end, self.end)]
        found: list[Thing] = []
        for step, end in enumerate(ends, first):
            until, grown = (step + 1 if step < last else None), step > first
            piece = self._piece(row, bar, middle, end)
            found.append(replace(piece, step=step, until=until, grown=grown))
        return found + self._text(bar, middle, last)

    def _piece(self, row: Row, bar: Bar, middle: float, end: int) -> Line | Box:
        """Draw a bar up to a time."""
        left, right = self.x(bar.start), self.x(end)
        if bar.what in (READY, WAITS):
            points = ((left, middle), (right, middle))
            return Line(0, points, style.KINDS[row.kind].colour, 1.5, bar.what == WAITS)
        right = max(right, left + MIN_BAR)
        fill, edge = _look(row, bar)
        return Box(0, left, middle - HALF, right, middle + HALF, edge, fill, bar.what == ASLEEP)

    def _text(self, bar: Bar, middle: float, step: int) -> list[Thing]:
        """Write a bar's text into it, once all of it is there, if there is room."""
        room = self.x(bar.end) - self.x(bar.start)
        if not bar.text or label_width(bar.text) > room or bar.end > self.end:
            return []
        return [Label(step, (self.x(bar.start) + self.x(bar.end)) / 2, middle, bar.text)]

    def _key(self) -> list[Thing]:
        """Say below the axis what bars and lines mean."""
        seen = [what for what in WORDS if any(b.what == what for r in self.rows for b in r.bars)]
        things: list[Thing] = []
        left, y = 20.0, self.bottom + 34
        for what in seen:
            sample, bar = Row("", "hidden", ()), Bar(0, 0, what)
            if what in (READY, WAITS):
                points = ((left, y), (left + 24, y))
                things.append(Line(0, points, style.LANE, 1.5, dashed=what == WAITS))
            else:
                fill, edge = _look(sample, bar)
                things.append(Box(0, left, y - 6, left + 24, y + 6, edge, fill, what == ASLEEP))
            things.append(Label(0, left + 30, y, WORDS[what], anchor="start"))
            left += 54 + label_width(WORDS[what])
        return things

    def sentences(self) -> list[str]:
        """Say for each step what happened in it."""
        found: list[list[str]] = [[] for _ in self.steps]
        for each in self.moments:
            step = next(n for n, last in enumerate(self.steps) if each.t_ns <= last)
            found[step].append(each.text)
        return [
            f"Until {TIME.write(last)}. {_shortened(texts)}"
            for last, texts in zip(self.steps, found, strict=True)
        ]


def _look(row: Row, bar: Bar) -> tuple[str, str]:
    """Return what fills a bar, and the colour of its edge."""
    colour = style.KINDS[row.kind].colour
    if bar.what == ASLEEP:
        return style.PAPER, style.INK
    if bar.what == SWITCHES:
        return style.INK, style.INK
    return (LETTERED, colour) if row.kind == "other" else (colour, style.PAPER)


def _steps(moments: Sequence[Moment], end: int) -> list[int]:
    """Return the last time of each step; moments that are near each other share one."""
    times = sorted({each.t_ns for each in moments})
    least = 0.0
    while True:
        found: list[int] = []
        for time in times:
            if found and time - found[-1] <= least:
                found[-1] = time
            else:
                found.append(time)
        if len(found) <= MAX_STEPS:
            return found
        least = least * 1.5 or end / 500


def _shortened(texts: Sequence[str], most: int = 5) -> str:
    more = f" And {len(texts) - most} more." if len(texts) > most else ""
    return " ".join(f"{text}." for text in texts[:most]) + more
