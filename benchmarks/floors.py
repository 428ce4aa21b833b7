"""Floors: build ``floor.c``, run it, and compare a probe with it, pair by pair.

A floor answers as a worker does, batch by batch, so the sampler that drives the workers drives it
too: same batches, same rule when to stop, same statistics. It is a fresh process in a session of
its own, pinned to the same CPU, as a worker is. What is left to differ is Python.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conclib.lab.sampling import Sampler, sample
from conclib.results import Run, Unavailable, statistics
from conclib.worker.forms import Batch

SOURCE = Path(__file__).with_name("floor.c")
FLAGS = ("-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror", "-pthread")


@dataclass(frozen=True)
class Timed:
    """A floor's or a probe's answer: what it costs, beside how much memory.

    Attributes:
        net: nanoseconds, median minus the baseline's median.
        resident_mb: resident memory of the process that did it.
    """

    net: float
    resident_mb: float


def compiler() -> str | None:
    """Return the path of a C compiler (``$CC``, cc, gcc, clang), or ``None``."""
    names = (os.environ.get("CC", ""), "cc", "gcc", "clang")
    return next((path for name in names if name and (path := shutil.which(name))), None)


def build(folder: Path) -> Path:
    """Compile ``floor.c`` into ``folder``, warnings being errors, and return the program.

    Raises:
        Unavailable: there is no C compiler.
        RuntimeError: it does not compile; the compiler's words are in the message.
    """
    found = compiler()
    if found is None:
        raise Unavailable("no C compiler (cc, gcc or clang): the floors cannot be built")
    program = folder / "floor"
    made = subprocess.run(
        [found, *FLAGS, str(SOURCE), "-o", str(program)],
        check=False,
        capture_output=True,
        text=True,
    )
    if made.returncode:
        raise RuntimeError(f"{SOURCE.name} does not compile:\n{made.stderr}")
    return program


class Floor:
    """A running floor, with the two methods of a worker that a sampler needs."""

    def __init__(self, process: subprocess.Popen) -> None:
        self._process = process
        self.pid = process.pid
        self.ready = self._line("calibrated")

    def ask(self, *, ask: str, samples: int) -> None:
        """Ask for a batch of so many samples."""
        self._process.stdin.write(f"{samples}\n")
        self._process.stdin.flush()

    def answer(self, _: type[Batch]) -> Batch:
        """Return the next batch."""
        return Batch(**self._line("batch"), loops=self.ready["loops"])

    def _line(self, expected: str) -> dict[str, Any]:
        """Return the floor's next line; one that has ended instead is an error."""
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the floor ended where {expected} was due")
        return json.loads(line)

    def finish(self) -> None:
        """End its input and require the proof that all it did has worked."""
        self._process.stdin.close()
        proof = self._line("done")
        if self._process.wait() or proof["done"] != proof["well"]:
            raise RuntimeError(f"the floor did {proof['done']} rounds, {proof['well']} went well")


@contextmanager
def running(program: Path, operation: str, ballast_mb: int, cpu: int) -> Iterator[Floor]:
    """Start a floor and end it for certain."""
    process = subprocess.Popen(
        [str(program), operation, str(ballast_mb), str(cpu)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={},
        start_new_session=True,
    )
    with process:
        try:
            yield Floor(process)
        finally:
            process.kill()


def measure(
    program: Path, operation: str, *, ballast_mb: int = 0, cpu: int = -1, budget: float = 0.3
) -> Timed:
    """Measure one operation in C, sampled as a worker would be.

    Args:
        program: what :func:`build` returned.
        operation: ``pthread``, ``fork`` or ``posix_spawn``.
        ballast_mb: MB of private memory in touched 4 kB pages.
        cpu: pin to this CPU; -1 does not.
        budget: seconds, at most; it ends earlier when the interval is narrow enough.
    """
    with running(program, operation, ballast_mb, cpu) as floor:
        sampler = Sampler(floor, budget)
        sampler.calibrated(*(floor.ready[name] for name in ("loops", "value", "warmups")))
        sample([sampler], lambda _place, _values: None)
        floor.finish()
        return Timed(net(sampler.run()), floor.ready["resident_mb"])


def net(run: Run) -> float:
    """Return a run's median minus its baseline's, in ns."""
    return statistics.median(run.values) - statistics.median(run.baseline)
