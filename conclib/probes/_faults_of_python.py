"""Faults in Python code: exceptions, exits, and all that waits or works for ever.

Each function is given whoever goes wrong (``_crew.Part``). What has no end of its own is ended by
the observer, and at the latest by the worker's deadline.
"""

import os
import sys
import time

PIECE = 8 * 2**20  # bytes
CAP = 64 * 2**20  # bytes that a memory hog gets beyond what its process has
BLOCKS = 2 * CAP // PIECE  # more than it gets


def exception(part):
    """Divide by zero, in Python."""
    1 / 0  # noqa: B018 -- that it raises is all that is wanted


def endless_recursion(part):
    """Call itself, without an end of its own."""
    endless_recursion(part)


def sys_exit(part):
    """Raise SystemExit."""
    sys.exit(part.crew.code)


def os_exit(part):
    """Ask Linux to end this process, now."""
    os._exit(part.crew.code)


def memory_hog(part):
    """Take memory, and use it, until no more is given: the limit is set for this process alone."""
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    limit = data_bytes() + CAP
    limit = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))
    _ = [b"x" * PIECE for _ in range(BLOCKS)]


def data_bytes():
    """Return how much of this process counts against the limit."""
    with open("/proc/self/status") as file:
        (line,) = (line for line in file if line.startswith("VmData:"))
    return int(line.split()[1]) * 1024


def endless_loop(part):
    """Compute for ever."""
    while True:
        pass


def deadlock(part):
    """Hold one lock and wait for another, whose holder waits for the first."""
    import threading

    first, second, both = threading.Lock(), threading.Lock(), threading.Barrier(2)

    def take(mine, other):
        with mine:
            both.wait()
            with other:
                pass

    threading.Thread(target=take, args=(second, first), daemon=True).start()
    take(first, second)


def endless_sleep(part):
    """Wait for what nobody will ever do."""
    import threading

    threading.Event().wait()


def wait_for_a_signal(part):
    """Wait until the observer has sent its signal, and go on if that did nothing."""
    while not part.signal_sent():
        time.sleep(0.001)
    # It was sent to this thread before we were told, and Linux delivers a signal before it lets a
    # call return: whoever comes back from this one was not ended by it.
    time.sleep(0)
