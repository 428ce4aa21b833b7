"""Whose rights are left: root becomes a user that nobody is; everybody else gives up what he can.

``RLIMIT_NPROC`` does not bind root, and root may read and write nearly everything. So root takes
the number of a user that does not exist and has no process. That also makes the end sure: all that
runs under this number is the victim's.
"""

from __future__ import annotations

import os

from conclib.worker.guard import linux

FIRST, LAST = 64000, 65500  # numbers that no system gives to users
PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS = 4, 38
CAPABILITIES_3 = (0x20080522).to_bytes(4, "little") + bytes(4)  # this version of them; of itself
CAP_SETGID, CAP_SETUID = 6, 7


def become() -> bool:
    """Give up every right of this process that can be given up; return whether root became nobody.

    Raises:
        OSError: this is root, and may not become another user.
    """
    root = os.geteuid() == 0
    if root:
        _drop_root()
    linux.call("capset", "capset", CAPABILITIES_3, bytes(24))
    linux.prctl("no_new_privs", PR_SET_NO_NEW_PRIVS, 1)
    # A change of user takes this away, and with it what the keeper, or this process, reads in /proc
    linux.prctl("dumpable", PR_SET_DUMPABLE, 1)
    return root


def _drop_root() -> None:
    if not _may_drop():
        raise OSError("this is root, and here root may not become another user")
    number = _unused()
    os.setgroups([])
    os.setresgid(number, number, number)
    os.setresuid(number, number, number)


def _may_drop() -> bool:
    """Tell whether this root may become another user: not in a user namespace that has only one."""
    with open("/proc/self/status") as status:
        line = next(line for line in status if line.startswith("CapEff"))
    able = int(line.split()[1], 16)
    with open("/proc/self/uid_map") as ids:
        ranges = [tuple(map(int, line.split())) for line in ids]
    whole = any(first <= FIRST and first + count >= LAST for first, _, count in ranges)
    return bool(able >> CAP_SETUID & 1 and able >> CAP_SETGID & 1 and whole)


def _unused() -> int:
    """Return the number of a user that has no process."""
    busy = set()
    for name in os.listdir("/proc"):
        try:
            busy.add(os.stat(f"/proc/{name}").st_uid if name.isdigit() else 0)
        except OSError:  # it has ended meanwhile
            continue
    start = FIRST + os.getpid() % 900
    return next(number for number in range(start, LAST) if number not in busy)
