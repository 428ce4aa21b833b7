"""Levels of the game: cards, OS threads, CPUs; what each task may do in a state, and what follows.

A state says of each task how many of its ticks are over. In a tick each CPU runs one task that
is ready, or nobody; all waits go on by themselves.

    C  compute   needs a CPU, and an OS thread while it is on
    W  wait      lets go of the OS thread
    B  nap       keeps its OS thread until the nap is over

So no more tasks are on than there are CPUs, and no more than OS threads that nobody naps on.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from conclib.probes import _cards
from conclib.results import arguments

State = tuple[int, ...]
On = tuple[int, ...]  # places of the tasks that are on, in order
MAX_THREADS, MAX_CPUS = 6, 2
OVER = "-"  # what a task does that has done all its cards


@dataclass(frozen=True)
class Level:
    """One level, the same for everybody who writes it down.

    Attributes:
        cards: what the tasks have to do, for example ``"C5; C1 W5 C1"``.
        threads: how many OS threads there are, 1 to 6.
        cpus: how many CPUs, 1 or 2.
        name: what it is called.

    Raises:
        TypeError, ValueError: no such cards, or too many threads or CPUs.
    """

    cards: str
    threads: int = 1
    cpus: int = 1
    name: str = ""

    def __post_init__(self) -> None:
        arguments.text("cards", self.cards, _cards.PATTERN, _cards.ALLOWED)
        arguments.integer("threads", self.threads, 1, MAX_THREADS)
        arguments.integer("cpus", self.cpus, 1, MAX_CPUS)
        longest = max(map(len, self.lines))
        if longest > _cards.MAX_TICKS:
            raise ValueError(f"cards: a task has {longest} ticks; at most {_cards.MAX_TICKS} each")

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """What each task does in each of its ticks, ``"CWWC"`` say."""
        return tuple(_cards.lines(self.cards))

    @property
    def tasks(self) -> str:
        """The names of the tasks, a letter each."""
        return _cards.NAMES[: len(self.lines)]

    @property
    def start(self) -> State:
        """The state in which nobody has done anything."""
        return (0,) * len(self.lines)

    @cached_property
    def end(self) -> State:
        """The state in which everything is done."""
        return tuple(map(len, self.lines))

    @cached_property
    def _padded(self) -> tuple[str, ...]:
        return tuple(line + OVER for line in self.lines)

    def does(self, state: State) -> tuple[str, ...]:
        """Return what each task is at: ``"C"`` (ready), ``"W"``, ``"B"``, or ``"-"`` (all done)."""
        return tuple(line[at] for line, at in zip(self._padded, state, strict=True))

    def ready(self, state: State) -> On:
        """Return the places of the tasks that could be on."""
        return tuple(n for n, does in enumerate(self.does(state)) if does == _cards.COMPUTE)

    def free(self, state: State) -> int:
        """Return how many tasks can be on at most: CPUs, and OS threads that nobody naps on."""
        return min(self.cpus, self.threads - self.does(state).count(_cards.NAP))

    def after(self, state: State, on: Iterable[int]) -> State:
        """Return the state one tick later; who is ready and not on stays where it was."""
        moved = [at + (does in "WB") for at, does in zip(state, self.does(state), strict=True)]
        for place in on:
            moved[place] += 1
        return tuple(moved)

    @property
    def computing(self) -> int:
        """How many ticks all tasks compute, together."""
        return sum(line.count(_cards.COMPUTE) for line in self.lines)

    @property
    def text(self) -> str:
        """The level in words, with a line for each task."""
        rows = [f"{name}: {cards}" for name, cards in zip(self.tasks, self.cards.split("; "),
                                                          strict=True)]  # fmt: skip
        return "\n".join([f"{counted(self.cpus, 'CPU')}, {counted(self.threads, 'OS thread')}",
                          *rows])  # fmt: skip


def counted(number: int, what: str) -> str:
    """Return ``"1 CPU"``, ``"2 CPUs"``."""
    return f"{number} {what}{'' if number == 1 else 's'}"


LEVELS = {
    1: Level("C5; C1 W5 C1; C2 W2 C1", name="level 1"),
    2: Level("C6; C1 W2 C1 W2 C1", name="level 2"),
    3: Level("C1 B4 C1; C1 B4 C1; C4; C1 W3 C1", threads=2, name="level 3"),
}


def level(number: int) -> Level:
    """Return one of the three levels with names.

    Raises:
        TypeError, ValueError: there is no such level.
    """
    return LEVELS[arguments.integer("level", number, 1, len(LEVELS))]
