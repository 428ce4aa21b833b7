"""Calling the C library directly, so that Python's own work is not part of the measurement.

``ctypes.PyDLL`` keeps the GIL during the call. That suits calls of a few microseconds: letting go
of the GIL and taking it again would cost more than some of them.
"""

import ctypes
import os
from time import perf_counter_ns as clock

from ._refuse import Unavailable

C = ctypes.PyDLL(None, use_errno=True)


def function(name, result=ctypes.c_int, *arguments):
    """Return a C function by name with its types set (untyped calls are slower, and can be wrong).

    Raises Unavailable where this C library does not have it.
    """
    try:
        found = C[name]
    except AttributeError:
        raise Unavailable(f"the C library here has no {name}") from None
    found.restype = result
    found.argtypes = arguments
    return found


def address(name):
    """Return the address of a C function, to hand it to a thread that runs no Python at all."""
    return ctypes.cast(function(name), ctypes.c_void_p)


def failed(what, code=None):
    """Return an OSError that says which call failed and why."""
    code = ctypes.get_errno() if code is None else code
    return OSError(code, f"{what}: {os.strerror(code)}")


def timed_calls(call, loops):
    """Call an empty C function ``loops`` times, each between two looks at the clock; return ns.

    The baseline of probes that time one C call in each round: all of it but what the call does.
    """
    total = 0
    for _ in range(loops):
        start = clock()
        call()
        total += clock() - start
    return total
