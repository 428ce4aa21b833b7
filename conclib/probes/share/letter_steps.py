"""A parent, a thread of it and its forked child take steps, one after another. What does each read give?

Each task can read letters from an open file, rewind it, open a file of that name in its current folder,
go to another folder, close. The steps that are shown are the steps that are taken.
"""

from __future__ import annotations  # a worker may be an older Python

import os

from .. import _cast, _letter_steps, _letters, _refuse

PROBE = {
    "name": "letter_steps",
    "title": "Letters, step by step",
    "times": "nothing: it reports what each step gave",
    "unit": "facts",
    "facts": {
        "steps": "list[str]",
        "gave": "list[str]",
        "last": "str",
    },
    "params": {
        "seed": {
            "type": "int",
            "default": 1,
            "min": 1,
            "max": 1_000_000_000,
            "help": "which steps: the same number, the same steps",
        },
    },
    "takes": {"processes": "2", "threads": "1", "descriptors": "24"},
    "baseline": "none",
    "needs": ["fork"],
}
ACTORS = {"parent": "maker", "thread": "thread", "child": "child"}
ERRANDS = {"reads": "read", "rewinds": "rewind", "opens": "open", "goes": "go", "closes": "close"}


def report(params):
    _refuse.require(os, "fork")
    _refuse.require_proc()
    steps = _letter_steps.program(params["seed"])
    with _letters.folder() as place, _cast.Cast() as cast:
        cast.tell("maker", "go", f"{place}/big")
        cast.tell("maker", "open", _letters.NAME)
        cast.start("child", "thread")
        gave = [take(cast, place, *step) for step in steps]
    return {"steps": [_letter_steps.text([step]) for step in steps], "gave": gave, "last": gave[-1]}


def take(cast, place, who, what, *detail):
    """Have a task take a step; return what it gave: letters, an error's name, or nothing."""
    if what == "opens":
        detail = (_letters.NAME,)
    if what == "goes":
        detail = (f"{place}/{detail[0]}",)
    return cast.said(ACTORS[who], ERRANDS[what], *detail) or ""
