"""The fields of a control block: where Linux shows each of them, and what it means.

Operating-system books draw the *process control block* as one table. Linux has no file for it: the
fields are spread over several files of ``/proc/PID``. Here each one has its real source, a reader
that returns the value (or raises ``Unread`` with the reason), and its meaning in a sentence.
"""

import os
import platform
import signal
from collections.abc import Callable
from dataclasses import dataclass
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
BOTH, PROCESS, THREAD = "both", "process", "thread"


@dataclass(frozen=True)
class Source:
    """Where one field comes from.

    Attributes:
        name: what it is called; ``group`` is the heading that it stands under.
        file, key: the file of ``/proc/PID`` and what to look for in it.
        meaning: what it says, in a sentence.
        read: returns its value, given the files.
        unit: ``"bytes"``, ``"time"`` (ns), ``"address"``, ``"path"``, or empty.
        of: whether a process has it, a thread, or both.
    """

    name: str
    group: str
    file: str
    key: str
    meaning: str
    read: Reader
    unit: str = ""
    of: str = BOTH

    @property
    def place(self) -> str:
        """File and key in one text: ``"status: PPid"``."""
        return f"{self.file}: {self.key}" if self.key else self.file


# Readers ------------------------------------------------------------------------------------------
def _status(key: str) -> Reader:
    return lambda files: files.status(key)


def _number(key: str) -> Reader:
    return lambda files: int(files.status(key).split()[0])


def _kilobytes(key: str) -> Reader:
    return lambda files: int(files.status(key).split()[0]) * 1024


def _stat(number: int) -> Reader:
    return lambda files: int(files.stat(number))


def _ticks(*numbers: int) -> Reader:
    """Clock ticks of ``stat`` as ns: Linux counts CPU time there in steps of 10 ms, mostly."""

    def read(files: Files) -> int:
        each = 1_000_000_000 // os.sysconf("SC_CLK_TCK")
        return sum(int(files.stat(number)) for number in numbers) * each

    return read


def _schedstat(place: int) -> Reader:
    def read(files: Files) -> int:
        fields = files.text("schedstat").split()
        if len(fields) <= place:
            raise files.lacking
        return int(fields[place])

    return read


def _state(files: Files) -> str:
    letter = files.stat(3)
    return f"{letter} ({_record.STATES.get(letter, 'a state that this course does not know')})"


def _register(place: int) -> Reader:
    return lambda files: files.registers()[place]


def _call(files: Files) -> str:
    number = files.registers()[0]
    if number == _record.NO_CALL:
        return "none"
    name = CALLS.get(number) if platform.machine() == "x86_64" else None
    return f"{name} (number {number})" if name else f"number {number}"


def _stands_at(files: Files) -> str:
    counter = files.registers()[2]
    regions = _regions.parse(files.text("maps"))
    found = _regions.locate(_regions.label(regions, files.link("exe")), counter)
    if found is None:
        raise Unread("the address lies in no region of its map")
    name = Path(found["path"]).name
    return f"{found['kind']} ({name})" if name and not name.startswith("[") else found["kind"]


def _waits_in(files: Files) -> str:
    text = files.text("wchan")
    if text in ("", "0"):
        raise Unread("it waits for nothing in Linux, or Linux does not say where")
    return text


def _policy(files: Files) -> str:
    number = int(files.stat(41))
    known = POLICIES[number] if number < len(POLICIES) else ""
    return known or f"number {number}"


def _exit_code(files: Files) -> str:
    if files.condition == "living":
        raise Unread("it has not ended")
    if files.condition != "zombie":
        raise files.lacking
    if os.geteuid() not in (0, int(files.status("Uid").split()[0])):
        raise Unread(DENIED)
    code = os.waitstatus_to_exitcode(int(files.stat(52)))
    return f"exit code {code}" if code >= 0 else f"ended by {_signal_name(-code)}"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # a real-time signal, which has a number only
        return f"signal {number}"


def _signals(*keys: str) -> Reader:
    def read(files: Files) -> tuple[str, ...]:
        numbers = {n for key in keys for n in _record.in_mask(files.status(key))}
        return tuple(_signal_name(number) for number in sorted(numbers))

    return read


def _limit(name: str) -> Reader:
    def read(files: Files) -> Value:
        found = _record.limits(files.text("limits"))
        if name not in found:
            raise files.lacking
        value = found[name]
        return "none" if value is None else value

    return read


def _group(files: Files) -> str:
    """The control group: of version 2 where there is one, else of the first one named."""
    lines = [line.split(":", 2) for line in files.text("cgroup").splitlines()]
    found = [path for number, _, path in lines if number == "0"] or [line[2] for line in lines]
    if not found:
        raise files.lacking
    return found[0]


SOURCES = (
    # who it is
    Source("pid", "who it is", "status", "Tgid",
           "The process's number, by which others name it.", _number("Tgid")),
    Source("tid", "who it is", "status", "Pid",
           "The thread's own number. That of a process's first thread is the process's.",
           _number("Pid"), of=THREAD),
    Source("parent", "who it is", "status", "PPid",
           "The process that will be told how it ended: its maker, or who has adopted it.",
           _number("PPid")),
    Source("name", "who it is", "stat", "field 2",
           "The program's short name; a program may choose any.", lambda f: f.stat(2)),
    Source("program", "who it is", "exe", "", "The file that the running program was loaded from.",
           lambda f: f.link("exe"), "path"),
    Source("group", "who it is", "stat", "field 5",
           "The process group: a shell sends a signal to all of it at once.", _stat(5)),
    Source("session", "who it is", "stat", "field 6",
           "The session, mostly all that one terminal has started.", _stat(6)),
    Source("user", "who it is", "status", "Uid", "Whose process it is, as a number; root is 0.",
           _number("Uid")),
    Source("user's group", "who it is", "status", "Gid", "The group of users that it runs for.",
           _number("Gid")),
    # where it stands
    Source("state", "where it stands", "stat", "field 3", "What it does at this moment.", _state),
    Source("program counter", "where it stands", "syscall", "last number",
           "The address of the instruction that it goes on with.", _register(2), "address"),
    Source("stands at", "where it stands", "syscall and maps", "",
           "The region of its memory in which that instruction lies.", _stands_at),
    Source("stack pointer", "where it stands", "syscall", "last but one",
           "The address up to which its stack is in use.", _register(1), "address"),
    Source("system call", "where it stands", "syscall", "first number",
           "What it has asked Linux for and waits to be given.", _call),
    Source("waits in", "where it stands", "wchan", "",
           "The function inside Linux in which it waits.", _waits_in),
    Source("exit code", "where it stands", "stat", "field 52",
           "How it ended, kept for the parent that may ask.", _exit_code, of=PROCESS),
    # its turn on a CPU
    Source("CPU time", "its turn on a CPU", "stat", "fields 14 and 15",
           "How long it has computed so far, in its own code and in Linux; counted in steps.",
           _ticks(14, 15), "time"),
    Source("CPU time in its own code", "its turn on a CPU", "stat", "field 14",
           "The part of the CPU time in which it ran its own instructions.", _ticks(14), "time"),
    Source("CPU time in Linux", "its turn on a CPU", "stat", "field 15",
           "The part of the CPU time in which Linux worked for it.", _ticks(15), "time"),
    Source("time on a CPU", "its turn on a CPU", "schedstat", "first number",
           "How long its (first) thread has been on a CPU, measured finely.", _schedstat(0),
           "time"),
    Source("time ready", "its turn on a CPU", "schedstat", "second number",
           "How long that thread was ready to run, while others had the CPU.", _schedstat(1),
           "time"),
    Source("switches by itself", "its turn on a CPU", "status", "voluntary_ctxt_switches",
           "How often its (first) thread gave the CPU away because it had to wait.",
           _number("voluntary_ctxt_switches")),
    Source("switches by force", "its turn on a CPU", "status", "nonvoluntary_ctxt_switches",
           "How often the CPU was taken from that thread for another one.",
           _number("nonvoluntary_ctxt_switches")),
    Source("policy", "its turn on a CPU", "stat", "field 41",
           "The rule by which Linux decides when it is its turn.", _policy),
    Source("priority", "its turn on a CPU", "stat", "field 18",
           "Its rank within that rule: a smaller number has a larger share.", _stat(18)),
    Source("niceness", "its turn on a CPU", "stat", "field 19",
           "How far it steps back for others: from -20 (not at all) to 19.", _stat(19)),
    Source("last CPU", "its turn on a CPU", "stat", "field 39", "The CPU that it ran on last.",
           _stat(39)),
    Source("CPUs allowed", "its turn on a CPU", "status", "Cpus_allowed_list",
           "The CPUs that it may run on.", _status("Cpus_allowed_list")),
    Source("threads", "its turn on a CPU", "status", "Threads",
           "How many threads it has; each has its own turn on a CPU.", _number("Threads"),
           of=PROCESS),
    # its memory
    Source("virtual memory", "its memory", "status", "VmSize",
           "All addresses in its map together, whether memory lies behind them or not.",
           _kilobytes("VmSize"), "bytes", PROCESS),
    Source("resident memory", "its memory", "status", "VmRSS",
           "How much of that lies in the machine's memory now, shared parts included.",
           _kilobytes("VmRSS"), "bytes", PROCESS),
    Source("page tables", "its memory", "status", "VmPTE",
           "Linux's lists of where its pages lie.", _kilobytes("VmPTE"), "bytes", PROCESS),
    Source("small faults", "its memory", "stat", "field 10",
           "How often a page was given to it at the first touch.", _stat(10)),
    Source("large faults", "its memory", "stat", "field 12",
           "How often a page had to be read from a disk first.", _stat(12)),
    # its files
    Source("open files", "its files", "fd", "number of entries",
           "How many files, pipes and sockets it has open.", lambda f: len(f.names("fd")),
           of=PROCESS),
    Source("directory", "its files", "cwd", "", "Where a path without a leading / begins for it.",
           lambda f: f.link("cwd"), "path", PROCESS),
    Source("root", "its files", "root", "", "What / is for it.", lambda f: f.link("root"),
           "path", PROCESS),
    Source("umask", "its files", "status", "Umask",
           "The rights that files it makes do not get, in octal digits.", _status("Umask"),
           of=PROCESS),
    # its signals
    Source("signals caught", "its signals", "status", "SigCgt",
           "The signals for which it has a function of its own.", _signals("SigCgt")),
    Source("signals ignored", "its signals", "status", "SigIgn", "The signals that do nothing.",
           _signals("SigIgn")),
    Source("signals blocked", "its signals", "status", "SigBlk",
           "The signals that have to wait; each thread has a mask of its own.",
           _signals("SigBlk")),
    Source("signals pending", "its signals", "status", "SigPnd, ShdPnd",
           "The signals that wait to be delivered.", _signals("SigPnd", "ShdPnd")),
    # its limits and rights
    Source("limit of the stack", "its limits and rights", "limits", "Max stack size",
           "How large the first thread's stack may grow.", _limit("Max stack size"), "bytes",
           PROCESS),
    Source("limit of open files", "its limits and rights", "limits", "Max open files",
           "How many files it may have open at once.", _limit("Max open files"), of=PROCESS),
    Source("limit of processes", "its limits and rights", "limits", "Max processes",
           "How many processes and threads its user may have.", _limit("Max processes"),
           of=PROCESS),
    Source("control group", "its limits and rights", "cgroup", "",
           "The group of processes with which it shares limits.", _group, of=PROCESS),
    Source("capabilities", "its limits and rights", "status", "CapEff",
           "Which of root's rights it has, one bit for each.", _status("CapEff")),
)  # fmt: skip
SHORT = ("pid", "tid", "parent", "name", "state", "stands at", "system call", "CPU time",
         "open files", "threads", "signals caught", "exit code")  # fmt: skip
