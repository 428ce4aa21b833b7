"""A child that reports, or says that it cannot: what it refuses, the measuring process refuses."""

from __future__ import annotations  # a worker may be an older Python

from . import _refuse, _sacrifice

REFUSED = "unavailable"


def run(work):
    """Run ``work(report)`` in a child, as ``_sacrifice.run`` does; return what that returns.

    Raises:
        Unavailable: the child found that something is not available here; says what.
    """

    def honest(report):
        try:
            work(report)
        except _refuse.Unavailable as error:
            report({REFUSED: str(error)})

    told = _sacrifice.run(honest)
    for line in told.lines:
        if isinstance(line, dict) and REFUSED in line:
            raise _refuse.Unavailable(line[REFUSED])
    return told
