"""Faults in C code that Python calls: a wrong address, a wrong instruction, a call that keeps the GIL.

Each function is given whoever goes wrong (``_crew.Part``); most of them do not return.
``ctypes.PyDLL`` keeps Python's lock during a call, ``ctypes.CDLL`` lets go of it.
"""

import ctypes
import mmap
import os

from . import _libc, _refuse, _stack

HELD_US = 300_000  # microseconds for which a C call sleeps
ILLEGAL = {"x86_64": b"\x0f\x0b", "i686": b"\x0f\x0b", "aarch64": b"\x00\x00\x00\x00"}
STACK = 8 * 2**20  # bytes
LEVELS = 1_000_000  # brackets within brackets: a compiler of patterns calls itself for each


def null_pointer(part):
    """Read from address 0."""
    ctypes.string_at(0)


def wild_write(part):
    """Write where nobody has any memory: in the middle of the largest gap between two regions."""
    ctypes.memset(largest_gap(), 1, 1)


def largest_gap():
    """Return an address that no region of this process covers, far from all that do."""
    gaps, before = [], None
    with open("/proc/self/maps") as file:
        for line in file:
            start, end = (int(text, 16) for text in line.split(" ", 1)[0].split("-"))
            if before is not None and start < 2**63:  # above that lies what is Linux's own
                gaps.append((start - before, before))
            before = end
    size, below = max(gaps)
    return below + size // 2


def read_only_write(part):
    """Write into the code of a C function."""
    ctypes.memset(_libc.address("abs"), 0, 1)


def abort(part):
    """Ask the C library to end this process as broken."""
    _libc.function("abort")()


def stack_overflow(part):
    """Have C call itself for each of a million brackets, and so run out of stack.

    The limit is set here, for this process alone: where none is set, a stack would take all memory.
    """
    _stack.set_limit(STACK)
    pattern = ctypes.create_string_buffer(4096)  # larger than a regex_t
    _libc.function("regcomp", ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int)(
        pattern, b"(" * LEVELS, 1
    )


def illegal_instruction(part):
    """Call a function that consists of bytes that are no instruction."""
    everything = mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC
    page = mmap.mmap(-1, mmap.PAGESIZE, prot=everything)
    page.write(ILLEGAL[os.uname().machine])
    start = ctypes.addressof(ctypes.c_char.from_buffer(page))
    ctypes.PYFUNCTYPE(None)(start)()


def division(part):
    """Have C divide a whole number by zero."""
    _libc.function("div", ctypes.c_long, ctypes.c_int, ctypes.c_int)(1, 0)


def bus_error(part):
    """Read a page of a mapped file that has been cut short."""
    fd = _refuse.require(os, "memfd_create")("short")
    os.ftruncate(fd, mmap.PAGESIZE)
    page = mmap.mmap(fd, mmap.PAGESIZE)
    os.ftruncate(fd, 0)
    ctypes.string_at(ctypes.addressof(ctypes.c_char.from_buffer(page)), 1)


def silent_corruption(part):
    """Write over all the numbers that the threads of this process have computed, its own too."""
    ctypes.memset(part.crew.sums, 0, ctypes.sizeof(part.crew.sums))


def keep_the_gil(part):
    """Sleep in C, and keep Python's lock meanwhile."""
    ctypes.PyDLL(None).usleep(HELD_US)


def let_go_of_the_gil(part):
    """Sleep in C, by the door that lets go of Python's lock."""
    ctypes.CDLL(None).usleep(HELD_US)
