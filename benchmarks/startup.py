"""What it costs before anything is measured: a worker's start, and ``import conclib``."""

import subprocess
import sys
import time
from functools import partial
from pathlib import Path

from benchmarks.rounds import ROUNDS, differences, interleaved, middle
from benchmarks.table import Row, below
from conclib.lab.probe_files import probe
from conclib.results import Unavailable
from conclib.worker import Request, Worker, forms, run_workers

ROOT = Path(__file__).resolve().parent.parent
PROBES = ("empty", "fork", "posix_spawn", "pthread")
DEADLINE = 20.0
MAX_MB = 12 if sys.version_info < (3, 12) else 14  # a bare interpreter has grown since
# What a fresh interpreter says of itself: the most memory that it ever held, in kB.
PEAK = "[print(line.split()[1]) for line in open('/proc/self/status') if line[:5] == 'VmHWM']"


def start_worker(name: str) -> tuple[float, float]:
    """Start a worker for a probe, end it, and return its start in ms and its memory in MB."""
    start = time.perf_counter()

    def until_ready(workers: list[Worker]) -> tuple[float, float]:
        workers[0].send_request()
        resident = workers[0].answer(forms.Ready).rss
        return (time.perf_counter() - start) * 1e3, resident

    return run_workers([Request(name, probe(name).complete({}))], until_ready, deadline=DEADLINE)


def worker(rounds: int = ROUNDS) -> list[Row]:
    """Return the rows of a worker's start and memory: of its worst probe."""
    found = interleaved({name: partial(start_worker, name) for name in PROBES}, rounds)
    starts = {name: [start for start, _ in answers] for name, answers in found.items()}
    memory = {name: [held for _, held in answers] for name, answers in found.items()}
    slowest = max(starts, key=lambda name: middle(starts[name]))
    largest = max(memory, key=lambda name: middle(memory[name]))
    return [
        below("a worker's start, until ready", starts[slowest], 30, "ms", f"`{slowest}`"),
        below("a worker's resident memory", memory[largest], MAX_MB, "MB", f"`{largest}`"),
    ]


def interpreter(statement: str) -> tuple[float, float]:
    """Run a fresh Python with one statement; return its whole life in ms and its peak in MB.

    Raises:
        Unavailable: there is no /proc to ask for the peak.
    """
    start = time.perf_counter()
    ended = subprocess.run(
        [sys.executable, "-c", f"{statement}\n{PEAK}"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    took = (time.perf_counter() - start) * 1e3
    if not ended.stdout.strip():
        raise Unavailable("this system does not tell a process's peak memory in /proc")
    return took, int(ended.stdout) / 1024


def importing(rounds: int = ROUNDS) -> list[Row]:
    """Return the rows of ``import conclib``: time and memory above the bare interpreter."""
    things = {each: partial(interpreter, each) for each in ("pass", "import conclib")}
    found = interleaved(things, rounds)
    (bare, bare_mb), (whole, whole_mb) = (zip(*found[each], strict=True) for each in things)
    return [
        below("`import conclib`, time", differences(whole, bare), 60, "ms"),
        below("`import conclib`, memory", differences(whole_mb, bare_mb), 10, "MB"),
    ]
