"""What a task of ``_cast.py`` can be told to do: read letters, change folder, look, change.

Each of them works with one open file, by a number that is the same in all tasks. That number is a
high one, so that it is nobody else's.
"""

from __future__ import annotations  # a worker may be an older Python

import os

FILE = 200  # the number of the open file, in each task's own list


def open_file(path):
    """Open a file anew, from its beginning, in place of the one that may be open."""
    fd = os.open(path, os.O_RDONLY)
    os.dup2(fd, FILE)
    os.close(fd)


def read(count):
    """Return the next letters of the open file."""
    return os.read(FILE, count).decode()


def rewind():
    """Go back to the beginning of the open file."""
    os.lseek(FILE, 0, os.SEEK_SET)


def close():
    """Close the open file."""
    os.close(FILE)


def who():
    """Return the number of the process, of this task in it, and of the process's parent."""
    import _thread

    return {"pid": os.getpid(), "tid": _thread.get_native_id(), "parent": os.getppid()}


def equip(folder):
    """Get a thing of each kind (``_share_things.py``) in this task."""
    from . import _share_things

    _share_things.equip(folder)


def look(names):
    """Return what this task finds of each of these things, as text."""
    from . import _share_things

    return {name: _share_things.THINGS[name].look() for name in names}


def change(name):
    """Change one of these things to something else; return why it cannot be, if it cannot."""
    from . import _share_things

    return _share_things.THINGS[name].change()


ERRANDS = {
    "open": open_file,
    "read": read,
    "rewind": rewind,
    "close": close,
    "go": os.chdir,
    "who": who,
    "equip": equip,
    "look": look,
    "change": change,
}
