"""Going deeper and deeper: calls within calls, or a step from page to page.

Python's own calls do not use the stack that Linux gives a process: since 3.11 they are kept in
blocks of memory. So we recurse through C: ``qsort`` calls a comparing function of ours, which calls
``qsort`` again, and each level lies on the stack below the last one.
"""

from __future__ import annotations  # a worker may be an older Python

import ctypes
import mmap
import sys
from collections.abc import Callable

from . import _libc, _refuse, _regions, _sacrifice

CLOSE = 8 * mmap.PAGESIZE  # bytes before the limit
FAR = 10**6  # levels of Python calls that are allowed while we recurse through C
COMPARE = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)


def stack(regions: list[dict]) -> dict:
    """Return the region of the main thread's stack."""
    return next(each for each in regions if each["path"] == "[stack]")


def recurse(visit: Callable[[int], bool]) -> None:
    """Call within call, until ``visit(depth)`` returns False or the process dies."""
    sys.setrecursionlimit(FAR)
    two = (ctypes.c_int * 2)(2, 1)
    qsort = _libc.function(
        "qsort", None, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_size_t, COMPARE
    )
    depth = 0

    def compare(one, other):
        nonlocal depth
        depth += 1
        if visit(depth):
            qsort(two, 2, 4, again)
        return 0

    again = COMPARE(compare)
    qsort(two, 2, 4, again)


def descend(report: Callable, limit: int, near_the_end: Callable = bool) -> None:
    """In a child: read one byte of each page below the stack's top, until that ends the child.

    What is reported are addresses; the last one is where it died. Reading a page of the stack for
    the first time makes the stack grow to it, as a call does.

    Args:
        report: takes each address.
        limit: how large the stack may become, in bytes.
        near_the_end: called once, a few pages before the limit.
    """
    set_limit(limit)
    own = stack(_sacrifice.maps())
    edge, close = own["start"] // mmap.PAGESIZE * mmap.PAGESIZE, own["end"] - limit + CLOSE
    look = _libc.function("memcmp", ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t)
    here = ctypes.create_string_buffer(1)
    while True:
        edge -= mmap.PAGESIZE
        if edge <= close:
            near_the_end()
            close = 0
        report(edge)
        look(edge, here, 1)


def set_limit(size: int) -> None:
    """In a child: set how large its stack may become, in bytes, at most what is allowed here."""
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_STACK)
    resource.setrlimit(resource.RLIMIT_STACK, (min(size, largest()), hard))


def largest() -> int:
    """Return how large a stack may be made here, in bytes."""
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_STACK)
    return sys.maxsize if hard == resource.RLIM_INFINITY else hard


def require_limit(size: int) -> None:
    """Refuse where a stack of this size in bytes is not allowed."""
    if size > largest():
        raise _refuse.Unavailable(f"a stack may not become larger than {largest()} bytes here")


def gap_below(regions: list[dict]) -> tuple[dict, int]:
    """Return the nearest region below the stack, and how many bytes lie between the two."""
    own = stack(regions)
    below = [each for each in regions if each["end"] <= own["start"]][-1]
    return below, own["start"] - below["end"]


def label(regions: list[dict]) -> list[dict]:
    """Name the regions of a process for which the program's file does not matter."""
    return _regions.label(regions, "")
