"""What psutil tells of a process where there is no ``/proc``: macOS, Windows, the BSDs."""

import os
import sys
from typing import Any

from conclib.inspecting import refusing
from conclib.inspecting.numbering import NO_PROC
from conclib.inspecting.region import Region
from conclib.inspecting.space import AddressSpace
from conclib.inspecting.tasks import Task
from conclib.inspecting.totals import Totals
from conclib.results import Unavailable

NOTE = f"{NO_PROC}: this is what psutil knows, and what is not known is left out"
NO_REGIONS = "the regions of a process are not listed by this system"
STATES = {"running": "R", "sleeping": "S", "disk-sleep": "D", "stopped": "T", "zombie": "Z"}


def inspect(pid: int, psutil: Any = None) -> AddressSpace:
    """Return as much of a process as psutil knows.

    Args:
        pid: its number.
        psutil: the package; another one for tests.

    Raises:
        CannotInspect: it is gone, or may not be read.
        Unavailable: there is no psutil either, or this is Linux, whose psutil needs ``/proc``.
    """
    if psutil is None and sys.platform == "linux":  # it would look in /proc, too
        raise Unavailable(NO_PROC)
    try:
        psutil = psutil or __import__("psutil")
        return _read(pid, psutil)
    except ImportError:
        raise Unavailable(f"{NO_PROC}, and psutil is not installed") from None
    except psutil.NoSuchProcess:
        raise refusing.CannotInspect(pid, refusing.GONE) from None
    except psutil.AccessDenied:
        raise refusing.CannotInspect(pid, refusing.DENIED) from None


def _read(pid: int, psutil: Any) -> AddressSpace:
    process = psutil.Process(pid)
    _require_own(pid, process)
    memory = process.memory_info()
    more = process.memory_full_info() if hasattr(process, "memory_full_info") else memory
    held = Totals(memory.vms, memory.rss, getattr(more, "pss", None), getattr(more, "uss", None))
    state = STATES.get(process.status(), "?")
    listed = _regions(process)
    notes = (NOTE,) if listed else (NOTE, NO_REGIONS)
    found = tuple(Task(each.id, state) for each in process.threads())
    return AddressSpace(pid, listed, held, found, process.name(), process.exe(), notes, proc="")


def _require_own(pid: int, process: Any) -> None:
    if hasattr(os, "getuid") and process.uids().real != os.getuid():
        raise refusing.CannotInspect(pid, refusing.FOREIGN)


def _regions(process: Any) -> tuple[Region, ...]:
    """Return the regions where psutil lists them with their addresses."""
    if not hasattr(process, "memory_maps"):
        return ()
    listed = [each for each in process.memory_maps(grouped=False) if "-" in each.addr]
    return tuple(sorted((_region(each) for each in listed), key=lambda each: each.start))


def _region(each: Any) -> Region:
    start, end = (int(word, 16) for word in each.addr.split("-"))
    kind = "file" if each.path.startswith("/") else "anonymous"
    return Region(start, end, each.perms, kind, each.path, rss=each.rss)
