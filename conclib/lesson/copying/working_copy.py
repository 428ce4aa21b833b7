"""The student's own copy of the course, and new versions beside it, never over it.

The stored notebooks hold their outputs, so that they read well where nothing runs. But then the
answer would stand under the question. So the student works on a copy, made once, in which the
outputs of every code cell are gone. A marker in the folder remembers what was copied: a chapter
that the student has changed is never touched again; if the course brings a new version of it, that
one is put beside it under another name.

What is not surely ours is the student's: a file that cannot be read, a folder, a link. A chapter
that cannot be written stops no other; the next start tries it again.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from conclib.lesson.copying import marker, placing
from conclib.lesson.copying.marker import Copied
from conclib.results import files


def default_folder(session: str = "") -> Path:
    """Return where the copy lies: ``CONCLIB_COURSE``, or ``conclib-course`` in the home folder.

    A session's copy lies beside it: ``conclib-course-NAME``.
    """
    given = os.environ.get("CONCLIB_COURSE")
    try:
        folder = Path(given).expanduser() if given else Path.home() / "conclib-course"
        return folder.with_name(f"{folder.name}-{session}") if session else folder
    except RuntimeError:
        raise OSError("this user has no home folder: say --folder, or set CONCLIB_COURSE") from None


@dataclass(frozen=True)
class _Chapter:
    """A notebook of the course: digest of the stored one, and its copy without outputs."""

    name: str
    original: str
    copy: bytes

    @property
    def digest(self) -> str:
        return placing.digest(self.copy)


def _chapter(path: Path) -> _Chapter:
    original = path.read_bytes()
    return _Chapter(path.name, placing.digest(original), _cleared(original))


def _cleared(original: bytes) -> bytes:
    """Return a notebook without what running it would show."""
    notebook = json.loads(original)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    return (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode()


def refresh(folder: Path, source: Path | None = None) -> list[str]:
    """Make or bring up to date the student's copy; return a sentence for each chapter concerned.

    Args:
        folder: the student's folder; made if missing.
        source: where the course's notebooks lie.

    Raises:
        OSError: the folder cannot be made.
    """
    folder.mkdir(parents=True, exist_ok=True)
    copied, sentences = marker.read(folder)
    placing.sweep(folder, lambda name: copied.get(name, Copied()).ours)
    chapters = map(_chapter, sorted((source or files.notebooks_path()).glob("*.ipynb")))
    # a copy that was made and is gone was deleted by the student: it does not come back
    due = [item for item in chapters if copied.get(item.name, Copied()).original != item.original]
    if not due:
        return sentences
    for item in due:
        copied[item.name] = copied.get(item.name, Copied()).expecting(item.digest)
    _remember(folder, copied)  # before any copy gets its name; a failure is said by the second one
    sentences += [_bring(folder, item, copied) for item in due]
    return sentences + _remember(folder, copied)


def _remember(folder: Path, copied: Mapping[str, Copied]) -> list[str]:
    """Write the marker; return a sentence if that fails, which stops nothing."""
    try:
        marker.write(folder, copied)
    except OSError as error:
        return [f"{marker.NAME} could not be written ({error.strerror or error})"]
    return []


def _bring(folder: Path, item: _Chapter, copied: dict[str, Copied]) -> str:
    """Place a chapter, note in ``copied`` that it is there, and return a sentence about it."""
    try:
        sentence = _place(folder / item.name, item, copied[item.name])
    except OSError as error:
        reason = error.strerror or error
        return f"{item.name} could not be written ({reason}); the next start tries it again"
    copied[item.name] = Copied(item.original, item.digest)
    return sentence


def _place(target: Path, item: _Chapter, known: Copied) -> str:
    """Put a chapter under its name, or beside what is not ours."""
    found, path, ours = placing.digest_of(target), target, known.ours
    if found != item.digest:  # else placed by a start that was killed before it could note that
        with placing.written(target.parent, item.copy) as fresh:
            if found in ours:
                placing.take_away(target, ours)
            path = placing.give_name(fresh, target)
    if path == target:
        return f"{target.name} is ready"
    if found == placing.ODD:
        return f"{target.name} is {placing.kind(target)}; the chapter lies beside it: {path.name}"
    if not known.copy:  # the marker was lost, or the file is older than the copy
        return f"{target.name} may be your work; the course's version lies beside it: {path.name}"
    return f"a new version of a chapter that you have worked on lies beside it: {path.name}"
