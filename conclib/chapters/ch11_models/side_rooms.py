"""The verbs of chapter 11's side rooms: prices, bounds, other runtimes, and who never gives way."""

from typing import Any

from conclib.chapters.ch11_models import computing, houses, tables, words
from conclib.chapters.ch11_models.verbs import MANY, MOST, TASKS
from conclib.lesson.showing import reading
from conclib.lesson.showing.looked import Looked, as_sentence, looked, observe
from conclib.results import Observation, Unavailable, arguments

FREE = "3.13t"  # a Python whose threads need no common lock


def prices(tasks: int = TASKS) -> Looked:
    """Let five programs have so many waiting tasks; show what each of them costs.

    Args:
        tasks: how many, 10 to 10,000.
    """
    arguments.integer("tasks", tasks, 10, TASKS, "tasks")
    runtimes = ("pthreads", "threads", "greenlet", "asyncio", "go")
    seen, missing = _those_there("waiting_tasks", runtimes, tasks=tasks)
    return looked(seen, missing, rows=tables.prices(seen))


def running_at_once() -> Looked:
    """Let Go compute with GOMAXPROCS at 1, and as it comes; count threads and busy CPUs."""
    seen = {
        "1": observe("computing_tasks", runtime=words.GO, procs=1),
        "as it comes": observe("computing_tasks", runtime=words.GO),
    }
    return looked(seen, "", rows=tables.processors(seen))


def scheduler_to_read() -> Any:
    """Show the scheduler of ``as_many_readers``: a file to be read."""
    return reading.of_probes("_own_scheduler.py")


def without_lock() -> Looked:
    """Let four threads compute in this Python, and in one that is built without the lock."""
    from conclib import lab

    seen, missing = {"this Python": observe("computing_tasks", runtime=words.THREADS)}, ""
    try:
        free = lab.observe_on(FREE, "computing_tasks", runtime=words.THREADS)
    except Unavailable as reason:
        missing = as_sentence(f"not shown: {reason}")
    else:
        seen[f"Python {FREE}"] = free
    title = "Four threads of Python compute: with the lock, and without it?"
    return looked(seen, missing, computing.picture(seen, title=title))


def one_house(runtime: str, readers: int = 1) -> Looked:
    """Let tasks of one runtime read beside eight hearts; show its house.

    Args:
        runtime: ``"threads"``, ``"asyncio"``, ``"greenlet"``, ``"go"``, ``"java"`` or ``"erlang"``.
        readers: how many read at the same time, 1 to 200.
    """
    arguments.choice("runtime", runtime, [each for each in words.NAMES if each != "pthreads"])
    arguments.integer("readers", readers, 1, MOST, "readers")
    item = observe("blocking_call", runtime=runtime, readers=readers)
    who = "one task reads" if readers == 1 else f"{readers} tasks read"
    title = f"{words.NAMES[runtime]}: {who}. What do the hearts do?"
    said = f"This is {item.facts['version']}."
    return looked({runtime: item}, said, houses.houses({runtime: item}, title=title))


def three_answers(readers: int = MANY) -> Looked:
    """Let as many tasks of Go, Java and Erlang read; show how each of them copes.

    Args:
        readers: how many read at the same time, 1 to 200.
    """
    arguments.integer("readers", readers, 1, MOST, "readers")
    runtimes = (words.GO, "java", "erlang")
    seen, missing = _those_there("blocking_call", runtimes, readers=readers)
    return looked(seen, missing, rows=tables.answers(seen))


def _those_there(
    probe: str, runtimes: tuple[str, ...], **params: Any
) -> tuple[dict[str, Observation], str]:
    """Return what was seen of runtimes, and which of them is neither here nor recorded.

    Raises:
        Unavailable: none of them is; with the reason of the first.
    """
    seen, reasons = {}, {}
    for each in runtimes:
        try:
            seen[each] = observe(probe, runtime=each, **params)
        except Unavailable as reason:
            reasons[each] = reason
    if not seen:
        raise next(iter(reasons.values()))
    return seen, " ".join(
        f"Not shown, {words.NAMES[each]}: {why}." for each, why in reasons.items()
    )


def never_waits() -> Looked:
    """Let a task compute without ever giving way, in asyncio and in Go, beside eight hearts."""
    seen = {each: observe("blocking_call", runtime=each, call="compute")
            for each in (words.ASYNCIO, words.GO)}  # fmt: skip
    title = "A ninth task computes, and never gives way: what do the hearts do?"
    return looked(seen, "", houses.houses(seen, title=title))


def helpers() -> Looked:
    """Fill asyncio's pool of helpers with long calls, and look up a name beside them."""
    item = observe("helper_pool")
    return looked({"helpers": item}, "", rows=tables.helpers(item))
