"""What the course keeps for a student between sessions. Nothing of it is ever rewritten or lost.

Three files in one folder (``CONCLIB_HOME``, else the user's data folder): ``predictions.jsonl``
(what was predicted, chosen, locked, seen), ``results.jsonl`` (every live measurement) and
``progress.jsonl``. Records are only ever added, so the state is found by reading them in order::

    add ---> waiting (memory) ---> written at the end of the file, under its lock
                    |                        |
                    +-------> readers <------+  each reads on from where it stopped

**Two notebooks at once.** A change reads, decides and adds under a file lock (``shelf.py``), in one
write that leaves nothing where it fails (``lines.py``).

**What cannot be written** (a lock that somebody holds, a full disk, a folder that cannot be
written) waits in memory, where readers see it at once. It is written at the next call of any
function here. That nothing can be saved is said once, and once that it is.

**What cannot be read** stays where it is and is skipped (``records.py``, ``aside.py``).
"""

import contextlib
import functools
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from conclib.lesson.store import older, records, sessions
from conclib.lesson.store.notices import notify, show_what_waits
from conclib.lesson.store.records import (
    PREDICTIONS,
    PROGRESS,
    RESULTS,
    SCHEMA,
    Kept,
    Record,
    stamped,
)
from conclib.lesson.store.shelf import Shelf

__all__ = [
    "PREDICTIONS",
    "PROGRESS",
    "RESULTS",
    "SCHEMA",
    "Record",
    "append",
    "read",
    "stamped",
    "update",
]

NOWHERE = Path(os.devnull, "no-home")  # cannot be made, so nothing is saved, and that is said

FAILS = (
    "Nothing can be saved in {folder} ({reason}). The lesson goes on: what you predict and measure "
    "is kept in memory, and saved as soon as that works again. If it does not, it is forgotten "
    "when the notebook kernel ends: set CONCLIB_HOME to a folder that you may write to, and "
    "restart the notebook kernel."
)
WORKS = "Saving in {folder} works again, and what was kept in memory is saved."

Decide = Callable[[list[Record]], Iterable[Record] | None]

_guard = threading.RLock()
_shelves: dict[Path, dict[str, Shelf]] = {}
_failing: set[Path] = set()  # folders of which it was said that nothing can be saved


def home() -> Path:
    """Return the folder for what is kept: of the course, or of the session that this is."""
    return sessions.folder(course_home(), sessions.current())


def course_home() -> Path:
    """Return the folder of the course: ``CONCLIB_HOME``, else the user's data folder."""
    asked = os.environ.get("CONCLIB_HOME")
    try:
        if asked:
            return _place(asked)
        import platformdirs

        return Path(platformdirs.user_data_dir("conclib", appauthor=False))
    except RuntimeError:  # a user without a home, as in some containers
        return NOWHERE


@functools.cache
def _place(asked: str) -> Path:
    """Return where ``CONCLIB_HOME`` led when it was first used: ``os.chdir`` moves nothing."""
    return Path(asked).expanduser().absolute()


def read(name: str) -> list[Kept]:
    """Return all records of a file, oldest first: see :func:`update`."""
    return update(name, lambda found: None)


def append(name: str, *new: Record) -> None:
    """Add records at the end of a file, without reading it: results can be many.

    Args:
        name: one of ``PREDICTIONS``, ``RESULTS``, ``PROGRESS``.
        new: plain data, with their schema.

    Raises:
        ValueError, TypeError: a record that JSON cannot hold.
    """
    with _guard:
        _shelf(name).add(new)  # before the lock is waited for: an interrupt then loses nothing
        with _turn(name):
            pass
    show_what_waits()


def update(name: str, decide: Decide) -> list[Kept]:
    """Read a file, let ``decide`` name the records to add, and add them, all under one lock.

    Where the lock cannot be taken, it decides by what can be read, and what it adds waits.

    Args:
        name: one of ``PREDICTIONS``, ``RESULTS``, ``PROGRESS``.
        decide: given the records, returns those to add (``None`` or nothing: only read). It must
            not call this module.

    Returns:
        All records, the new ones included: events, of ``RESULTS`` what was measured or observed.
    """
    with _guard, _turn(name) as shelf:
        found = shelf.records()
        new = decide(found)
        if new:
            shelf.add(new)
            found = shelf.records()
    show_what_waits()
    return found


def _shelf(name: str) -> Shelf:
    return _shelves_of(home())[name]


def _shelves_of(folder: Path) -> dict[str, Shelf]:
    if folder not in _shelves:
        older.remove_litter(folder)
        _shelves[folder] = {name: Shelf(folder / name) for name in records.FILES}
    return _shelves[folder]


@contextlib.contextmanager
def _turn(name: str) -> Iterator[Shelf]:
    """Take a turn at a file, then write what waits for the others; say how saving goes."""
    shelf = _shelf(name)
    folder = shelf.path.parent
    with shelf.turn(brief=folder in _failing):
        yield shelf
    if shelf.problem is None:
        _catch_up(folder)
    waiting = [other for other in _shelves[folder].values() if other.waiting]
    if waiting and folder not in _failing:
        _failing.add(folder)
        notify(FAILS.format(folder=folder, reason=_reason(shelf.problem or waiting[0].problem)))
    elif folder in _failing and not waiting:
        _failing.discard(folder)
        notify(WORKS.format(folder=folder))


def _catch_up(folder: Path) -> None:
    for shelf in _shelves[folder].values():
        if shelf.waiting:
            with shelf.turn(brief=True):
                pass


def _reason(problem: Exception | None) -> str:
    if isinstance(problem, TimeoutError):
        return "another program holds its lock"
    return getattr(problem, "strerror", None) or str(problem)
