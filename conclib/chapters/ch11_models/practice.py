"""The endless exercise of chapter 11: fingerprints. Which program was it?

A seed draws a kind of program, how many tasks, readers and CPUs there are, and what was seen of it.
What a kind of program leaves is computed here, by the three experiments of the chapter; the run
lets the tasks really wait.
"""

import random
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from conclib.chapters.ch11_models import words
from conclib.lesson.registry import Variant

OTHERS = 3  # wrong answers
ONE, SEVERAL = "one", "several"
FEW = 3  # threads that a runtime has for itself beside one for each CPU, about
THREADS, PAUSE, CPUS = "threads", "pause", "cpus"


class Case(NamedTuple):
    """What was tried: how many tasks wait, how many read at the same time, on how many CPUs."""

    tasks: int
    readers: int
    cpus: int


class Kind(NamedTuple):
    """A kind of program, and what it leaves.

    Attributes:
        waiting, reading: the threads while all wait, and while some of them read.
        fate: what becomes of the others meanwhile.
        own, library: CPUs that four tasks keep busy, in a loop and by the library's hash function.
        runtime: what really runs it; empty for none.
    """

    name: str
    why: str
    waiting: Callable[[Case], int]
    reading: Callable[[Case], int]
    fate: Callable[[Case], str]
    own: str
    library: str
    runtime: str = ""


def _each(case: Case) -> int:
    return case.tasks + 1


def _each_reader(case: Case) -> int:
    return case.tasks + case.readers + 1


def _alone(case: Case) -> int:
    return 1


def _few(case: Case) -> int:
    return case.cpus + FEW


def _more(case: Case) -> int:
    return case.cpus + FEW + case.readers


def _pool(case: Case) -> int:
    return 1 + min(case.readers, 32, case.cpus + 4)


def _as_cpus(case: Case) -> int:
    return case.cpus + 1


def _beat(case: Case) -> str:
    return words.BEAT


def _still(case: Case) -> str:
    return words.STILL


def _cliff(case: Case) -> str:
    return words.STILL if case.readers >= case.cpus else words.BEAT


KINDS = (
    Kind("Python with threading",
         "a thread of Linux for each task, and one lock for all that run Python.",
         _each, _each_reader, _beat, ONE, SEVERAL, "threads"),
    Kind("C with threads", "a thread of Linux for each task, and no lock that all share.",
         _each, _each_reader, _beat, SEVERAL, SEVERAL, "pthreads"),
    Kind("asyncio", "one thread of Linux, and whoever sleeps in a call stops all.",
         _alone, _alone, _still, ONE, ONE, "asyncio"),
    Kind("asyncio, its calls made by helper threads",
         "one thread for all tasks, and a few helpers that sleep in the calls.",
         _alone, _pool, _beat, ONE, SEVERAL),
    Kind("Go", "a handful of threads, and one more for each that sleeps in a call.",
         _few, _more, _beat, SEVERAL, SEVERAL, "go"),
    Kind("Go with GOMAXPROCS=1",
         "one thread at a time runs Go's code, and one more for each that sleeps in a call.",
         _few, _more, _beat, ONE, ONE),
    Kind("M:N with one fixed thread a CPU",
         "as many threads as CPUs, and no other comes when all of them sleep in calls.",
         _as_cpus, _as_cpus, _cliff, SEVERAL, SEVERAL),
)  # fmt: skip


def fingerprints(seed: int) -> Variant:
    """Return the fingerprint of a seed, 1 to 1,000,000,000."""
    draw = random.Random(seed).random
    kind = KINDS[int(draw() * len(KINDS))]
    case = drawn(draw, seed)
    near = sorted((each for each in KINDS if each is not kind), key=lambda _: draw())[:OTHERS]
    chosen = sorted([kind, *near], key=lambda _: draw())
    return Variant(
        options=tuple(each.name for each in chosen),
        right=kind.name,
        beliefs={each.name: differing(kind, each, case) for each in near},
        reason="found",
        values={"name": kind.name, "why": kind.why},
        code=evidence(kind, case),
        run=partial(ran, kind, case.tasks) if kind.runtime else None,
    )


def drawn(draw: Callable[[], float], seed: int) -> Case:
    """Draw how many tasks, readers and CPUs; the tasks are never those of the seed before."""
    cpus = (2, 4, 8, 16)[int(draw() * 4)]
    readers = cpus + int(draw() * 150)  # as many as CPUs, at least
    return Case(1000 + seed * 7 % 1000 * 9, readers, cpus)


def seen(kind: Kind, case: Case) -> dict[str, Any]:
    """Return what a kind of program leaves in a case, by what it is compared by."""
    return {
        THREADS: (kind.waiting(case), kind.reading(case)),
        PAUSE: kind.fate(case),
        CPUS: (kind.own, kind.library),
    }


def differing(kind: Kind, other: Kind, case: Case) -> str:
    """Return what speaks against another kind: the pause, the CPUs, or else the threads."""
    own, its = seen(kind, case), seen(other, case)
    return next(each for each in (PAUSE, CPUS, THREADS) if own[each] != its[each])


def evidence(kind: Kind, case: Case) -> str:
    """Return what was seen, a line each."""
    found = seen(kind, case)
    waiting, reading = found[THREADS]
    own, library = found[CPUS]
    return "\n".join(
        (
            f"CPUs of the machine: {case.cpus}",
            f"{case.tasks:,} tasks wait; Linux lists {words.threads(waiting)}",
            f"{case.readers} more read; then Linux lists {words.threads(reading)}",
            f"the others meanwhile: {found[PAUSE]}",
            f"CPUs busy, 4 tasks in a loop: {own}; in the library's hash function: {library}",
        )
    )


def ran(kind: Kind, tasks: int, stop: Any = None) -> str:
    """Let the tasks really wait; say how many threads Linux listed."""
    from conclib import lab

    item = lab.observe("waiting_tasks", runtime=kind.runtime, tasks=tasks, stop=stop)
    return run_sentence(kind, item.facts, item.origin)


def run_sentence(kind: Kind, facts: Any, origin: str) -> str:
    """Say what a run came to, and that its machine may have other numbers."""
    return (
        f"Really run ({origin}): {kind.name}, {facts['tasks']:,} tasks that wait; Linux lists "
        f"{words.threads(facts['threads'])}. How many a runtime has for itself differs."
    )


PRACTICE = {
    "fingerprints": fingerprints,
}
