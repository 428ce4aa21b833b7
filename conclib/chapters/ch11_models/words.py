"""What came out, in words: names and sentences that rules, judges and verbs of chapter 11 share.

What is asked of an observation is asked here, so that one place knows what the probes report.
"""

from collections.abc import Mapping
from typing import Any

from conclib.results import Observation
from conclib.results.quantity import TIME
from conclib.results.wording import listed

Facts = Mapping[str, Any]
THREADS, ASYNCIO, GO = THREE = "threads", "asyncio", "go"
NAMES = {
    "threads": "Python, threads", "asyncio": "Python, asyncio", "go": "Go",
    "pthreads": "C, threads", "greenlet": "Python, greenlets",
    "java": "Java, virtual threads", "erlang": "Erlang",
}  # fmt: skip
MODELS = {
    "threads": "1:1", "pthreads": "1:1", "asyncio": "N:1", "greenlet": "N:1", "go": "M:N",
    "java": "M:N", "erlang": "M:N",
}  # fmt: skip
EACH, ONE, FEW, OTHER = "a thread each", "1", "a handful", "neither"
AT_ONCE = 1.1  # CPUs kept busy: with more than that, more than one really ran at the same time
READY = 1.8  # threads running or ready to: with more than that they could fill several CPUs
SEVERAL = 2  # CPUs: with fewer nothing can be told
HANDFUL = 99  # threads: the most that is called a handful; a runtime has some for each CPU, too
BEAT, STILL, UNEVEN = "beat on", "stand still", "neither"


def name(item: Observation) -> str:
    """Return what a program is called; what was recorded says so."""
    label = NAMES[item.params["runtime"]]
    return label if item.source == "live" else f"{label} (recorded)"


# How many threads ---------------------------------------------------------------------------------
def group(facts: Facts) -> str:
    """Return how many threads Linux saw behind tasks that wait, as one of four words."""
    threads, came = facts["threads"], facts["threads"] - facts["threads_before"]
    if came >= facts["tasks"]:
        return EACH
    return ONE if threads == 1 else FEW if threads <= max(HANDFUL, 2 * facts["cpus"]) else OTHER


def counted(item: Observation) -> str:
    """Say what Linux counted behind one program: ``'Go: 5 threads'``."""
    return f"{name(item)}: {threads(item.facts['threads'])}"


def roll(items: list[Observation]) -> str:
    """Say what Linux counted behind each program."""
    return f"{'; '.join(counted(item) for item in items)}."


# One blocks ---------------------------------------------------------------------------------------
def fate(facts: Facts) -> str:
    """Return what became of the hearts while somebody was inside a call: one of three words."""
    if not facts["still"]:
        return BEAT
    return STILL if len(facts["still"]) == len(facts["hearts"]) else UNEVEN


def pause(facts: Facts) -> str:
    """Say how long the longest silence of a heart was."""
    return TIME.write(facts["pause_ns"])


def fates(items: list[Observation]) -> str:
    """Say what became of the hearts in each program."""
    said = [f"{name(item)}: hearts {fate(item.facts)}, longest silence {pause(item.facts)}"
            for item in items]  # fmt: skip
    calls = [item.facts["call_ns"] for item in items if item.facts["call_ns"] is not None]
    waited = f" The call took {TIME.write(max(calls))}." if calls else ""
    return f"{'; '.join(said)}.{waited}"


def born(facts: Facts) -> int:
    """Return how many threads came while somebody was inside the call."""
    return facts["threads_most"] - facts["threads_before"]


# Computing ----------------------------------------------------------------------------------------
def cpus(facts: Facts) -> str:
    """Return how many CPUs tasks can fill: ``"one"``, ``"several"``, or ``"not known"``.

    On a busy machine others take CPUs away: so what counts is how many threads were running or
    ready to run; ``several`` must really have run at the same time, too.
    """
    ready = facts["runnable"]
    if facts["cpus"] < SEVERAL or ready is None:
        return "not known"
    at_once = facts["cores"] > AT_ONCE
    if (ready > READY) != at_once:
        return "not known"
    return "several" if at_once else "one"


def busy(items: list[Observation]) -> str:
    """Say how many CPUs each program kept busy."""
    said = [f"{name(item)}: {number(item.facts['cores'])}" for item in items]
    return f"CPUs kept busy, of {items[0].facts['cpus']}: {'; '.join(said)}."


def number(value: float | None) -> str:
    """Write a number of CPUs with two digits behind the point, or that it is not known."""
    return "not known" if value is None else f"{value:.2f}"


def together(names: list[str]) -> str:
    """Write names as a list, or that there is none."""
    return listed(names) if names else "none"


def threads(count: int) -> str:
    """Write a number of threads: ``'1 thread'``, ``'1,234 threads'``."""
    return f"{count:,} {'thread' if count == 1 else 'threads'}"
