"""Where Python looks for modules, without whatever folder one happens to be in.

``PYTHONPATH=$PYTHONPATH:/opt`` has an empty part where the variable was not set, and an empty part
is the current folder, before Python's own modules: a student's ``html.py`` there would be run in
the place of Python's. So would one beside which ``python -m conclib.cli`` is started. ``-P`` leaves
out the second only.

This is loaded before anything else of a command, so it imports nothing that Python itself has not
loaded by then. (What Python loads before it, such as a file ``encodings.py``, no program can help.)
"""

import os
from collections.abc import Iterable


def outside(entries: Iterable[str], variable: str = "") -> list[str]:
    """Return the entries of a search path that name a place, wherever one happens to be.

    Args:
        entries: ``sys.path``, or the parts of ``PYTHONPATH``. Left out are those that are empty,
            relative, or the current folder.
        variable: ``PYTHONPATH`` where the entries are ``sys.path``, in which Python has made its
            relative parts absolute.
    """
    relative = [part for part in variable.split(os.pathsep) if not os.path.isabs(part)]
    here = {_real(part) for part in ("", *relative)}
    return [entry for entry in entries if os.path.isabs(entry) and _real(entry) not in here]


def _real(entry: str) -> str:
    try:
        return os.path.realpath(entry)
    except OSError:  # the current folder was removed
        return ""
