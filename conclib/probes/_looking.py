"""Looking at a process from outside: is it listed, what is in its map, what is in its record?

What cannot be read is ``None``, and never 0. A child that has ended but was not collected is still
listed; its files are there, and many of them have nothing in them any more.
"""

from __future__ import annotations  # a worker may be an older Python

import os

from . import _record, _regions

LENT = ("vdso",)  # the kinds of regions that Linux lends to every process
PROGRAM = ("text", "read-only data", "data", "bss")
FOREVER = 60.0  # seconds: longer than any worker is given


def read(pid, name):
    """Return the text of a file of a process; ``None`` where it cannot be read."""
    try:
        with open(f"/proc/{pid}/{name}", errors="replace") as file:
            return file.read()
    except OSError:
        return None


def listed(pid):
    """Tell whether a process stands in the list of all processes."""
    return str(pid) in os.listdir("/proc")


def stat(pid):
    """Return the fields of a process's ``stat`` by number; none if it is gone."""
    text = read(pid, "stat")
    return _record.stat_fields(text) if text else {}


def state(pid):
    """Return the letter of what a process does: R, S, T, Z ...; ``None`` if it is gone."""
    return stat(pid).get(3)


def until(pid, states, seconds=FOREVER):
    """Wait until a process is in one of these states, or gone; return the state."""
    import time

    end = time.monotonic() + seconds
    while (found := state(pid)) is not None and found not in states and time.monotonic() < end:
        time.sleep(0.001)
    return found


def cpu_ms(pid):
    """Return how much CPU time a process has used, in ms; ``None`` if that cannot be read."""
    fields = stat(pid)
    if not fields:
        return None
    return (int(fields[14]) + int(fields[15])) * 1000 // os.sysconf("SC_CLK_TCK")


def open_files(pid):
    """Return how many files a process has open; ``None`` if that cannot be read.

    Of one that has ended, root sees an empty list, and others are not let in.
    """
    try:
        return len(os.listdir(f"/proc/{pid}/fd"))
    except OSError:
        return None


def program(pid):
    """Return the path of the program that a process runs; empty if it is not known."""
    try:
        return os.readlink(f"/proc/{pid}/exe")
    except OSError:
        return ""


def regions(pid):
    """Return the regions of a process, each with its kind; ``None`` if they cannot be read."""
    text = read(pid, "maps")
    return None if text is None else _regions.label(_regions.parse(text), program(pid))


def standing(pid):
    """Return where a process stands that is not running, as far as Linux lets us look.

    Returns:
        ``{"pc", "sp", "call", "place", "file"}``: program counter and stack pointer, the number of
        the system call that it is in (-1: none), and the region that the program counter lies in.
        ``None`` for what could not be read.
    """
    found = dict.fromkeys(("pc", "sp", "call", "place", "file"))
    text = read(pid, "syscall")
    numbers = _record.registers(text) if text else None
    if numbers is None:
        return found
    found["call"], found["sp"], found["pc"] = numbers
    region = _regions.locate(regions(pid) or [], found["pc"])
    if region:
        found["place"], found["file"] = region["kind"], os.path.basename(region["path"])
    return found


def own(regions):
    """Return the regions that are a program's own; what Linux lends to everybody is left out."""
    return [each for each in regions if each["kind"] not in LENT]


def common(one, other):
    """Return how many regions two maps have in common; ``None`` where one is not known."""
    return None if one is None or other is None else len(one & other)


def strip(regions):
    """Return what lies in a map, from low to high addresses, neighbours of one kind together."""
    found = []
    for each in regions:
        kind = each["kind"]
        word = "program" if kind in PROGRAM else kind if kind in ("heap", "stack") else "between"
        if word not in found[-1:]:
            found.append(word)
    return ", ".join(found)


def user(pid):
    """Return whose process it is, by number; ``None`` if it is gone."""
    try:
        return os.stat(f"/proc/{pid}").st_uid
    except OSError:
        return None
