"""Chapter 11: what settles its choices and its claims, what is said and drawn, the exercises."""

import re
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest

from conclib import lab
from conclib.chapters import ch11_models as models
from conclib.chapters.ch11_models import (
    computing,
    dots,
    fixed,
    houses,
    practice,
    rules,
    tables,
    tallies,
    verbs,
    words,
)
from conclib.lesson import texts
from conclib.lesson.judging import settle
from conclib.lesson.judging.verdicts import verdict
from conclib.lesson.showing.looked import Looked
from conclib.results import Actor, Ending, Event, Observation
from tests.chapters import answers
from tests.lesson_fonts import open_fonts
from tests.made_up import HOST, RUNTIME, around

MS = 1_000_000


@pytest.fixture(scope="module", autouse=True)
def fonts():
    """Let matplotlib open its fonts before a test counts open files: it never closes them."""
    open_fonts()


def told(probe: str, params: dict[str, Any] | None = None, **facts: Any) -> Observation:
    """Return a made-up observation with all of the probe's parameters."""
    complete = lab.catalogue()[probe].complete(params or {})
    return Observation(probe, "t", complete, HOST, RUNTIME, facts)


# Made-up programs ---------------------------------------------------------------------------------
def waiting(runtime: str, threads: int, tasks: int = 10_000, **facts: Any) -> Observation:
    """Return so many tasks that wait, and the threads that Linux lists."""
    given = {"threads_before": 1, "each_ns": 1000.0, "each_kb": 2.0, **facts}
    return told("waiting_tasks", {"runtime": runtime, "tasks": tasks}, tasks=tasks,
                threads=threads, **given)  # fmt: skip


def reading(runtime: str, *pauses: int, came: int = 0, **params: Any) -> Observation:
    """Return hearts with pauses in ms while somebody reads; ``came``: threads that came."""
    count = params.get("readers", 1)
    each = pauses * 8 if len(pauses) == 1 else pauses
    hearts = "ABCDEFGH"[: len(each)]
    return told(
        "blocking_call", {"runtime": runtime, **params}, hearts=list(hearts), readers=count,
        pauses_ns={name: n * MS for name, n in zip(hearts, each, strict=True)},
        pause_ns=max(each) * MS, call_ns=600 * MS, threads_before=5, threads_most=5 + came,
        came_back=count, heart_threads=1,
    )  # fmt: skip


def computed(runtime: str, cores: float, *, ready: float | None = None, busy: int = 4,
             cpus: int = 2, **params: Any) -> Observation:  # fmt: skip
    """Return four tasks that computed: CPUs kept busy, threads running or ready to."""
    return told("computing_tasks", {"runtime": runtime, **params}, cores=cores, tasks=4, cpus=cpus,
                runnable=cores if ready is None else ready, busy=busy)  # fmt: skip


def drawn(item: Observation, threads: int = 2) -> Observation:
    """Return the same with something to draw: beats, and threads of which the last is in a call."""
    still = words.fate(item.facts) == words.STILL
    times = [n * 10 * MS for n in range(121) if not (still and 30 < n < 90)]
    actors = [Actor(name, "task", 7) for name in item.facts["hearts"]]
    events = [Event(times[-1], a.name, "beats", {"times_ns": times}) for a in actors]
    endings = []
    for n in range(1, threads + 1):
        name = f"OS thread {n}"
        actors.append(Actor(name, "thread", 7, 7 + n, "program"))
        events.append(Event((n - 1) * 100 * MS, name, "born"))
    data = {"t0_ns": 300 * MS, "t1_ns": 900 * MS}
    events.append(Event(900 * MS, f"OS thread {threads}", "in call", data))
    endings.append(Ending("OS thread 1", "exited", 1100 * MS, "/proc"))
    return replace(item, actors=tuple(actors), events=tuple(events), endings=tuple(endings))


def seen(*items: Observation) -> Looked:
    return Looked({str(n): item for n, item in enumerate(items)}, "")
