"""Aim yourself: a number is written at a place where it does not belong. Who notices?

Each write is done in a child of its own, which may end by it. What the map says of the place is looked
up before.
"""

from __future__ import annotations  # a worker may be an older Python

from .. import _aims, _refuse, _sacrifice

PROBE = {
    "name": "aimed",
    "title": "A write that goes wrong",
    "times": "nothing: it reports what was there before and after, and how the writer ended",
    "unit": "facts",
    "kind": "process",
    "facts": {
        "ended": "dict[str, str]",
        "address": "dict[str, int]",
        "map": "dict[str, str | None]",
        "before": "dict[str, str | None]",
        "after": "dict[str, str | None]",
        "owner_finds": "dict[str, str | None]",
        "wrote": "str",
        "noticed": "int",
    },
    "params": {
        "at": {
            "type": "choice",
            "default": "all",
            "choices": [
                "near zero",
                "code",
                "memory given back",
                "fence of a stack",
                "another thread's record",
                "all",
            ],
            "help": "where the pointer points",
        },
    },
    "takes": {"processes": "1", "threads": "1", "descriptors": "4"},
    "baseline": "none",
    "needs": ["fork"],
}
NOT_THERE = "a child could not get ready to write at this place: "


def aim(place):
    """Let a child write at a place; return how it ended and what it said."""
    told = _sacrifice.run(lambda report: _aims.write_to(place, report))
    if not told.lines or (told.how == "exited" and not told.lives):
        raise _refuse.Unavailable(NOT_THERE + place)
    said = {"after": None, "owner_finds": None}
    for line in told.lines:
        said.update(line)
    return {"ended": told.by_itself(), **said}


def report(params):
    _refuse.require_proc()
    places = _aims.PLACES if params["at"] == "all" else (params["at"],)
    aimed = {place: aim(place) for place in places}
    columns = ("ended", "address", "map", "before", "after", "owner_finds")
    facts = {name: {place: aimed[place][name] for place in places} for name in columns}
    noticed = sum(each != "lived" for each in facts["ended"].values())
    return {**facts, "wrote": str(_aims.INK), "noticed": noticed}
