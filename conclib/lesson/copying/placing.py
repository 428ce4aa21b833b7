"""Files that appear whole or not at all, and never over another's.

A file is written under a hidden name in the same folder and flushed to the disk. Then a hard link
gives it its name: that step fails where anything has the name already, a link that leads nowhere
included. What is already there is never opened for writing, and no link is followed.

A file of ours that a new version replaces is first moved to a hidden name, and looked at once more
there: what was saved into it in that moment gets its name back.

A process that is killed may leave such a hidden file behind. Its own process id is in the name, so
that ``sweep`` can tidy up after processes that are gone.
"""

import hashlib
import os
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

from conclib.results import paths

NEW, OLD = ".conclib-new-", ".conclib-old-"  # then the process id; after OLD also "-" and the name
ODD = ""  # instead of a digest: not a file, or one that cannot be read


def digest(data: bytes) -> str:
    """Return the SHA-256 digest of ``data`` in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def digest_of(path: Path) -> str | None:
    """Return the digest of a file, ``None`` where there is nothing, and ``ODD`` for all else."""
    try:
        if paths.kind_of(path.lstat().st_mode):
            return ODD  # opening a named pipe would wait for ever
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return None
    except OSError:
        return ODD


def kind(path: Path) -> str:
    """Say what an odd thing is, such as ``"a folder"``."""
    return paths.kind_at(path) or "a file that cannot be read"


@contextmanager
def written(folder: Path, data: bytes) -> Iterator[Path]:
    """Write ``data`` to a hidden file of ``folder``, which is gone at the end of the block.

    Raises:
        OSError: it could not be written as a whole; nothing of it is left.
    """
    fresh = folder / f"{NEW}{os.getpid()}"
    try:
        with fresh.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        yield fresh
    finally:
        fresh.unlink(missing_ok=True)


def give_name(fresh: Path, target: Path) -> Path:
    """Give a written file the name ``target`` or, where that is taken, a name beside it.

    Returns:
        The file that now has this content, which may have had it before.
    """
    content = digest_of(fresh)
    for path in _names(target):
        if digest_of(path) == content != ODD:
            return path
        with suppress(FileExistsError):
            _link(fresh, path)
            return path
    raise AssertionError("there is always one more name")


def _names(target: Path) -> Iterator[Path]:
    yield target
    for number in count(1):
        mark = "new version" if number == 1 else f"new version {number}"
        yield target.with_name(f"{target.stem} ({mark}){target.suffix}")


def _link(fresh: Path, path: Path) -> None:
    """Give a file a second name; raise FileExistsError where that is taken."""
    try:
        os.link(fresh, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links; the name is taken in two steps there
        if os.path.lexists(path):
            raise FileExistsError(path) from None
        fresh.rename(path)


def take_away(target: Path, known: Collection[str]) -> None:
    """Remove a file whose digest is one of ``known``; one that has just changed stays."""
    aside = target.with_name(f"{OLD}{os.getpid()}-{target.name}")
    target.rename(aside)  # in one step; who saves from now on makes a new file
    _settle(aside, target, known)


def _settle(aside: Path, target: Path, known: Collection[str]) -> None:
    """Remove what was moved aside if it is ours; otherwise give it back its name."""
    if digest_of(aside) not in known:
        give_name(aside, target)
    aside.unlink(missing_ok=True)


def sweep(folder: Path, known: Callable[[str], Collection[str]]) -> None:
    """Tidy up after processes that were killed in the middle.

    Args:
        folder: where they wrote.
        known: returns, for a file's name, the digests that tell that it is ours.
    """
    for path in folder.glob(f"{NEW}*"):
        if _abandoned(path.name.removeprefix(NEW)):
            with suppress(OSError):
                path.unlink()
    for path in folder.glob(f"{OLD}*-*"):
        pid, _, name = path.name.removeprefix(OLD).partition("-")
        if _abandoned(pid):
            with suppress(OSError):
                _settle(path, path.with_name(name), known(name))


def _abandoned(pid: str) -> bool:
    """Tell whether no other living process has this id."""
    import psutil

    if not (pid.isascii() and pid.isdecimal()):
        return False  # not a name that we give
    try:
        return int(pid) == os.getpid() or not psutil.pid_exists(int(pid))
    except OverflowError:
        return False
