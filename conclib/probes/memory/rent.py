"""A parent fills memory and forks children that only wait. Who has it, and who gives it back?

Each of them is looked at from outside, on three scales, and so is the machine's own count of such
memory. Then they end, one after another, and after each end everybody who is left is looked at again.
"""

import os

from .. import _accounts, _refuse, _rent_model, _sharing

PROBE = {
    "name": "rent",
    "title": "Memory that several hold",
    "times": "nothing: it reports what each process has, and what comes back when one ends",
    "unit": "facts",
    "facts": {
        "names": "list[str]",
        "figures": "dict[str, dict[str, list[int | None]]]",
        "ends": "list[str]",
        "in_ram_kb": "list[int]",
        "back_kb": "list[int]",
        "left": "int",
    },
    "params": {
        "size_mb": {
            "type": "int",
            "default": 128,
            "min": 4,
            "max": 512,
            "unit": "MB",
            "title": "memory that the parent fills",
            "help": "memory that the parent fills, and all of them hold",
        },
        "children": {"type": "int", "default": 3, "min": 1, "max": 8, "help": "how many children"},
        "first": {
            "type": "choice",
            "default": "parent",
            "choices": ["parent", "children"],
            "help": "who ends first: the parent before its children, or the other way round",
        },
        "do": {
            "type": "choice",
            "default": "wait",
            "choices": ["wait", "read", "rewrite"],
            "help": "what each child does with it: nothing, read every byte, or rewrite a quarter",
        },
    },
    "takes": {
        "processes": "children + 1",
        "descriptors": "children + 8",
        "mb": "size_mb * (2 if do == 'rewrite' else 1)",
    },
    "baseline": "none",
    "needs": ["fork"],
}
SHARE = 4  # "rewrite": of so many parts each child rewrites one, as long as there are any


def observe(params, tell):
    _refuse.require(os, "fork")
    _refuse.require_proc()
    _accounts.get_ready()
    names = _rent_model.names(params["children"])
    rewrites = dict.fromkeys(names, 0)
    if params["do"] == "rewrite":
        for name in names[1 : SHARE + 1]:
            rewrites[name] = params["size_mb"] // SHARE
    ends = names if params["first"] == "parent" else names[1:] + names[:1]
    return _sharing.live(params["size_mb"], rewrites, ends, tell, params["do"] == "read")
