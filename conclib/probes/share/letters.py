"""Four readers, one alphabet: each takes four letters from one file, in turn. Who gets which?

Two of the readers are threads of one process, the third is a child that this process has forked, the
fourth is a fresh program that opened the file itself.
"""

from __future__ import annotations  # a worker may be an older Python

import os

from .. import _cast, _letters, _refuse

PROBE = {
    "name": "letters",
    "title": "Four readers, one alphabet",
    "times": "nothing: it reports which letters each reader got",
    "unit": "facts",
    "facts": {
        "reads": "dict[str, str]",
        "who": "dict[str, str]",
        "tasks": "dict[str, dict[str, int]]",
    },
    "params": {},
    "takes": {"processes": "3", "threads": "1", "descriptors": "24"},
    "baseline": "none",
    "needs": ["fork"],
}
READERS = {"1": "maker", "2": "thread", "3": "child", "4": "stranger"}
OPENER, THREAD, CHILD, FRESH = (
    "a thread of the process that opened the file",
    "another thread of the same process",
    "a child that this process has forked",
    "a fresh program, which opened the file itself",
)


def report(params):
    _refuse.require(os, "fork")
    _refuse.require_proc()
    with _letters.folder() as place, _cast.Cast() as cast:
        cast.tell("maker", "open", f"{place}/big/letters")
        cast.start("stranger", "child", "thread")
        cast.tell("stranger", "open", f"{place}/big/letters")
        reads = {number: cast.tell(name, "read", 4) for number, name in READERS.items()}
        tasks = {number: cast.tell(name, "who") for number, name in READERS.items()}
    who = {number: told(task, tasks["1"]) for number, task in tasks.items()}
    return {"reads": reads, "who": who, "tasks": tasks}


def told(task, opener):
    """Say who a reader is, from its numbers (of process, parent and task) and the opener's."""
    if task["tid"] == opener["tid"]:
        return OPENER
    if task["pid"] == opener["pid"]:
        return THREAD
    return CHILD if task["parent"] == opener["pid"] else FRESH
