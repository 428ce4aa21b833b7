"""From the table of refused calls to a program that Linux runs before each of them (seccomp).

The program is written in BPF, a small machine language: *load* a number, *jump* if it is this one,
*return* an answer. For each rule there is one block of it::

    load the call's number
    is it this one?              no: on to the next block
    load an argument             (only where the rule looks at one)
    is it one of those?          no: on to the next block
    return the error

A program that has been installed cannot be taken away again, and children inherit it.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
from collections.abc import Sequence
from typing import NamedTuple

from conclib.worker.guard import calls, linux
from conclib.worker.guard.calls import AARCH64, ME, X86_64

PR_SET_SECCOMP, MODE_FILTER = 22, 2
LOAD, RETURN = 0x20, 0x06
EQUAL, AT_LEAST, ANY_BIT = 0x15, 0x35, 0x45
ALLOW, REFUSE, KILL = 0x7FFF0000, 0x00050000, 0x80000000
NUMBER, ARCHITECTURE, ARGUMENTS = 0, 4, 16  # where Linux puts them, in bytes
ARCHITECTURES = {X86_64: 0xC000003E, AARCH64: 0xC00000B7}
X32 = 0x40000000  # another set of numbers on x86-64; a filter that forgets it has a hole


class Line(NamedTuple):
    """One instruction: what it does, how many lines are skipped if true and if false, a number."""

    code: int
    true: int
    false: int
    number: int


def program(own: int, machine: str, keeps_signals: bool) -> list[Line]:
    """Return the whole program.

    Args:
        own: the number of the process that it is for.
        machine: the processor, as in ``calls.MACHINES``.
        keeps_signals: whether Landlock keeps signals in; else this program has to.
    """
    groups = calls.ALWAYS + (() if keeps_signals else calls.SIGNALS)
    tests = calls.TESTS + (() if keeps_signals else calls.SIGNAL_TESTS)
    lines = _first(machine)
    for group in groups:
        for number in calls.numbers(group.calls, machine).values():
            lines += _block(number, group.error, [])
    for test in tests:
        for number in calls.numbers(test.call, machine).values():
            lines += _block(number, test.error, _looking(test, own))
    return [*lines, Line(RETURN, 0, 0, ALLOW)]


def _first(machine: str) -> list[Line]:
    """Kill whoever calls as another processor would; refuse what is in no table of ours."""
    lines = [
        Line(LOAD, 0, 0, ARCHITECTURE),
        Line(EQUAL, 1, 0, ARCHITECTURES[machine]),
        Line(RETURN, 0, 0, KILL),
        Line(LOAD, 0, 0, NUMBER),
    ]
    if machine == X86_64:
        lines += [Line(AT_LEAST, 0, 1, X32), Line(RETURN, 0, 0, REFUSE | errno.EPERM)]
    unknown = Line(AT_LEAST, 0, 1, calls.FIRST_UNKNOWN)
    return [*lines, unknown, Line(RETURN, 0, 0, REFUSE | errno.ENOSYS)]


def _block(number: int, error: int, looking: Sequence[Line]) -> list[Line]:
    """Return the lines that refuse a call, if those that look at an argument do not jump past."""
    body = [*looking, Line(RETURN, 0, 0, REFUSE | error)]
    return [Line(LOAD, 0, 0, NUMBER), Line(EQUAL, 0, len(body), number), *body]


def _looking(test: calls.Test, own: int) -> list[Line]:
    """Return the lines that look at an argument; the line after them refuses."""
    values = [own if value == ME else value for value in test.values]
    compare = ANY_BIT if test.kind == "bits" else EQUAL
    lines = [Line(LOAD, 0, 0, ARGUMENTS + 8 * test.argument)]
    for left in reversed(range(len(values))):  # how many comparisons come after this one
        value = values[len(values) - 1 - left]
        if test.kind == "not":
            lines.append(Line(compare, left + 1, 0, value))
        else:
            lines.append(Line(compare, left, 0 if left else 1, value))
    return lines


def install(lines: Sequence[Line]) -> None:
    """Have Linux run a program before each call of this process, from now on.

    Raises:
        OSError: Linux has no such thing, or something here forbids it.
    """
    text = b"".join(struct.pack("HBBI", *line) for line in lines)
    held = ctypes.create_string_buffer(text)
    pointer = struct.pack("HxxxxxxQ", len(lines), ctypes.addressof(held))
    linux.prctl("seccomp", PR_SET_SECCOMP, MODE_FILTER, ctypes.create_string_buffer(pointer))


def arm(keeps_signals: bool) -> None:
    """Put this process, and all that it will start, behind the filter.

    Raises:
        OSError: it cannot be done here.
    """
    install(program(os.getpid(), calls.here(), keeps_signals))
