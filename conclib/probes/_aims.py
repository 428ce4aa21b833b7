"""Five places that a pointer may point to by mistake, and a write to each of them.

Whoever calls :func:`write_to` may end by it: it is called in a child that is there for that alone.
"""

from __future__ import annotations  # a worker may be an older Python

import ctypes

from . import _libc, _place, _regions, _sacrifice

ZERO, CODE, GONE, FENCE, RECORD = (
    "near zero", "code", "memory given back", "fence of a stack", "another thread's record",
)  # fmt: skip
PLACES = (ZERO, CODE, GONE, FENCE, RECORD)
NEAR = 8  # bytes: where a pointer that is 0 would have its second field
ATTRIBUTES = 64  # bytes for a thread's attributes; Linux's C libraries need 56 at most
BEFORE, INK = 100, 999  # what the record holds, and what is written everywhere
NUMBER = ctypes.c_int64


class Record(ctypes.Structure):
    """What a thread of a bank's program keeps: whose account it is, and what is on it."""

    _fields_ = (("account", NUMBER), ("balance", NUMBER))


def write_to(place: str, report) -> None:
    """Report where a place is and what is there, write a number there, report what is there now."""
    {ZERO: _zero, CODE: _code, GONE: _gone, FENCE: _fence, RECORD: _record}[place](report)


def _number(address: int) -> str:
    """Return the number at an address, as text."""
    return str(NUMBER.from_address(address).value)


def _write(report, address: int, before: str | None) -> None:
    """Say what is to be overwritten; write, and say what is there then: if we still can."""
    region = _regions.locate(_sacrifice.maps(), address)
    rights = region["perms"] if region else None
    report({"address": address, "map": rights, "before": before})
    NUMBER.from_address(address).value = INK
    report({"after": _number(address)})


def _zero(report) -> None:
    _write(report, NEAR, None)


def _code(report) -> None:
    address = _libc.address("getpid").value
    _write(report, address, ctypes.string_at(address, ctypes.sizeof(NUMBER)).hex(" "))


def _gone(report) -> None:
    """Take a page, use it, give it back; and keep the pointer."""
    address = _place.free()
    _place.take(address)
    NUMBER.from_address(address).value = BEFORE
    _place.give_back(address)
    _write(report, address, None)


def _fence(report) -> None:
    """Aim at the last bytes below the stack of a thread that sleeps."""
    import threading

    never = threading.Event()
    thread = threading.Thread(target=never.wait, daemon=True)
    thread.start()
    _write(report, _lowest(thread.ident) - ctypes.sizeof(NUMBER), None)


def _lowest(thread: int) -> int:
    """Return the lowest address of a thread's stack."""
    pointer = ctypes.c_void_p
    attributes, low, size = ctypes.create_string_buffer(ATTRIBUTES), pointer(), ctypes.c_size_t()
    ask = _libc.function("pthread_getattr_np", ctypes.c_int, ctypes.c_ulong, pointer)
    code = ask(thread, attributes)
    if code:
        raise _libc.failed("pthread_getattr_np", code)
    where = _libc.function("pthread_attr_getstack", ctypes.c_int, pointer, pointer, pointer)
    where(attributes, ctypes.byref(low), ctypes.byref(size))
    return low.value


def _record(report) -> None:
    """Let another thread make a record, and write to it from this one; it says what it finds."""
    import threading

    made, written, seen = threading.Event(), threading.Event(), {}

    def owner() -> None:
        record = Record(1, BEFORE)
        seen["address"] = ctypes.addressof(record) + Record.balance.offset
        made.set()
        written.wait()
        seen["finds"] = str(record.balance)

    thread = threading.Thread(target=owner)
    thread.start()
    made.wait()
    try:
        _write(report, seen["address"], _number(seen["address"]))
    finally:
        written.set()
        thread.join()
    report({"owner_finds": seen["finds"]})
