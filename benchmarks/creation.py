"""Thread, fork and spawn: a probe against its floor in C."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from benchmarks import floors
from benchmarks.floors import Timed
from benchmarks.rounds import ROUNDS, interleaved, middle, ratios, slopes
from benchmarks.table import Row, near_floor
from conclib.lab import measure
from conclib.results.quantity import TIME

BUDGET = 0.4  # seconds of sampling at most, for each of a pair
SMALL, BIG = 64, 256  # MB of ballast between which fork's slope is taken


def probed(probe: str, cpu: int, budget: float, **params: object) -> Timed:
    """Measure a probe in one fresh worker, as a floor is measured."""
    result = measure(probe, runs=1, cpu=cpu, budget=budget, **params)
    return Timed(result.median - result.baseline, result.conditions.get("rss_mb", 0.0))


def _pair(
    program: Path, cpu: int, budget: float, name: str, timed: str, **params: int
) -> dict[str, Callable[[], Timed]]:
    return {
        "probe": partial(probed, name, cpu, budget, timed=timed, **params),
        "floor": partial(floors.measure, program, name, cpu=cpu, budget=budget, **params),
    }


def _nets(answers: list[Timed]) -> list[float]:
    return [answer.net for answer in answers]


def _compared(name: str, ours: list[float], floor: list[float], per: str = "") -> Row:
    both = f"{TIME.write(middle(ours))}{per} beside {TIME.write(middle(floor))}{per}"
    return near_floor(name, ratios(ours, floor), both)


def pthread(program: Path, cpu: int, rounds: int = ROUNDS, budget: float = BUDGET) -> Row:
    """Compare creating, running and joining a native thread."""
    found = interleaved(_pair(program, cpu, budget, "pthread", "join"), rounds)
    return _compared("`pthread`, create + join", _nets(found["probe"]), _nets(found["floor"]))


def posix_spawn(
    program: Path, cpu: int, rounds: int = ROUNDS, budget: float = BUDGET, ballast_mb: int = SMALL
) -> Row:
    """Compare starting ``true``, its run, its end and collecting it."""
    pair = _pair(program, cpu, budget, "posix_spawn", "wait", ballast_mb=ballast_mb)
    found = interleaved(pair, rounds)
    return _compared("`posix_spawn`, whole", _nets(found["probe"]), _nets(found["floor"]))


def fork_slope(
    program: Path,
    cpu: int,
    rounds: int = ROUNDS,
    budget: float = BUDGET,
    sizes: tuple[int, int] = (SMALL, BIG),
) -> Row:
    """Compare what each further resident megabyte adds to the call of fork."""
    things = {
        f"{side} {place}": thing
        for place, size in zip(("small", "big"), sizes, strict=True)
        for side, thing in _pair(program, cpu, budget, "fork", "call", ballast_mb=size).items()
    }
    found = interleaved(things, rounds)
    ours = slopes(found["probe small"], found["probe big"])
    floor = slopes(found["floor small"], found["floor big"])
    return _compared("`fork`, slope per resident MB", ours, floor, "/MB")
