"""What Linux and Python say of a task that gives no sign of life: its state, CPU time, and stacks."""

import os
import signal
import time

WAIT = 0.2  # seconds for a process to write its stacks


def state(pid, tid):
    """Return the letter of a task's state, ``"S"`` for asleep; None where Linux lists no such task."""
    try:
        with open(f"/proc/{pid}/task/{tid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return None


def exists(pid, tid):
    """Whether Linux lists a task that has not ended."""
    return state(pid, tid) not in (None, "Z", "X")


def scheduled(pid, tid):
    """Return the CPU time that a task has used, and how long it has waited for a CPU, in ns.

    ``(None, None)`` where Linux does not say.
    """
    try:
        with open(f"/proc/{pid}/task/{tid}/schedstat") as file:
            used, waited, _ = map(int, file.read().split())
    except (OSError, ValueError):
        return None, None
    return used, waited


def dump(pid, fd):
    """Have a process write what each of its threads is doing (SIGUSR1, faulthandler); return lines.

    Args:
        fd: the file that it writes to, open here too.
    """
    start = os.lseek(fd, 0, os.SEEK_END)
    try:
        os.kill(pid, signal.SIGUSR1)
    except ProcessLookupError:
        return []
    until, size, before = time.monotonic() + WAIT, start, -1
    while time.monotonic() < until and (size == start or size != before):
        time.sleep(0.005)
        before, size = size, os.fstat(fd).st_size
    text = os.pread(fd, size - start, start).decode(errors="replace")
    return [without_folder(line) for line in text.splitlines()]


def without_folder(line):
    """Return a line of a stack with the file's name only: where it lies differs everywhere."""
    before, quote, rest = line.partition('  File "')
    if not quote:
        return line
    path, _, after = rest.partition('"')
    return f"{before}  {os.path.basename(path)}{after}"
