"""What does one more process cost?

A parent that has filled some memory makes children in steps: by ``fork``, which then wait in the C
library and touch next to nothing, or fresh ones, each an interpreter of its own that waits. At each
step every child is looked at from outside. Five scales: addresses reserved, memory within reach
(rss; ``files`` is the part of it that comes from files), its share of that (pss), what is its alone
(uss), and its page tables; and the kernel stacks of all tasks, known for the whole machine only.
"""

import os

from .. import _accounts, _nursery, _refuse, _steered, _watching

PROBE = {
    "name": "more_processes",
    "title": "One more process, and one more",
    "times": "nothing: it reports what each process has, and what refused more of them",
    "unit": "facts",
    "facts": {
        "asked": "int",
        "there": "int",
        "refused": "str",
        "parent_mb": "dict[str, float]",
        "steps": "list[dict[str, int | float | None]]",
        "each_mb": "dict[str, float | None]",
        "left": "int",
    },
    "params": {
        "kind": {
            "type": "choice",
            "default": "fork",
            "choices": ["fork", "spawn"],
            "help": "duplicates of the parent, or fresh Pythons",
        },
        "count": {
            "type": "int",
            "default": 50,
            "min": 1,
            "max": 500,
            "title": "processes",
            "help": "how many children, at most",
        },
        "filled_mb": {
            "type": "int",
            "default": 0,
            "min": 0,
            "max": 512,
            "unit": "MB",
            "help": "memory that the parent fills before it makes children",
        },
    },
    "takes": {
        "processes": "count",
        "descriptors": "16",
        "mb": "filled_mb + (count * (filled_mb + 256) // 512 if kind == 'fork' else count * 8)",
    },
    "baseline": "none",
    "needs": ["fork", "posix_spawn"],
}
LADDER = (1, 2, 5, 10, 20, 50, 100, 200, 500)
SCALES = ("virtual", "rss", "pss", "uss", "tables", "files")
FEW = 50  # from so many on, what the machine counts says something about them
MB = 1024  # kB


def row(pids, kernel, before):
    """Return what a child has on each scale, the middle one of all, in kB."""
    seen = [_accounts.of(pid) for pid in pids]
    found = {name: sorted(each[name] for each in seen)[len(seen) // 2] for name in SCALES}
    found["pss_sum"] = sum(each["pss"] for each in seen)
    counted = kernel is not None and before is not None and len(pids) >= FEW
    found["kernel"] = round((kernel - before) / len(pids), 2) if counted else None
    return {"processes": len(pids), **found}


def climb(parent, params, tell):
    """Go up the ladder; return its rows, and what refused more."""
    steps = [number for number in LADDER if number < params["count"]] + [params["count"]]
    rows, before = [], _accounts.machine().get("kernel")
    for number in steps:
        code = min(parent.ask(number), 0)
        there = _nursery.children_of(parent.pid)
        if there:
            rows.append(row(there, _accounts.machine().get("kernel"), before))
            tell.event("parent", "children", there=len(there), asked=number)
        if code:
            return rows, os.strerror(-code)
    return rows, ""


def observe(params, tell):
    """Make them step by step, look at each step, and end them all."""
    _refuse.require(os, "fork")
    _refuse.require_proc()
    _accounts.get_ready()
    children, nursery = _watching.Children(), _nursery.Nursery(params["kind"], params["filled_mb"])
    tell.actor("observer", "process", os.getpid())
    parent = _steered.Steered(children, "parent", nursery.answer, nursery.prepare)
    tell.actor("parent", "process", parent.pid, maker="observer")
    parent.ask(0)  # now it has filled its memory
    own = {name: _accounts.of(parent.pid)[name] / MB for name in SCALES}
    rows, refused = climb(parent, params, tell)
    there, left = rows[-1]["processes"] if rows else 0, _nursery.end(children, parent)
    each = dict.fromkeys((*SCALES, "kernel"))
    for name in each if rows else ():
        each[name] = None if rows[-1][name] is None else rows[-1][name] / MB
    facts = {"asked": params["count"], "there": there, "refused": refused, "parent_mb": own}
    return {**facts, "steps": rows, "each_mb": each, "left": left}
