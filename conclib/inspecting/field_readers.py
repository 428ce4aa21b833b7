"""How each field of a control block is read: functions that are given a process's files.

A reader returns the value, or raises ``Unread`` with the reason. Some are made: ``number("PPid")``
is the reader of the whole number in that line of ``status``.
"""

import os
import platform
import signal
from collections.abc import Callable
from pathlib import Path

from conclib.inspecting.control_files import DENIED, Files, Unread
from conclib.probes import _record, _regions

Value = str | int | float | tuple[str, ...]
Reader = Callable[[Files], Value]

POLICIES = ("normal", "first in, first out", "round robin", "batch", "", "idle", "deadline")
CALLS = {  # the system calls in which a waiting process is mostly met, by their numbers on x86-64
    0: "read", 1: "write", 7: "poll", 23: "select", 34: "pause", 35: "nanosleep", 61: "wait4",
    202: "futex", 230: "clock_nanosleep", 232: "epoll_wait", 247: "waitid", 270: "pselect6",
    271: "ppoll", 281: "epoll_pwait",
}  # fmt: skip


def status(key: str) -> Reader:
    """Return a reader of the text of a line of ``status``."""
    return lambda files: files.status(key)


def number(key: str) -> Reader:
    """Return a reader of the first whole number in a line of ``status``."""
    return lambda files: int(files.status(key).split()[0])


def kilobytes(key: str) -> Reader:
    """Return a reader of a size in ``status``, in bytes."""
    return lambda files: int(files.status(key).split()[0]) * 1024


def stat(number: int) -> Reader:
    """Return a reader of a whole number in ``stat``, by the number of its field."""
    return lambda files: int(files.stat(number))


def ticks(*numbers: int) -> Reader:
    """Return a reader of CPU time in ``stat``, in ns: counted in clock ticks, mostly of 10 ms."""

    def read(files: Files) -> int:
        each = 1_000_000_000 // os.sysconf("SC_CLK_TCK")
        return sum(int(files.stat(field)) for field in numbers) * each

    return read


def schedstat(place: int) -> Reader:
    """Return a reader of a number in ``schedstat``, by its place from 0 on."""

    def read(files: Files) -> int:
        fields = files.text("schedstat").split()
        if len(fields) <= place:
            raise files.lacking
        return int(fields[place])

    return read


def state(files: Files) -> str:
    """Return what it does at this moment: a letter, and what that stands for."""
    letter = files.stat(3)
    return f"{letter} ({_record.STATES.get(letter, 'a state that this course does not know')})"


def register(place: int) -> Reader:
    """Return a reader of system call, stack pointer or program counter: 0, 1 or 2."""
    return lambda files: files.registers()[place]


def call(files: Files) -> str:
    """Return the system call that it is in; ``none`` if it is in none."""
    number = files.registers()[0]
    if number == _record.NO_CALL:
        return "none"
    name = CALLS.get(number) if platform.machine() == "x86_64" else None
    return f"{name} (number {number})" if name else f"number {number}"


def stands_at(files: Files) -> str:
    """Return the region of its map in which the next instruction lies."""
    counter = files.registers()[2]
    regions = _regions.parse(files.text("maps"))
    found = _regions.locate(_regions.label(regions, files.link("exe")), counter)
    if found is None:
        raise Unread("the address lies in no region of its map")
    name = Path(found["path"]).name
    return f"{found['kind']} ({name})" if name and not name.startswith("[") else found["kind"]


def waits_in(files: Files) -> str:
    """Return the function inside Linux in which it waits."""
    text = files.text("wchan")
    if text in ("", "0"):
        raise Unread("it waits for nothing in Linux, or Linux does not say where")
    return text


def policy(files: Files) -> str:
    """Return the rule by which it is given its turns."""
    number = int(files.stat(41))
    known = POLICIES[number] if number < len(POLICIES) else ""
    return known or f"number {number}"


def exit_code(files: Files) -> str:
    """Return how it ended, if it has."""
    if files.condition == "living":
        raise Unread("it has not ended")
    if files.condition != "zombie":
        raise files.lacking
    if os.geteuid() != 0 and not _all_ours(files):
        raise Unread(DENIED)  # Linux shows 0 then
    code = os.waitstatus_to_exitcode(int(files.stat(52)))
    return f"exit code {code}" if code >= 0 else f"ended by {_signal_name(-code)}"


def _all_ours(files: Files) -> bool:
    """Whether all of its users and groups are ours, also those that its program has changed to."""
    ours = {"Uid": str(os.geteuid()), "Gid": str(os.getegid())}
    return all(set(files.status(key).split()) == {own} for key, own in ours.items())


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # a real-time signal, which has a number only
        return f"signal {number}"


def signals(*keys: str) -> Reader:
    """Return a reader of the names of the signals in one mask of ``status``, or in several."""

    def read(files: Files) -> tuple[str, ...]:
        numbers = {n for key in keys for n in _record.in_mask(files.status(key))}
        return tuple(map(_signal_name, sorted(numbers)))

    return read


def limit(name: str) -> Reader:
    """Return a reader of a soft limit; ``none`` for one without a bound."""

    def read(files: Files) -> Value:
        found = _record.limits(files.text("limits"))
        if name not in found:
            raise files.lacking
        value = found[name]
        return "none" if value is None else value

    return read


def group(files: Files) -> str:
    """Return the control group: of version 2 where there is one, else the first one named."""
    lines = [line.split(":", 2) for line in files.text("cgroup").splitlines()]
    found = [path for order, _, path in lines if order == "0"] or [line[2] for line in lines]
    if not found:
        raise files.lacking
    return found[0]
