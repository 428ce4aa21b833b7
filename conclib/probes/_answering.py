"""A child that reports, or says that it cannot: what it refuses, the measuring process refuses."""

from __future__ import annotations  # a worker may be an older Python

import errno

from . import _refuse, _sacrifice

REFUSED = "unavailable"
NO_THREAD = "can't start new thread"  # what Python says when Linux has refused one
USED_UP = (errno.EAGAIN, errno.ENOMEM, errno.EMFILE, errno.ENFILE)


def run(work, seconds=_sacrifice.SECONDS):
    """Run ``work(report)`` in a child, as ``_sacrifice.run`` does; return what that returns.

    Raises:
        Unavailable: the child found that something is not available here, or Linux gave it no more
            threads, processes, memory or descriptors; says what.
    """

    def honest(report):
        try:
            work(report)
        except _refuse.Unavailable as error:
            report({REFUSED: str(error)})
        except (RuntimeError, OSError) as error:
            if not used_up(error):
                raise
            report({REFUSED: f"Linux gives this program no more: {error}"})

    told = _sacrifice.run(honest, seconds)
    for line in told.lines:
        if isinstance(line, dict) and REFUSED in line:
            raise _refuse.Unavailable(line[REFUSED])
    return told


def used_up(error):
    """Tell whether an error says that something is used up here, and not that we do it wrong."""
    return NO_THREAD in str(error) or getattr(error, "errno", None) in USED_UP
