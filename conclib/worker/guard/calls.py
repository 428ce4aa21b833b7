"""The system calls that are refused to code one does not trust, and why: the filter as a table.

Each line has a call's name and its number on x86-64 and on aarch64; ``-`` where that processor has
no such call. Most are refused whatever their arguments are; the rules at the end look at one
argument. Whoever wants to know what a call does: ``man 2 NAME``.
"""

from __future__ import annotations  # a worker may be an older Python

import errno
import platform
from typing import NamedTuple

X86_64, AARCH64 = "x86_64", "aarch64"
MACHINES = (X86_64, AARCH64)

# Calls that are newer than this table: whoever meets one uses an older one instead.
FIRST_UNKNOWN = 463


class Group(NamedTuple):
    """Calls that are refused for one reason, with one error."""

    reason: str
    error: int
    calls: str


class Test(NamedTuple):
    """A call that is refused for some values of one argument.

    Attributes:
        call: name and numbers, as in a group.
        argument: which one, from 0.
        kind: ``"bits"`` (has any of these), ``"is"`` (one of these), ``"not"`` (none of these).
        values: the bits or values; ``ME`` is the caller's own process.
    """

    reason: str
    error: int
    call: str
    argument: int
    kind: str
    values: tuple[int, ...]


ME = -1

ALWAYS = (
    Group("in a namespace of its own it would have rights that it does not have", errno.EPERM, """
        unshare 272 97      setns 308 268       mount 165 40        umount2 166 39
        fsopen 430 430      open_tree 428 428   move_mount 429 429  mount_setattr 442 442
        chroot 161 51       pivot_root 155 41"""),
    Group("memory that no limit of its own counts, or that outlives it", errno.EPERM, """
        memfd_create 319 279   memfd_secret 447 447   shmget 29 194   semget 64 190
        msgget 68 186          mq_open 240 180        add_key 248 217
        request_key 249 218    keyctl 250 219"""),
    Group("such memory of other programs can be had by its number alone", errno.EPERM, """
        shmat 30 196    shmctl 31 195   semop 65 193    semtimedop 220 192   semctl 66 191
        msgsnd 69 189   msgrcv 70 188   msgctl 71 187   mq_unlink 241 181"""),
    Group("there is a fixed number of them for the whole machine", errno.EPERM, """
        io_setup 206 0   io_submit 209 2"""),
    Group("it would reach into another process", errno.EPERM, """
        ptrace 101 117             process_vm_readv 310 270    process_vm_writev 311 271
        process_madvise 440 440    pidfd_getfd 438 438         process_mrelease 448 448
        setpriority 141 140        ioprio_set 251 30           sched_setparam 142 118
        sched_setscheduler 144 119 sched_setaffinity 203 122   sched_setattr 314 274
        move_pages 279 239         migrate_pages 256 238       perf_event_open 298 241"""),
    Group("it would talk to other programs, here or elsewhere", errno.EPERM, """
        socket 41 198   bind 49 200   connect 42 203"""),
    Group("large parts of Linux that a lesson does not need", errno.EPERM, """
        bpf 321 280   userfaultfd 323 282   fanotify_init 300 262   open_by_handle_at 304 265"""),
    Group("it would make calls that this filter does not see", errno.EPERM, """
        io_uring_setup 425 425   io_uring_enter 426 426   io_uring_register 427 427"""),
    Group("the flags are where this filter cannot look; the C library then uses an older call",
          errno.ENOSYS, "clone3 435 435   openat2 437 437"),
    Group("nothing may be written, and no folder, link or owner changed", errno.EROFS, """
        creat 85 -          truncate 76 45      unlink 87 -         unlinkat 263 35
        rename 82 -         renameat 264 38     renameat2 316 276   mkdir 83 -
        mkdirat 258 34      rmdir 84 -          link 86 -           linkat 265 37
        symlink 88 -        symlinkat 266 36    mknod 133 -         mknodat 259 33
        chmod 90 -          fchmod 91 52        fchmodat 268 53     fchmodat2 452 452
        chown 92 -          lchown 94 -         fchown 93 55        fchownat 260 54
        utime 132 -         utimes 235 -        futimesat 261 -     utimensat 280 88
        setxattr 188 5      lsetxattr 189 6     fsetxattr 190 7     removexattr 197 14
        lremovexattr 198 15 fremovexattr 199 16"""),
)  # fmt: skip

# Where Landlock keeps signals in (Linux 6.12 and later), these are allowed among the victim's own.
SIGNALS = (
    Group("it would signal a process outside", errno.EPERM, """
        tkill 200 130   rt_sigqueueinfo 129 138   rt_tgsigqueueinfo 297 240
        pidfd_send_signal 424 424   pidfd_open 434 434"""),
)  # fmt: skip

WRITING = 0o1103  # O_WRONLY, O_RDWR, O_CREAT, O_TRUNC
NEW_NAMESPACE = 0x7E020000  # CLONE_NEWNS, ..NEWCGROUP, ..NEWUTS, ..IPC, ..USER, ..PID, ..NET
STREAM = (0x1, 0x801, 0x80001, 0x80801)  # SOCK_STREAM, also with SOCK_NONBLOCK and SOCK_CLOEXEC
LOCAL = 1  # AF_UNIX: other families can make Linux load parts of itself
# What Python asks of open files: TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX. All
# else is refused: FIOSETOWN has Linux send signals for it, others change a file's flags or a
# terminal.
HARMLESS = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
SET_DUMPABLE = 4

TESTS = (
    Test("a namespace of its own, as above", errno.EPERM, "clone 56 220", 0, "bits",
         (NEW_NAMESPACE,)),
    Test("nothing may be written", errno.EROFS, "open 2 -", 1, "bits", (WRITING,)),
    Test("nothing may be written", errno.EROFS, "openat 257 56", 2, "bits", (WRITING,)),
    Test("signals, a file's flags, a terminal", errno.EPERM, "ioctl 16 29", 1, "not", HARMLESS),
    Test("limits of another process", errno.EPERM, "prlimit64 302 261", 0, "not", (ME, 0)),
    Test("it would make Linux load parts of itself", errno.EPERM, "socketpair 53 199", 0, "not",
         (LOCAL,)),
    Test("a pair of datagram sockets can send to others", errno.EPERM, "socketpair 53 199", 1,
         "not", STREAM),
    Test("it would hide from the keeper", errno.EPERM, "prctl 157 167", 0, "is", (SET_DUMPABLE,)),
)  # fmt: skip

SIGNAL_TESTS = (
    Test("it would signal a process outside", errno.EPERM, "kill 62 129", 0, "not", (ME, 0)),
    Test("it would signal a process outside", errno.EPERM, "tgkill 234 131", 0, "not", (ME,)),
    Test("Linux would signal for it (F_SETOWN, F_SETSIG, F_SETOWN_EX)", errno.EPERM, "fcntl 72 25",
         1, "is", (8, 10, 15)),
)  # fmt: skip


def numbers(text: str, machine: str) -> dict[str, int]:
    """Return the calls of a group's text by name; those that this processor has not are left out.

    Args:
        text: names, each with its number on x86-64 and on aarch64.
        machine: one of ``MACHINES``.
    """
    words = text.split()
    column = words[1 + MACHINES.index(machine) :: 3]
    pairs = zip(words[::3], column)  # noqa: B905 -- also for Pythons before 3.10
    return {name: int(number) for name, number in pairs if number != "-"}


def here() -> str:
    """Return this processor's name as ``MACHINES`` has it.

    Raises:
        OSError: the numbers of its calls are not in this table.
    """
    name = platform.machine()
    if name not in MACHINES:
        raise OSError(f"the filter knows x86-64 and aarch64, and this processor is {name!r}")
    return name
