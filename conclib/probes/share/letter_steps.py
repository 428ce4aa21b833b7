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
        "steps": {
            "type": "text",
            "default": "drawn",
            "pattern": "drawn|((parent|thread|child) (reads [1-4]|rewinds|opens|closes|"
            "goes to (big|small)); ?){0,11}(parent|thread|child) reads [1-4]",
            "allowed": "up to 12 steps, of which the last one reads: 'parent reads 2; child opens; "
            "thread goes to small; thread rewinds; child closes; parent reads 3'; or the word 'drawn'",
            "help": "the steps to be taken, in place of those of the seed",
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
    steps = given(params["seed"], params["steps"])
    with _letters.folder() as place, _cast.Cast() as cast:
        cast.tell("maker", "go", f"{place}/big")
        cast.tell("maker", "open", _letters.NAME)
        cast.start("child", "thread")
        gave = [take(cast, place, *step) for step in steps]
    return {"steps": [_letter_steps.text([step]) for step in steps], "gave": gave, "last": gave[-1]}


def given(seed, text):
    """Return the steps of a text, or those that are drawn from a seed."""
    return _letter_steps.program(seed) if text == "drawn" else _letter_steps.parse(text)


def take(cast, place, who, what, *detail):
    """Have a task take a step; return what it gave: letters, an error's name, or nothing."""
    if what == "opens":
        detail = (_letters.NAME,)
    if what == "goes":
        detail = (f"{place}/{detail[0]}",)
    return cast.said(ACTORS[who], ERRANDS[what], *detail) or ""
