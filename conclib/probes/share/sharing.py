"""What do two tasks share, and what has each of its own? All look, one changes, all look again.

A parent, a thread of it, its forked child and a fresh program get the same of everything: equal is not
shared. Then one of them changes a thing. Who has the same thing meets the change; who has his own does
not. Beside it Linux is asked directly (``kcmp``), where that is possible. Nothing is known beforehand:
where the two witnesses contradict each other, the answer is "?".
"""

from __future__ import annotations  # a worker may be an older Python

import os

from .. import _cast, _kcmp, _letters, _matrix, _one_file, _refuse

PROBE = {
    "name": "sharing",
    "title": "Shared or own",
    "times": "nothing: it reports what each task finds before and after a change",
    "unit": "facts",
    "facts": {
        "cells": "dict[str, dict[str, dict[str, str | bool | None]]]",
        "changer": "str",
        "others": "list[str]",
        "tasks": "dict[str, dict[str, int]]",
        "user": "int",
    },
    "params": {
        "changes": {
            "type": "choice",
            "default": "maker",
            "choices": ["maker", "thread", "child", "stranger", "other"],
            "help": "who changes each thing; 'other': each of the three others, and the maker looks",
        },
        "thing": {
            "type": "choice",
            "default": "all",
            "choices": [
                "all",
                "five",
                "memory",
                "open files",
                "file offset",
                "working directory",
                "umask",
                "reaction to signals",
                "environment",
                "limits",
                "pid",
                "user",
                "signal mask",
                "priority",
                "CPU set",
                "name",
            ],
            "help": "which thing is changed",
        },
    },
    "takes": {"processes": "3", "threads": "1", "descriptors": "24"},
    "baseline": "none",
    "needs": ["fork"],
}
# What Linux is asked of a thing; of all others it cannot be asked in this way.
KCMP = {
    "memory": "VM",
    "open files": "FILES",
    "file offset": "FILE",
    "working directory": "FS",
    "umask": "FS",
    "reaction to signals": "SIGHAND",
}
NO_KIND = "kcmp cannot be asked about it"


def report(params):
    _refuse.require(os, "fork")
    _refuse.require_proc()
    names, pairs = _matrix.chosen(params["thing"]), _matrix.pairs(params["changes"])
    with _letters.folder() as place, _cast.Cast() as cast:
        equip(cast, place)
        tasks = {name: cast.tell(name, "who") for name in _cast.NAMES}
        asked = {pair: asked_of_linux(tasks, names, pair) for pair in pairs}
        first = looks(cast, names)
        cells = {name: of_thing(cast, name, asked, first) for name in names}
    return {"cells": cells, "changer": params["changes"], "others": _matrix.others(pairs),
            "tasks": tasks, "user": os.geteuid()}  # fmt: skip


def equip(cast, place):
    """Give all four the same: the parent first, of whom child and thread have it."""
    cast.tell(_cast.MAKER, "equip", place)
    cast.start(*_cast.NAMES)
    cast.tell(_cast.STRANGER, "equip", place)


def looks(cast, names):
    """Return what each task finds of these things."""
    return {task: cast.tell(task, "look", names) for task in _cast.NAMES}


def of_thing(cast, name, asked, first):
    """Have a thing changed by whoever is to change it; return a cell for each pair.

    Args:
        asked: for each pair of changer and looker what kcmp says; first: what all had at first.
    """
    cells, seen = {}, {}
    for changer, looker in asked:
        if changer not in seen:
            seen[changer] = changed(cast, name, changer)
        cells[_matrix.key(changer, looker, asked)] = _matrix.cell(
            changer, looker, seen[changer], asked[changer, looker][name],
            equal=first[changer][name] == first[looker][name], fixed=name == "pid",
        )  # fmt: skip
    return cells


def changed(cast, name, who):
    """Let all look, one change, all look again; return what was found, and why it was refused."""
    before = looks(cast, [name])
    try:
        refused = cast.tell(who, "change", name) or ""
    except OSError as error:
        refused = f"Linux refused the change: {error.strerror}"
    found = {"before": before, "after": looks(cast, [name])}
    texts = {when: {task: each[name] for task, each in by.items()} for when, by in found.items()}
    return {**texts, "refused": refused}


def asked_of_linux(tasks, names, pair):
    """Ask kcmp about two tasks, of each thing that it can be asked of; return answers and reasons."""
    numbers = [tasks[name]["tid"] for name in pair]
    found = dict.fromkeys(names, (None, NO_KIND))
    for name in names:
        if name in KCMP:
            found[name] = _kcmp.same(KCMP[name], *numbers, _one_file.FILE)
    return found
