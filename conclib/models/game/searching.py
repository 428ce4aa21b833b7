"""The goal of a level by search: at which tick all can be done, and in how few puts.

The least ticks, T, come first, tried upward from the longest task and from all computing; what has
been found out about a state is not asked again. Then the par, the fewest puts with which T can be
met, by A* over states and who is on: the cheapest first, where each C card that somebody must still
be put on for costs one put at least. A state that was reached earlier, and not with more puts, is
dropped, and so is one from which T cannot be met.
"""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, count

from conclib.models.game.levels import Level, On, State
from conclib.models.game.playing import MAX_TICKS, Play
from conclib.probes import _cards

MAX_STATES = 40_000  # looked at for one level: some seconds at most


class TooLarge(ValueError):
    """A level has more states than are looked at."""


@dataclass(frozen=True)
class Goal:
    """What can be reached in a level.

    Attributes:
        ticks: T, the least ticks in which all can be done.
        puts: the par, the fewest puts with which that can be done.
        text: a play that does it.
    """

    ticks: int
    puts: int
    text: str


@lru_cache(maxsize=256)  # a board asks for it with each tick
def goal(level: Level, most: int = MAX_STATES) -> Goal:
    """Return the goal of a level.

    Args:
        most: how many states may be looked at.

    Raises:
        TooLarge: there are more.
    """
    try:
        return _Search(level, most).goal()
    except RecursionError:  # a frame or two for each tick
        raise TooLarge(f"cards={level.cards!r}: more ticks than are looked at") from None


def floor(level: Level, state: State) -> int:
    """Return the ticks that nobody can do without: of the longest task, or of all computing."""
    left = [line[at:] for line, at in zip(level.lines, state, strict=True)]
    computing = sum(line.count(_cards.COMPUTE) for line in left)
    return max(*map(len, left), -(-computing // level.cpus))


def least_puts(level: Level, state: State, on: On) -> int:
    """Return the puts that nobody can do without: for each C card one, but for those on already."""
    left = [line[at:] for line, at in zip(level.lines, state, strict=True)]
    return sum(map(_bursts, left)) - sum(left[n][:1] == _cards.COMPUTE for n in on)


@lru_cache(maxsize=4096)
def _bursts(line: str) -> int:
    """Return how many C cards are left in a task, one begun and not finished among them."""
    return sum(map(bool, line.replace(_cards.NAP, _cards.WAIT).split(_cards.WAIT)))


class _Search:
    def __init__(self, level: Level, most: int) -> None:
        self.level, self.most = level, most
        self._enough: dict[State, int] = {}  # ticks in which a state's end can be reached
        self._short: dict[State, int] = {}  # and those in which it cannot
        self._seen = 0

    def goal(self) -> Goal:
        ticks = floor(self.level, self.level.start)
        while not self.in_time(self.level.start, ticks):
            ticks += 1
        return self._par(ticks)

    def _count(self) -> None:
        self._seen += 1
        if self._seen > self.most:
            raise TooLarge(f"cards={self.level.cards!r}: more than {self.most:,} states to look at")

    def choices(self, state: State) -> Iterator[On]:
        """Return who could be on in a state, as many as possible first; in the end nobody."""
        ready = sorted(self.level.ready(state), key=lambda n: state[n] - self.level.end[n])
        for size in range(min(len(ready), self.level.free(state)), -1, -1):
            yield from combinations(ready, size)

    def in_time(self, state: State, ticks: int) -> bool:
        """Whether all can be done within so many ticks from a state on."""
        if ticks >= self._enough.get(state, MAX_TICKS):
            return True
        if ticks <= self._short.get(state, -1) or ticks < floor(self.level, state):
            return False
        if state == self.level.end:
            return True
        self._count()
        after = (self.level.after(state, on) for on in self.choices(state))
        # Where nothing moves, time passes for nothing.
        can = any(each != state and self.in_time(each, ticks - 1) for each in after)
        (self._enough if can else self._short)[state] = ticks
        return can

    def _par(self, ticks: int) -> Goal:
        """Return the goal, the least ticks being known: A*, the cheapest play first."""
        begin = _Node((), self.level.start, 0)
        heap = [(least_puts(self.level, begin.state, ()), 0, 0, begin)]
        earliest: dict[tuple[State, On], int] = {}
        order = count(1)
        while True:  # T can be met, so a play that does it is found
            _, _, _, node = heapq.heappop(heap)
            if node.state == self.level.end:
                return Goal(ticks, node.puts, Play(self.level, node.moves).text)
            if earliest.get((node.state, node.on), MAX_TICKS) <= len(node.moves):
                continue
            earliest[node.state, node.on] = len(node.moves)
            for least, longer in self._longer(node, ticks):
                heapq.heappush(heap, (least, -len(longer.moves), next(order), longer))

    def _longer(self, node: "_Node", ticks: int) -> Iterator[tuple[int, "_Node"]]:
        """Return what may follow in a tick and still be in time, with the puts it needs."""
        self._count()
        left = ticks - len(node.moves) - 1
        for on in self.choices(node.state):
            state = self.level.after(node.state, on)
            if self.in_time(state, left):
                puts = node.puts + sum(n not in node.on for n in on)
                yield (
                    puts + least_puts(self.level, state, on),
                    _Node((*node.moves, on), state, puts),
                )


@dataclass(frozen=True, slots=True)
class _Node:
    """A play as the search keeps it: its state and puts are known, and not computed again."""

    moves: tuple[On, ...]
    state: State
    puts: int

    @property
    def on(self) -> On:
        return self.moves[-1] if self.moves else ()
