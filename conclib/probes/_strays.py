"""A body that forks, and whose child comes back out of it into the driver.

Such a child would speak on the worker's pipe as a second worker, print the worker's buffered text
again, and fork once more in the next round, as would its children. So the driver ends it at once,
by ``_exit``, and tells the caller what happened.
"""

import os

OWN = os.getpid()
CODE = 91  # a stray's exit code


def end():
    """Leave without a trace if this process is not the worker but a child of it."""
    if os.getpid() != OWN:
        os._exit(CODE)


def refuse():
    """Raise if a stray has ended. The look collects nothing, for the probe may want to."""
    try:
        ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except (AttributeError, ChildProcessError):  # not on this system; no children
        return
    if ended is not None and ended.si_status == CODE:
        raise RuntimeError("a child that body forked came back: end it inside body by os._exit(0)")
