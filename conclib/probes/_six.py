"""Six objects of a running Python, each of another kind, and where they lie.

All six are Python's own, written in C, so that each has one address that stays:

* ``code``: the function ``Py_GetVersion``;
* ``fixed text``: the name of the system that Python was built for, ``"linux"``;
* ``set variable``: how many bytes a float takes, a number that the program starts with;
* ``zero variable``: a setting of Python's that starts at 0;
* ``block``: memory that was asked for with ``malloc``;
* ``call``: a local variable of a C function that is just being called.

For the last one, ``ftw`` is called, which walks through folders. It keeps what it knows of a file
in a local variable, and hands the address of that one to a function of ours: while that one runs,
the call of ``ftw`` is under way.
"""

from __future__ import annotations  # a worker may be an older Python

import ctypes
import os
from collections.abc import Callable

from . import _libc, _regions

NAMES = ("code", "fixed text", "set variable", "zero variable", "block", "call")
BLOCK = 1000  # bytes
# Where a type's table holds the size of its objects: behind its own head, a number and its name.
BASICSIZE = object.__basicsize__ + 2 * ctypes.sizeof(ctypes.c_void_p)
ZEROS = ("PyOS_InputHook", "Py_VerboseFlag")  # which of them is taken, see zero_variable


def during_a_call(work: Callable[[dict[str, int]], None]) -> None:
    """Call ``work(addresses)`` with the address of each of the six, while the call lasts."""
    seen = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p, ctypes.c_int)
    done = []

    def visit(path, local, flag):
        work({**lasting(), "call": local})
        done.append(path)
        return 1  # no further: one file is enough

    kept = seen(visit)
    _libc.function("ftw", ctypes.c_int, ctypes.c_char_p, seen, ctypes.c_int)(b"/", kept, 4)
    if not done:
        raise RuntimeError("ftw did not come to call us, or what it called has failed")


def lasting() -> dict[str, int]:
    """Return the addresses of those that lie where they are whatever is called."""
    api = ctypes.pythonapi
    platform = api.Py_GetPlatform
    platform.restype = ctypes.c_void_p
    table = ctypes.addressof(ctypes.c_char.in_dll(api, "PyFloat_Type"))
    malloc = _libc.function("malloc", ctypes.c_void_p, ctypes.c_size_t)
    return {
        "code": ctypes.cast(api.Py_GetVersion, ctypes.c_void_p).value,
        "fixed text": platform(),
        "set variable": table + BASICSIZE,
        "zero variable": zero_variable(),
        "block": malloc(BLOCK),
    }


def zero_variable() -> int:
    """Return the address of a variable that starts at 0 and lies behind all that the file holds.

    The last page of the file's part is filled up with such variables, so not each of them does.
    """
    api = ctypes.pythonapi
    places = [
        ctypes.addressof(ctypes.c_int.in_dll(api, name)) for name in ZEROS if hasattr(api, name)
    ]
    with open("/proc/self/maps") as file:
        regions = _regions.parse(file.read())
    behind = [each for each in places if not (_regions.locate(regions, each) or {}).get("path")]
    return (behind or places)[0]


def located(regions: list[dict], addresses: dict[str, int]) -> list[dict]:
    """Return each object with the region that it lies in, in the order of :data:`NAMES`.

    Python itself may be the program, or a library that a small program loads. In both cases the
    file that its code comes from counts as the program, so that its parts get their names.
    """
    code = _regions.locate(regions, addresses["code"])
    _regions.label(regions, code["path"] if code else "")
    return [_placed(name, addresses[name], regions) for name in NAMES]


def _placed(name: str, address: int, regions: list[dict]) -> dict:
    each = _regions.locate(regions, address)
    if each is None:
        raise RuntimeError(f"{name}: no region holds the address {address:#x}")
    return {"name": name, "address": address, **plain(each)}


def plain(each: dict) -> dict:
    """Return of a region what may be shown anywhere: of its file only the name."""
    return {
        "start": each["start"],
        "end": each["end"],
        "perms": each["perms"],
        "kind": each["kind"],
        "path": os.path.basename(each["path"]),
    }
