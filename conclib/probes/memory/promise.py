"""Is memory that was asked for there? What Linux promises, and what it hands out.

A child asks for a lot of memory and touches a part of it. Linux counts what was promised (the size
of the address space) apart from what was handed out (what is resident).
"""

from __future__ import annotations  # a worker may be an older Python

import mmap

from .. import _proc, _refuse, _sacrifice

PROBE = {
    "name": "promise",
    "title": "Memory asked for, and memory touched",
    "times": "nothing: it reports how much was promised and how much was handed out",
    "unit": "facts",
    "facts": {
        "asked_mb": "float",
        "touched_mb": "float",
        "promised_mb": "list[float]",
        "resident_mb": "list[float]",
        "machine_mb": "float | None",
        "rule": "str",
    },
    "params": {
        "asked_mb": {
            "type": "int",
            "default": 2048,
            "min": 16,
            "max": 65_536,
            "unit": "MB",
            "help": "how much is asked for",
        },
        "touched_mb": {
            "type": "int",
            "default": 64,
            "min": 1,
            "max": 512,
            "unit": "MB",
            "help": "how much of it is written to",
        },
    },
    "takes": {"processes": "1", "mb": "touched_mb"},
    "baseline": "none",
    "needs": ["fork"],
}
MB = 2**20
RULES = {"0": "refuses what is obviously too much", "1": "promises anything", "2": "counts it all"}


def sizes():
    """Return the size of this process's address space and what of it is resident, in MB."""
    with open("/proc/self/statm") as file:
        text = file.read()
    pages = int(text.split()[0])
    return [pages * mmap.PAGESIZE / MB, _proc.resident_bytes(text, mmap.PAGESIZE) / MB]


def ask(report, asked, touched):
    """In a child: report the sizes before, after asking, and after touching a part."""
    sizes()  # the first time it needs some memory itself
    report(sizes())
    try:
        memory = mmap.mmap(-1, asked * MB, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    except OSError as error:
        report({"refused": error.strerror})
        return
    report(sizes())
    for page in range(0, touched * MB, mmap.PAGESIZE):
        memory[page] = 1
    report(sizes())


def read(path, key=None):
    """Return the text of a file of /proc, or a number of it; None where it is not there."""
    try:
        with open(path) as file:
            text = file.read()
        return text.strip() if key is None else _proc.key_numbers(text)[key] / 1024
    except (OSError, KeyError):
        return None


def report(params):
    _refuse.require_proc()
    asked, touched = params["asked_mb"], min(params["touched_mb"], params["asked_mb"])
    told = _sacrifice.run(lambda report: ask(report, asked, touched)).whole()
    if isinstance(told[-1], dict):
        raise _refuse.Unavailable(f"asked for {asked} MB: {told[-1]['refused']}")
    return {
        "asked_mb": float(asked),
        "touched_mb": float(touched),
        "promised_mb": [promised for promised, _ in told],
        "resident_mb": [resident for _, resident in told],
        "machine_mb": read("/proc/meminfo", "MemTotal"),
        "rule": RULES.get(read("/proc/sys/vm/overcommit_memory") or "", "not said"),
    }
