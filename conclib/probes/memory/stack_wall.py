"""A page lies in the way of the stack. Where do ever deeper calls end then?

A child has one page mapped below its stack's top, closer than the stack's limit, and goes down its
stack page by page. Linux lets the stack not even come near it.
"""

from __future__ import annotations  # a worker may be an older Python

import mmap

from .. import _refuse, _sacrifice, _stack, _walls

PROBE = {
    "name": "stack_wall",
    "title": "A page in the way of the stack",
    "times": "nothing: it reports where the stack ended",
    "unit": "facts",
    "facts": {
        "wall_mb": "float",
        "limit_mb": "float",
        "size_mb": "float",
        "clear_pages": "int",
        "page_bytes": "int",
        "ended": "str",
        "without_mb": "float",
    },
    "params": {
        "wall_mb": {
            "type": "int",
            "default": 3,
            "min": 2,
            "max": 7,
            "unit": "MB",
            "help": "how far below the stack's top the page lies; the stack's limit is 8 MB",
        },
    },
    "takes": {"processes": "1", "mb": "8"},
    "baseline": "none",
    "needs": ["fork"],
}
MB = 2**20
LIMIT = 8 * MB


def descent(report, wall):
    """In a child: put a page ``wall`` bytes below the top (0: none), then go down the stack."""
    top = _stack.stack(_sacrifice.maps())["end"]
    if wall:
        _walls.build(top - wall)
    report({"top": top})
    _stack.descend(report, LIMIT)


def report(params):
    _refuse.require_proc()
    _stack.require_limit(LIMIT)
    wall = params["wall_mb"] * MB
    told = _sacrifice.run(lambda report: descent(report, wall))
    without = _sacrifice.run(lambda report: descent(report, 0))
    size, free = (each.one()["top"] - each.lines[-1] - mmap.PAGESIZE for each in (told, without))
    return {
        "wall_mb": float(params["wall_mb"]),
        "limit_mb": LIMIT / MB,
        "size_mb": size / MB,
        "clear_pages": (wall - mmap.PAGESIZE - size) // mmap.PAGESIZE,
        "page_bytes": mmap.PAGESIZE,
        "ended": told.end,
        "without_mb": free / MB,
    }
