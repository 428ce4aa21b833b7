"""Levels without end: a seed gives one, the same in every Python; and 200 of them by each rule.

A level has one task that computes for long, and two or three that compute shortly and wait, or only
compute. In one of four, there are two OS threads, and some of the waits are naps.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from conclib.models.game import rules, searching
from conclib.models.game.levels import LEVELS, Level
from conclib.models.game.searching import Goal, TooLarge, goal
from conclib.probes import _cards
from conclib.results import arguments

MAX_SEED = 1_000_000_000
MAX_LEVELS = 2_000
OVER_PAR = 3  # puts above par with which a play is no good, though it is in time
NAPS = 0.25  # the share of levels with naps, and a second OS thread
Draw = Callable[[], float]


def drawn(seed: int, cpus: int = 1) -> Level:
    """Return the level of a seed, 1 to 1,000,000,000; any, easy ones among them.

    Args:
        seed: the same number gives the same level.
        cpus: 1 or 2. With two there are two OS threads or more.
    """
    arguments.integer("seed", seed, 1, MAX_SEED)
    draw = random.Random(seed).random  # what is built on it may differ from Python to Python
    naps = draw() < NAPS
    others = 3 if draw() < 0.5 else 2
    tasks = [f"C{_whole(draw, 2, 6)}", *(_other(draw, naps) for _ in range(others))]
    mixed = sorted(tasks, key=lambda _: draw())
    return Level("; ".join(mixed), max(1 + naps, cpus), cpus, f"seed {seed}")


def _other(draw: Draw, naps: bool) -> str:
    """Return a task that computes and waits, once or twice, or only computes."""
    if draw() < 0.3:
        return f"C{_whole(draw, 1, 4)}"
    cards = [f"C{_whole(draw, 1, 3)}"]
    for _ in range(2 if draw() < 0.3 else 1):
        kind = _cards.NAP if naps and draw() < 0.5 else _cards.WAIT
        cards += [f"{kind}{_whole(draw, 2, 7)}", f"C{_whole(draw, 1, 3)}"]
    return " ".join(cards)


def _whole(draw: Draw, low: int, high: int) -> int:
    return low + int(draw() * (high - low + 1))


def offered(seed: int, cpus: int = 1) -> Level:
    """Return the first level from a seed on that is worth playing.

    That is one in which "first come" is late, and "take turns" is late, too, or needs 3 puts more
    than par.
    """
    while True:
        level = drawn(seed, cpus)
        if worth_playing(level):
            return level
        seed = seed % MAX_SEED + 1


def worth_playing(level: Level) -> bool:
    """Whether the two rules that do not read the future are no good in a level."""
    first, turns = (rules.by_rule(level, rule) for rule in (rules.FIRST, rules.TURNS))
    if first.ticks == searching.floor(level, level.start):
        return False
    try:
        best = goal(level)
    except TooLarge:
        return False
    late = turns.ticks > best.ticks
    return first.ticks > best.ticks and (late or turns.puts >= best.puts + OVER_PAR)


@dataclass(frozen=True)
class Tally:
    """How often a rule did well.

    Attributes:
        met: levels in which all was done by tick T.
        at_par: those of them with the fewest puts.
        of: all levels.
    """

    met: int = 0
    at_par: int = 0
    of: int = 0


def by_rules(levels: int = 200, seed: int = 1, cpus: int = 1) -> Mapping[str, Tally]:
    """Return how each rule did in so many levels, one for each seed from ``seed`` on.

    Args:
        levels: how many, 1 to 2,000; those with too many states are passed over.
        seed: of the first one.
        cpus: 1 or 2.
    """
    arguments.integer("levels", levels, 1, MAX_LEVELS)
    tallies = dict.fromkeys(rules.RULES, Tally())
    done = 0
    while done < levels:
        level = drawn(seed, cpus)
        seed = seed % MAX_SEED + 1
        try:
            best = goal(level)
        except TooLarge:
            continue
        done += 1
        for rule, tally in tallies.items():
            tallies[rule] = _counted(tally, level, rule, best)
    return tallies


def _counted(tally: Tally, level: Level, rule: str, best: Goal) -> Tally:
    play = rules.by_rule(level, rule)
    met = play.ticks == best.ticks
    at_par = met and play.puts == best.puts
    return replace(tally, met=tally.met + met, at_par=tally.at_par + at_par, of=tally.of + 1)


def next_seed(seed: int, cpus: int = 1) -> int:
    """Return the seed of the next level that is worth playing; the first three have names."""
    following = seed % MAX_SEED + 1
    return following if following in LEVELS else int(offered(following, cpus).name.split()[-1])
