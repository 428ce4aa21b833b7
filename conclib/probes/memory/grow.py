"""Which way do heap and stack grow?

Three children ask for more. One asks for many small blocks, one for a few big ones, one calls
deeper and deeper. What moves is the *edge* of a region in the list; a single small block may fill
an old hole, and tells nothing.
"""

from __future__ import annotations  # a worker may be an older Python

import ctypes

from .. import _libc, _refuse, _regions, _sacrifice, _six, _stack

PROBE = {
    "name": "grow",
    "title": "Which way they grow",
    "times": "nothing: it reports where the edges of heap and stack lie, and where big blocks do",
    "unit": "facts",
    "facts": {
        "heap_top": "list[int]",
        "big_blocks": "list[int]",
        "big_kinds": "list[str]",
        "big_regions": "int",
        "stack_bottom": "list[int]",
        "heap_start": "int",
        "stack_top": "int",
        "others": "list[dict[str, int | str]]",
        "ways": "dict[str, str]",
    },
    "params": {
        "requests": {
            "type": "int",
            "default": 5000,
            "min": 1000,
            "max": 50_000,
            "help": "how many small blocks of 1,000 bytes are asked for",
        },
        "big_mb": {
            "type": "int",
            "default": 8,
            "min": 1,
            "max": 64,
            "unit": "MB",
            "help": "how big each of the five big blocks is; nobody touches them",
        },
        "calls": {
            "type": "int",
            "default": 400,
            "min": 50,
            "max": 2000,
            "help": "how many calls lie within each other at the end",
        },
    },
    "takes": {"processes": "1", "mb": "requests // 1000 + 1"},
    "baseline": "none",
    "needs": ["fork"],
}
SMALL, BIG = 1000, 5  # bytes of a small block; how many big ones
LOOKS = 5  # how often an edge is looked at, the first time before anything was asked for
MB = 2**20


def small_blocks(report, requests):
    """In a child: ask for many small blocks; report the heap's upper edge from time to time."""
    malloc = _libc.function("malloc", ctypes.c_void_p, ctypes.c_size_t)
    for _ in range(LOOKS):
        heaps = [each["end"] for each in _sacrifice.maps() if each["path"] == "[heap]"]
        report(heaps[-1] if heaps else 0)
        for _ in range(requests // (LOOKS - 1)):
            malloc(SMALL)


def big_blocks(report, size):
    """In a child: ask for a few big blocks; report where each lies."""
    malloc = _libc.function("malloc", ctypes.c_void_p, ctypes.c_size_t)
    addresses = [malloc(size) for _ in range(BIG)]
    regions = _regions.label(_sacrifice.maps(), "")
    for address in addresses:
        each = _regions.locate(regions, address)
        report([address, each["kind"], each["start"]])


def deep_calls(report, calls):
    """In a child: call deeper and deeper; report the stack's lower edge from time to time."""
    _stack.set_limit(64 * MB)
    step = calls // (LOOKS - 1)

    def visit(depth):
        if depth == 1 or depth % step == 0:
            report(_stack.stack(_sacrifice.maps())["start"])
        return depth < calls

    _stack.recurse(visit)


def way(places):
    """Return the way in which places go on: ``"up"``, ``"down"``, or ``"neither"``."""
    pairs = list(zip(places, places[1:]))  # noqa: B905, RUF007 -- before 3.10
    if not pairs or places[0] == places[-1]:
        return "neither"
    if all(later >= earlier for earlier, later in pairs):
        return "up"
    return "down" if all(later <= earlier for earlier, later in pairs) else "neither"


def report(params):
    _refuse.require_proc()
    heap = _sacrifice.run(lambda report: small_blocks(report, params["requests"])).whole()
    big = _sacrifice.run(lambda report: big_blocks(report, params["big_mb"] * MB)).whole()
    stack = _sacrifice.run(lambda report: deep_calls(report, params["calls"])).whole()
    addresses = [address for address, _, _ in big]
    listed = _regions.label(_sacrifice.maps(), "")  # the children began with the same list
    regions = {each["path"]: each for each in listed}
    return {
        "heap_start": regions.get("[heap]", {}).get("start", 0),
        "stack_top": regions["[stack]"]["end"],
        "others": [_six.plain(each) for each in listed if each["kind"] not in ("heap", "stack")],
        "heap_top": heap,
        "big_blocks": addresses,
        "big_kinds": [kind for _, kind, _ in big],
        "big_regions": len({start for _, _, start in big}),
        "stack_bottom": stack,
        "ways": {"heap": way(heap), "big blocks": way(addresses), "stack": way(stack)},
    }
