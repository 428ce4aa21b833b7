"""What Linux says of single pages of memory: ``/proc/PID/pagemap``, eight bytes for each page.

A page of a program's memory is a number only; the memory itself lies in a *frame* of the machine's.
The map from one to the other is what makes a process's memory its own. Linux lets everybody see
whether a page of theirs is in memory and whether they alone have it; the frame's number root only.
"""

from __future__ import annotations  # a worker may be an older Python

import os

from . import _proc

ENTRY = 8  # bytes
PRESENT, SWAPPED, EXCLUSIVE = 1 << 63, 1 << 62, 1 << 56
FRAME = (1 << 55) - 1
NOT_SHOWN = "Linux shows the numbers of frames only to root, with all its rights"


def entries(pid: int | str, address: int, count: int) -> list[int] | None:
    """Return the entries of ``count`` pages from an address on; ``None`` if they cannot be read."""
    try:
        fd = os.open(f"/proc/{pid}/pagemap", os.O_RDONLY)
    except OSError:
        return None
    try:
        raw = os.pread(fd, count * ENTRY, address // _proc.PAGE * ENTRY)
    except OSError:
        return None
    finally:
        os.close(fd)
    if len(raw) != count * ENTRY:
        return None
    return [int.from_bytes(raw[at : at + ENTRY], "little") for at in range(0, len(raw), ENTRY)]


def alone(entry: int) -> bool | None:
    """Tell whether nobody else has this page; ``None`` if it is not in memory."""
    return bool(entry & EXCLUSIVE) if entry & PRESENT else None


def frame(entry: int) -> int | None:
    """Return the number of the frame behind a page; ``None`` if there is none, or it is not shown."""
    return (entry & FRAME or None) if entry & PRESENT else None


def frame_at(pid: int | str, address: int) -> int | None:
    """Return the number of the frame behind one address of a process, as :func:`frame` does."""
    found = entries(pid, address, 1)
    return frame(found[0]) if found else None
