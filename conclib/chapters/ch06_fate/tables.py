"""The tables that verbs of chapter 06 show: what became of whom, row by row."""

from collections.abc import Mapping

from conclib.chapters.ch06_fate import words
from conclib.lesson.showing.looked import Rows, in_words
from conclib.results import Observation

Seen = Mapping[str, Observation]
RECORDED = " (recorded)"


def name(label: str, item: Observation) -> str:
    """Return a row's name; what was recorded says so."""
    return label if item.source == "live" else label + RECORDED


def walls(seen: Seen) -> Rows:
    """Return how many lines went flat, and what memory it took, by the number of processes."""
    rows = tuple(
        (name(count, item), str(len(item.facts["flat"])), words.megabytes(item.facts["private_mb"]))
        for count, item in seen.items()
    )
    return (("processes", "flat lines", "memory of their own, all together"), *rows)


def twelve(seen: Seen) -> Rows:
    """Return what became of twelve tasks, by who had them done."""
    rows = tuple(
        (
            name(label, item),
            *(str(item.facts[each]) for each in ("answered", "refused", "missing")),
            str(item.facts["starts"]["5"]),
        )
        for label, item in seen.items()
    )
    return (("who", "answered", "refused", "no answer", "task 5 begun"), *rows)


def locks(seen: Seen) -> Rows:
    """Return what became of those who took turns by a lock whose holder was killed."""
    rows = tuple(
        (
            name(label, item),
            item.facts["others"],
            str(sum(each == "right" for each in item.facts["answers"].values())),
            in_words(item.facts["fates"][item.facts["faulty"]]),
        )
        for label, item in seen.items()
    )
    return (("they take turns by", "the three others", "right answers", "the one killed"), *rows)
