"""What a measuring panel says, as plain functions: tests read every sentence without a widget."""

from collections.abc import Mapping
from typing import Any

from conclib import lab
from conclib.lesson.code_lines import code_line
from conclib.results import ConclibError, Measurement, Measurements
from conclib.results.quantity import RATIO, TIME

READY = "Ready."
NOTHING_YET = "No result yet. Choose what to measure, then press Run."
BEFORE = "Results of before are below. Press Run for one more."
STARTING = "starting a measuring process"
RUNNING = "Measuring. The result will stand here."
IDLE = "Nothing is running here, so there is nothing to stop."
STOPPING = "Stopping."
STOPPED = "Stopped. Nothing of this run is kept."
INTERRUPTED = "Interrupted. Nothing of this run is kept."
CLEARED = "All results of this panel are cleared."


def changed(probe: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """Return those parameters that are not at their defaults."""
    known = lab.catalogue()[probe].params if probe in lab.catalogue() else {}
    return {
        name: value
        for name, value in params.items()
        if name not in known or value != known[name].default
    }


def label(probe: str, params: Mapping[str, Any]) -> str:
    """Name a measurement in few words: the probe, and what is not as usual."""
    return ", ".join(
        [probe, *(f"{name}={value}" for name, value in changed(probe, params).items())]
    )


def code(
    probe: str, params: Mapping[str, Any], budget: float, where: Mapping[str, Any] | None = None
) -> str:
    """Return the line of code that does what Run does; ``where`` may hold ``cpu``."""
    length = {} if budget == 1 else {"budget": budget}
    given = {**changed(probe, params), **(where or {}), **length}
    return code_line("measure", probe, **given)


def timed(probe: str, params: Mapping[str, Any]) -> str:
    """Say what Run would time, or why it would be refused."""
    info = lab.catalogue()[probe]
    try:
        return f"Times {info.times_for(info.complete(params))}."
    except (TypeError, ValueError) as refusal:
        return f"Not possible: {refusal}."


def progress(step: lab.Progress, count: int) -> str:
    """Say what is being done: ``'worker 2 of 3: measuring, 140 values so far'``."""
    so_far = f", {count} values so far" if count else ""
    return f"{step.words}{so_far}"


def failure(error: BaseException) -> str:
    """Say that a measurement failed, and why."""
    if isinstance(error, ConclibError | ValueError | TypeError):
        return f"No result: {error}"
    return f"No result, because of a fault in the panel: {type(error).__name__}: {error}"


def result(number: int, item: Measurement, earlier: tuple[int, Measurement] | None = None) -> str:
    """Say what came out, and how it stands to an earlier result.

    Args:
        number: the result's number in its panel.
        item: the result.
        earlier: number and result to compare it with, or ``None``.
    """
    than = compared(number, item, *earlier) if earlier is not None else ""
    return finding(f"Result {number}, {label(item.probe, item.params)}", item, than)


def finding(name: str, item: Measurement, more: str = "") -> str:
    """Say what came out for ``name``, then ``more``, and whether to handle it with care."""
    span = f"95 % interval {item.interval_text}" if item.net_interval else item.interval_text
    found = f"{name}: {item.net_text} ({span}, {item.n} values, {item.origin})."
    care = f"Handle with care: {'; '.join(item.unstable)}." if item.unstable else ""
    return " ".join(filter(None, [found, more, care]))


def compared(number: int, item: Measurement, other: int, earlier: Measurement) -> str:
    """Say how two results stand to each other; nothing where that cannot be said."""
    if item.host != earlier.host:
        return f"Result {other} is from another machine, so the two are not compared."
    if item.quantity is not earlier.quantity:
        names = item.quantity.name, earlier.quantity.name
        return f"Result {other} is no {names[0]} but a {names[1]}, so the two are not compared."
    (low, small), (high, big) = sorted(
        ((number, item), (other, earlier)), key=lambda pair: pair[1].net or 0.0
    )
    both = Measurements({"small": small, "big": big})
    ratio = both.ratio("big", "small")
    if ratio.value is None or ratio.interval is None:
        return ""
    if both.estimate("big").compare(both.estimate("small")) != "higher":
        return f"Not to be told apart from result {other}: their intervals overlap."
    low_end, high_end = map(RATIO.write, ratio.interval)
    allowed = f"the intervals allow {low_end} to {high_end}"
    times = RATIO.write(ratio.value)
    than = f"takes {times} the time of" if item.quantity is TIME else f"is {times}"
    return f"Result {high} {than} result {low} ({allowed})."


def table(results: Mapping[str, Measurement]) -> list[tuple[str, ...]]:
    """Return the rows of a table of results, its head first; care only where one needs it."""
    head = ("results of this panel", "median", "95 % interval", "values", "source", "care")
    rows = [
        (name, unbroken(item.net_text), unbroken(item.interval_text), str(item.n), item.origin,
         "; ".join(item.unstable))
        for name, item in results.items()
    ]  # fmt: skip
    used = len(head) if any(row[-1] for row in rows) else -1
    return [row[:used] for row in [head, *rows]]


def unbroken(text: str) -> str:
    """Return a text that stays on one line."""
    return text.replace(" ", "\N{NO-BREAK SPACE}")
