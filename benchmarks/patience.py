"""How long must a student wait for an answer? ``measure`` beside pyperf.

pyperf is made for accuracy: it takes a fixed number of values from a fixed number of processes,
whatever they look like. To be fair to it, only its time up to the moment counts at which its values
would have done.
"""

import importlib.util
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.rounds import ROUNDS, middle
from benchmarks.startup import ROOT
from benchmarks.table import Row, at_least
from conclib.lab import measure
from conclib.results import Unavailable, statistics

# One process of pyperf: the seconds that it took, and its values (none from the calibrating one).
Process = tuple[float, list[float]]


def ours(cpu: int) -> tuple[float, float]:
    """Measure with the defaults; return seconds and the half-width as a share of the median."""
    start = time.perf_counter()
    result = measure("pthread", timed="join", cpu=cpu)
    seconds = time.perf_counter() - start
    low, high = result.interval
    return seconds, (high - low) / 2 / result.median


def run_pyperf(cpu: int) -> tuple[float, list[Process]]:
    """Run pyperf with its defaults, pinned; return its seconds and what its processes gave.

    Raises:
        Unavailable: pyperf is not installed.
    """
    if importlib.util.find_spec("pyperf") is None:
        raise Unavailable("pyperf is not installed (it comes with the extra named test)")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pyperf.json"
        command = ["-m", "benchmarks.pyperf_pthread", "--quiet", f"--affinity={cpu}", "-o", path]
        start = time.perf_counter()
        subprocess.run([sys.executable, *command], cwd=ROOT, check=True, capture_output=True)
        seconds = time.perf_counter() - start
        return seconds, processes(json.loads(path.read_text()))


def processes(record: dict) -> list[Process]:
    """Return what a file of pyperf says of each process, in order."""
    (benchmark,) = record["benchmarks"]
    return [(run["metadata"]["duration"], run.get("values", [])) for run in benchmark["runs"]]


def narrow_after(whole: float, runs: Sequence[Process], width: float) -> float | None:
    """Return the seconds after which pyperf's values gave an interval of this half-width.

    Args:
        whole: seconds of the whole run; what is not in the processes' own time is shared out
            among them, for it is spent on starting them.
        runs: its processes, in order.
        width: half-width of the interval of the median, as a share of the median.

    Returns:
        ``None`` if the interval never was that narrow.
    """
    starting = (whole - sum(duration for duration, _ in runs)) / len(runs)
    spent, values = 0.0, []
    for duration, new in runs:
        spent += duration + starting
        values += new
        if values and statistics.half_width(values) <= width:
            return spent
    return None


def compared(own: Sequence[tuple[float, float]], whole: float, runs: Sequence[Process]) -> Row:
    """Return the row, from our (seconds, half-width) of each round and one run of pyperf."""
    width = middle([each for _, each in own])
    reached = narrow_after(whole, runs, width)
    theirs = whole if reached is None else reached
    final = statistics.half_width([value for _, values in runs for value in values])
    detail = (
        f"{middle([seconds for seconds, _ in own]):.2f} s for ±{width:.1%}; pyperf "
        f"{'never as narrow in' if reached is None else 'as narrow after'} {theirs:.1f} s, "
        f"whole run {whole:.1f} s for ±{final:.1%}"
    )
    name = "time to an answer, beside pyperf"
    return at_least(name, [theirs / seconds for seconds, _ in own], 10, detail)


def pyperf(cpu: int, rounds: int = ROUNDS) -> Row:
    """Measure the same thread both ways and return the row."""
    ours(cpu)  # the first call of a process also loads what it needs
    whole, runs = run_pyperf(cpu)
    return compared([ours(cpu) for _ in range(rounds)], whole, runs)
