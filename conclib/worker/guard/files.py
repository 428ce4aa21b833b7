"""Which files can be seen at all (Landlock): programs and what they are made of, and no others.

Landlock needs no rights: a process gives up its own, for good, and for all that it starts. From
Linux 6.12 on it also keeps signals in, and sockets that have no file. On Linux before 5.13, or
where it was switched off, there is none: then files of the user's can be *read* (never written, the
filter sees to that), and whoever runs the code has to know.
"""

from __future__ import annotations

import os
import struct
import sys
from collections.abc import Iterable

from conclib.worker.guard import linux

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # the same on all processors
ASK_VERSION, PATH_BENEATH = 1, 1
KEEPS_SIGNALS = 6  # the first version that does
EXECUTE, READ_FILE, READ_FOLDER = 1, 4, 8
# All that a version knows: the rights on files; on the network from 4, scopes from 6 on.
RIGHTS = {1: 0x1FFF, 2: 0x3FFF, 3: 0x7FFF, 4: 0x7FFF}
ALL_RIGHTS, NETWORK, SCOPES = 0xFFFF, 3, 3

SYSTEM = (
    "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/nix/store", "/etc/ld.so.cache",
    "/etc/localtime", "/etc/passwd", "/etc/group", "/etc/alternatives",
)  # fmt: skip
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")


def readable() -> list[str]:
    """Return the files and folders that can be seen: the system's programs, and this Python."""
    python = [os.path.join(os.path.realpath(sys.base_prefix), name) for name in ("lib", "lib64")]
    python += [os.path.realpath(sys.executable), os.path.dirname(os.path.realpath(os.__file__))]
    return [path for path in (*SYSTEM, *DEVICES, *python) if os.path.exists(path)]


def version() -> int:
    """Return which version of Landlock this Linux has; 0 for none."""
    try:
        return linux.system_call("Landlock", CREATE_RULESET, None, 0, ASK_VERSION)
    except OSError:
        return 0


def close_off(paths: Iterable[str]) -> int:
    """Let this process see nothing but some files and folders, and return Landlock's version.

    It returns 0, and nothing has changed, where there is no Landlock.

    Raises:
        OSError: there is one, and it refused.
    """
    found = version()
    if not found:
        return 0
    rights = RIGHTS.get(found, ALL_RIGHTS)
    size = 8 if found < 4 else 16 if found < KEEPS_SIGNALS else 24
    asked = struct.pack("3Q", rights, NETWORK, SCOPES)
    rules = linux.system_call("Landlock", CREATE_RULESET, asked, size, 0)
    for path in paths:
        _allow(rules, path)
    linux.system_call("Landlock", RESTRICT_SELF, rules, 0)
    os.close(rules)
    return found


def _allow(rules: int, path: str) -> None:
    """Let a file be read and run, a folder be listed too, a device be read."""
    allowed = READ_FILE | (0 if path in DEVICES else EXECUTE)
    allowed |= READ_FOLDER if os.path.isdir(path) else 0
    held = os.open(path, os.O_PATH)
    try:
        rule = struct.pack("=Qi", allowed, held)
        linux.system_call("Landlock", ADD_RULE, rules, PATH_BENEATH, rule, 0)
    finally:
        os.close(held)
