"""The fields of a control block: where Linux shows each of them, and what it means.

Operating-system books draw the *process control block* as one table. Linux has no file for it: the
fields are spread over several files of ``/proc/PID``. Here each one has its real source, a reader
that returns the value (or raises ``Unread`` with the reason), and its meaning in a sentence.
"""

from dataclasses import dataclass

from conclib.inspecting import field_readers as readers
from conclib.inspecting.field_readers import Reader

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


SOURCES = (
    # who it is
    Source("pid", "who it is", "status", "Tgid",
           "The process's number, by which others name it.", readers.number("Tgid")),
    Source("tid", "who it is", "status", "Pid",
           "The thread's own number. That of a process's first thread is the process's.",
           readers.number("Pid"), of=THREAD),
    Source("parent", "who it is", "status", "PPid",
           "The process that will be told how it ended: its maker, or who has adopted it.",
           readers.number("PPid")),
    Source("name", "who it is", "stat", "field 2",
           "The program's short name; a program may choose any.", lambda f: f.stat(2)),
    Source("program", "who it is", "exe", "", "The file that the running program was loaded from.",
           lambda f: f.link("exe"), "path"),
    Source("group", "who it is", "stat", "field 5",
           "The process group: a shell sends a signal to all of it at once.", readers.stat(5)),
    Source("session", "who it is", "stat", "field 6",
           "The session, mostly all that one terminal has started.", readers.stat(6)),
    Source("user", "who it is", "status", "Uid", "Whose process it is, as a number; root is 0.",
           readers.number("Uid")),
    Source("user's group", "who it is", "status", "Gid", "The group of users that it runs for.",
           readers.number("Gid")),
    # where it stands
    Source("state", "where it stands", "stat", "field 3", "What it does at this moment.",
           readers.state),
    Source("program counter", "where it stands", "syscall", "last number",
           "The address of the instruction that it goes on with.", readers.register(2), "address"),
    Source("stands at", "where it stands", "syscall and maps", "",
           "The region of its memory in which that instruction lies.", readers.stands_at),
    Source("stack pointer", "where it stands", "syscall", "last but one",
           "The address up to which its stack is in use.", readers.register(1), "address"),
    Source("system call", "where it stands", "syscall", "first number",
           "What it has asked Linux for and waits to be given.", readers.call),
    Source("waits in", "where it stands", "wchan", "",
           "The function inside Linux in which it waits.", readers.waits_in),
    Source("exit code", "where it stands", "stat", "field 52",
           "How it ended, kept for the parent that may ask.", readers.exit_code, of=PROCESS),
    # its turn on a CPU
    Source("CPU time", "its turn on a CPU", "stat", "fields 14 and 15",
           "How long it has computed so far, in its own code and in Linux; counted in steps.",
           readers.ticks(14, 15), "time"),
    Source("CPU time in its own code", "its turn on a CPU", "stat", "field 14",
           "The part of the CPU time in which it ran its own instructions.", readers.ticks(14),
           "time"),
    Source("CPU time in Linux", "its turn on a CPU", "stat", "field 15",
           "The part of the CPU time in which Linux worked for it.", readers.ticks(15), "time"),
    Source("time on a CPU", "its turn on a CPU", "schedstat", "first number",
           "How long its (first) thread has been on a CPU, measured finely.", readers.schedstat(0),
           "time"),
    Source("time ready", "its turn on a CPU", "schedstat", "second number",
           "How long that thread was ready to run, while others had the CPU.", readers.schedstat(1),
           "time"),
    Source("switches by itself", "its turn on a CPU", "status", "voluntary_ctxt_switches",
           "How often its (first) thread gave the CPU away because it had to wait.",
           readers.number("voluntary_ctxt_switches")),
    Source("switches by force", "its turn on a CPU", "status", "nonvoluntary_ctxt_switches",
           "How often the CPU was taken from that thread for another one.",
           readers.number("nonvoluntary_ctxt_switches")),
    Source("policy", "its turn on a CPU", "stat", "field 41",
           "The rule by which Linux decides when it is its turn.", readers.policy),
    Source("priority", "its turn on a CPU", "stat", "field 18",
           "Its rank within that rule: a smaller number has a larger share.", readers.stat(18)),
    Source("niceness", "its turn on a CPU", "stat", "field 19",
           "How far it steps back for others: from -20 (not at all) to 19.", readers.stat(19)),
    Source("last CPU", "its turn on a CPU", "stat", "field 39", "The CPU that it ran on last.",
           readers.stat(39)),
    Source("CPUs allowed", "its turn on a CPU", "status", "Cpus_allowed_list",
           "The CPUs that it may run on.", readers.status("Cpus_allowed_list")),
    Source("threads", "its turn on a CPU", "status", "Threads",
           "How many threads it has; each has its own turn on a CPU.", readers.number("Threads"),
           of=PROCESS),
    # its memory
    Source("virtual memory", "its memory", "status", "VmSize",
           "All addresses in its map together, whether memory lies behind them or not.",
           readers.kilobytes("VmSize"), "bytes", PROCESS),
    Source("resident memory", "its memory", "status", "VmRSS",
           "How much of that lies in the machine's memory now, shared parts included.",
           readers.kilobytes("VmRSS"), "bytes", PROCESS),
    Source("page tables", "its memory", "status", "VmPTE",
           "Linux's lists of where its pages lie.", readers.kilobytes("VmPTE"), "bytes", PROCESS),
    Source("small faults", "its memory", "stat", "field 10",
           "How often a page was given to it at the first touch.", readers.stat(10)),
    Source("large faults", "its memory", "stat", "field 12",
           "How often a page had to be read from a disk first.", readers.stat(12)),
    # its files
    Source("open files", "its files", "fd", "number of entries",
           "How many files, pipes and sockets it has open.", lambda f: len(f.names("fd")),
           of=PROCESS),
    Source("directory", "its files", "cwd", "", "Where a path without a leading / begins for it.",
           lambda f: f.link("cwd"), "path", PROCESS),
    Source("root", "its files", "root", "", "What / is for it.", lambda f: f.link("root"),
           "path", PROCESS),
    Source("umask", "its files", "status", "Umask",
           "The rights that files it makes do not get, in octal digits.", readers.status("Umask"),
           of=PROCESS),
    # its signals
    Source("signals caught", "its signals", "status", "SigCgt",
           "The signals for which it has a function of its own.", readers.signals("SigCgt")),
    Source("signals ignored", "its signals", "status", "SigIgn", "The signals that do nothing.",
           readers.signals("SigIgn")),
    Source("signals blocked", "its signals", "status", "SigBlk",
           "The signals that have to wait; each thread has a mask of its own.",
           readers.signals("SigBlk")),
    Source("signals pending", "its signals", "status", "SigPnd, ShdPnd",
           "The signals that wait to be delivered.", readers.signals("SigPnd", "ShdPnd")),
    # its limits and rights
    Source("limit of the stack", "its limits and rights", "limits", "Max stack size",
           "How large the first thread's stack may grow.", readers.limit("Max stack size"), "bytes",
           PROCESS),
    Source("limit of open files", "its limits and rights", "limits", "Max open files",
           "How many files it may have open at once.", readers.limit("Max open files"), of=PROCESS),
    Source("limit of processes", "its limits and rights", "limits", "Max processes",
           "How many processes and threads its user may have.", readers.limit("Max processes"),
           of=PROCESS),
    Source("control group", "its limits and rights", "cgroup", "",
           "The group of processes with which it shares limits.", readers.group, of=PROCESS),
    Source("capabilities", "its limits and rights", "status", "CapEff",
           "Which of root's rights it has, one bit for each.", readers.status("CapEff")),
)  # fmt: skip
SHORT = ("pid", "tid", "parent", "name", "state", "stands at", "system call", "CPU time",
         "open files", "threads", "signals caught", "exit code")  # fmt: skip
