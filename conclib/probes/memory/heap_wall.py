"""A page lies in the way of the heap. What becomes of a program that asks for more?

A child has one page mapped just above its heap, so that the heap cannot grow any more, and then
asks for many small blocks.
"""

from __future__ import annotations  # a worker may be an older Python

import ctypes

from .. import _libc, _refuse, _regions, _sacrifice, _walls

PROBE = {
    "name": "heap_wall",
    "title": "A page in the way of the heap",
    "times": "nothing: it reports where the blocks lie",
    "unit": "facts",
    "facts": {
        "ended": "str",
        "got": "int",
        "in_the_heap": "int",
        "elsewhere": "int",
        "elsewhere_kind": "str",
        "heap_grew": "bool",
        "out_of_memory": "bool",
    },
    "params": {
        "requests": {
            "type": "int",
            "default": 5000,
            "min": 1000,
            "max": 50_000,
            "help": "how many blocks of 1,000 bytes are asked for",
        },
    },
    "takes": {"processes": "1", "mb": "requests // 1000 + 1"},
    "baseline": "none",
    "needs": ["fork"],
}
SMALL = 1000  # bytes
ROOM = 4 * 4096  # bytes that are left between the heap's top and the page


def heap(regions):
    """Return the heap's region; None where there is none."""
    return next((each for each in regions if each["path"] == "[heap]"), None)


def small_blocks(report, requests):
    """In a child: put the page in the way, ask for blocks, report where they lie."""
    malloc = _libc.function("malloc", ctypes.c_void_p, ctypes.c_size_t)
    before = heap(_sacrifice.maps())
    _walls.build(before["end"] + ROOM)
    addresses = [malloc(SMALL) for _ in range(requests)]
    regions = _regions.label(_sacrifice.maps(), "")
    inside = heap(regions)
    out = [a for a in addresses if a and not inside["start"] <= a < inside["end"]]
    where = _regions.locate(regions, out[-1]) if out else None
    report(
        {
            "got": sum(bool(each) for each in addresses),
            "elsewhere": len(out),
            "elsewhere_kind": where["kind"] if where else "",
            "heap_grew": inside["end"] > before["end"] + ROOM,
        }
    )


def report(params):
    _refuse.require_proc()
    if heap(_sacrifice.maps()) is None:
        raise _refuse.Unavailable("the C library here keeps no heap in the list of regions")
    told = _sacrifice.run(lambda report: small_blocks(report, params["requests"]))
    seen = told.one()
    return {
        "ended": told.end,
        "in_the_heap": seen["got"] - seen["elsewhere"],
        "out_of_memory": not told.lives or seen["got"] < params["requests"],
        **seen,
    }
