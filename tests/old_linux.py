"""Run a command as if this Linux did not have some system calls, or a process not some rights.

    python -m tests.old_linux 444,157=22 COMMAND ...    444 fails, and 157 if its argument is 22

What is missing fails with ENOSYS. It is our own filter that does it, so it needs no rights.
"""

import errno
import os
import sys

from conclib.worker.guard import calls, linux, nobody, seccomp

LANDLOCK = "444"  # landlock_create_ruleset
NO_FILTERS = "157=22" if calls.platform.machine() == calls.X86_64 else "167=22"  # prctl


def lacking(text: str) -> list[seccomp.Line]:
    """Return a filter's program that refuses the calls that a text lists."""
    lines = [seccomp.Line(seccomp.LOAD, 0, 0, seccomp.NUMBER)]
    for word in text.split(","):
        number, equals, value = word.partition("=")
        test = calls.Test("", errno.ENOSYS, "", 0, "is", (int(value or 0),))
        looking = seccomp._looking(test, 0) if equals else []
        lines += seccomp._block(int(number), errno.ENOSYS, looking)
    return [*lines, seccomp.Line(seccomp.RETURN, 0, 0, seccomp.ALLOW)]


if __name__ == "__main__":
    linux.prctl("no_new_privs", nobody.PR_SET_NO_NEW_PRIVS, 1)
    seccomp.install(lacking(sys.argv[1]))
    os.execv(sys.argv[2], sys.argv[2:])
