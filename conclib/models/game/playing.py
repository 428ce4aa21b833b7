"""A play of a level: who is on in each tick, so far. Each move gives another play; none changes.

    play = Play(level).put("Q").put("R").idle()

What counts is at which tick all is done, and how often somebody is *put on*: is on in a tick, and
was not on in the tick before.
"""

from dataclasses import dataclass
from functools import cached_property

from conclib.models.game.levels import Level, On, State
from conclib.probes import _cards
from conclib.results import arguments
from conclib.results.wording import listed

MAX_TICKS = 200  # of a play; who idles on for ever has lost


@dataclass(frozen=True)
class Play:
    """What has been played so far.

    Attributes:
        level: the level.
        moves: for each tick the places of the tasks that were on.
    """

    level: Level
    moves: tuple[On, ...] = ()

    @cached_property
    def states(self) -> tuple[State, ...]:
        """The state before each tick, and the one after the last."""
        states = [self.level.start]
        for on in self.moves:
            states.append(self.level.after(states[-1], on))
        return tuple(states)

    @property
    def state(self) -> State:
        """Where each task is now."""
        return self.states[-1]

    @property
    def ticks(self) -> int:
        """How many ticks are over."""
        return len(self.moves)

    @property
    def puts(self) -> int:
        """How often somebody was put on."""
        before: tuple[On, ...] = ((), *self.moves)
        return sum(len(set(on) - set(was)) for was, on in zip(before, self.moves, strict=False))

    @property
    def over(self) -> bool:
        """Whether all tasks have done all their cards."""
        return self.state == self.level.end

    @property
    def ready(self) -> tuple[str, ...]:
        """The names of the tasks that could be on now."""
        return tuple(self.level.tasks[place] for place in self.level.ready(self.state))

    @property
    def text(self) -> str:
        """The play as one line: ``"P Q Q ."``."""
        tasks = self.level.tasks
        return " ".join("".join(tasks[n] for n in on) or _cards.IDLE for on in self.moves)

    # Moves -------------------------------------------------------------------------------------
    def put(self, *names: str) -> "Play":
        """Return the play with one more tick, in which these tasks are on.

        Raises:
            TypeError, ValueError: no such task, one that is not ready, or too many at once; the
                message says what it does instead.
        """
        places = tuple(sorted({self._place(name) for name in names}))
        for place in places:
            self._must_be_ready(place)
        free = self.level.free(self.state)
        if len(places) > free:
            raise ValueError(f"{listed(list(names))}: {self._room(free)}")
        return self._then(places)

    def idle(self) -> "Play":
        """Return the play with one more tick, in which nobody is on."""
        return self._then(())

    def back(self) -> "Play":
        """Return the play without its last tick; at the beginning it stays as it is."""
        return Play(self.level, self.moves[:-1])

    def _then(self, on: On) -> "Play":
        if self.over:
            raise ValueError("the play is over: all tasks are done")
        if self.ticks >= MAX_TICKS:
            raise ValueError(f"the play has {MAX_TICKS} ticks; go back, or begin again")
        return Play(self.level, (*self.moves, on))

    def _place(self, name: str) -> int:
        tasks = self.level.tasks
        return tasks.index(arguments.choice("task", name, tasks))

    def _must_be_ready(self, place: int) -> None:
        does = self.level.does(self.state)[place]
        if does != _cards.COMPUTE:
            raise ValueError(f"{self.where(place)}, so it cannot be on now")

    def _room(self, free: int) -> str:
        if free == self.level.cpus:
            return f"no more than {free} can be on at once, for there are no more CPUs"
        left = f"{free} more" if free else "nobody else"
        return f"somebody blocks an OS thread, and {left} can be on until that is over"

    # In words ----------------------------------------------------------------------------------
    def where(self, place: int) -> str:
        """Say what a task is doing now, for example ``"Q waits, ready after tick 6"``."""
        name, line, at = self.level.tasks[place], self.level.lines[place], self.state[place]
        does = line[at : at + 1]
        if not does:
            return f"{name} is done"
        left = len(line[at:]) - len(line[at:].lstrip(does))
        if does == _cards.COMPUTE:
            return f"{name} is ready, {left} to compute"
        verb = "waits" if does == _cards.WAIT else "blocks an OS thread"
        return f"{name} {verb}, ready after tick {self.ticks + left}"

    @property
    def state_text(self) -> str:
        """Say where everybody is, in one sentence."""
        where = "; ".join(map(self.where, range(len(self.level.lines))))
        ended = "all is done" if self.over else where
        return f"After tick {self.ticks}, {self.puts} put on: {ended}." if self.ticks else (
            f"Before tick 1: {where}."
        )  # fmt: skip


def play(level: Level, text: str) -> Play:
    """Return the play that a text describes, ``"P Q Q ."`` say; each tick is checked.

    Raises:
        TypeError, ValueError: no such play; names the tick.
    """
    made = Play(level)
    for word in arguments.text("play", text, r"[P-U. ]*", "ticks such as 'P Q Q .'").split():
        try:
            made = made.idle() if word == _cards.IDLE else made.put(*word)
        except ValueError as error:
            raise ValueError(f"play: in tick {made.ticks + 1}, {error}") from None
    return made
