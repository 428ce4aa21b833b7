"""A private temporary folder for each worker, and the sweep of those left by killed callers.

Some modules leave entries in TMPDIR when they are killed (multiprocessing's forkserver does). So
each worker has a folder of its own, removed after it. A caller that is itself killed cannot remove
anything; the folder's name tells whose it was (``names.py``), and the next caller removes folders
whose owner is surely gone. The same for names in shared memory, which hold the worker's name.

Sweeping never touches what belongs to another user, and never fails a start.
"""

import errno
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from conclib.results import hooks
from conclib.results.errors import WorkerError
from conclib.worker import names, removal

SHARED = Path("/dev/shm")
ELSEWHERE = ("/tmp", "/var/tmp", "/dev/shm")  # where TMPDIR cannot be used
# A socket's path ends within 107 characters (103 on macOS), and multiprocessing puts its own into
# a folder in ours: /pymp-xxxxxxxx/listener-xxxxxxxx
MAX_PATH = 103 - len("/pymp-xxxxxxxx/listener-xxxxxxxx")
TRIES = 100
SET_ASIDE = "not-removed-"


def _bases() -> list[Path]:
    """Return the folders in which a worker's own may lie, the preferred one first."""
    try:
        wanted = [Path(tempfile.gettempdir()).absolute()]  # it can be "."
    except OSError:  # none of those that Python knows can be written; or there is no "." any more
        wanted = []
    return list(dict.fromkeys([*wanted, *map(Path, ELSEWHERE)]))


def make() -> str:
    """Create a worker's private folder and return its path, which is short enough for sockets.

    Raises:
        WorkerError: it can be made nowhere; the reason is the first one met.
    """
    failures = []
    for base in _bases():
        try:
            return _make_in(base)
        except OSError as failure:
            failures.append(f"{base}: {failure.strerror}")
    raise WorkerError(
        f"no private folder could be made for a measuring process ({'; '.join(failures)})"
    )


def _make_in(base: Path) -> str:
    for _ in range(TRIES):
        folder = base / names.new()
        if len(str(folder)) > MAX_PATH:
            raise OSError(0, "this path is too long for sockets in it")
        try:
            folder.mkdir(0o700)
        except FileExistsError:
            continue
        folder.chmod(0o700)  # whatever the caller's umask has left of it
        return str(folder)
    raise OSError(0, "all names tried are taken")


def remove(folder: str) -> None:
    """Remove a worker's folder with all that is in it, and its names in shared memory.

    What cannot be removed gets another name, so that no later start meets it, and is told.
    """
    path = Path(folder)
    try:
        _remove(path)
    except FileNotFoundError:
        pass
    except OSError as failure:
        hooks.on_notice.fire(_set_aside(path, failure))
    _unlink(each for each in _entries(SHARED) if names.within(each.name) == path.name)


def _remove(path: Path) -> None:
    try:
        path.rmdir()  # most are empty; and this needs no descriptor, should none be left
    except FileNotFoundError:
        raise
    except OSError:
        removal.remove(path, names.new())


def _set_aside(path: Path, failure: OSError) -> str:
    """Give a folder a name that no sweep looks for; return what to tell about it."""
    left = path.with_name(SET_ASIDE + path.name)
    try:
        path.rename(left)
    except OSError:
        left = path
    mounted = failure.errno == errno.EBUSY
    then = "something is mounted in it: unmount that first" if mounted else "you may delete it"
    return (
        f"A measuring process's temporary folder could not be removed ({failure.strerror}). "
        f"It is left as {left}; {then}."
    )


def _entries(folder: Path) -> Iterator[Path]:
    """Yield what is in a folder and belongs to this user."""
    try:
        listing = os.listdir(folder)
    except OSError:
        return
    for name in listing:
        path = folder / name
        try:
            if path.lstat().st_uid == os.geteuid():
                yield path
        except OSError:  # gone meanwhile
            continue


def _unlink(paths: Iterator[Path]) -> None:
    for path in paths:
        try:
            path.unlink()
        except OSError:  # gone meanwhile
            continue


def sweep_abandoned() -> None:
    """Remove what callers left that were killed before they could clean up."""
    for base in _bases():
        for path in _entries(base):
            if names.abandoned(path.name):
                remove(str(path))
    _unlink(each for each in _entries(SHARED) if names.abandoned(names.within(each.name)))
