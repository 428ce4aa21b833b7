"""The checks of chapter 04: they count processes, lines and slopes rather than compare texts."""

from typing import Any

from conclib.lab import own_diagnosis
from conclib.probes import _fork_model
from conclib.results import Measurement, Measurements, statistics

ROUNDS = 5  # k in count-forks
STEPS = ("print one", "flush", "fork", "print two")
CLOSE = 0.1  # a slope within this share of ours is the same slope
MIN_N = 6


def processes_after(rounds: int) -> int:
    """Count the processes after a loop of forks: every one that exists goes round again."""
    existing = 1
    for _ in range(rounds):
        existing += existing  # each of them forks once
    return existing


def count_forks(answer: Any) -> str | None:
    """Compare a number of processes with the count, and name what else was counted."""
    if isinstance(answer, bool) or not isinstance(answer, int):
        return f"The answer is a whole number, not {answer!r}."
    right, k = processes_after(ROUNDS), ROUNDS
    known = {right: None, right - 1: "without_first", k: "linear", k + 1: "linear_and_first",
             2 * k: "double", 2 * k + 1: "double"}  # fmt: skip
    if answer in known:
        return known[answer]
    if answer > right:
        return "restart"
    return (
        f"Not {answer}. Draw the branching line for k = 1, 2 and 3, and look at the row of counts."
    )


def printed(steps: list[str]) -> list[str]:
    """Run steps in the model of processes with buffers, and return the lines that appear."""
    names = (("write", step[6:]) if step.startswith("print ") else (step,) for step in steps)
    return _fork_model.lines(tuple(names))


def twice_flushed(answer: Any) -> str | None:
    """Run the student's order of steps in the model, and count the lines."""
    if not isinstance(answer, list | tuple) or not all(isinstance(step, str) for step in answer):
        return "Give a list of the four steps, each as a text."
    steps = [" ".join(step.split()).casefold() for step in answer]
    unknown = [step for step in steps if step not in STEPS]
    if unknown:
        return f"There is no step {unknown[0]!r}. The steps: {', '.join(STEPS)}."
    if sorted(steps) != sorted(STEPS):
        return "missing"
    return _order_named(steps)


def _order_named(steps: list[str]) -> str | None:
    screen = printed(steps)
    counts = screen.count("one"), screen.count("two")
    if steps.index("print one") > steps.index("fork") or counts == (2, 1):
        return "order"
    if counts == (1, 2) and steps.index("print two") < steps.index("fork"):
        return "copied"
    return {(1, 2): None, (2, 2): "unflushed", (1, 1): "nobody"}[counts]


def cheapest(answer: Any) -> str | None:
    """Accept what does not pay for the parent's memory, and say what the others pay for."""
    if not isinstance(answer, str):
        return "Give the name of one of them, as a text."
    ways = {"posix_spawn": None, "forkserver": None, "fork": "fork", "thread": "thread",
            "spawn": "spawn"}  # fmt: skip
    name = answer.strip().casefold().removeprefix("mp_")
    if name not in ways:
        return f"{answer!r} is none of the four: fork, posix_spawn, forkserver, thread."
    return ways[name]


def own_probe(answer: Any) -> str | None:
    """Look at a measurement of the student's own probe: is there reason to believe it?"""
    if not isinstance(answer, Measurement):
        return "Give the measurement that your %%probe cell made."
    faults = {
        "library": not answer.probe.startswith("own:"),
        "recorded": answer.source != "live",
        "few": answer.n < MIN_N,
        "baseline": not _has_baseline(answer),
        "works_too": own_diagnosis.BASELINE in answer.notes,
        "verify": not answer.conditions.get("verified"),
        "idle": "idle" in answer.conditions,
    }
    return next((name for name, is_fault in faults.items() if is_fault), None)


def _has_baseline(item: Measurement) -> bool:
    return all(run.baseline for run in item.runs) and item.conditions.get("own_baseline", True)


def slope(answer: Any) -> str | None:
    """Compare a slope with the Theil-Sen slope of the same sweep."""
    if not isinstance(answer, tuple | list) or len(answer) != 2:
        return 'Give both: cl.check("slope", (sweep, value)).'
    sweep, value = answer
    if not isinstance(sweep, Measurements) or sweep.varied is None:
        return "The first of the two must be what cl.sweep gave."
    if isinstance(value, bool) or not isinstance(value, int | float):
        return f"The second of the two must be a number, not {value!r}."
    points = [(x, item.net) for x, item in sweep.points if item.net is not None]
    if len(points) < max(len(sweep), 2):
        return "This sweep has no slope: a point of it is below resolution. Measure it again."
    return _slope_named(sweep, float(value), statistics.slope(points) / 1000)


def _slope_named(sweep: Measurements, value: float, right: float) -> str | None:
    if _close(value, right):
        return None
    (_, first), *_, (_, last) = points = sweep.points
    known = {
        "unit": [right * 1000, right / 1000, right * 1e6],
        "whole": [(last.net - first.net) / 1000],
        "per_point": [item.net / 1000 / x for x, item in points if x],
        "inverse": [1 / right] if right else [],
    }
    for name, numbers in known.items():
        if any(_close(value, number) for number in numbers):
            return name
    return (
        f"{value:g} µs for each MB is not what this sweep says: compare two points of it by hand."
    )


def _close(one: float, two: float) -> bool:
    return abs(one - two) <= CLOSE * max(abs(one), abs(two))


CHECKS = {
    "count-forks": count_forks,
    "twice-flushed": twice_flushed,
    "cheapest": cheapest,
    "own-probe": own_probe,
    "slope": slope,
}
