"""A segfault in one of four: how soon it is noticed, and how long the whole answer takes.

Noticed means: the observer, a process beside them, has seen the end of the one that met the fault.
The moment of the fault itself was noted by that one just before it. The answer is all of
``crash``: a fresh measuring process, four that beat, the fault, and what became of everybody.
"""

import time

from benchmarks.rounds import ROUNDS
from benchmarks.table import Row, below
from conclib import lab
from conclib.results import Unavailable

NOTICE, ANSWER = 50, 3  # milliseconds and seconds at most
CONTAINERS = ("thread", "process")


def segfault(rounds: int = ROUNDS) -> list[Row]:
    """Return the rows of one null pointer among four threads, and among four processes."""
    return [row for container in CONTAINERS for row in _rows(container, rounds)]


def _rows(container: str, rounds: int) -> list[Row]:
    seen = [_one(container) for _ in range(rounds + 1)][1:]  # the first one warms up
    noticed, took = ([each[place] for each in seen] for place in (0, 1))
    what = f"a segfault in one {container} of four"
    return [
        below(f"{what}, until noticed", noticed, NOTICE, "ms", "the slowest", of=max),
        below(f"{what}, whole answer", took, ANSWER, "s", "the slowest", of=max),
    ]


def _one(container: str) -> tuple[float, float]:
    """Return milliseconds from fault to notice, and seconds for all."""
    start = time.perf_counter()
    item = lab.observe("crash", fault="null pointer", container=container)
    took = time.perf_counter() - start
    if item.source != "live" or item.facts["notice_ns"] is None:
        raise Unavailable("no segfault could be observed here")
    return item.facts["notice_ns"] / 1e6, took
