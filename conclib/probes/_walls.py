"""A page put where nothing was, in the way of what grows."""

from __future__ import annotations  # a worker may be an older Python

import ctypes
import mmap

from . import _libc

PRIVATE, ANONYMOUS, NOREPLACE = 0x02, 0x20, 0x100000  # MAP_..., as Linux has them
READ = 1  # PROT_READ; from a page without any rights, Linux keeps no distance
FAILED = ctypes.c_void_p(-1).value


def build(address: int) -> int:
    """Have one page mapped that may only be read, just here or not at all; return its address."""
    call = _libc.function(
        "mmap", ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int,
        ctypes.c_int, ctypes.c_long,
    )  # fmt: skip
    place = address // mmap.PAGESIZE * mmap.PAGESIZE
    found = call(place, mmap.PAGESIZE, READ, PRIVATE | ANONYMOUS | NOREPLACE, -1, 0)
    if found == FAILED:
        raise _libc.failed("mmap at a given address")
    if found != place:
        raise RuntimeError("Linux put the page elsewhere: is there something already?")
    return place
