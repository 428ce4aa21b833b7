"""What stands at a path, in words, and how something gets out of the way.

A link could lead anywhere, a pipe or a device need never end: whoever opens a file of somebody
else's asks here first, and names what it is.
"""

import os
import stat
from itertools import count
from pathlib import Path

KINDS = {
    stat.S_IFLNK: "a link",
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


def kind_of(mode: int) -> str:
    """Return what a mode (``st_mode``) stands for; nothing for a plain file."""
    return "" if stat.S_ISREG(mode) else KINDS.get(stat.S_IFMT(mode), "a special file")


def kind_at(path: Path) -> str:
    """Return what stands at a path, no link followed; nothing for a plain file or an empty place.

    Raises:
        OSError: it cannot be looked at.
    """
    try:
        return kind_of(path.lstat().st_mode)
    except FileNotFoundError:
        return ""


def set_aside(path: Path, mark: str = ".set-aside-{}") -> Path:
    """Give what stands at a path the first free name beside it; return that.

    Args:
        path: where it stands.
        mark: what its name gets at its end, with ``{}`` for a number from 1 on.

    Raises:
        OSError: it cannot be renamed.
    """
    beside = (path.with_name(path.name + mark.format(number)) for number in count(1))
    return path.rename(next(place for place in beside if not os.path.lexists(place)))
