"""The tables that verbs of chapter 11 show, row by row."""

from collections.abc import Mapping

from conclib.chapters.ch11_models import words
from conclib.lesson.showing.looked import Rows, in_words
from conclib.results import Observation
from conclib.results.quantity import BYTES, TIME

Seen = Mapping[str, Observation]
RECORDED = " (recorded)"


def label(text: str, item: Observation) -> str:
    """Return a row's name; what was recorded says so."""
    return text if item.source == "live" else text + RECORDED


def time(value: float | None) -> str:
    """Write a time in ns, or that it is not known."""
    return "not known" if value is None else TIME.write(value)


def readers(seen: Seen) -> Rows:
    """Return threads before and meanwhile, and what became of the hearts, by who waits how."""
    rows = tuple(
        (label(text, item), *(in_words(item.facts[each]) for each in
         ("threads_before", "threads_most")), words.fate(item.facts), words.pause(item.facts))
        for text, item in seen.items()
    )  # fmt: skip
    return (("who waits, and how", "threads before", "meanwhile", "the hearts", "longest silence"),
            *rows)  # fmt: skip


def prices(seen: Seen) -> Rows:
    """Return what a waiting task costs in each runtime, with its model."""
    rows = tuple(
        (words.name(item), words.MODELS[item.params["runtime"]], f"{item.facts['tasks']:,}",
         in_words(item.facts["threads"]), time(item.facts["each_ns"]),
         size(item.facts["each_kb"]))
        for item in seen.values()
    )  # fmt: skip
    return (("program", "model", "tasks", "threads", "time a task", "memory a task"), *rows)


def size(kb: float | None) -> str:
    """Write a size that is given in kB, or that it is not known."""
    return "not known" if kb is None else BYTES.write(kb * 1024)


def sleeps(seen: Seen) -> Rows:
    """Return how long all others stood still while one of them slept, by the line that does it."""
    rows = tuple(
        (label(text, item), time(item.facts["pause_ns"]), in_words(item.facts["threads_most"]))
        for text, item in seen.items()
    )
    return (("the line", "longest silence of the others", "threads of Linux"), *rows)


def processors(seen: Seen) -> Rows:
    """Return threads that are there, and CPUs that are busy, by GOMAXPROCS."""
    rows = tuple(
        (label(text, item), words.number(item.facts["cores"]), in_words(item.facts["busy"]))
        for text, item in seen.items()
    )
    return (("GOMAXPROCS", "CPUs kept busy", "threads at work"), *rows)


def helpers(item: Observation) -> Rows:
    """Return how long a name look-up takes, with asyncio's helpers free and with all at work."""
    facts = item.facts
    rows = (
        (label("all are free", item), "0", time(facts["lookup_idle_ns"]),
         in_words(facts["threads_lookup"])),
        (label("all are inside a long call", item), in_words(facts["helpers"]),
         time(facts["lookup_full_ns"]), in_words(facts["threads"])),
    )  # fmt: skip
    return (("the helpers", "at work", "one name look-up", "threads of Linux"), *rows)


def answers(seen: Seen) -> Rows:
    """Return how runtimes of M:N cope with many readers: threads, and what the hearts do."""
    rows = tuple(
        (words.name(item), item.facts["version"], *(in_words(item.facts[each]) for each in
         ("threads_before", "threads_most", "in_call")), words.fate(item.facts))
        for item in seen.values()
    )  # fmt: skip
    return (("program", "version", "threads before", "meanwhile", "of them inside the call",
             "the hearts"), *rows)  # fmt: skip
