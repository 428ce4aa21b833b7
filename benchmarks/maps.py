"""A living process's map: how long it takes to read, and whether others say the same of it.

The process is stopped while it is looked at, so that nothing moves between two looks. Figures are
compared in kilobytes, which is what Linux shows, and only where they measure the same thing: not
psutil's RSS, say, which comes from counters that some versions of Linux keep roughly. The share of
a library (PSS) falls with each process that starts and loads it, and rises when one ends: a
difference counts if it is there each of several times. And pmap is such a process itself, so with
it the PSS of files is left out.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

from benchmarks.rounds import ROUNDS
from benchmarks.table import Row, below, not_measured
from conclib.inspecting import AddressSpace, inspect
from conclib.results import Unavailable

MAPPINGS, LIMIT = 1000, 50  # regions at least, and milliseconds at most
KB = 1024
# A process with so many mappings (with other rights than its neighbour's, or Linux joins the two),
# half of them touched, and a thread.
SUBJECT = f"""
import mmap, sys, threading
rights = (mmap.PROT_READ, mmap.PROT_READ | mmap.PROT_WRITE)
blocks = [mmap.mmap(-1, 8192, prot=rights[n % 2]) for n in range({MAPPINGS})]
for block in blocks[1::2]:
    block[0] = 1
threading.Thread(target=sys.stdin.read, daemon=True).start()
print("ready", flush=True)
threading.Event().wait()
"""
PMAP = ("Size", "Rss", "Pss", "Private_Clean", "Private_Dirty")
ATTEMPTS = 50
Figures = dict[str, tuple[int, ...]]  # in kB, by what they are of
Compared = Callable[[int, AddressSpace], tuple[Figures, Figures]]


@contextlib.contextmanager
def stopped() -> Iterator[int]:
    """Yield the number of a process that stands still; end it."""
    command = [sys.executable, "-I", "-c", SUBJECT]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        if process.stdout is None or process.stdout.readline() != "ready\n":
            raise Unavailable("the process to look at did not start")
        os.kill(process.pid, signal.SIGSTOP)
        os.waitid(os.P_PID, process.pid, os.WSTOPPED)
        yield process.pid
    finally:
        process.kill()
        process.communicate()


def reading(rounds: int = ROUNDS) -> Row:
    """Return the row of how long it takes to read a map of a thousand mappings."""
    with stopped() as pid:
        took = [_timed(pid) for _ in range(rounds + 1)][1:]  # the first one warms up
        count = len(inspect(pid))
    return below("`inspect`, 1,000 mappings", took, LIMIT, "ms", f"{count:,} regions")


def _timed(pid: int) -> float:
    start = time.perf_counter()
    inspect(pid)
    return (time.perf_counter() - start) * 1e3


def agreement() -> list[Row]:
    """Return the rows of whether the figures are those of others, to the kilobyte."""
    with stopped() as pid:
        return [_held_against(name, pid) for name in OTHERS]


def _held_against(name: str, pid: int) -> Row:
    try:
        return row(name, *undisturbed(pid, OTHERS[name]))
    except Unavailable as reason:
        return not_measured(f"`inspect` beside {name}", str(reason))


def undisturbed(pid: int, compared: Compared) -> tuple[Figures, Figures]:
    """Compare until both are equal, or often enough to know that it is no other process's doing."""
    for _ in range(ATTEMPTS):
        found = compared(pid, inspect(pid))
        if found[0] == found[1]:
            break
    return found


def row(name: str, ours: Figures, theirs: Figures) -> Row:
    """Return the row of a comparison: met if there was something to compare, and all is equal."""
    wrong = sorted(key for key in ours | theirs if ours.get(key) != theirs.get(key))
    count = sum(map(len, theirs.values()))
    detail = f": {wrong[0]} is {ours.get(wrong[0])}, there {theirs.get(wrong[0])}" if wrong else ""
    return Row(
        name=f"`inspect` beside {name}",
        target="equal to the kB",
        result=f"{len(wrong)} of {len(theirs):,} entries differ ({count:,} figures){detail}",
        spread="–",
        met=not wrong and bool(theirs),
    )


def _pmap(pid: int, space: AddressSpace) -> tuple[Figures, Figures]:
    """Return what we and what ``pmap -XX`` say of each region: size, RSS, PSS, private."""
    if shutil.which("pmap") is None:
        raise Unavailable("there is no pmap here")
    shown = subprocess.run(["pmap", "-XX", str(pid)], capture_output=True, text=True, check=True)
    files = {f"{each.start:x} {each.perms}" for each in space if each.path.startswith("/")}
    ours, theirs = regions(space), pmap_figures(shown.stdout)
    return _without_shares(ours, files), _without_shares(theirs, files)


def _without_shares(figures: Figures, files: set[str]) -> Figures:
    """Return figures without the PSS of files, which the one who looks has loaded too."""
    return {
        key: values[:2] + values[3:] if key in files else values for key, values in figures.items()
    }


def pmap_figures(text: str) -> Figures:
    """Return the figures of each region from what ``pmap -XX`` prints."""
    lines = [line.split() for line in text.splitlines()]
    head = next(words for words in lines if words[:2] == ["Address", "Perm"])
    places = [head.index(name) for name in PMAP]
    found = {}
    for words in lines[lines.index(head) + 1 :]:
        if len(words) > max(places) and len(words[1]) == 4 and words[1][-1] in "ps":
            size, rss, pss, clean, dirty = (int(words[place]) for place in places)
            found[f"{int(words[0], 16):x} {words[1]}"] = (size, rss, pss, clean + dirty)
    return found


def regions(space: AddressSpace) -> Figures:
    """Return our figures of each region, in kB."""
    return {
        f"{each.start:x} {each.perms}": tuple(
            (value or 0) // KB for value in (each.size, each.rss, each.pss, each.private)
        )
        for each in space
    }


def _rollup(pid: int, space: AddressSpace) -> tuple[Figures, Figures]:
    """Return our sums over the regions, and Linux's own; of PSS it keeps parts of a kB."""
    from conclib.inspecting.process_files import ProcessFiles
    from conclib.probes._proc import key_numbers

    sums = key_numbers(ProcessFiles(pid).read("smaps_rollup"))
    private = sums["Private_Clean"] + sums["Private_Dirty"]
    held = [sum(getattr(each, name) or 0 for each in space) // KB for name in ("rss", "private")]
    ours = {"RSS": (held[0],), "USS": (held[1],), "PSS": (_kb(space.totals.pss),)}
    return ours, {"RSS": (sums["Rss"],), "USS": (private,), "PSS": (sums["Pss"],)}


def _psutil(pid: int, space: AddressSpace) -> tuple[Figures, Figures]:
    """Return totals and each region's figures, ours and psutil's."""
    import psutil

    process = psutil.Process(pid)
    whole, held = process.memory_full_info(), space.totals
    ours: Figures = {"totals": (_kb(held.vms), _kb(held.pss), _kb(held.uss))}
    theirs: Figures = {"totals": (_kb(whole.vms), _kb(whole.pss), _kb(whole.uss))}
    for each in process.memory_maps(grouped=False):
        private = each.private_clean + each.private_dirty
        figures = tuple(value // KB for value in (each.size, each.rss, each.pss, private))
        theirs[f"{int(each.addr.partition('-')[0], 16):x} {each.perms}"] = figures
    return {**ours, **regions(space)}, theirs


def _kb(value: int | None) -> int:
    return -1 if value is None else value // KB


OTHERS: dict[str, Compared] = {
    "`pmap -XX`": _pmap,
    "`smaps_rollup`": _rollup,
    "psutil": _psutil,
}
