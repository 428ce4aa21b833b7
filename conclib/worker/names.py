"""A worker's name: it says whose the worker is, so that what is left of it can be judged later.

    conclib-worker-SPACE-PID-START-XXXXXX

PID and START (clock ticks since the machine started) name the caller; SPACE stands for the machine
since it was started and for the PID namespace in it: only there PID means anything. The rest is
drawn by lot, from too many for anybody to take them all beforehand. The name is that of the
worker's private folder, stands in the environment of all that the worker starts, and in names of
shared memory.

Several machines or containers may share one temporary folder, and anybody may put a name there that
looks like ours. So a name that is not exactly of this form is nobody's, and one of another SPACE
says nothing: its caller may be well.
"""

import hashlib
import os
import re
import secrets
import string
from functools import cache
from pathlib import Path

from conclib.worker import processes

PREFIX = "conclib-worker-"
# 2,000 million: no file system holds them all, and the path of a socket in the folder stays short
LOTS = string.ascii_lowercase + string.digits
# Names had four digits at their end once: what is left of those is swept all the same.
FORM = re.compile(PREFIX + r"([a-z]{6})-([0-9]{1,10})-([0-9]{1,20})-(?:[a-z0-9]{6}|[0-9a-f]{4})")
PROC = Path("/proc")


@cache
def _space(_own: int) -> str:  # for each process anew: a fork may be in another namespace
    """Return six letters for this start of the machine and this PID namespace; "" if not known."""
    try:
        boot = (PROC / "sys/kernel/random/boot_id").read_text()
        numbers = str((PROC / "self/ns/pid").readlink())
    except OSError:
        return ""
    digest = hashlib.sha256((boot + numbers).encode()).digest()
    return "".join(chr(ord("a") + byte % 26) for byte in digest[:6])


def started(pid: int) -> int | None:
    """Return when a living process started, in clock ticks; ``None`` if it is gone or unknown."""
    found = processes.look(pid)
    return found.start if found and found.alive else None  # a zombie owns nothing


def new() -> str:
    """Return a name for a worker of this process."""
    own = os.getpid()
    start = started(own)
    space = _space(own) if start else ""  # who does not know itself must not be taken for gone
    lot = "".join(secrets.choice(LOTS) for _ in range(6))
    return f"{PREFIX}{space or 'unsure'}-{own}-{start or 0}-{lot}"


def abandoned(name: str) -> bool:
    """Tell whether a name is one of ours whose caller is surely gone; ``False`` in any doubt."""
    found = FORM.fullmatch(name)
    space = _space(os.getpid())
    if not found or not space or found[1] != space:
        return False
    return processes.gone(int(found[2]), int(found[3]))


def within(text: str) -> str:
    """Return the worker's name that a name of shared memory begins with; "" if there is none.

    ``sem.conclib-worker-...-abcd-k3x9`` is a semaphore of multiprocessing.
    """
    found = FORM.match(text.removeprefix("sem."))
    return found[0] if found and text.partition(found[0])[2][:1] in ("", "-") else ""
