"""From a process's number to its address space, by what Linux shows under ``/proc``.

A living process goes on while it is read, and Linux writes the list of its regions in pieces. So it
may end meanwhile, or two pieces may not fit: what overlaps is left out, and each of these is said.
"""

import os
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from conclib.inspecting import elsewhere, numbering, refusing
from conclib.inspecting.process_files import PROC, ProcessFiles, mapped, read_text
from conclib.inspecting.region import region
from conclib.inspecting.space import AddressSpace
from conclib.inspecting.tasks import ENDED, Task, tasks
from conclib.inspecting.totals import Totals, totals
from conclib.probes import _elf, _proc, _regions
from conclib.results import Unavailable

ZOMBIE = (
    "it has ended; only its record is left, with the exit code, until its parent collects it: no "
    "memory belongs to it any more"
)
HEADLESS = (
    "its first thread has ended and others go on: Linux shows no memory of the process with "
    "that one, although there is some"
)
SYSTEM = "it is a thread of Linux itself, and has no memory of its own"
MOVED = "its memory changed while it was read: a part that did not fit is left out"
CUT = "its list of regions broke off while it was read"
GUESSED = (
    "of {} of its threads it is not shown where the stack is; what looks like one, with a closed "
    "page below it, is called so by a guess: {}"
)
Listed = dict[str, Any]  # a region as probes/_regions.py gives it
MIN_STACK = 2**14  # bytes; the smallest stack that Linux's C library gives to a thread


def inspect(
    pid: int | None = None, *, proc: str = PROC, read: Callable[[str], str] = read_text
) -> AddressSpace:
    """Read the address space of a living process of yours: its regions, totals and tasks.

    Nothing happens to the process; it goes on while it is read.

    Args:
        pid: its number; without one, the process that asks (in a notebook, the notebook kernel).
        proc: where ``/proc`` is; another place for tests.
        read: what reads a file there; another one for tests.

    Returns:
        An :class:`AddressSpace`. Of a process that has ended and was not collected it has no
        regions, and a note that says so. Elsewhere than on Linux, as much as psutil knows.

    Raises:
        TypeError, ValueError: no number of a process.
        CannotInspect: the process is not there, not yours, or does not allow it; a ValueError.
        Unavailable: this system shows nothing of it, or those of another PID namespace.

    Example:
        ``space = cl.inspect()``, then ``space.totals`` or ``space.locate(id(space))``
    """
    number = refusing.checked(pid)
    if not Path(proc).is_dir():
        return elsewhere.inspect(number)
    if why := numbering.unusable(proc):
        raise Unavailable(why)
    return _read(ProcessFiles(number, proc, read))


def _read(files: ProcessFiles) -> AddressSpace:
    before = _proc.parse_stat(files.required("stat"))
    refusing.require_own(files.pid, files.required("status"))
    if before["state"] in ENDED:
        return _ended(files)
    try:
        space = _living(files)
    except refusing.CannotInspect:
        if _stat(files).get("state") in ENDED:  # meanwhile
            return _ended(files)
        raise
    after = _stat(files)
    if after.get("starttime") != before["starttime"]:  # gone, and perhaps its number given again
        raise refusing.CannotInspect(files.pid, refusing.GONE)
    if after["state"] in ENDED:
        return _ended(files)
    return space if space.regions else replace(space, program="", notes=(SYSTEM,))


def _living(files: ProcessFiles) -> AddressSpace:
    smaps = files.optional("smaps")
    listed = _regions.parse(smaps) if smaps else _regions.parse(files.required("maps"))
    kept = _in_order(listed)
    found = tasks(files.tids(), files.read)
    program = files.program() or next((each["path"] for each in kept if each["path"]), "")
    others = tuple(t.stack_pointer for t in found if t.stack_pointer and t.tid != files.pid)
    loads = cache(lambda path: _elf.loads(mapped(path, files.pid, program, files.proc)))
    _regions.label(kept, program, others, loads)
    guesses = _guess_stacks(kept, found, files.pid)
    regions = tuple(region(each) for each in kept)
    page = os.sysconf("SC_PAGE_SIZE")
    held, said = totals(regions, files.optional("smaps_rollup"), files.optional("statm"), page)
    notes = [MOVED] * (len(kept) < len(listed)) + [CUT] * _cut_off(kept, smaps) + [*said, *guesses]
    name = next((task.name for task in found if task.tid == files.pid), "")
    return AddressSpace(
        files.pid, regions, held, found, name, program, tuple(notes), proc=files.proc
    )


def _in_order(listed: list[Listed]) -> list[Listed]:
    """Return the regions without those that overlap one before them."""
    kept: list[Listed] = []
    for each in listed:
        if not kept or each["start"] >= kept[-1]["end"]:
            kept.append(each)
    return kept


def _cut_off(kept: list[Listed], smaps: str) -> bool:
    """Whether the last region's figures are missing, though others have them."""
    return bool(smaps and kept) and "rss" not in kept[-1]


def _guess_stacks(kept: list[Listed], found: tuple[Task, ...], pid: int) -> list[str]:
    """Call what looks like a thread's stack so, for threads that did not say where theirs is."""
    silent = sum(task.stack_pointer is None for task in found if task.tid != pid)
    guessed = 0
    for below, each in pairwise(kept):
        fits = each["kind"] == "anonymous" and each["perms"].startswith("rw")
        guarded = below["kind"] == "guard" and below["end"] == each["start"]
        if fits and guarded and each["end"] - each["start"] >= MIN_STACK and guessed < silent:
            each["kind"], each["guessed"] = "thread stack", True
            guessed += 1
    return [GUESSED.format(silent, guessed)] if silent else []


def _stat(files: ProcessFiles) -> dict[str, int | str]:
    """Return what its record says now; nothing if it is gone."""
    try:
        return _proc.parse_stat(files.read("stat"))
    except (OSError, ValueError):
        return {}


def _ended(files: ProcessFiles) -> AddressSpace:
    """Return the record of a process that has ended and is not yet collected."""
    found = tasks(files.tids() or [files.pid], files.read)
    name = found[0].name if found else ""
    others = any(task.state not in ENDED for task in found)
    held, note = (Totals(), HEADLESS) if others else (Totals(0, 0, 0, 0), ZOMBIE)
    return AddressSpace(files.pid, (), held, found, name, "", (note,), proc=files.proc)
