"""``make test``: every part of the suite once, one closing line, and nothing left behind.

1. *fast*: the tests that start no worker, no notebook kernel and no browser, in parallel;
2. *starting*: those that do, in parallel too, JupyterLab in a real browser among them;
3. *alone*: those that compare times, or count what the whole machine shares, one at a time;
4. nbval: each stored notebook runs from top to bottom, from a fresh notebook kernel. This one run
   serves three questions: does it run, are the outputs that it checks still right, and does it
   leave anything behind;
5. nbval once more on the same store, on the smallest budget: a student who restarts and runs all
   again meets her own predictions, and that must work too.

``python -m tests.run check`` is the first part without the chapters' own tests, for ``make check``;
``... library`` the first three; ``... workers`` what of them starts workers, for another user;
``... fast`` all but the browser, what is alone and the second pass, for one more Python;
``... pure`` the first part; ``... chapter 04`` one chapter: its tests and its notebook. Tests
marked ``sweep`` (hundreds of rounds) run in ``.ci/run`` alone.

The notebooks get a ``CONCLIB_HOME`` and a temporary folder of their own, so that what they leave
behind can be seen. A chapter that takes longer than it may fails the run (see ``budgets.py``),
and so does a forecast for all chapters that does not fit, and a run of all or of ``check`` that
takes more than twice what it promises, what others took of the processors left out; on a slower
machine all that is longer (``budgets.slowness``). Exit code 0 only if every part passed.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from tests import budgets, leaks
from tests.notebooks import stored_notebooks

ROOT = Path(__file__).parent.parent
PYTEST = [sys.executable, "-m", "pytest"]
NBVAL = [*PYTEST, "--nbval"]  # strict; the rest is in conftest.py, for who calls it from outside
ORDER = ("failed", "error", "passed", "skipped", "deselected", "xfailed", "xpassed", "warning")

# Each test is in exactly one of these groups, but for the sweeps. nbval's import takes seconds.
STARTS = "worker or slow or browser"
TESTS = [*PYTEST, "tests", "-p", "no:nbval"]
# A file shares its browser, and needs one process. In order: else files of few tests come last, and
# those with a browser have few, and long ones. Without browsers each test may run anywhere.
BY_FILE = ["-n", "3", "--dist", "loadfile", "--no-loadscope-reorder"]
ANYWHERE = ["-n", "3", "--dist", "worksteal"]
TWO = ["-n", "2"]
NONE = 5  # pytest's exit code where no test was selected


def groups(how: list[str], only: str = "") -> dict[str, list[str]]:
    """Return the commands of the groups.

    Args:
        how: how those that start something are dealt out; only: marks that all must have.
    """
    wanted = f" and ({only})" if only else ""
    fast, starting = f"not ({STARTS} or serial or sweep)", f"({STARTS}) and not (serial or sweep)"
    return {
        "fast, in parallel": [*TESTS, *TWO, "-m", f"{fast}{wanted}"],
        "starting, in parallel": [*TESTS, *how, "-m", f"{starting}{wanted}"],
        "alone": [*TESTS, "-m", f"serial and not sweep{wanted}"],
    }


GROUPS = groups(BY_FILE)
NO_BROWSER = groups(ANYWHERE, "not browser")
WORKERS = groups(ANYWHERE, "worker and not browser")
PURE = dict(list(GROUPS.items())[:1])
# Tests of one chapter belong to `make chapter`: else every chapter would make each check longer.
FAST = {
    title: [*command, "--ignore-glob=tests/chapters/test_ch*"] for title, command in PURE.items()
}

# The passes over the notebooks, with the budget of each.
PASSES = {"notebooks (nbval)": "quick", "notebooks again, on the same store": "smoke"}
FIRST = dict(list(PASSES.items())[:1])

Result = tuple[bool, Counter]


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


def part(
    title: str, command: Sequence[str], environment: dict[str, str], *, or_none: bool = False
) -> Result:
    """Run one part, show what it says as it says it; return whether it passed, and its counts.

    Args:
        or_none: whether there may be no such test.
    """
    print(f"\n##### {title}", flush=True)
    start, found = time.monotonic(), Counter()
    with subprocess.Popen(
        command, cwd=ROOT, env=_cached(environment), stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, text=True, errors="replace",
    ) as process:  # fmt: skip
        for line in process.stdout:
            print(line, end="", flush=True)
            found = counts(line) or found
    print(f"{title}: {time.monotonic() - start:.0f} s", flush=True)
    del found["deselected"]  # they are in another group
    return process.returncode in {0, NONE if or_none else 0}, found


def _cached(environment: dict[str, str]) -> dict[str, str]:
    """Let each part use what an earlier one has compiled: pytest rewrites every test."""
    return {name: text for name, text in environment.items() if name != "PYTHONDONTWRITEBYTECODE"}


def library(groups: dict[str, list[str]]) -> Result:
    """Run groups of the tests in ``tests/``."""
    good, total = True, Counter()
    for title, command in groups.items():
        passed, found = part(title, command, dict(os.environ))
        good, total = good and passed, total + found
    return good, total


def notebooks(books: Sequence[Path], passes: dict[str, str], taken: Counter) -> Result:
    """Run notebooks, once a pass on one store; add to ``taken`` what each chapter took of the time.

    Fails also for what is left behind, and for a chapter that took too long on the quick budget.
    """
    with tempfile.TemporaryDirectory(prefix="ct-", ignore_cleanup_errors=True) as folder:
        shared, good, total = leaks.shared_memory(), True, Counter()
        for title, budget in passes.items():
            passed, found, seconds = _pass(title, books, folder, budget)
            taken.update(seconds)
            late = budget == "quick" and budgets.too_slow(seconds)  # else there is no need to ask
            slow = budgets.too_slow(seconds, slower=budgets.slowness()) if late else []
            print(*slow, sep="\n", end="\n" * bool(slow))
            good, total = good and passed and not slow, total + found
        left = leftovers(folder, shared)
    if left:
        print("left behind by the notebooks:\n  " + "\n  ".join(left))
    return good and not left, total


def _pass(title: str, books: Sequence[Path], folder: str, budget: str) -> tuple:
    """Run notebooks once; return whether they passed, the counts, and each chapter's seconds."""
    environment = {**os.environ, "TMPDIR": folder, "CONCLIB_BUDGET": budget}
    environment |= {"IPYTHONDIR": f"{folder}/ipython", "JUPYTER_RUNTIME_DIR": f"{folder}/runtime"}
    report = Path(folder, "report.xml")
    command = [*NBVAL, f"--conclib-home={folder}/home", f"--junitxml={report}"]
    names = [str(path.relative_to(ROOT)) for path in books]
    passed, found = part(title, [*command, *names], environment)
    seconds = budgets.chapter_seconds(report)
    report.unlink(missing_ok=True)
    return passed, found, seconds


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


def everything(fast: bool = False) -> Result:
    """Run all parts; the fast ones leave out the browser, what is alone, and the second pass.

    What is alone compares times and counts what the machine shares: not a matter of the Python.
    """
    before, start, taken = budgets.slowness(), time.monotonic(), Counter()
    good, total = library(dict(list(NO_BROWSER.items())[:2]) if fast else GROUPS)
    passed, found = notebooks(stored_notebooks(), FIRST if fast else PASSES, taken)
    print(
        "seconds of the run that each chapter takes:",
        *(f"{name}: {taken[name]:.0f}" for name in sorted(taken)),
    )
    slower = (before + budgets.slowness()) / 2
    fits, text = budgets.forecast_line(taken, time.monotonic() - start, slower)
    print(text)
    return good and passed and fits, total + found


def chapter(number: str) -> Result:
    """Run the tests and the notebook of one chapter (``"04"``), and hold it to its time."""
    books = [path for path in stored_notebooks() if path.name.startswith(f"{number}_")]
    if not books:
        raise SystemExit(
            f"N={number}: no notebooks/{number}_*.ipynb; there are {', '.join(_numbers())}"
        )
    start = time.monotonic()
    own, all_ = (sorted((ROOT / "tests/chapters").glob(f"test_{each}*.py"))
                 for each in (f"ch{number}", "every_"))  # fmt: skip
    good, total = _tests_of(number, [str(path) for path in (*own, *all_)])
    passed, found = notebooks(books, FIRST, Counter())
    taken = {number: time.monotonic() - start}
    slow = budgets.too_slow(taken, quick=False, slower=budgets.slowness())
    print(*slow, sep="\n", end="\n" * bool(slow))
    return good and passed and not slow, total + found


def _tests_of(number: str, files: list[str]) -> Result:
    """Run a chapter's tests, those that are alone last: not every chapter has such a test."""
    title, each = f"tests of chapter {number}", [*PYTEST, *files, "-m"]
    good, total = library(
        {f"{title}, in parallel": [*each, "not (browser or sweep or serial)", *TWO]}
    )
    command = [*each, "serial and not (browser or sweep)"]
    passed, found = part(f"{title}, alone", command, dict(os.environ), or_none=True)
    return good and passed, total + found


def _numbers() -> list[str]:
    return [path.name[:2] for path in stored_notebooks() if path.name[:2].isdigit()]


COMMANDS: dict[str, Callable[..., Result]] = {
    "all": everything,
    "fast": lambda: everything(fast=True),
    "check": lambda: library(FAST),
    "pure": lambda: library(PURE),
    "library": lambda: library(GROUPS),
    "workers": lambda: library(dict(list(WORKERS.items())[1:])),
    "chapter": chapter,
}


def main(words: Sequence[str] = ("all",)) -> int:
    """Run what the words ask for, print the closing line, and return the exit code."""
    start, before = time.monotonic(), budgets.processors()
    good, total = COMMANDS[words[0]](*words[1:])
    seconds = time.monotonic() - start
    alone = budgets.without_others(seconds, before, budgets.processors())
    late = budgets.broken_promise(words[0], alone)
    late = late and budgets.broken_promise(words[0], alone, budgets.slowness())
    print(late if good else f"FAILED: see above\n{late}".rstrip())
    print(closing_line(total, seconds))
    return 0 if good and not late else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or ("all",)))
