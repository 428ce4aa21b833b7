"""Pools whose workers are killed: a host that owns the pool, and an observer that ends the host.

A pool has threads of its own, so it lives in a child of the measuring process, the *host*, in a
process group of its own. A pool that waits for a lock that its dead worker held cannot be closed any
more; the whole group is killed instead, and collected.
"""

import os
import select
import signal
import time

from . import _light, _precautions, _refuse, _watching

LOOK = 0.1  # seconds between two looks at the host itself
HOLD = ("pipe", "read")  # where a worker waits that has the queue's lock: for the next task
WAIT = ("futex", "sem")  # where one waits that has it not: for the lock
CALLS = {"x86_64": {0: "read", 202: "futex"}, "aarch64": {63: "read", 98: "futex"}}


def in_host(work, seconds):
    """Run ``work()`` in a host; return what it returned.

    Args:
        work: returns plain data.
        seconds: how long it may take.

    Raises:
        Unavailable: it said that something does not exist here.
        RuntimeError: it failed, or took too long.
    """
    read, write = os.pipe()

    def host():
        os.close(read)
        os.setpgid(0, 0)
        _precautions.no_core_file()
        try:
            said = {"done": work()}
        except _refuse.Unavailable as why:
            said = {"unavailable": str(why)}
        os.write(write, _light.dumps(said).encode() + b"\n")
        time.sleep(seconds)  # ended by the observer

    pid = _watching.fork(host)
    os.close(write)
    try:
        text = heard(read, seconds, pid)
    finally:
        os.close(read)
        end(pid)
    if "unavailable" in text:
        raise _refuse.Unavailable(text["unavailable"])
    return text["done"]


def heard(fd, seconds, pid):
    """Return the first line that comes on a pipe, as data.

    The host's own children hold the pipe open too: whether the host still lives is asked of Linux.
    """
    text, until = b"", time.monotonic() + seconds
    while not text.endswith(b"\n"):
        left = until - time.monotonic()
        ready, _, _ = select.select([fd], [], [], min(max(left, 0), LOOK))
        piece = os.read(fd, 65536) if ready else b""
        gone = left <= 0 or os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        if not piece and (ready or gone):
            raise RuntimeError("the host of the pool did not answer in time, or failed")
        text += piece
    return _light.loads(text)


def end(pid):
    """Kill a host and its group, and collect all of it that is or becomes ours."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        os.kill(pid, signal.SIGKILL)  # it has not come to its own group yet
    os.waitpid(pid, 0)
    try:
        while True:
            os.waitpid(-pid, 0)
    except ChildProcessError:
        pass


def until(holds, seconds=5.0):
    """Look again and again until ``holds()`` is true; return whether it became so."""
    end_at = time.monotonic() + seconds
    while not (found := holds()) and time.monotonic() < end_at:
        time.sleep(0.002)
    return bool(found)


# Where a worker waits -----------------------------------------------------------------------------
def waits_in(pid):
    """Return where in Linux a process waits, such as ``"pipe_read"``; empty if that is not shown."""
    try:
        with open(f"/proc/{pid}/wchan") as file:
            name = file.read().strip()
        if name not in ("", "0"):
            return name
        with open(f"/proc/{pid}/syscall") as file:
            number = file.read().split()[0]
        return CALLS.get(os.uname().machine, {}).get(int(number), "")
    except (OSError, ValueError, IndexError):
        return ""


def is_in(pid, places):
    """Whether a process waits in one of these places."""
    name = waits_in(pid)
    return any(place in name for place in places)
