"""Reading a file that somebody else wrote: only a plain file, only up to a cap, never waiting.

What a path leads to is looked at before it is opened, because opening a device can do something,
and again afterwards, because it may be another file by then. A pipe that slips in between cannot
block: it is opened without waiting.
"""

import os
from pathlib import Path

from conclib.results import arguments, paths
from conclib.results.errors import RecordError


def checked_path(path: str | Path) -> Path:
    """Return an argument named ``path`` as a Path.

    Raises:
        TypeError: not a str or a Path. ValueError: no file is called so: NUL or a line break.
    """
    if not isinstance(path, str | Path):
        raise TypeError(f"path={arguments.shown(path)}: path must be a str or a Path")
    if {"\0", "\n", "\r"} & set(str(path)):
        raise ValueError(
            f"path={arguments.shown(str(path))}: path must not hold NUL or a line break"
        )
    return Path(path)


def read_bytes(path: Path, most: int) -> bytes:
    """Return what is in a plain file of at most ``most`` bytes.

    Raises:
        RecordError: another kind of file, a larger one, or one that cannot be read; names it.
    """
    try:
        _require_plain(path, path.stat(), most)
        with open(path, "rb", opener=_without_waiting) as file:
            _require_plain(path, os.fstat(file.fileno()), most)
            data = file.read(most + 1) or b""  # None: nothing to read yet
    except OSError as error:
        raise RecordError(f"{named(path)}: {error.strerror or error}") from None
    if len(data) > most:  # it has grown, or does not know its size
        raise _too_large(path, most)
    return data


def named(path: Path) -> str:
    """Return what a message calls a file: its name without its folder."""
    return path.name or str(path)


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _require_plain(path: Path, status: os.stat_result, most: int) -> None:
    if kind := paths.kind_of(status.st_mode):
        raise RecordError(f"{named(path)}: {kind}, not a plain file, so not read")
    if status.st_size > most:
        raise _too_large(path, most)


def _too_large(path: Path, most: int) -> RecordError:
    return RecordError(f"{named(path)}: larger than {most // 2**20} MB, not read")
