"""A C function that keeps something in a local variable, and says where: ``ftw``.

``ftw(path, visit, 1)`` asks Linux for the facts of a file (its size, its owner ...), which Linux
writes into a variable of ftw's own, a ``struct stat``. That variable lies on the stack of the thread
that called ftw. Then ftw calls ``visit`` and hands it the address. So ``visit`` can stand still there,
within C, and everybody can look at a local variable of a C function that has not returned.
"""

from __future__ import annotations  # a worker may be an older Python

import ctypes
import os
import sys

from . import _libc, _refuse

VISIT = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p, ctypes.c_int)
RECORD = 128  # bytes: no Linux has a smaller struct stat on a machine with 64 bits
WORD = ctypes.sizeof(ctypes.c_ssize_t)


def file_of(folder, name, size):
    """Make a file of so many bytes, none of them written; return its path."""
    path = os.path.join(folder, name)
    with open(path, "wb") as file:
        file.truncate(size)
    return path


def walk(path, visit, depth=1):
    """Call ftw, which calls ``visit(address of its local record)``; return when both have.

    With a larger depth, ftw is called within its own visit so many times, and only the last one counts.
    """
    if depth > 1:
        return walk(path, lambda _: walk(path, visit, depth - 1))
    function = _libc.function("ftw", ctypes.c_int, ctypes.c_char_p, VISIT, ctypes.c_int)
    called, errors = [], []

    def call(_path, record, _kind):
        called.append(record)
        try:
            visit(record)
        except BaseException as error:  # C knows of no errors of Python's: it is raised again below
            errors.append(error)
        return 0

    if function(os.fsencode(path), VISIT(call), 1) or not called:
        raise _libc.failed("ftw")
    if errors:
        raise errors[0]
    return None


def size_offset(sizes):
    """Return how far behind the beginning of a record a file's size lies, in bytes.

    It depends on the machine (48 on a PC), so it is looked for in records of files whose sizes we know.

    Args:
        sizes: some files, path by path, and how large each is.

    Raises:
        Unavailable: there is not exactly one such place.
    """
    found = [_places(path, size) for path, size in sizes.items()]
    common = set.intersection(*found)
    if len(common) != 1:
        raise _refuse.Unavailable("where ftw keeps a file's size is not clear on this machine")
    return common.pop()


def _places(path, size):
    """Return at which places of a file's record its size stands."""
    texts = []
    walk(path, lambda record: texts.append(ctypes.string_at(record, RECORD)))
    wanted = size.to_bytes(WORD, sys.byteorder)
    return {at for at in range(0, RECORD, WORD) if texts[0][at : at + WORD] == wanted}


def number_at(address):
    """Return the whole number that lies at an address, of the size that a file's size has."""
    return ctypes.c_ssize_t.from_address(address).value


def put(address, number):
    """Write a whole number to an address, in one store."""
    ctypes.c_ssize_t.from_address(address).value = number
