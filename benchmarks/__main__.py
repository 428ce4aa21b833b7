"""Measure every row, write the page, and fail if a target was missed."""

import datetime
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from benchmarks import crashes, creation, floors, maps, patience, startup
from benchmarks.table import Row, not_measured, page, update
from conclib.lab import machines
from conclib.results import Unavailable

Made = Row | list[Row]


def jobs(folder: Path, cpu: int) -> list[tuple[str, Callable[[], Made]]]:
    """Return what is measured, by name; nothing is built or run before it is called."""
    against_c = (creation.pthread, creation.fork_slope, creation.posix_spawn)
    return [
        *(
            (f"`{make.__name__}` against C", partial(_floored, make, folder, cpu))
            for make in against_c
        ),
        ("a worker's start", startup.worker),
        ("`import conclib`", startup.importing),
        ("a map of 1,000 mappings", maps.reading),
        ("a map beside pmap, smaps_rollup and psutil", maps.agreement),
        ("a segfault in one of four", crashes.segfault),
        ("time to an answer, beside pyperf", partial(patience.pyperf, cpu)),
    ]


def _floored(make: Callable[[Path, int], Row], folder: Path, cpu: int) -> Row:
    program = folder / "floor"
    return make(program if program.exists() else floors.build(folder), cpu)


def measured(wanted: list[tuple[str, Callable[[], Made]]]) -> Iterator[Row]:
    """Yield the rows one by one; what is not available here becomes a row that says why."""
    for name, make in wanted:
        try:
            made = make()
        except Unavailable as reason:
            made = not_measured(name, str(reason))
        yield from made if isinstance(made, list) else [made]


def how(cpu: int) -> str:
    """Return a line on what stands behind the numbers: compiler, C library, CPU, load so far."""
    found = floors.compiler()
    words = "no C compiler"
    if found:
        ran = subprocess.run([found, "--version"], check=False, capture_output=True, text=True)
        words = ran.stdout.partition("\n")[0]
    library = " ".join(platform.libc_ver()).strip() or "unknown C library"
    load = f"load {os.getloadavg()[0]:.1f} at the start"
    return f"Floors built by {words}, {library}; pinned to CPU {cpu}; {load}"


def main() -> int:
    """Run all, write the page, and return 1 if a target was missed."""
    os.environ.pop("CONCLIB_BUDGET", None)  # a quick budget is for notebooks, not for this
    cpu = max(machines.allowed_cpus())
    rows, behind = [], how(cpu)
    with tempfile.TemporaryDirectory() as folder:
        for row in measured(jobs(Path(folder), cpu)):
            print(row.line(), flush=True)
            rows.append(row)
    today = datetime.date.today().isoformat()
    update(page(rows, machines.label(), today, behind))
    missed = [row.name for row in rows if not row.met]
    if missed:
        print(f"missed: {'; '.join(missed)}", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
