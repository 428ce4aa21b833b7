"""Removing a folder, whatever a probe has made of it.

It may hold a thousand folders inside one another, folders that nobody may enter, links to places
that must not be touched; it may itself have become a link or a file. So nothing here goes by a
path: each step opens one name in a folder that is open already, and follows no link. And nothing
calls itself: a folder inside a folder is first moved up to the top, so that there are never more
than two levels, and never more than a few descriptors open.

Somebody else's files may also have been *mounted* in it. So each folder gets another name before
anything in it is touched: where something is mounted on it, Linux refuses that.
"""

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)


def remove(path: Path, aside: str) -> None:
    """Remove what stands at ``path``: a folder with all that is in it, a file, or a link itself.

    Args:
        path: what to remove.
        aside: a name beside it that a folder gets while it is being removed.

    Raises:
        OSError: some of it cannot be removed; what could be is gone, and the rest has its old name.
    """
    with _opened(path.parent) as parent:
        if not _is_folder(parent, path.name):
            os.unlink(path.name, dir_fd=parent)
            return
        _take(parent, path.name, aside)
        try:
            with _opened(aside, parent) as top:
                _empty(top)
            os.rmdir(aside, dir_fd=parent)
        except OSError:
            with suppress(OSError):
                os.rename(aside, path.name, src_dir_fd=parent, dst_dir_fd=parent)
            raise


@contextmanager
def _opened(name: Path | str, parent: int | None = None) -> Iterator[int]:
    flags = FOLDER if parent is not None else os.O_RDONLY
    handle = os.open(name, flags, dir_fd=parent)
    try:
        yield handle
    finally:
        os.close(handle)


def _is_folder(parent: int, name: str) -> bool:
    return stat.S_ISDIR(os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode)


def _take(parent: int, name: str, aside: str) -> None:
    """Give a folder another name, and its owner all rights to it.

    Raises:
        OSError: something is mounted on it, or it is not ours.
    """
    os.rename(name, aside, src_dir_fd=parent, dst_dir_fd=parent)
    _mend(parent, aside)


def _mend(parent: int, name: str) -> None:
    """Give its owner all rights to a folder: without them it can be neither read nor moved."""
    if not hasattr(os, "O_PATH"):  # macOS
        os.chmod(name, 0o700, dir_fd=parent)
        return
    handle = os.open(name, os.O_PATH | FOLDER, dir_fd=parent)
    try:
        os.chmod(f"/proc/self/fd/{handle}", 0o700)  # noqa: PTH101 -- the thing itself, by no path
    except FileNotFoundError:  # no /proc: then only what is open to us already can go
        pass
    finally:
        os.close(handle)


def _empty(top: int) -> None:
    """Remove all that is in an open folder; each round takes one level of nesting away."""
    while entries := os.listdir(top):
        for entry in entries:
            if _is_folder(top, entry):
                _remove_level(top, entry)
            else:
                os.unlink(entry, dir_fd=top)


def _remove_level(top: int, name: str) -> None:
    """Remove one folder of the top, after moving the folders in it up to the top."""
    own = secrets.token_hex(8)
    _take(top, name, own)
    with _opened(own, top) as folder:
        for entry in os.listdir(folder):
            if _is_folder(folder, entry):
                taken = secrets.token_hex(8)
                _take(folder, entry, taken)
                os.rename(taken, taken, src_dir_fd=folder, dst_dir_fd=top)
            else:
                os.unlink(entry, dir_fd=folder)
    os.rmdir(own, dir_fd=top)
