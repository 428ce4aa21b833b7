"""The lifeline: when the caller dies, by whatever death, Linux kills this worker and its group.

The caller holds one end of a pipe and never writes to it. When the caller is gone its end closes,
and Linux sends us a signal, as it would for new input. We ask for SIGKILL as that signal and for
our whole group as the receiver. No code of ours has to run for it: it works while this process is
stopped, blocks every signal, or is busy in C. (No thread watches either: a fork beside a second
thread can hang its child for ever.)
"""

import fcntl
import os
import select

from . import _light


def arm(fd):
    """Tie this process group's life to the other end of ``fd``; return whether Linux does it.

    Where F_SETSIG does not exist the end of input and the deadline must do.
    """
    if not (hasattr(fcntl, "F_SETSIG") and hasattr(os, "O_ASYNC")) or os.getpgrp() != os.getpid():
        return False
    fcntl.fcntl(fd, fcntl.F_SETOWN, -os.getpgrp())
    fcntl.fcntl(fd, fcntl.F_SETSIG, _light.SIGKILL)
    fcntl.fcntl(fd, fcntl.F_SETFL, fcntl.fcntl(fd, fcntl.F_GETFL) | os.O_ASYNC)
    if cut(fd):  # the caller died before we were armed
        os._exit(1)
    return True


def cut(fd):
    """Tell whether the other end has been closed."""
    watch = select.poll()
    watch.register(fd, 0)  # hang-up is always reported
    return bool(watch.poll(0))
