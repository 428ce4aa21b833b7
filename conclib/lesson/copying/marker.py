"""The marker: a hidden file in the student's folder that tells which files there are ours.

It holds digests: for each chapter, of the course's notebook that was copied, of the copy, and of
copies that are about to be made. The last are written down *before* a copy gets its name, so that
a copy is known as ours also after a start that was killed in the middle.

A marker that cannot be read, whatever it is, is set aside and a new one takes its place. That costs
little: a file with exactly the course's content is the course's also without a marker.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from conclib.lesson.copying import placing
from conclib.results import RecordError, encoding, paths

NAME = ".conclib.json"


@dataclass(frozen=True)
class Copied:
    """What is known of one chapter in the student's folder.

    Attributes:
        original: digest of the course's notebook that was copied; empty before the first copy.
        copy: digest of the copy that was made of it.
        coming: digests of copies that were to take its place and may have done so.
    """

    original: str = ""
    copy: str = ""
    coming: tuple[str, ...] = ()

    @property
    def ours(self) -> set[str]:
        """The digests of files that are the course's, and not the student's."""
        return {self.copy, *self.coming} - {placing.ODD}

    def expecting(self, copy: str) -> "Copied":
        """Return the same with one more copy that is about to be made."""
        return Copied(self.original, self.copy, tuple({*self.coming, copy}))


@dataclass(frozen=True)
class _Marker:
    schema: Literal[1]
    copied: dict[str, Copied]


def read(folder: Path) -> tuple[dict[str, Copied], list[str]]:
    """Return what was copied, by name, and what to tell the student.

    A marker that cannot be read is renamed, and nothing counts as copied.
    """
    path = folder / NAME
    if not os.path.lexists(path):
        return {}, []
    try:
        return _parsed(path), []
    except RecordError as error:
        return {}, [_set_aside(path, error)]


def _parsed(path: Path) -> dict[str, Copied]:
    import msgspec

    if kind := paths.kind_at(path):
        raise RecordError(f"it is {kind}")
    text = encoding.read(path)
    try:
        return msgspec.json.decode(text, type=_Marker).copied
    except (msgspec.MsgspecError, RecursionError) as error:
        raise RecordError(str(error)) from None


def _set_aside(path: Path, reason: Any) -> str:
    try:
        aside = paths.set_aside(path)
    except OSError as error:
        return f"{path.name} could not be read ({reason}), nor set aside ({error.strerror})"
    return (
        f"{path.name}, which tells your work from the course's, could not be read ({reason}). "
        f"It is set aside as {aside.name}; none of your notebooks is changed"
    )


def write(folder: Path, copied: Mapping[str, Copied]) -> None:
    """Replace the marker in one step.

    Raises:
        OSError: it could not be written; the old one is still there.
    """
    import msgspec

    data = msgspec.json.encode(_Marker(1, dict(copied)))
    with placing.written(folder, msgspec.json.format(data, indent=1)) as fresh:
        fresh.replace(folder / NAME)
