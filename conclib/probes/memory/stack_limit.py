"""What ends ever deeper calls: the heap, a full memory, or a number that was set beforehand?

The limit of the stack is set to four values, each double the last. Under each one a child calls
deeper and deeper until it dies, and another one goes down its stack page by page. Beside it stands
how far away the nearest region was, and whether as much memory again could still be filled.
"""

from __future__ import annotations  # a worker may be an older Python

import mmap

from .. import _refuse, _sacrifice, _stack

PROBE = {
    "name": "stack_limit",
    "title": "Where ever deeper calls end",
    "times": "nothing: it reports how deep the calls came, and where the stack ended",
    "unit": "facts",
    "facts": {
        "limits_mb": "list[float]",
        "calls": "list[int]",
        "ended": "list[str]",
        "size_mb": "list[float]",
        "pages_short": "list[int]",
        "neighbour_mb": "float",
        "neighbour": "str",
        "heap_mb": "float",
        "spare_mb": "float",
        "at_the_limit": "bool",
        "met_the_heap": "bool",
        "memory_was_full": "bool",
        "doubles": "bool | None",
    },
    "params": {
        "limit_mb": {
            "type": "int",
            "default": 8,
            "min": 2,
            "max": 32,
            "unit": "MB",
            "title": "the stack's limit",
            "help": "the largest of the four limits; the others are a half, a quarter, an eighth",
        },
    },
    "takes": {"processes": "1", "mb": "limit_mb * 2"},
    "baseline": "none",
    "needs": ["fork"],
}
MB = 2**20
SHARES = (8, 4, 2, 1)
DOUBLE = (1.6, 2.4)  # what counts as double: the first calls of all lie on the stack as well
FAULT = "SIGSEGV"  # how Linux ends them; some Pythons (3.12) count calls and end them by themselves


def deeper(report, limit):
    """In a child: call deeper and deeper; the number of the last call is what was reported last."""
    _stack.set_limit(limit)

    def visit(depth):
        report(depth)
        return True

    _stack.recurse(visit)


def descent(report, limit):
    """In a child: say where the stack ends at the top and what else there is, and go down."""
    regions = _stack.label(_sacrifice.maps())
    below, gap = _stack.gap_below(regions)
    heaps = [each["end"] for each in regions if each["kind"] == "heap"]
    top = _stack.stack(regions)["end"]
    apart = _stack.stack(regions)["start"] - heaps[-1] if heaps else 0
    report({"top": top, "gap": gap, "kind": below["kind"], "heap": apart})
    _stack.descend(report, limit, lambda: report({"spare": spare(limit)}))


def spare(size):
    """In a child: fill as much memory beside the stack; return how many bytes that were."""
    try:
        memory = mmap.mmap(-1, size, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    except OSError:
        return 0
    pages = size // mmap.PAGESIZE
    memory[:: mmap.PAGESIZE] = b"x" * pages
    memory.close()
    return size


def doubles(calls):
    """Tell whether each number of calls is about twice the last one; None if there are no two."""
    ratios = [b / a for a, b in zip(calls, calls[1:])]  # noqa: B905, RUF007 -- before 3.10
    return all(DOUBLE[0] <= each <= DOUBLE[1] for each in ratios) if ratios else None


def report(params):
    _refuse.require_proc()
    _stack.require_limit(params["limit_mb"] * MB)
    limits = [params["limit_mb"] * MB // share for share in SHARES]
    called = [_sacrifice.run(lambda report, n=n: deeper(report, n)) for n in limits]
    downs = [_sacrifice.run(lambda report, n=n: descent(report, n)) for n in limits]
    start = downs[-1].one()
    sizes = [told.one()["top"] - told.lines[-1] - mmap.PAGESIZE for told in downs]
    short = [(n - size) // mmap.PAGESIZE for n, size in zip(limits, sizes)]  # noqa: B905
    calls = [told.lines[-1] for told in called]
    filled = sum(each["spare"] for each in downs[-1].lines[1:] if isinstance(each, dict))
    return {
        "limits_mb": [n / MB for n in limits],
        "calls": calls,
        "ended": [told.end for told in called],
        "size_mb": [size / MB for size in sizes],
        "pages_short": short,
        "neighbour_mb": start["gap"] / MB,
        "neighbour": start["kind"],
        "heap_mb": start["heap"] / MB,
        "spare_mb": filled / MB,
        "at_the_limit": all(each == 0 for each in short),
        "met_the_heap": start["gap"] <= sizes[-1],
        "memory_was_full": filled == 0,
        "doubles": doubles([told.lines[-1] for told in called if told.end == FAULT]),
    }
