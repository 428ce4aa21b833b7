"""One page of memory at one known address, taken by whoever asks for it, and the words in it.

A program usually leaves it to Linux where its memory lies. Here two processes ask for the very same
address, so that nobody can think that the number alone says where something is.
"""

from __future__ import annotations  # a worker may be an older Python

import ctypes

from . import _libc, _proc, _refuse

ADDRESSES = (0x100000000000, 0x1000000000)  # some processors do not reach as far as the first
READ, WRITE = 1, 2
PRIVATE, ANONYMOUS, NO_REPLACE = 0x02, 0x20, 0x100000
FAILED = 2**64 - 1


def _call(name: str, result: type, *arguments: type):
    return _libc.function(name, result, *arguments)


def take(address: int) -> None:
    """Map one page of this process at an address.

    Raises:
        Unavailable: Linux does not give this process memory there.
    """
    number, size = ctypes.c_int, ctypes.c_size_t
    call = _call("mmap", ctypes.c_void_p, ctypes.c_void_p, size, number, number, number,
                 ctypes.c_long)  # fmt: skip
    flags = PRIVATE | ANONYMOUS | NO_REPLACE
    found = call(address, _proc.PAGE, READ | WRITE, flags, -1, 0)
    if found == address:
        return
    if found not in (None, FAILED):  # Linux before 4.17 takes the address as advice only
        give_back(found)
    raise _refuse.Unavailable(f"Linux gives this program no memory at {address:#x} here")


def give_back(address: int) -> None:
    """Give the page at an address back to Linux."""
    call = _call("munmap", ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t)
    if call(address, _proc.PAGE):
        raise _libc.failed("munmap")


def free() -> int:
    """Return the address to meet at: the first one where this process can have memory.

    Raises:
        Unavailable: there is none.
    """
    for address in ADDRESSES:
        try:
            take(address)
        except _refuse.Unavailable:
            continue
        give_back(address)
        return address
    raise _refuse.Unavailable("Linux gives this program no memory at any of the known addresses")


def put(address: int, word: str) -> None:
    """Write a word at an address, whatever lies there."""
    ctypes.memmove(address, word.encode(), len(word))


def read(address: int, length: int = 3) -> str:
    """Return the word that lies at an address; zeros are an empty word."""
    return ctypes.string_at(address, length).rstrip(b"\0").decode("latin-1")
