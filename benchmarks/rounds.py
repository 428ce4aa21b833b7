"""Rounds: several things measured interleaved, so that a disturbance hits all of them alike.

A ratio is taken within a round, between neighbours in time, and never between two medians that
were measured minutes apart. Each round begins with another thing, so that none is always the one
that finds the machine as the one before left it. The first round warms up and is thrown away.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from benchmarks.floors import Timed
from conclib.results import statistics

ROUNDS = 15  # 9 are asked for; more make the median quieter on a machine that is not idle

Answer = TypeVar("Answer")


def interleaved(
    things: Mapping[str, Callable[[], Answer]], rounds: int = ROUNDS, warmups: int = 1
) -> dict[str, list[Answer]]:
    """Call each thing once a round and return its answers by name, in the order of the rounds.

    Args:
        things: functions without arguments, by name.
        rounds: how many answers of each are kept (1 or more).
        warmups: rounds that come first and are thrown away.
    """
    names = list(things)
    found: dict[str, list[Answer]] = {name: [] for name in names}
    for number in range(warmups + rounds):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            answer = things[name]()
            if number >= warmups:
                found[name].append(answer)
    return found


def ratios(ours: Sequence[float], floor: Sequence[float]) -> list[float]:
    """Return ours / floor, round by round.

    Raises:
        ValueError: unequal lengths, or a floor that is not above zero.
    """
    if any(value <= 0 for value in floor):
        raise ValueError("floor: every value must be above zero to divide by it")
    return [one / other for one, other in zip(ours, floor, strict=True)]


def differences(ours: Sequence[float], other: Sequence[float]) -> list[float]:
    """Return ours - other, round by round."""
    return [one - two for one, two in zip(ours, other, strict=True)]


def slopes(small: Sequence[Timed], big: Sequence[Timed]) -> list[float]:
    """Return, round by round, the nanoseconds that each further resident MB costs.

    Raises:
        ValueError: the big one is not bigger.
    """
    pairs = list(zip(small, big, strict=True))
    if any(more.resident_mb <= less.resident_mb for less, more in pairs):
        raise ValueError("big: must have more resident memory than small")
    return [(more.net - less.net) / (more.resident_mb - less.resident_mb) for less, more in pairs]


def spread(values: Sequence[float], form: str = "{:.2f}") -> str:
    """Return the smallest and the largest value, and of how many: ``'0.97 to 1.04, 15 rounds'``."""
    low, high = form.format(min(values)), form.format(max(values))
    return f"{low} to {high}, {len(values)} rounds"


def middle(values: Sequence[float]) -> float:
    """Return the median of the rounds."""
    return statistics.median(values)
