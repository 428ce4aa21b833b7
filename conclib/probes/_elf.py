"""Which parts of a program's file are loaded into memory, and where.

Programs and libraries on Linux are files of the form ELF. Such a file begins with a header that
says where its *program headers* lie; each of these describes one part to be loaded: from which
place in the file, to which address, how many bytes. A part may be longer in memory than in the
file: the rest, which starts as zeros, is the BSS.
"""

from __future__ import annotations  # a worker may be an older Python

import os
import struct

LOAD = 1  # the type of a header whose part is loaded
WRITABLE = 2  # the bit of its flags
# how a header is laid out, for programs of 32 and of 64 bits, and in which order its fields come
LAYOUTS = {
    1: ("HHIIIIIHHH", "IIIIIIII", ("type", "offset", "address", "_", "file_size", "size", "flags")),
    2: ("HHIQQQIHHH", "IIQQQQQQ", ("type", "flags", "offset", "address", "_", "file_size", "size")),
}


def loads(path: str) -> list[dict]:
    """Return the parts of a program's or a library's file that are loaded.

    Each is ``{"offset", "address", "file_size", "size", "writable"}``: where it begins in the file,
    its address (in a library, counted from where the library is put), its bytes in the file and in
    memory. A file that cannot be read, or is not of this form, has none.
    """
    if not os.path.isfile(path):  # opening a pipe would wait for ever, opening a device does things
        return []
    try:
        with open(path, "rb") as file:
            return parts(file)
    except (OSError, ValueError, struct.error):
        return []


def parts(file) -> list[dict]:
    """Return the loaded parts that an open file (binary) describes."""
    ident = file.read(16)
    if len(ident) < 16 or ident[:4] != b"\x7fELF" or ident[4] not in LAYOUTS:
        raise ValueError("not an ELF file")
    order = "<" if ident[5] == 1 else ">"
    head, each, names = LAYOUTS[ident[4]]
    fields = struct.unpack(order + head, file.read(struct.calcsize(order + head)))
    where, size, count = fields[4], fields[8], fields[9]
    if size != struct.calcsize(order + each):
        raise ValueError("program headers of an unknown form")
    file.seek(where)
    table = file.read(size * count)
    rows = (struct.unpack_from(order + each, table, size * number) for number in range(count))
    found = (dict(zip(names, row)) for row in rows)  # noqa: B905 -- the last field, alignment, is not used
    return [_part(part) for part in found if part["type"] == LOAD]


def _part(header: dict) -> dict:
    wanted = ("offset", "address", "file_size", "size")
    return {**{name: header[name] for name in wanted}, "writable": bool(header["flags"] & WRITABLE)}
