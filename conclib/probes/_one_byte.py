"""Reading one byte at an address and writing it back unchanged, in three ways.

``Python`` assigns it, ``C`` is a call of the C library's ``memset``, and ``Linux`` is asked to put it
there: a byte of a pipe is to be read into that place.
"""

from __future__ import annotations  # a worker may be an older Python

import ctypes
import errno
import mmap
import os

from . import _libc

READ, WRITE = 1, 2  # PROT_READ, PROT_WRITE
WRITERS = ("Python", "C", "Linux")


def write_back(address: int, writer: str) -> None:
    """Write the byte at this address back as it is.

    Raises:
        OSError: Linux refuses; the other two do not raise: they end the process.
    """
    byte = ctypes.string_at(address, 1)
    {"Python": _python, "C": _c, "Linux": _linux}[writer](address, byte)


def _python(address: int, byte: bytes) -> None:
    ctypes.c_char.from_address(address).value = byte


def _c(address: int, byte: bytes) -> None:
    memset = _libc.function(
        "memset", ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t
    )
    memset(address, byte[0], 1)


def _linux(address: int, byte: bytes) -> None:
    read, write = os.pipe()
    os.write(write, byte)
    call = _libc.function("read", ctypes.c_ssize_t, ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t)
    if call(read, address, 1) != 1:
        raise _libc.failed("read into that address")


def refusal(error: OSError) -> str:
    """Return how Linux refused, in a word: ``"EFAULT"``."""
    return errno.errorcode.get(error.errno, str(error.errno))


def allow_writing(address: int) -> None:
    """Ask Linux, by mprotect, to let this process write to the page that holds the address.

    Raises:
        OSError: Linux refuses.
    """
    mprotect = _libc.function(
        "mprotect", ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int
    )
    if mprotect(address // mmap.PAGESIZE * mmap.PAGESIZE, mmap.PAGESIZE, READ | WRITE):
        raise _libc.failed("mprotect")
