"""Two threads of a child, one of which changes who it is, and what Linux then lists of both.

The child ends afterwards: nobody goes on working in a process whose threads are different users.
"""

from __future__ import annotations  # a worker may be an older Python

import ctypes
import os
import threading

from . import _held, _libc, _looking, _record, _refuse

NOBODY = 65534
PR_SET_NO_NEW_PRIVS = 38
SYS_SETRESUID = {"x86_64": 117, "aarch64": 147, "riscv64": 147, "i686": 208}
FIELDS = {"user": "Uid", "new rights": "NoNewPrivs"}
ORDINARY = "only root may change its user; so the thread gave up new rights (no_new_privs) instead"


def what_can_be_changed():
    """Return what a thread can change here, ``"user"`` or ``"new rights"``, and why not the first."""
    if os.geteuid() == 0 and os.uname().machine in SYS_SETRESUID:
        return "user", ""
    return "new rights", ORDINARY if os.geteuid() else "its system call has no known number here"


def story(what, call):
    """Return what a child is to do: report on two threads, before one of them changes and after."""

    def work(report):
        ready, go, done, refused = _held.Gate(), _held.Gate(), _held.Gate(), []

        def be_second():
            ready.open()
            go.wait()
            try:
                change(what, call)
            except _refuse.Unavailable as error:
                refused.append(error)
            done.open()
            _held.Gate().wait()  # for the end of all

        second = threading.Thread(target=be_second, daemon=True)
        second.start()
        ready.wait()
        names = {"first": os.getpid(), "second": second.native_id}
        report(listed(names, what))
        go.open()
        done.wait()
        if refused:
            raise refused[0]
        report(listed(names, what))

    return work


def change(what, call):
    """In the second thread: change who it is, or what it may do.

    Raises:
        Unavailable: Linux refuses it; says how.
    """
    if what != "user":
        give_up_new_rights()
    elif call == "library":
        checked("setresuid", _libc.function("setresuid", *[ctypes.c_int] * 4)(*[NOBODY] * 3))
    else:
        number = SYS_SETRESUID[os.uname().machine]
        system_call = _libc.function("syscall", *[ctypes.c_long] * 5)
        checked("setresuid", system_call(number, *[NOBODY] * 3))


def give_up_new_rights():
    """Never again get more rights by running another program: this thread, and whom it starts."""
    prctl = _libc.function("prctl", ctypes.c_int, ctypes.c_int, *[ctypes.c_ulong] * 4)
    checked("prctl", prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))


def checked(name, result):
    """Raise if a call was refused."""
    if result:
        raise _refuse.Unavailable(str(_libc.failed(name)))


def listed(names, what):
    """Return the number that Linux lists of each thread: its user, or whether it gave up rights."""
    found = {}
    for name, tid in names.items():
        status = _record.keyed(_looking.read("self", f"task/{tid}/status") or "")
        if FIELDS[what] not in status:
            raise _refuse.Unavailable(f"Linux does not list {FIELDS[what]} of a thread here")
        found[name] = int(status[FIELDS[what]].split()[0])
    return found
