"""The judges of chapter 11: the three models, by what was observed on this machine."""

from typing import Any

from conclib.chapters.ch11_models import words
from conclib.results import Measurement, Observation
from conclib.results.quantity import BYTES, TIME
from conclib.textbook import Verdict, verdicts

Records = list[Measurement | Observation]
MANY = 100  # tasks: of fewer nobody can tell that they share a few threads
PRICED = 1000  # tasks: with fewer, what the program needs anyhow is too much of what each costs


def _latest(items: Records, probe: str, runtime: str, **params: Any) -> Observation | None:
    """Return the latest observation of a runtime that has these parameters, if there is one."""
    wanted = {"runtime": runtime, **params}
    seen = [each for each in items if isinstance(each, Observation) and each.probe == probe
            and wanted.items() <= each.params.items()]  # fmt: skip
    return seen[-1] if seen else None


def _said(holds: bool, text: str) -> Verdict:
    return Verdict(verdicts.SUPPORTED if holds else verdicts.NOT_SUPPORTED, text)


# 1:1 ----------------------------------------------------------------------------------------------
def _each(items: Records, runtime: str) -> Verdict | None:
    """Judge whether each task of a runtime brought a thread of Linux."""
    item = _latest(items, "waiting_tasks", runtime)
    if item is None:
        return None
    facts = item.facts
    came = facts["threads"] - facts["threads_before"]
    return _said(
        came == facts["tasks"], f"{facts['tasks']:,} tasks brought {words.threads(came)} of Linux"
    )


def python(items: Records) -> Verdict | None:
    """Judge whether each thread of Python is one of Linux."""
    return _each(items, "threads")


def native(items: Records) -> Verdict | None:
    """Judge whether each native thread is one of Linux."""
    return _each(items, "pthreads")


# N:1 ----------------------------------------------------------------------------------------------
def cheap(items: Records) -> Verdict | None:
    """Judge whether a task of asyncio costs less time and less memory than a thread of Python.

    Only runs with equally many tasks are compared.
    """
    task = _latest(items, "waiting_tasks", "asyncio")
    thread = task and _latest(items, "waiting_tasks", "threads", tasks=task.params["tasks"])
    if not task or not thread or task.params["tasks"] < PRICED:
        return None
    pairs = [(each.facts["each_ns"], each.facts["each_kb"]) for each in (task, thread)]
    text = "; ".join(
        f"{who}: {TIME.write(ns)} and {BYTES.write(kb * 1024)} each"
        for who, (ns, kb) in zip(("a task of asyncio", "a thread"), pairs, strict=True)
    )
    (task_ns, task_kb), (thread_ns, thread_kb) = pairs
    if (task_ns < thread_ns) != (task_kb < thread_kb):
        return Verdict(verdicts.INCONCLUSIVE, f"{text}: less of one, more of the other")
    return _said(task_ns < thread_ns, text)


def still(items: Records) -> Verdict | None:
    """Judge whether one task of asyncio that reads stops all others."""
    made = [each for each in items if each.params.get("readers")]
    return _fate(_latest(made, "blocking_call", "asyncio", call="read", others=0), words.STILL)


def _fate(item: Observation | None, wanted: str) -> Verdict | None:
    """Judge what became of the hearts while somebody was inside a blocking call."""
    if item is None or item.facts["call_ns"] is None:  # nobody made it
        return None
    fate = words.fate(item.facts)
    text = f"the hearts {fate}, longest silence {words.pause(item.facts)}"
    if fate == words.UNEVEN:
        return Verdict(verdicts.INCONCLUSIVE, "some hearts were silent, and not for the whole call")
    return _said(fate == wanted, text)


def never_parallel(items: Records) -> Verdict | None:
    """Judge whether computing tasks of asyncio keep one CPU busy, where there are several."""
    return _cpus(_latest(items, "computing_tasks", "asyncio", work="own language"), "one")


# M:N ----------------------------------------------------------------------------------------------
def few(items: Records) -> Verdict | None:
    """Judge whether many tasks of Go stand on a few threads of Linux."""
    item = _latest(items, "waiting_tasks", "go")
    if item is None or item.facts["tasks"] < MANY:
        return None
    text = f"{item.facts['tasks']:,} tasks stand on {words.threads(item.facts['threads'])} of Linux"
    return _said(words.group(item.facts) == words.FEW, text)


def goes_on(items: Records) -> Verdict | None:
    """Judge whether the tasks of Go go on while one of them reads."""
    return _fate(_latest(items, "blocking_call", "go", call="read", readers=1), words.BEAT)


def spread(items: Records) -> Verdict | None:
    """Judge whether computing tasks of Go keep several CPUs busy."""
    return _cpus(_latest(items, "computing_tasks", "go", procs=0, work="own language"), "several")


def _cpus(item: Observation | None, wanted: str) -> Verdict | None:
    if item is None:
        return None
    facts = item.facts
    many = "CPU" if facts["cpus"] == 1 else "CPUs"
    text = f"of {facts['cpus']} {many} {words.number(facts['cores'])} were kept busy"
    found = words.cpus(facts)
    if found not in ("one", "several"):
        return Verdict(verdicts.INCONCLUSIVE, text)
    return _said(found == wanted, text)


JUDGES = {
    "model.1to1": {"python": python, "native": native},
    "model.Nto1": {"cheap": cheap, "still": still, "parallel": never_parallel},
    "model.MtoN": {"few": few, "goes-on": goes_on, "spread": spread},
}
