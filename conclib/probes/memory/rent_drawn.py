"""The same as ``rent``, with everything drawn from a seed: who rewrites how much, and who ends.

What a seed gives is computed in ``_rent_model.py``, and here it is done.
"""

import os

from .. import _accounts, _refuse, _rent_model, _sharing

PROBE = {
    "name": "rent_drawn",
    "title": "Memory that several hold, drawn from a seed",
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
        "seed": {
            "type": "int",
            "default": 1,
            "min": 1,
            "max": 1_000_000_000,
            "help": "which one: the same number, the same processes",
        },
    },
    "takes": {"processes": "4", "descriptors": "12", "mb": "144"},
    "baseline": "none",
    "needs": ["fork"],
}


def observe(params, tell):
    _refuse.require(os, "fork")
    _refuse.require_proc()
    _accounts.get_ready()
    drawn = _rent_model.drawn(params["seed"])
    return _sharing.live(drawn["size"], drawn["rewrites"], drawn["ends"], tell)
