"""What the course keeps for a student between sessions, and what happens when it cannot.

Three files in one folder (``CONCLIB_HOME``, else the user's data folder): ``predictions.jsonl``
(what was predicted, chosen, locked, seen), ``results.jsonl`` (every live measurement) and
``progress.json``. Records are only ever added, so the state is found by reading them in order.

**Two notebooks at once.** A change reads, decides and writes under a file lock. The new text goes
to a file beside the old one and takes its name in one step: a reader sees the old or the new,
never half of one.

**What cannot be read** (cut off, foreign, of another schema) is renamed to ``….set-aside-1`` and
said; good lines of such a file are kept. **What cannot be written** (a read-only or missing home, a
full disk) is said once, and the lesson goes on with what it has in memory.
"""

import contextlib
import os
import threading
from collections.abc import Callable
from pathlib import Path

from conclib.lesson import shelf
from conclib.lesson.shelf import MOST_BYTES, PREDICTIONS, PROGRESS, RESULTS, SCHEMA, Record

__all__ = ["PREDICTIONS", "PROGRESS", "RESULTS", "SCHEMA", "Record", "append", "read", "update"]

PATIENCE = 5.0  # seconds to wait for another notebook's lock

# filelock's Timeout is an OSError; where a file system has no locks it says NotImplementedError
UNWRITABLE = (OSError, NotImplementedError)

NOWHERE = Path(os.devnull, "no-home")  # cannot be made, so nothing is saved, and that is said

_guard = threading.RLock()
_memory: dict[Path, dict[str, list[Record]]] = {}  # folders that cannot be written
_unsaid: list[str] = []


def home() -> Path:
    """Return the folder for what is kept: ``CONCLIB_HOME``, else the user's data folder."""
    asked = os.environ.get("CONCLIB_HOME")
    try:
        if asked:
            return Path(asked).expanduser().absolute()
        import platformdirs

        return Path(platformdirs.user_data_dir("conclib", appauthor=False))
    except RuntimeError:  # a user without a home, as in some containers
        return NOWHERE


def saving() -> bool:
    """Tell whether what is kept reaches the disk (``False`` after a write failed)."""
    return home() not in _memory


def read(name: str) -> list[Record]:
    """Return all records of a file, oldest first; what cannot be read is set aside and said."""
    return update(name, lambda records: None)


def append(name: str, *new: Record) -> None:
    """Add records at the end of a file of lines, without parsing it: results can be many."""
    folder = home()
    with _guard:
        if folder in _memory:
            _memory[folder].setdefault(name, []).extend(new)
        else:
            _append_on_disk(folder, name, list(new))
    _say_what_waited()


def update(name: str, decide: Callable[[list[Record]], list[Record] | None]) -> list[Record]:
    """Read a file, let ``decide`` name the records to add, and add them, all under one lock.

    Args:
        name: one of ``PREDICTIONS``, ``RESULTS``, ``PROGRESS``.
        decide: given the records, returns those to add (``None`` or nothing: only read).

    Returns:
        All records, the new ones included.
    """
    folder = home()
    with _guard:
        if folder in _memory:
            records = _in_memory(folder, name, decide)
        else:
            records = _on_disk(folder, name, decide)
    _say_what_waited()
    return records


def _in_memory(folder: Path, name: str, decide: Callable) -> list[Record]:
    records = _memory[folder].setdefault(name, [])
    records.extend(decide(list(records)) or [])
    return list(records)


def _on_disk(folder: Path, name: str, decide: Callable) -> list[Record]:
    records: list[Record] = []
    new: list[Record] | None = None
    try:
        with _locked(folder, name):
            records = shelf.load(folder / name, say)
            new = decide(list(records)) or []
            if new:
                shelf.write(folder / name, [shelf.line_of(record) for record in [*records, *new]])
    except UNWRITABLE as error:
        _give_up(folder, error)
        _memory[folder][name] = list(records)
        if new is None:
            return _in_memory(folder, name, decide)
        _memory[folder][name] += new
    return [*records, *(new or [])]


def _append_on_disk(folder: Path, name: str, new: list[Record]) -> None:
    try:
        with _locked(folder, name):
            lines = filter(None, shelf.text(folder / name, say).split("\n"))
            shelf.write(folder / name, [*lines, *(shelf.line_of(record) for record in new)])
    except UNWRITABLE as error:
        _give_up(folder, error)
        _memory[folder][name] += new


def _locked(folder: Path, name: str) -> contextlib.AbstractContextManager:
    import filelock

    folder.mkdir(parents=True, exist_ok=True)
    return filelock.FileLock(folder / f"{name}.lock", timeout=PATIENCE)


def _give_up(folder: Path, error: Exception) -> None:
    _memory[folder] = {name: shelf.peek(folder / name) for name in MOST_BYTES}
    reason = getattr(error, "strerror", None) or str(error)
    say(
        f"Nothing can be saved in {folder} ({reason}). The lesson goes on, but what you predict "
        "and measure is forgotten when the notebook kernel ends. Set CONCLIB_HOME to a folder "
        "that you may write to, and restart the notebook kernel."
    )


# What is said -----------------------------------------------------------------------------------
def say(text: str) -> None:
    """Print a notice, from the main thread only: a thread's print may land in another cell."""
    if text not in _unsaid:
        _unsaid.append(text)
    _say_what_waited()


def _say_what_waited() -> None:
    if threading.current_thread() is threading.main_thread():
        while _unsaid:
            print(_unsaid.pop(0))
