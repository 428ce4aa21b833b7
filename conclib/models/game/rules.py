"""Rules that play by themselves, without ever looking for the best play.

    first come           who is on stays on; then who became ready first
    take turns             a tick each: who was on goes to the end of the queue
    longest wait ahead   whoever has the longest waits before it; equals stay on

The last one reads the cards, the future. No system can do that; Linux knows the past alone.
"""

from collections.abc import Callable

from conclib.models.game.levels import Level, On, State
from conclib.models.game.playing import MAX_TICKS, Play
from conclib.results import arguments

Choose = Callable[[State, On], On]  # who was on before -> who is on next
FIRST, TURNS, WAITS = RULES = ("first come", "take turns", "longest wait ahead")


def by_rule(level: Level, rule: str) -> Play:
    """Return the play of a rule, to its end.

    Raises:
        TypeError, ValueError: there is no such rule.
    """
    choose = _MAKERS[arguments.choice("rule", rule, RULES)](level)
    state, on, moves = level.start, (), []
    while state != level.end and len(moves) < MAX_TICKS:
        on = choose(state, on)
        moves.append(on)
        state = level.after(state, on)
    return Play(level, tuple(moves))


def _first(level: Level) -> Choose:
    queue: list[int] = []

    def choose(state: State, on: On) -> On:
        ready = level.ready(state)
        staying = [n for n in on if n in ready]
        queue.extend(n for n in ready if n not in queue and n not in staying)
        while queue and len(staying) < level.free(state):
            staying.append(queue.pop(0))
        kept, _ = staying[: level.free(state)], staying[level.free(state) :]
        return tuple(sorted(kept))

    return choose


def _turns(level: Level) -> Choose:
    queue: list[int] = []

    def choose(state: State, on: On) -> On:
        ready = level.ready(state)
        fresh = [n for n in ready if n not in queue and n not in on]
        queue.extend([*fresh, *(n for n in on if n in ready)])
        chosen = [queue.pop(0) for _ in range(min(level.free(state), len(queue)))]
        return tuple(sorted(chosen))

    return choose


def _waits(level: Level) -> Choose:
    def choose(state: State, on: On) -> On:
        def urgency(place: int) -> tuple[int, bool, int]:
            return -waits_ahead(level, place, state[place]), place not in on, place

        best = sorted(level.ready(state), key=urgency)
        return tuple(sorted(best[: level.free(state)]))

    return choose


def waits_ahead(level: Level, place: int, at: int) -> int:
    """Return for how many ticks a task still has to wait or nap."""
    return sum(does in "WB" for does in level.lines[place][at:])


_MAKERS = dict(zip(RULES, (_first, _turns, _waits), strict=True))
