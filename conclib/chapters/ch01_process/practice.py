"""The endless exercise of chapter 01: what did the process do, by its map and its record?

The act of a seed and what it changes come from the module beside the probe that does it: so what is
shown, computed and done is one and the same. What a row says *before* is drawn by chance, too; the
probe reads what a real process has.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from conclib.lesson.registry import Variant
from conclib.probes import _acts
from conclib.results.quantity import BYTES

Rows = Mapping[str, Any]
Draw = Callable[[], float]

DID = {
    "small": "asked for many small pieces of memory",
    "large": "asked for one large piece of memory",
    "deep": "called functions within functions, hundreds deep",
    "library": "loaded a library",
    "thread": "started one thread, or several",
    "file": "opened one file, or several",
    "directory": "went to another directory",
    "signal": "set a function of its own for a signal",
    "cpu": "computed for a while",
    "niceness": "let others go first",
    "umask": "changed which rights new files get",
    "environment": "set an environment variable",
    "nothing": "did nothing at all",
}
NEAR = {  # what each of them is most easily taken for
    "small": ("large", "deep", "environment"),
    "large": ("thread", "small", "library"),
    "deep": ("small", "large", "thread"),
    "library": ("file", "large", "thread"),
    "thread": ("large", "cpu", "deep"),
    "file": ("library", "directory", "umask"),
    "directory": ("file", "umask", "environment"),
    "signal": ("niceness", "umask", "environment"),
    "cpu": ("thread", "niceness", "nothing"),
    "niceness": ("cpu", "signal", "umask"),
    "umask": ("file", "directory", "niceness"),
    "environment": ("small", "directory", "signal", "file"),
    "nothing": ("small", "file", "cpu", "signal"),
}
WRONG = 3
SIZES = ("heap", "memory of no file", "stack")
COLUMN = 22  # characters


def what_did_it_do(seed: int) -> Variant:
    """Return the act of a seed, 1 to 1,000,000,000, with map and record before and after it."""
    draw = random.Random(seed).random  # what is built on it may differ from Python to Python
    name, amount = _acts.picked(draw)
    before = drawn(draw)
    after = _acts.after(name, amount, before)
    beliefs = {DID[other]: other for other in wrong_ones(draw, name)}
    return Variant(
        options=tuple(sorted([DID[name], *beliefs], key=lambda _: draw())),
        right=DID[name],
        beliefs=beliefs,
        reason=name,
        values={"what": changes(before, after)},
        code=both(before, after),
        run=partial(ran, seed, _acts.changed(before, after)),
    )


def drawn(draw: Draw) -> dict[str, Any]:
    """Return what each row says before, drawn by chance as a small Python program might have it."""

    def between(low: int, high: int) -> int:
        return low + int(draw() * (high - low + 1))

    return {
        "program": 5,
        "heap": between(8, 15) * 100 * _acts.KB,
        "memory of no file": between(60, 95) * 100 * _acts.KB,
        "libraries": between(4, 14),
        "stack": 132 * _acts.KB,
        "CPU time": between(2, 9) * 10,
        "open files": between(3, 12),
        "directory": _acts.BEFORE,
        "signals caught": "none",
        "niceness": 0,
        "umask": f"{_acts.UMASK:04o}",
        "threads": 1,
    }


def wrong_ones(draw: Draw, name: str) -> list[str]:
    """Return three other acts: two that are easily taken for this one, and one of the rest."""
    near = shuffled(draw, NEAR[name])[: WRONG - 1]
    rest = shuffled(draw, [each for each in _acts.ACTS if each not in (name, *near)])
    if any(each in _acts.UNSEEN for each in (name, *near)):  # two of these could not be told apart
        rest = [each for each in rest if each not in _acts.UNSEEN]
    return [*near, rest[0]]


def shuffled(draw: Draw, items: Sequence[str]) -> list[str]:
    """Return items in an order drawn by chance."""
    return sorted(items, key=lambda _: draw())


# In words -----------------------------------------------------------------------------------------
def written(row: str, value: Any) -> str:
    """Return what a row says, as a person would write it."""
    if value is None:
        return "not shown"
    if row in SIZES:
        return BYTES.plain(value)
    return f"{value} ms" if row == "CPU time" else f"{value}"


def both(before: Rows, after: Rows) -> str:
    """Return map and record, before and after, as a table of plain text."""
    lines = []
    for title, rows in (("map", _acts.MAP), ("record", _acts.RECORD)):
        lines.append(f"{title:{COLUMN}}{'before':12}after")
        lines += [
            f"  {row:{COLUMN - 2}}{written(row, before[row]):12}{written(row, after[row])}"
            for row in rows
        ]
    return "\n".join(lines)


def changes(before: Rows, after: Rows) -> str:
    """Return which rows changed, and how, in words."""
    found = [
        f"{row} from {written(row, before[row])} to {written(row, after[row])}"
        for row in _acts.changed(dict(before), dict(after))
    ]
    return "; ".join(found) or "no row"


def ran(seed: int, computed: Sequence[str], stop: Any = None) -> str:
    """Have a process do the act of a seed; say what changed."""
    from conclib import lab

    seen = lab.observe("act", seed=seed, stop=stop)
    return run_sentence(seen.facts, computed, seen.origin)


def run_sentence(facts: Mapping[str, Any], computed: Sequence[str], origin: str) -> str:
    """Say what a real process's act changed, and whether it is what was computed."""
    head = f"Done for real ({origin}). Changed: {changes(facts['before'], facts['after'])}."
    beside = facts["beside"]
    head += (
        f" In a process beside it {', '.join(beside)} changed, too."
        if beside
        else " In a process beside it nothing did: map and record are each process's own."
    )
    if list(facts["changed"]) == list(computed):
        return f"{head} These are the rows that were computed; the sizes may differ."
    return f"{head} These are not the rows that were computed above: believe the real ones."


PRACTICE = {
    "what-did-it-do": what_did_it_do,
}
