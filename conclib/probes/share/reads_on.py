"""A parent reads, somebody else reads from the same file, then the parent reads on. Where is it?

The parent opens a file and takes four letters. Then a forked child of it, a thread of it, or a fresh
program that opens the file by itself, takes four, and closes the file or leaves it open. What does the
parent get next: an error, the letters after its own, or those after the other's?
"""

from __future__ import annotations  # a worker may be an older Python

import os

from .. import _cast, _kcmp, _letters, _one_file, _refuse

PROBE = {
    "name": "reads_on",
    "title": "The parent reads on",
    "times": "nothing: it reports which letters each of them got",
    "unit": "facts",
    "facts": {
        "before": "str",
        "other": "str",
        "after": "str",
        "same_file": "bool | None",
        "tables_shared": "bool | None",
        "why": "str",
    },
    "params": {
        "who": {
            "type": "choice",
            "default": "forked child",
            "choices": ["forked child", "thread", "fresh program"],
            "help": "who else reads",
        },
        "then": {
            "type": "choice",
            "default": "closes",
            "choices": ["closes", "leaves open"],
            "help": "whether the other one closes the file after reading",
        },
    },
    "takes": {"processes": "2", "threads": "1", "descriptors": "24"},
    "baseline": "none",
    "needs": ["fork"],
}
OTHERS = {"forked child": "child", "thread": "thread", "fresh program": "stranger"}


def report(params):
    _refuse.require(os, "fork")
    _refuse.require_proc()
    other = OTHERS[params["who"]]
    with _letters.folder() as place, _cast.Cast() as cast:
        cast.tell("maker", "open", f"{place}/big/letters")
        before = cast.tell("maker", "read", 4)
        cast.start(other)
        if other == "stranger":
            cast.tell(other, "open", f"{place}/big/letters")
        asked = compared(cast, other)  # while both have it open
        others = cast.tell(other, "read", 4)
        if params["then"] == "closes":
            cast.tell(other, "close")
        after = cast.said("maker", "read", 4)
    return {"before": before, "other": others, "after": after, **asked}


def compared(cast, other):
    """Ask Linux whether both work with one open file, and with one list of open files."""
    one, two = (cast.tell(name, "who")["tid"] for name in ("maker", other))
    file, why = _kcmp.same("FILE", one, two, _one_file.FILE)
    tables, _ = _kcmp.same("FILES", one, two)
    return {"same_file": file, "tables_shared": tables, "why": why}
