"""How a probe says that it is not available here, instead of giving a wrong number."""

import os


class Unavailable(Exception):
    """This machine or this Python does not have what the probe needs; the text says why."""


def require_single_thread():
    """Refuse to fork beside another thread.

    fork copies the calling thread alone. A lock that another thread holds at that moment stays
    locked in the child for ever, with nobody in it who could unlock it.
    """
    try:
        threads = len(os.listdir("/proc/self/task"))
    except OSError:
        import threading

        threads = threading.active_count()
    if threads != 1:
        raise Unavailable(
            f"fork refused: this measuring process has {threads} threads, and must have one"
        )


def require_proc():
    """Refuse where ``/proc`` is absent, or lists the processes of another PID namespace."""
    try:
        own = os.readlink("/proc/self")
    except OSError:
        raise Unavailable("there is no /proc here, where Linux shows its processes") from None
    if own != str(os.getpid()):
        raise Unavailable("/proc shows the processes of another PID namespace here")


def require(module, name):
    """Return ``module.name``; refuse if this platform does not have it."""
    if not hasattr(module, name):
        raise Unavailable(f"{module.__name__}.{name} does not exist on this platform")
    return getattr(module, name)
