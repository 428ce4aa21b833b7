"""Lines of a file: added at its end, whole or not at all, and read one by one.

Only an ordinary file is opened.
"""

import contextlib
import errno
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

from conclib.results import paths


class NotOrdinary(OSError):
    """Something else than an ordinary file stands at a path."""


class Line(NamedTuple):
    """One line of a file: its text, its length in the file in bytes, and whether it has an end."""

    text: bytes
    length: int
    ended: bool


@contextlib.contextmanager
def _opened(path: Path, flags: int) -> Iterator[int]:
    if kind := paths.kind_at(path):
        raise NotOrdinary(errno.EINVAL, f"{path.name} is {kind}, not an ordinary file")
    # should the file be exchanged just now, a link is still refused and a pipe does not block
    descriptor = os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)  # a network file system may say only now that its disk is full


def append(path: Path, new: Sequence[bytes]) -> None:
    """Add lines at the end of a file, in one write; the caller holds the file's lock.

    There is no fsync. What was written belongs to Linux and outlives this process, however that
    ends; only a crash of the machine could lose the last seconds, and waiting for the disk would
    take a notebook milliseconds for each line.

    Args:
        path: the file, which need not exist.
        new: the lines, without newlines.

    Raises:
        OSError: they could not be written. Nothing of them stands in the file, unless only its
            closing failed; so the caller may write them again.
    """
    with _opened(path, os.O_RDWR | os.O_CREAT | os.O_APPEND) as descriptor:
        size = os.fstat(descriptor).st_size
        try:
            _write(descriptor, _end_of_torn_line(descriptor, size) + b"\n".join([*new, b""]))
        except BaseException:  # an interrupt, too, may come between two parts
            os.ftruncate(descriptor, size)
            raise


def _end_of_torn_line(descriptor: int, size: int) -> bytes:
    """Return a newline where a killed writer left half a line: it becomes a line of its own."""
    return b"\n" if size and os.pread(descriptor, 1, size - 1) != b"\n" else b""


def _write(descriptor: int, data: bytes) -> None:
    while data:  # a disk that gets full takes a part first
        data = data[os.write(descriptor, data) :]


@contextlib.contextmanager
def reading(path: Path) -> Iterator[BinaryIO]:
    """Open a file to read from; raises :class:`NotOrdinary` or another OSError."""
    with _opened(path, os.O_RDONLY) as descriptor, open(descriptor, "rb", closefd=False) as file:
        yield file


def each(file: BinaryIO, longest: int) -> Iterator[Line]:
    """Yield the lines of a file from where it stands, one in memory at a time.

    Args:
        file: as :func:`reading` gives it.
        longest: of a longer line only so many bytes are given as its text.
    """
    while part := file.readline(longest):
        text, length = part.removesuffix(b"\n"), len(part)
        while len(part) == longest and not part.endswith(b"\n"):
            part = file.readline(longest)
            length += len(part)
        yield Line(text, length, part.endswith(b"\n"))
