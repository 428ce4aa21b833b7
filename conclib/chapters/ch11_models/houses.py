"""Three houses: tasks upstairs, the threads of Linux downstairs, one time axis for both.

Upstairs each heart has a lane, and each of its beats is a mark. Downstairs each thread that Linux
listed has a bar, from its birth to its end, hatched in black while it stood inside a system call.
Where a house's hearts stand still, one sees which thread is to blame.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from conclib.chapters.ch11_models import words
from conclib.chapters.ch11_models.house_data import House, Stay, Thread, house, told
from conclib.plots import Picture, Table, style
from conclib.plots.moving import Moving, moving
from conclib.plots.scene import Box, Label, Line, Scene
from conclib.results import Observation
from conclib.results.quantity import TIME

WIDTH, EDGE, BETWEEN = 720, 12, 22  # pixels
NAMES, HEAD = 22, 44  # pixels left of each house, and above it
BEAT, THREAD, FLOOR = 11, 12, 14  # pixels: a heart's lane, a thread's, what lies between
CEILING = 4  # pixels between roof and hearts
FOOT, CONTROLS = 44, 140  # pixels below the houses, and below the drawing
TOOTH = 4  # pixels that a beat reaches up and down
SILENT = 0.05  # of the time: beats further apart are not joined
NEAR = 0.03  # of the time: what is nearer to the step before belongs to it
UPSTAIRS = "Upstairs: the hearts, a mark for each beat."
DOWNSTAIRS, HATCHED = "Downstairs: threads of Linux", "; hatched: inside the call"
TITLE = "A ninth task reads: what do the hearts do, and what the threads of Linux?"
Things = list[Line | Label | Box]


def houses(seen: Mapping[str, Observation], *, title: str = TITLE) -> Moving:
    """Draw programs side by side, to be stepped through: births, calls, returns.

    Args:
        seen: observations of ``blocking_call``, from left to right.
        title: the question that the picture answers.
    """
    return stepped([house(item) for item in seen.values()], list(seen.values()), title)


def stepped(found: Sequence[House], items: Sequence[Observation], title: str) -> Moving:
    """Draw houses step by step; the still shows all of it."""
    layout = Layout(found)
    scene = layout.scene()
    steps = [(scene.to_svg(n), layout.sentence(n)) for n in range(len(layout.moments))]
    still = Picture(scene.to_figure(title), f"{title} {_alt(found, items)}", _table(found, items))
    return moving(steps, title=title, still=still, height=scene.height + CONTROLS)


class Layout:
    """Where everything stands, and at which step it is shown."""

    def __init__(self, found: Sequence[House]) -> None:
        self.found = found
        room = WIDTH - 2 * EDGE - BETWEEN * (len(found) - 1)
        self.wide = room / len(found)
        self.tall = CEILING + max(len(each.hearts) for each in found) * BEAT
        self.deep = max(len(each.drawn) for each in found) * THREAD
        self.height = HEAD + self.tall + FLOOR + self.deep + FOOT
        self.long = max(each.end - each.start for each in found) or 1
        self.moments = self._moments()

    def _moments(self) -> list[int]:
        """Return the last time of each step, in ns since a house's start."""
        times = sorted({time for each in self.found for time, _ in told(each)} | {self.long})
        found: list[int] = []
        for time in times:
            if found and time - found[-1] < NEAR * self.long:
                found[-1] = time
            else:
                found.append(time)
        return found

    def step(self, time: int) -> int:
        """Return at which step a time is shown."""
        last = len(self.moments) - 1
        return next((n for n, end in enumerate(self.moments) if time <= end), last)

    def sentence(self, step: int) -> str:
        """Say what happened in one step, in all houses."""
        said = [
            f"{each.name}: {what}"
            for each in self.found
            for time, what in told(each)
            if self.step(time) == step
        ]
        when = TIME.write(self.moments[step])
        return f"Until {when}. {'; '.join(_few(said)) or 'Beats only'}."

    def scene(self) -> Scene:
        """Return everything in its place."""
        things: Things = []
        for place, each in enumerate(self.found):
            things += self._house(each, EDGE + place * (self.wide + BETWEEN))
        y = self.height - 10
        called = any(thread.inside for each in self.found for thread in each.threads)
        foot = f"{UPSTAIRS} {DOWNSTAIRS}{HATCHED if called else ''}."
        return Scene(WIDTH, self.height, (*things, Label(0, EDGE, y, foot, anchor="start")))

    def _house(self, house: House, left: float) -> Things:
        floor = HEAD + self.tall + FLOOR / 2
        right, low = left + self.wide, HEAD + self.tall + FLOOR + self.deep + 2
        wall = ((left, low), (left, HEAD), (right, HEAD), (right, low), (left, low))
        roof = ((left, HEAD), ((left + right) / 2, 24), (right, HEAD))
        things: Things = [
            Label(0, (left + right) / 2, 11, self._name(house), bold=True),
            Line(0, roof, style.LANE, 1),
            Line(0, wall, style.LANE, 1),
            Line(0, ((left, floor), (right, floor)), style.LANE, 1),
        ]
        for n, (name, beats) in enumerate(house.hearts.items()):
            things += self._heart(house, name, beats, left, HEAD + CEILING + BEAT * n + 5)
        top = HEAD + self.tall + FLOOR
        for n, thread in enumerate(house.drawn):
            things += self._thread(house, thread, left, top + THREAD * n)
        return things + self._axis(house, left, low)

    def _name(self, house: House) -> str:
        return f"{house.name} (recorded)" if house.recorded else house.name

    def _x(self, left: float, since: int) -> float:
        room = self.wide - NAMES - 6
        return round(left + NAMES + room * min(max(since / self.long, 0), 1), 1)

    def _heart(
        self, house: House, name: str, beats: Sequence[int], left: float, y: float
    ) -> Things:
        label = Label(0, left + 10, y, name)
        combs: dict[int, list[tuple[float, float]]] = {}
        for time in beats:
            since = time - house.start
            if 0 <= since <= self.long:
                combs.setdefault(self.step(since), []).append((since, self._x(left, since)))
        found = [line for step, each in combs.items() for line in self._comb(step, each, y)]
        return [label, *found]

    def _comb(self, step: int, beats: Sequence[tuple[int, float]], y: float) -> list[Line]:
        """Return the beats of one step as combs, one line for beats that follow each other."""
        lines: list[list[tuple[float, float]]] = []
        before = None
        for since, x in beats:
            if before is None or since - before > SILENT * self.long:
                lines.append([])
            lines[-1] += [(x, y + TOOTH), (x, y - TOOTH), (x, y + TOOTH)]
            before = since
        return [Line(step, tuple(points), style.TASK.colour, 1) for points in lines]

    def _thread(self, house: House, thread: Thread, left: float, y: float) -> Things:
        """Draw a thread's bar as it grows, and what of its time it spent inside a call."""
        fill = style.PAPER if house.recorded else style.THREAD.colour
        plain = Box(0, left, y + 2, left, y + THREAD - 2, style.THREAD.colour, fill)
        call = Box(0, left, y + 1, left, y + THREAD - 1, style.INK, style.PAPER, hatched=True)
        stays = [(plain, (thread.born, thread.gone)), *((call, each) for each in thread.inside)]
        return [box for shape, stay in stays for box in self._growing(house, shape, stay, left)]

    def _growing(self, house: House, shape: Box, stay: Stay, left: float) -> list[Box]:
        """Return a bar at each step, as far as it had come until then; the last one stays."""
        begin, end = (max(time - house.start, 0) for time in stay)
        first, last = self.step(begin), self.step(end)
        found = []
        for step in range(first, last + 1):
            sides = (self._x(left, each) for each in (begin, min(end, self.moments[step])))
            until, grown = (step + 1 if step < last else None), step > first
            a, b = sides
            found.append(replace(shape, step=step, left=a, right=b, until=until, grown=grown))
        return found

    def _axis(self, house: House, left: float, y: float) -> Things:
        count = words.threads(len(house.threads))
        drawn = f", {len(house.drawn)} of them drawn" if house.left_out else ""
        text = f"{count}{drawn}; 0 to {TIME.write(self.long)}"
        return [Label(0, left + self.wide / 2, y + 11, text)]


def _few(said: list[str]) -> list[str]:
    """Return at most six things, and how many there are more."""
    return said if len(said) <= 6 else [*said[:5], f"and {len(said) - 5} more"]


# Words --------------------------------------------------------------------------------------------
def _alt(found: Sequence[House], items: Sequence[Observation]) -> str:
    said = []
    for each, item in zip(found, items, strict=True):
        beats = sum(map(len, each.hearts.values()))
        recorded = f" ({each.recorded})" if each.recorded else ""
        said.append(
            f"{each.name}{recorded}: {beats} beats of {len(each.hearts)} hearts, which "
            f"{words.fate(item.facts)}; {words.threads(len(each.threads))} of Linux, "
            f"{sum(bool(t.inside) for t in each.threads)} of them inside the call for a while."
        )
    return " ".join(said)


def _table(found: Sequence[House], items: Sequence[Observation]) -> Table:
    head = ("program", "the hearts", "longest silence", "threads before", "threads meanwhile",
            "source")  # fmt: skip
    rows = tuple(
        (each.name, words.fate(item.facts), words.pause(item.facts),
         str(item.facts["threads_before"]), str(item.facts["threads_most"]), item.origin)
        for each, item in zip(found, items, strict=True)
    )  # fmt: skip
    return Table(head, rows)
