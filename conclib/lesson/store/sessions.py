"""Sessions: stores side by side, so that a rehearsal spoils no lecture, and a lecture no other.

Without a session a student's data lie in the home folder of the course itself. A session of a name
has a folder of its own in it, ``sessions/NAME``, and a working copy of its own; ``conclib lab
--session NAME`` opens both, and tells the notebook kernels by the variable ``CONCLIB_SESSION``.
``--fresh NAME`` begins one anew: what it held before is put aside under another name, and kept.
"""

import os
import re
from pathlib import Path

from conclib.results import arguments, paths

VARIABLE = "CONCLIB_SESSION"
FORM = re.compile(r"[A-Za-z0-9][A-Za-z0-9_. -]{0,39}")  # also a name of a folder on any system


def checked(name: str) -> str:
    """Return a session's name if it is one.

    Raises:
        ValueError: it is not; the message says what is allowed.
    """
    if not FORM.fullmatch(name) or name != name.strip(" ."):
        raise ValueError(
            f"session={arguments.shown(name)}: must be a name of 1 to 40 letters, digits, blanks, "
            'and the signs _ - . between them, such as "lecture-A"'
        )
    return name


def current() -> str:
    """Return the name of the session that this notebook kernel is in; "" without one.

    Raises:
        ValueError: the variable ``CONCLIB_SESSION`` holds something else than a name.
    """
    name = os.environ.get(VARIABLE, "")
    return checked(name) if name else ""


def folder(home: Path, name: str) -> Path:
    """Return where a session's data lie."""
    return home / "sessions" / name if name else home


def put_aside(place: Path) -> Path | None:
    """Give a folder another name, so that a new one can take its place; ``None`` if there is none.

    Raises:
        OSError: it cannot be renamed.
    """
    return paths.set_aside(place, " (put aside {})") if place.exists() else None
