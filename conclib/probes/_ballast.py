"""Ballast: memory that makes a parent big, of four kinds that look alike to a program.

    4k      private anonymous memory in pages of 4 kB, each written once
    huge    the same in pages of 2 MB, where Linux grants them
    file    a file mapped read-only, each page read once
    shared  anonymous memory that parent and child would share

Each page is touched, for a page that was never touched does not exist yet. Python's own default,
``mmap.mmap(-1, n)``, is the *shared* kind: it would be no ballast for what fork copies.
"""

import ctypes
import mmap
import os

from . import _proc
from ._refuse import Unavailable

MB = 2**20
HUGE = 2 * MB


class Ballast:
    """Hold ``mb`` megabytes of touched memory of one kind until :meth:`close`."""

    def __init__(self, mb, pages="4k"):
        self.mb = mb
        self.pages = pages
        self.memory = None
        if mb:
            self.memory = {"file": _file, "shared": _shared}.get(pages, _private)(mb * MB, pages)

    def close(self):
        """Give the memory back."""
        if self.memory is not None:
            self.memory.close()
            self.memory = None


def _private(size, pages):
    flags = getattr(mmap, "MAP_PRIVATE", 2) | getattr(mmap, "MAP_ANONYMOUS", 0x20)
    memory = mmap.mmap(-1, size + (HUGE if pages == "huge" else 0), flags=flags)
    advice = "MADV_HUGEPAGE" if pages == "huge" else "MADV_NOHUGEPAGE"
    try:
        if hasattr(mmap, advice):
            memory.madvise(getattr(mmap, advice))
        elif pages == "huge":
            raise Unavailable("this system takes no advice about huge pages")
    except OSError as error:
        if pages == "huge":
            raise Unavailable(f"no huge pages here: {error.strerror}") from None
    _fill(memory)
    if pages == "huge":
        _require_huge(memory, size)
    return memory


def _shared(size, _pages):
    memory = mmap.mmap(-1, size)
    _fill(memory)
    return memory


def _file(size, _pages):
    import tempfile  # here, for it is large and the other kinds do without

    # A file with a hole instead of content: reading a page of it still makes a page in memory.
    with tempfile.TemporaryFile() as file:
        os.ftruncate(file.fileno(), size)
        memory = mmap.mmap(file.fileno(), size, prot=mmap.PROT_READ)
    sum(memory[:: _proc.PAGE])
    return memory


def _fill(memory):
    # By slices of 1 MB: a loop over pages takes seconds for a gigabyte.
    block = b"\x01" * MB
    for start in range(0, len(memory), MB):
        memory[start : start + MB] = block[: len(memory) - start]


def address_of(memory):
    """Return the address at which a writable mapping begins."""
    view = ctypes.c_char.from_buffer(memory)
    try:
        return ctypes.addressof(view)
    finally:
        del view  # else the mapping could not be closed


def _require_huge(memory, size):
    with open("/proc/self/smaps") as file:
        # The middle: two megabytes at either end may not be aligned to a huge page.
        got = _proc.mapped_kb(file.read(), address_of(memory) + size // 2, "AnonHugePages")
    if got * 1024 < size * 0.9:
        memory.close()
        raise Unavailable(
            f"Linux gave {got // 1024} MB in huge pages where {size // MB} were asked"
        )
