"""``kcmp``: asking Linux whether two tasks work with one and the same thing.

It compares what two tasks point to inside the system, and says no more than "the same" or not. Where
it is barred (containers often do that, by a filter on system calls), that is said, and why.
"""

from __future__ import annotations  # a worker may be an older Python

import ctypes
import os

from . import _libc

NUMBERS = {"x86_64": 312, "aarch64": 272}  # of the system call, which no C library wraps
KINDS = {"FILE": 0, "VM": 1, "FILES": 2, "FS": 3, "SIGHAND": 4}


def same(kind, one, other, fd=0):
    """Ask whether two tasks share something.

    Args:
        kind: of ``KINDS``: one open file, all memory, the list of open files, the folder and mask for
            new files, the reaction to signals.
        one, other: the tasks' numbers, of threads as well as of processes.
        fd: for ``FILE``, the number by which each of them knows its open file.

    Returns:
        Whether it is the same, or ``None``; and why it could not be asked, else an empty text.
    """
    number = NUMBERS.get(os.uname().machine)
    if number is None:
        return None, "kcmp: its number is not known for this processor"
    numbers = [ctypes.c_long(each) for each in (number, one, other, KINDS[kind], fd, fd)]
    answer = _libc.C["syscall"](*numbers)
    if answer < 0:
        return None, f"kcmp: {os.strerror(ctypes.get_errno())}"
    return answer == 0, ""  # 1 and 2 say which address is the smaller one: both mean "not the same"
