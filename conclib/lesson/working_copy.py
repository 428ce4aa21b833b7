"""The student's own copy of the course, and new versions beside it, never over it.

The stored notebooks hold their outputs, so that they read well where nothing runs. But then the
answer would stand under the question. So the student works on a copy, made once, in which the
outputs of every code cell are gone. A file ``.conclib.json`` in the folder remembers what was
copied: a chapter that the student has changed is never touched again; if the course brings a new
version of it, that one is put beside it under another name.
"""

import hashlib
import json
import os
from pathlib import Path

from conclib.results import files

NOTE = ".conclib.json"


def default_folder() -> Path:
    """Return where the copy lies: ``CONCLIB_COURSE``, or ``conclib-course`` in the home folder."""
    given = os.environ.get("CONCLIB_COURSE")
    try:
        return Path(given) if given else Path.home() / "conclib-course"
    except RuntimeError:
        raise OSError("this user has no home folder: say --folder, or set CONCLIB_COURSE") from None


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _cleared(original: bytes) -> bytes:
    """Return a notebook without what running it would show."""
    notebook = json.loads(original)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    return (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode()


def _read_note(folder: Path) -> dict[str, dict[str, str]]:
    try:
        note = json.loads((folder / NOTE).read_text())
        return note["copied"] if note["schema"] == 1 else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _write_note(folder: Path, copied: dict[str, dict[str, str]]) -> None:
    text = json.dumps({"schema": 1, "copied": copied}, indent=1)
    temporary = folder / (NOTE + ".new")
    temporary.write_text(text)
    temporary.replace(folder / NOTE)


def _beside(path: Path) -> Path:
    """Return a free name beside ``path`` for its new version."""
    number = 1
    while True:
        mark = "new version" if number == 1 else f"new version {number}"
        candidate = path.with_name(f"{path.stem} ({mark}){path.suffix}")
        if not candidate.exists():
            return candidate
        number += 1


def refresh(folder: Path, source: Path | None = None) -> list[str]:
    """Make or bring up to date the student's copy; return a sentence for each file written.

    Args:
        folder: the student's folder; made if missing.
        source: where the course's notebooks lie.

    Raises:
        OSError: the folder cannot be made or written.
    """
    source = source or files.notebooks_path()
    folder.mkdir(parents=True, exist_ok=True)
    copied, said = _read_note(folder), []
    for original in sorted(source.glob("*.ipynb")):
        data = original.read_bytes()
        before = copied.get(original.name)
        if before and before["original"] == _digest(data):
            continue  # nothing new; also if the student has deleted the file
        said.append(_place(folder / original.name, _cleared(data), before))
        copied[original.name] = {"original": _digest(data), "copy": _digest(_cleared(data))}
    if said:
        _write_note(folder, copied)
    return said


def _place(target: Path, data: bytes, before: dict[str, str] | None) -> str:
    untouched = before and target.exists() and _digest(target.read_bytes()) == before["copy"]
    if target.exists() and not untouched:
        target = _beside(target)
        target.write_bytes(data)
        return f"a new version of a chapter that you have worked on lies beside it: {target.name}"
    target.write_bytes(data)
    return f"{target.name} is ready"
