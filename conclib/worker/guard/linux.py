"""Calling Linux where Python has no function for it: ``prctl``, ``capset``, and calls by number."""

from __future__ import annotations

import ctypes
import os

C = ctypes.CDLL(None, use_errno=True)


def call(what: str, function: str, *arguments: object) -> int:
    """Call a function of the C library and return its result.

    Args:
        what: how an error names it.
        function: the C function's name.
        *arguments: whole numbers, bytes, buffers or ``None``.

    Raises:
        OSError: it failed, or the C library does not have it.
    """
    try:
        found = C[function]
    except AttributeError:
        raise OSError(f"{what}: the C library here has no {function}") from None
    words = [ctypes.c_ulong(each) if isinstance(each, int) else each for each in arguments]
    result = int(found(*words))
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")
    return result


def prctl(what: str, option: int, value: object, extra: object = 0) -> int:
    """Set one thing for this process; errors as in :func:`call`."""
    return call(what, "prctl", option, value, extra, 0, 0)


def system_call(what: str, number: int, *arguments: object) -> int:
    """Make a system call by its number; errors as in :func:`call`."""
    return call(what, "syscall", number, *arguments)
