"""Can processes have more memory than the machine?

One process fills some memory, then makes copies of itself that wait. Of each of them Linux is asked
how much memory it has, as every monitor does, and the answers are added.
"""

import os

from .. import _accounts, _nursery, _proc, _refuse, _steered, _watching

PROBE = {
    "name": "many_copies",
    "title": "More memory than there is",
    "times": "nothing: it reports how much memory all of them say they have",
    "unit": "facts",
    "facts": {
        "processes": "int",
        "alive": "int",
        "refused": "str",
        "each_mb": "float",
        "sum_mb": "float",
        "machine_mb": "float",
        "swapped_mb": "float",
        "shares_mb": "float",
        "left": "int",
    },
    "params": {
        "filled_mb": {
            "type": "int",
            "default": 64,
            "min": 1,
            "max": 512,
            "unit": "MB",
            "help": "memory that the first process fills",
        },
        "copies": {"type": "int", "default": 100, "min": 1, "max": 499, "help": "how many copies"},
    },
    "takes": {
        "processes": "copies + 1",
        "descriptors": "16",
        "mb": "filled_mb + copies * (filled_mb + 256) // 512",
    },
    "baseline": "none",
    "needs": ["fork"],
}
MB = 1024  # kB


def observe(params, tell):
    _refuse.require(os, "fork")
    _refuse.require_proc()
    _accounts.get_ready()
    tell.actor("observer", "process", os.getpid())
    swapped = _accounts.swap_used()
    children = _watching.Children()
    nursery = _nursery.Nursery("fork", params["filled_mb"], huge=True)
    parent = _steered.Steered(children, "parent", nursery.answer, nursery.prepare)
    tell.actor("parent", "process", parent.pid, maker="observer")
    code = min(parent.ask(params["copies"]), 0)
    pids = [parent.pid, *_nursery.children_of(parent.pid)]
    seen = [_accounts.resident(pid) for pid in pids]
    facts = {
        "processes": len(pids),
        "alive": sum(lives(pid) for pid in pids),
        "refused": os.strerror(-code) if code else "",
        "each_mb": sorted(each["rss"] for each in seen)[len(seen) // 2] / MB,
        "sum_mb": sum(each["rss"] for each in seen) / MB,
        "machine_mb": total(),
        "swapped_mb": max(_accounts.swap_used() - swapped, 0) / MB,
        "shares_mb": sum(each["pss"] for each in seen) / MB,
    }
    tell.event("parent", "copies", there=len(pids) - 1)
    return {**facts, "left": _nursery.end(children, parent)}


def lives(pid):
    """Return whether a process exists and has not ended."""
    return _proc.parse_stat(_accounts.read(f"/proc/{pid}/stat"))["state"] not in "ZX"


def total():
    """Return the machine's memory, in MB."""
    return _proc.key_numbers(_accounts.read("/proc/meminfo"))["MemTotal"] / MB
