"""``make test``: every part of the suite in turn, one closing line, and nothing left behind.

1. the tests in ``tests/``, real browser included;
2. nbval: each stored notebook runs from top to bottom, from a fresh notebook kernel;
3. nbval once more on the same store: a student who restarts and runs all again meets her own
   predictions, and that must work too.

``python -m tests.run fast`` leaves the browser and the second pass out: for one more Python.

The notebooks get half of the usual budget, a ``CONCLIB_HOME`` of their own, and a temporary folder
of their own, so that what they leave behind can be seen. Exit code 0 only if every part passed.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests import leaks
from tests.notebooks import stored_notebooks

ROOT = Path(__file__).parent.parent
PYTEST = [sys.executable, "-m", "pytest"]
NBVAL = [*PYTEST, "--nbval-lax", "--nbval-current-env", "--nbval-cell-timeout=60"]
ORDER = ("failed", "error", "passed", "skipped", "deselected", "xfailed", "xpassed", "warning")


def counts(line: str) -> Counter:
    """Return what a closing line of pytest counted: ``"3 passed, 1 skipped in 2.00s"``."""
    if not re.search(r" in [\d.]+s", line):
        return Counter()
    found = re.findall(r"(\d+) ([a-z]+?)s?\b", line.rsplit(" in ", maxsplit=1)[0])
    return Counter({kind: int(number) for number, kind in found if kind in ORDER})


def closing_line(total: Counter, seconds: float) -> str:
    """Return the line that pytest would end with, had all been one run."""
    words = ", ".join(f"{total[kind]} {kind}" for kind in ORDER if total[kind])
    text = f" {words or 'no tests ran'} in {seconds:.2f}s "
    return text.center(80, "=")


def part(title: str, command: list[str], environment: dict[str, str]) -> tuple[bool, Counter]:
    """Run one part, show what it says as it says it; return whether it passed, and its counts."""
    print(f"\n##### {title}", flush=True)
    found: Counter = Counter()
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL,
        text=True, errors="replace",
    ) as process:  # fmt: skip
        for line in process.stdout:
            print(line, end="", flush=True)
            found = counts(line) or found
    return process.returncode == 0, found


PASSES = ("notebooks (nbval)", "notebooks again, on the same store")


def notebooks(folder: str, passes: Sequence[str] = PASSES) -> tuple[bool, Counter]:
    """Run every notebook, once a pass on one store; fail also for what is left behind."""
    environment = {**os.environ, "TMPDIR": folder, "CONCLIB_BUDGET": "quick"}
    environment |= {"CONCLIB_HOME": f"{folder}/home", "IPYTHONDIR": f"{folder}/ipython"}
    environment |= {"JUPYTER_RUNTIME_DIR": f"{folder}/runtime"}
    good, total = True, Counter()
    shared = leaks.shared_memory()
    for title in passes:
        command = NBVAL + [str(path.relative_to(ROOT)) for path in stored_notebooks()]
        passed, found = part(title, command, environment)
        good, total = good and passed, total + found
    left = leftovers(folder, shared)
    if left:
        print("left behind by the notebooks:\n  " + "\n  ".join(left))
    return good and not left, total


def leftovers(folder: str, shared: frozenset[str]) -> list[str]:
    """Return what the notebooks left: processes, shared memory, temporary entries."""

    def look() -> list[str]:
        found = [f"process: {pid} {name}" for pid, _, name in sorted(leaks.processes(folder))]
        found += [f"shared memory: {name}" for name in sorted(leaks.shared_memory() - shared)]
        ours = {"home", "ipython", "runtime"}
        names = {path.name for path in Path(folder).iterdir()} - ours
        return found + [f"temporary entry: {name}" for name in sorted(names)]

    leaks.wait_until(lambda: not look(), 5)
    return look()


def main(fast: bool = False) -> int:
    """Run all parts and return the exit code."""
    start = time.monotonic()
    command = [*PYTEST, "tests", *(["-m", "not browser"] if fast else [])]
    good, total = part("library, house rules, browser", command, dict(os.environ))
    with tempfile.TemporaryDirectory(prefix="ct-", ignore_cleanup_errors=True) as folder:
        passed, found = notebooks(folder, PASSES[:1] if fast else PASSES)
    if not (good and passed):
        print("FAILED:", *(["the tests"] * (not good) + ["the notebooks"] * (not passed)))
    print(closing_line(total + found, time.monotonic() - start))
    return 0 if good and passed else 1


if __name__ == "__main__":
    sys.exit(main(fast=sys.argv[1:] == ["fast"]))
