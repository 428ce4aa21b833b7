"""How long a run and a chapter of it may take, measured and judged; all chapters must fit in one.

pytest writes the seconds of each test into a file (``--junitxml``); the cells of a notebook are
tests to nbval, so their sum is what the notebook took, its start included.
"""

import os
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

from conclib.chapters import overview

CHAPTERS = len(overview.planned())
WHOLE_RUN = 12 * 60.0  # seconds that `make test` may take with all of them
QUICK = 25.0  # seconds of one chapter's notebook on the quick budget
USUAL = 60.0  # on the usual budget; two chapters have more to run
LONGER = {"09": 90.0, "10": 90.0}
# Seconds of a run on a quiet machine with two cores; a whole one takes longer with each chapter.
LIBRARY, A_CHAPTER = 180.0, 30.0
THERE = len(overview.planned()) - len(overview.to_come())
PROMISED = {"check": 30.0, "all": LIBRARY + THERE * A_CHAPTER}
TOLERANCE = 2.0  # times as long, after what others took of the processors, is still no fault

# A fixed piece of work, timed again and again; what it takes where that was promised, in ms.
WORK = """
import statistics, time
def work():
    start, total = time.perf_counter(), 0
    for n in range(400_000):
        total += n * n % 7
    return time.perf_counter() - start
print(1000 * statistics.median(work() for _ in range(40)))
"""
WORK_MS = 17.5
AT_ONCE = 2  # processes of a run, so as many pieces of work: processors may share what they have

Seconds = dict[str, float]


def chapter_seconds(report: Path) -> Seconds:
    """Return the seconds of each chapter (``"04"``), from pytest's report; none without one."""
    found: Seconds = defaultdict(float)
    if report.exists():
        for case in ElementTree.parse(report).iter("testcase"):
            chapter = re.search(r"notebooks[./](\d\d)_", case.get("classname", ""))
            if chapter:
                found[chapter[1]] += float(case.get("time", 0))
    return dict(found)


def limit(chapter: str, quick: bool = True) -> float:
    """Return the seconds that a chapter's notebook may take."""
    return QUICK if quick else LONGER.get(chapter, USUAL)


def too_slow(seconds: Seconds, quick: bool = True, slower: float = 1.0) -> list[str]:
    """Return a complaint for each chapter that took longer than it may, on a machine so slow."""
    return [
        f"chapter {chapter} took {taken:.0f} s; it may take {limit(chapter, quick) * slower:.0f} s"
        for chapter, taken in sorted(seconds.items())
        if taken > limit(chapter, quick) * slower
    ]


def processors() -> tuple[float, float, float]:
    """Return seconds so far, of all processors: at work, idle or not, and at work for us."""
    ticks = [int(n) for n in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    ours = sum(os.times()[:4])  # with all children that have ended
    idle, rate = ticks[3] + ticks[4], os.sysconf("SC_CLK_TCK")
    return (sum(ticks) - idle) / rate, sum(ticks) / rate, ours


def without_others(seconds: float, before: Sequence[float], after: Sequence[float]) -> float:
    """Return how long a run would have taken alone: less the share that others had of the machine.

    Args:
        seconds: how long it took.
        before, after: what :func:`processors` gave at its two ends.
    """
    busy, whole, ours = (b - a for a, b in zip(before, after, strict=True))
    return seconds * (1 - max(busy - ours, 0.0) / whole) if whole else seconds


def slowness() -> float:
    """Return how many times as long as promised a fixed piece of work takes here, 1 at least.

    Two at once: where two processors are one core, each is slower while the other one works.
    """
    command = [sys.executable, "-I", "-S", "-c", WORK]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(AT_ONCE)]
    taken = [float(each.communicate()[0]) for each in both]
    return max(sum(taken) / AT_ONCE / WORK_MS, 1.0)


def broken_promise(command: str, seconds: float, slower: float = 1.0) -> str:
    """Return a complaint about a run that takes much longer than it promises; empty if it does not.

    Args:
        command: what was run, as ``python -m tests.run`` has it; some promise nothing.
        seconds: how long it takes alone.
        slower: what :func:`slowness` gave of this machine.
    """
    promised = PROMISED.get(command)
    if promised is None or seconds <= TOLERANCE * promised * slower:
        return ""
    return (
        f"{command} takes {seconds:.0f} s, what others took of the processors left out; it "
        f"promises {promised:.0f} s on a quiet machine with two cores, this one takes "
        f"{slower:.2g} times as long for the same work, and {TOLERANCE:g} times that is a fault"
    )


def forecast(seconds: Seconds, whole: float) -> float:
    """Return how long the whole run will take with all chapters that are planned.

    Args:
        seconds: what each chapter that is there took in all.
        whole: seconds of the whole run, these chapters included.
    """
    if not seconds:
        return whole
    own = sum(seconds.values())
    return whole - own + CHAPTERS * own / len(seconds)


def forecast_line(seconds: Seconds, whole: float, slower: float = 1.0) -> tuple[bool, str]:
    """Return whether all chapters will fit on a machine that is not so slow, and that in words."""
    expected = forecast(seconds, whole) / slower
    text = f"with {CHAPTERS} chapters: about {expected / 60:.1f} min of {WHOLE_RUN / 60:.0f} min"
    return expected <= WHOLE_RUN, text
