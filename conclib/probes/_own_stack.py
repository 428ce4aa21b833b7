"""Where the stack of the calling thread lies, and where any thread of this process stands.

The C library knows the stack that it gave a thread (``pthread_getattr_np``); Linux knows the regions
of memory, and where a thread that waits has left its stack pointer and its instruction
(``/proc/self/task/TID/syscall``). What Linux does not let us read is ``None``.
"""

from __future__ import annotations  # a worker may be an older Python

import ctypes
import os

from . import _libc, _looking, _record, _regions

ATTRIBUTES = 64  # bytes; Linux's C libraries need 56 at most
pointer = ctypes.c_void_p


def bounds(thread=None):
    """Return the lowest address of a thread's stack, and the one behind its highest.

    Args:
        thread: what the C library (and ``threading.get_ident``) calls it; the calling one if left out.
    """
    low, size = _asked(thread, "pthread_attr_getstack", pointer(), ctypes.c_size_t())
    return low, low + size


def fence(thread=None):
    """Return how many bytes below a thread's stack the C library has closed, 0 for none.

    Whether Linux lists them as a region of their own depends on how they were closed.
    """
    return _asked(thread, "pthread_attr_getguardsize", ctypes.c_size_t())[0]


def _asked(thread, name, *answers):
    """Ask the C library for something of a thread's attributes; return what it wrote."""
    attributes = ctypes.create_string_buffer(ATTRIBUTES)
    thread = _libc.function("pthread_self", ctypes.c_ulong)() if thread is None else thread
    ask = _libc.function("pthread_getattr_np", ctypes.c_int, ctypes.c_ulong, pointer)
    code = ask(thread, attributes)
    if code:
        raise _libc.failed("pthread_getattr_np", code)
    get = _libc.function(name, ctypes.c_int, *[pointer] * (1 + len(answers)))
    get(attributes, *map(ctypes.byref, answers))
    _libc.function("pthread_attr_destroy", ctypes.c_int, pointer)(attributes)
    return [each.value for each in answers]


def standing(tid):
    """Return ``{"call", "stack_pointer", "instruction"}`` of a thread of this process that waits.

    ``None`` for each while it runs, and where Linux does not let us read it.
    """
    text = _looking.read("self", f"task/{tid}/syscall")
    call, stack_pointer, instruction = (_record.registers(text) if text else None) or (None,) * 3
    return {"call": call, "stack_pointer": stack_pointer, "instruction": instruction}


def state(tid):
    """Return the letter of what a thread of this process does; ``None`` if it is gone."""
    text = _looking.read("self", f"task/{tid}/stat")
    return _record.stat_fields(text).get(3) if text else None


def regions():
    """Return the regions of this process with what of each is in memory, in bytes."""
    return _regions.parse(_looking.read("self", "smaps") or _looking.read("self", "maps") or "")


def rights(regions, address):
    """Return what may be done at an address, as the list of regions says: ``"rw-p"``; or empty."""
    return (_regions.locate(regions, address) or {"perms": ""})["perms"]


def may_be_read(regions, address):
    """Whether an address lies in a region that may be read."""
    return rights(regions, address).startswith("r")


def file_at(regions, address):
    """Return the name of the file that an address belongs to; empty if it belongs to none."""
    region = _regions.locate(regions, address) if address else None
    return os.path.basename(region["path"]) if region else ""


class _Found(ctypes.Structure):
    _fields_ = [("file", ctypes.c_char_p), ("base", pointer), ("name", ctypes.c_char_p),
                ("start", pointer)]  # fmt: skip


def function_at(address):
    """Return the name of the C function that the linker knows at an address, or before it."""
    found = _Found()
    ask = _libc.function("dladdr", ctypes.c_int, pointer, pointer)
    if not address or not ask(address, ctypes.byref(found)) or not found.name:
        return ""
    return found.name.decode(errors="replace")
