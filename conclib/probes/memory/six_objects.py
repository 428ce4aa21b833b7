"""Where do six objects of a running program lie?

A child of the measuring process stands still in the middle of a call. Meanwhile Linux is asked for
its list of regions, and each of six objects is looked up in it: code, a fixed text, a variable that
starts with a value, one that starts at 0, a block of memory, and the call that is under way. Which
of them are neighbours?
"""

from __future__ import annotations  # a worker may be an older Python

from .. import _refuse, _sacrifice, _six

PROBE = {
    "name": "six_objects",
    "title": "Where six objects lie",
    "times": "nothing: it reports in which region of memory each object lies",
    "unit": "facts",
    "facts": {
        "objects": "list[dict[str, int | str]]",
        "regions": "list[dict[str, int | str]]",
        "distances": "dict[str, int]",
        "nearest": "str",
        "times": "float",
        "all_found": "bool",
    },
    "params": {},
    "takes": {"processes": "1"},
    "baseline": "none",
    "needs": ["fork"],
}
PAIRS = {  # three ways to be close: by who asked, by what it does, by what it is
    "a block and the call that asked for it": ("block", "call"),
    "a function's code and a call that runs": ("code", "call"),
    "two variables of unrelated parts": ("set variable", "zero variable"),
}
SEGMENTS = ["text", "read-only data", "data", "bss", "heap", "stack"]  # of the six, in their order


def standing(report):
    """In the child: report where the six lie, and stand still while the call is under way."""

    def meanwhile(addresses):
        report(addresses)
        _sacrifice.stand_still()

    _six.during_a_call(meanwhile)


def distances(addresses):
    """Return how far apart the two of each pair lie, in bytes."""
    return {pair: abs(addresses[a] - addresses[b]) for pair, (a, b) in PAIRS.items()}


def report(params):
    _refuse.require_proc()
    with _sacrifice.stopped(standing) as (pid, addresses):
        regions = _sacrifice.maps(pid)
    objects = _six.located(regions, addresses)
    apart = distances(addresses)
    nearest, second = sorted(apart, key=apart.get)[:2]
    return {
        "objects": objects,
        "regions": [_six.plain(each) for each in regions],
        "distances": apart,
        "nearest": nearest,
        "times": apart[second] / max(apart[nearest], 1),
        "all_found": [each["kind"] for each in objects] == SEGMENTS,
    }
