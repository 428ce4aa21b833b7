"""What is in a house: tasks that beat upstairs, threads of Linux downstairs, what happened there.

Plain data, taken from an observation of ``blocking_call``; ``houses.py`` draws it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from conclib.chapters.ch11_models import words
from conclib.lesson.showing.looked import origin
from conclib.results import Observation
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
    hearts = {
        actor.name: item.beats(actor.name)
        for actor in item.actors
        if actor.name in item.facts["hearts"]
    }
    times = [time for beats in hearts.values() for time in beats]
    start, end = min(times), max(times)
    return House(words.NAMES[item.params["runtime"]], hearts, _threads(item, start, end), start,
                 end, origin(item))  # fmt: skip


def _threads(item: Observation, start: int, end: int) -> tuple[Thread, ...]:
    """Return the threads that Linux listed, the oldest first."""
    found = []
    for actor in item.actors:
        if actor.name.startswith(LISTED):
            events = [each for each in item.events if each.actor == actor.name]
            born = [each.t_ns for each in events if each.what == "born"]
            ending = item.ending(actor.name)
            gone = ending.t_ns if ending and ending.how != ALIVE else end
            inside = [(each.data["t0_ns"], each.data["t1_ns"]) for each in events
                      if each.what == "in call"]  # fmt: skip
            name = actor.name.replace(LISTED, "thread ")
            found.append(Thread(name, min(born, default=start), min(gone, end), tuple(inside)))
    return tuple(sorted(found, key=lambda each: each.born))
