"""What the experiments of chapter 11's quiz show: as a rule, and where they do not tell."""

from typing import Any

from conclib.results import Observation
from tests.made_up import HOST, RUNTIME

MS = 1_000_000


def told(probe: str, **facts: Any) -> Observation:
    """Return a made-up observation."""
    return Observation(probe, "t", {}, HOST, RUNTIME, facts)


def pauses(blocking: int, own: int) -> dict[str, Observation]:
    """Return the longest silence (ms) beside ``time.sleep``, and beside asyncio's own sleep."""
    return {"time.sleep": told("blocking_call", pause_ns=blocking * MS),
            "asyncio.sleep": told("blocking_call", pause_ns=own * MS)}  # fmt: skip


def cores(one: str, first: float, other: str, second: float) -> dict[str, Observation]:
    """Return how many CPUs two runs kept busy."""
    return {one: told("computing_tasks", cores=first), other: told("computing_tasks", cores=second)}


def threads(label: str, before: int, most: int) -> dict[str, Observation]:
    """Return how many threads Linux listed before and meanwhile."""
    return {label: told("blocking_call", threads_before=before, threads_most=most)}


def reader(many: int, one: int) -> dict[str, Observation]:
    """Return how many threads Linux listed with a hundred readers, and with one."""
    return {**threads("a hundred", 5, many), **threads("one", 5, one)}


# For each wrong answer of each question: a typical result, and one that does not speak against it.
SHOWN = {
    ("python-threads", "a"): (told("waiting_tasks", threads=11), told("waiting_tasks", threads=1)),
    ("python-threads", "c"): (cores("in Python", 1.01, "in C", 1.95),
                              cores("in Python", 1.9, "in C", 1.95)),
    ("sleep-in-asyncio", "b"): (pauses(600, 12), pauses(12, 12)),
    ("sleep-in-asyncio", "c"): (told("blocking_call", heart_threads=1),
                                told("blocking_call", heart_threads=8)),
    ("readers-in-go", "a"): (reader(105, 6), reader(6, 6)),
    ("readers-in-go", "b"): (threads("Go", 5, 105), threads("Go", 105, 105)),
    ("gomaxprocs", "a"): (threads("bounded", 4, 104), threads("bounded", 4, 4)),
    ("gomaxprocs", "c"): (told("blocking_call", came_back=100), told("blocking_call", came_back=1)),
    ("four-on-one-cpu", "b"): (told("computing_tasks", busy=4), told("computing_tasks", busy=1)),
    ("four-on-one-cpu", "c"): (cores("four", 1.95, "one", 0.99), cores("four", 1.0, "one", 0.99)),
}  # fmt: skip
