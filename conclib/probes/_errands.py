"""What a task of ``_cast.py`` can be told to do: read letters, change folder, look, change.

Each of them works with one open file (``_one_file.py``), by a number that is the same in all tasks.
"""

from __future__ import annotations  # a worker may be an older Python

import os

from . import _one_file, _share_things


def who():
    """Return the number of the process, of this task in it, and of the process's parent."""
    import _thread

    return {"pid": os.getpid(), "tid": _thread.get_native_id(), "parent": os.getppid()}


def equip(folder):
    """Get a thing of each kind (``_share_things.py``) in this task."""
    _share_things.equip(folder)


def look(names):
    """Return what this task finds of each of these things, as text."""
    return {name: _share_things.THINGS[name].look() for name in names}


def change(name):
    """Change one of these things to something else; return why it cannot be, if it cannot."""
    return _share_things.THINGS[name].change()


ERRANDS = {
    "open": _one_file.open_file,
    "read": _one_file.read,
    "rewind": _one_file.rewind,
    "close": _one_file.close,
    "go": os.chdir,
    "who": who,
    "equip": equip,
    "look": look,
    "change": change,
}
