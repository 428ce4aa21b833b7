"""What Linux counts of a process's memory, in kB, and of all memory that the machine has given out.

A process has four numbers that look like one: *virtual*, the addresses it has reserved; *rss*, the
memory that it can reach; *pss*, its share of that, each page divided by how many have it; *uss*, what
nobody else has. Its page tables are in none of them, and neither are the kernel stacks of its tasks:
Linux itself keeps those.
"""

from __future__ import annotations  # a worker may be an older Python

import os

from . import _light, _proc, _refuse

PR_SET_THP_DISABLE = 41
NAMES = {"Rss": "rss", "Pss": "pss", "Private_Clean": "uss", "Private_Dirty": "uss"}
MACHINE = {
    "AnonPages": "anonymous",  # memory of no file, of all processes
    "KernelStack": "kernel",  # a kernel stack for each task
    "PageTables": "tables",
    "SUnreclaim": "records",  # what Linux remembers about tasks, mappings and much else
}


def read(path):
    """Return a file's text, however often Linux must be asked for it (no buffers that grow)."""
    fd = os.open(path, os.O_RDONLY)
    try:
        parts = iter(lambda: os.read(fd, 1 << 16), b"")
        return b"".join(parts).decode(errors="replace")
    finally:
        os.close(fd)


def resident(pid="self"):
    """Return ``rss``, ``pss`` and ``uss`` of a process, in kB.

    Linux adds them up in ``smaps_rollup`` (from 4.14 on); where that is missing, ``smaps`` lists
    each mapping, and we add. ``VmRSS`` would be quicker, but on some systems it is only about right.

    Raises:
        Unavailable: neither of the two can be read here; says why.
    """
    for name in ("smaps_rollup", "smaps"):
        try:
            return summed(read(f"/proc/{pid}/{name}"))
        except (FileNotFoundError, ProcessLookupError):  # the rollup may fail on a living process
            continue
        except PermissionError:
            raise _refuse.Unavailable(f"/proc/{pid}/{name} may not be read here") from None
    raise _refuse.Unavailable("this Linux shows neither smaps_rollup nor smaps of a process")


def summed(text):
    """Return ``rss``, ``pss`` and ``uss`` in kB from the text of ``smaps_rollup`` or of ``smaps``."""
    found = dict.fromkeys(NAMES.values(), 0)
    for line in text.splitlines():
        name = NAMES.get(line.partition(":")[0])
        if name:
            found[name] += int(line.split()[1])
    return found


def of(pid="self"):
    """Return all that Linux counts of a process: resident figures, and ``virtual``, ``tables``,
    ``files`` (of what is resident, the part that is a page of a file, such as its code)."""
    status = _proc.key_numbers(read(f"/proc/{pid}/status"))
    sizes = {"virtual": status["VmSize"], "tables": status["VmPTE"], "files": status["RssFile"]}
    return {**sizes, **resident(pid)}


def machine():
    """Return what Linux has given out on the whole machine, in kB; absent where it does not say."""
    found = _proc.key_numbers(read("/proc/meminfo"))
    return {ours: found[name] for name, ours in MACHINE.items() if name in found}


def swap_used():
    """Return how much of the machine's memory has been moved to disk, in kB."""
    found = _proc.key_numbers(read("/proc/meminfo"))
    return found.get("SwapTotal", 0) - found.get("SwapFree", 0)


def small_pages_only():
    """Have Linux give this process, and those that it forks, no huge pages; return whether it does.

    One touch of a huge page makes 2 MB resident, and one write copies as much: then a stack would
    seem to be full that is not.
    """
    from . import _libc

    try:
        prctl = _libc.function("prctl")
    except _refuse.Unavailable:
        return False
    return prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0) == 0


def get_ready():
    """Read everything once: the first look at a file makes objects that stay."""
    of()
    machine()
    swap_used()
    _light.dumps(resident())
