"""What is in a house: tasks that beat upstairs, threads of Linux downstairs, what happened there.

Plain data, taken from an observation of ``blocking_call``; ``houses.py`` draws it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from conclib.chapters.ch11_models import words
from conclib.lesson.showing.looked import origin
from conclib.plots.lane_data import Lane, Seen, lanes_of
from conclib.results import Actor, Event, Observation
from conclib.results.events import ALIVE

MOST = 12  # threads that are drawn; how many more there are is said
LISTED = "OS thread "
Stay = tuple[int, int]


@dataclass(frozen=True)
class Thread:
    """A thread of Linux: its number, from when to when it was there, when it stood in a call."""

    name: str
    born: int
    gone: int
    inside: tuple[Stay, ...] = ()


@dataclass(frozen=True)
class House:
    """A program: its name, the beats of its hearts in ns, its threads, the time that is drawn.

    ``recorded`` says where it comes from if not from here and now.
    """

    name: str
    hearts: Mapping[str, tuple[int, ...]]
    threads: tuple[Thread, ...]
    start: int
    end: int
    recorded: str = ""

    @property
    def drawn(self) -> tuple[Thread, ...]:
        """The threads that are drawn: those that stood in a call, then the oldest."""
        inside = sorted(self.threads, key=lambda each: (not each.inside, each.born))[:MOST]
        return tuple(each for each in self.threads if each in inside)

    @property
    def left_out(self) -> int:
        """How many threads are not drawn."""
        return len(self.threads) - len(self.drawn)


def told(house: House) -> list[tuple[int, str]]:
    """Return what happened downstairs: births, ends, calls and returns, since the start."""
    found = []
    for thread in house.threads:
        if thread.born > house.start:
            found.append((thread.born - house.start, f"{thread.name} is born"))
        if thread.gone < house.end:
            found.append((thread.gone - house.start, f"{thread.name} ends"))
        for begin, end in thread.inside:
            found.append((begin - house.start, f"{thread.name} is inside the call"))
            found.append((end - house.start, f"{thread.name} is back"))
    return sorted(found)


def house(item: Observation) -> House:
    """Return the house of an observation of ``blocking_call``."""
    seen = (*item.actors, *item.events, *item.endings)
    name = words.NAMES[item.params["runtime"]]
    found = so_far(name, seen, origin(item))
    if found is None:
        raise ValueError(f"item={name!r}: nobody beat, so there is nothing to draw")
    return found


def so_far(name: str, seen: Sequence[Seen], recorded: str = "") -> House | None:
    """Return the house of what has been seen until now; ``None`` as long as nobody has beaten.

    Args:
        name: of the program.
        seen: actors, events and endings, in any order.
        recorded: where they come from if not from here and now.
    """
    lanes = lanes_of(seen)
    hearts = {each.actor.name: each.beats for each in lanes if _is_heart(each.actor)}
    times = [time for beats in hearts.values() for time in beats]
    if not times:
        return None
    start, end = min(times), max(times)
    events = [each for each in seen if isinstance(each, Event)]
    threads = [_thread(each, events, start, end) for each in lanes
               if each.actor.name.startswith(LISTED)]  # fmt: skip
    in_order = tuple(sorted(threads, key=lambda each: each.born))
    return House(name, hearts, in_order, start, end, recorded)


def _is_heart(actor: Actor) -> bool:
    return len(actor.name) == 1


def _thread(lane: Lane, events: Sequence[Event], start: int, end: int) -> Thread:
    """Return a thread that Linux listed: born, gone, and inside the call."""
    own = [each for each in events if each.actor == lane.actor.name]
    born = [each.t_ns for each in own if each.what == "born"]
    gone = lane.ending.t_ns if lane.ending and lane.ending.how != ALIVE else end
    inside = [(each.data["t0_ns"], each.data["t1_ns"]) for each in own if each.what == "in call"]
    name = lane.actor.name.replace(LISTED, "thread ")
    return Thread(name, min(born, default=start), min(gone, end), tuple(inside))
