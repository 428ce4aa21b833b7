"""Reading the texts that Linux shows under ``/proc``. Pure functions: text in, numbers out.

Used by the probes inside a worker and by the packages that look at a process from outside.
"""

from __future__ import annotations  # a worker may be an older Python

PAGE = 4096


def parse_stat(text: str) -> dict[str, int | str]:
    """Return the fields of ``/proc/PID/stat`` that we use, by name.

    The second field is the program's name in brackets, and a program may be named ``) R (``. So
    the fields are counted from the *last* closing bracket on.
    """
    head, bracket, tail = text.rpartition(")")
    fields = tail.split()
    if not bracket or len(fields) < 20:
        raise ValueError("not the text of a stat file")
    pid, _, name = head.partition(" (")
    return {
        "pid": int(pid),
        "name": name,
        "state": fields[0],
        "ppid": int(fields[1]),
        "pgrp": int(fields[2]),
        "session": int(fields[3]),
        "minor_faults": int(fields[7]),
        "utime": int(fields[11]),
        "stime": int(fields[12]),
        "threads": int(fields[17]),
        "starttime": int(fields[19]),
    }


def resident_bytes(statm, page=PAGE):
    """Return the resident set from the text of ``/proc/PID/statm``, in bytes."""
    return int(statm.split()[1]) * page


def steal_ticks(stat):
    """Return the clock ticks in which the host gave this machine's CPUs to somebody else.

    The first line of ``/proc/stat``: user nice system idle iowait irq softirq *steal* ...
    """
    fields = stat.split("\n", 1)[0].split()
    return int(fields[8]) if len(fields) > 8 else 0


def bracketed(text):
    """Return the chosen word of a list like ``always [madvise] never``."""
    return text.partition("[")[2].partition("]")[0] or text.strip()


def key_numbers(text):
    """Return lines like ``nr_throttled 3`` or ``VmRSS:  120 kB`` as a dictionary of numbers."""
    found = {}
    for line in text.splitlines():
        words = line.replace(":", " ").split()
        if len(words) >= 2 and words[1].lstrip("-").isdigit():
            found[words[0]] = int(words[1])
    return found


def mapped_kb(smaps, address, key):
    """Return ``key`` (``AnonHugePages``, ``Rss`` ...) of the mapping that holds ``address``, in kB.

    ``smaps`` is the text of ``/proc/PID/smaps``: a line ``low-high perms ...`` for each mapping,
    then its figures.
    """
    inside = False
    for line in smaps.splitlines():
        first = line.split(" ", 1)[0]
        low, dash, high = first.partition("-")
        if dash and not first.endswith(":"):
            inside = int(low, 16) <= address < int(high, 16)
        elif inside and first == key + ":":
            return int(line.split()[1])
    return 0
