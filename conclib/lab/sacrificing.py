"""Run code that nobody trusts behind a guard, and say in words how it ended.

Which limit ended it is told from what the keeper counted from outside. What the code itself
prints, a MemoryError say, is its own word, and is shown as that.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from conclib.lab import guarding
from conclib.results import Unavailable, arguments, events
from conclib.results.quantity import BYTES, TIME
from conclib.worker import Request, texts
from conclib.worker.request import KEEPER

MAX_CODE = 100_000  # characters
MAX_SECONDS = 20.0
TASK_LIMIT, TIME_LIMIT, MEMORY_LIMIT, OUTPUT_LIMIT = "tasks", "time", "memory", "output"
LOST = "lost"
FORMS = {
    "ended": "str", "code": "int | None", "seconds": "float", "output": "str", "cut": "bool",
    "tasks": "int", "memory": "int", "allowed_tasks": "int", "at_task_limit": "bool",
    "clean": "bool", "landlock": "int", "python": "str",
}  # fmt: skip
# What a victim's last line may hold, and what that means behind the guard.
NO_MORE = "Linux started no more for it"
OWN_WORDS = {
    "MemoryError": "no process of it gets more than {memory}",
    "Read-only file system": "behind the guard nothing can be written",
    "Operation not permitted": "the guard's filter refuses such a call",
    "Permission denied": "behind the guard only programs can be read",
    "Too many open files": "each process may have {descriptors} of them",
    "BlockingIOError": NO_MORE,
    "can't start new thread": NO_MORE,
}


@dataclass(frozen=True)
class Sacrificed:
    """What became of code that ran behind the guard.

    Attributes:
        ended: ``"exited"``, ``"signalled"``, or the limit at which the keeper ended it:
            ``"tasks"``, ``"time"``, ``"memory"``, ``"output"``; ``"lost"`` if the guard's own
            process is gone.
        code: exit code, or minus the signal's number; ``None`` if the keeper ended it.
        seconds: from its start to its end.
        output: what it printed, control characters written out; ``cut`` if there was more.
        tasks: the most processes and threads that were counted at a time.
        memory: bytes held when the keeper ended it for that; else not more than this.
        allowed_tasks: how many it could have; ``at_task_limit`` if it had about as many.
        clean: whether Linux says that nothing of it is left.
        landlock: version of what hid the user's files from it; 0 if nothing did.
        python: version of the Python that ran it.
        notes: what else to know.
    """

    ended: str
    code: int | None
    seconds: float
    output: str
    cut: bool
    tasks: int
    memory: int
    allowed_tasks: int
    at_task_limit: bool
    clean: bool
    landlock: int
    python: str
    notes: tuple[str, ...] = ()

    def sentences(self) -> Iterator[str]:
        """Yield how it ended and what it used, a sentence each."""
        yield self._end()
        if self.at_task_limit and self.ended != TASK_LIMIT:
            yield (
                f"{self.tasks} processes and threads of it lived at once. The limit is "
                f"{self.allowed_tasks}, and Linux starts no more."
            )
        yield from self._own_word()
        yield (
            "Nothing of it is left."
            if self.clean
            else "Something of it could not be ended, and may go on."
        )
        yield from self.notes

    def _own_word(self) -> Iterator[str]:
        """Yield what the error means with which the code ended: not a count, but its own word."""
        last = "".join(self.output.strip().splitlines()[-1:])
        named = {
            "memory": BYTES.write(guarding.LIMITS["memory"]),
            "descriptors": guarding.LIMITS["descriptors"],
        }
        for words, meaning in OWN_WORDS.items():
            told = self.at_task_limit and meaning is NO_MORE
            if self.ended == "exited" and self.code and words in last and not told:
                yield f'It says "{words}" itself: {meaning.format(**named)}.'

    def _end(self) -> str:
        outside = "so it was ended from outside"
        if self.ended == TASK_LIMIT:
            return f"{self.tasks} processes and threads of it lived at once, {outside}."
        if self.ended == TIME_LIMIT:
            return f"It still ran after {TIME.write(self.seconds * 1e9)}, {outside}."
        if self.ended == MEMORY_LIMIT:
            held, limit = map(BYTES.write, (self.memory, guarding.LIMITS["memory"]))
            return f"All of it together held {held}, and may hold {limit}, {outside}."
        if self.ended == OUTPUT_LIMIT:
            return f"It printed more than {guarding.LIMITS['output']:,} bytes, {outside}."
        if self.ended == LOST or self.code is None:
            return "The process that watched it is gone, and so it was ended."
        return f"It {events.exit_text(self.code)}."

    @property
    def text(self) -> str:
        """Output and outcome as plain text."""
        shown = self.output.rstrip("\n") or "(It printed nothing.)"
        more = "\n[... more was printed, and is not kept]" if self.cut else ""
        return f"{shown}{more}\n\n" + "\n".join(self.sentences())

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        shown = escape(self.output.rstrip("\n")) or "<i>It printed nothing.</i>"
        more = "\n[... more was printed, and is not kept]" if self.cut else ""
        words = " ".join(map(escape, self.sentences()))
        return f"<pre style='max-height:20em;overflow:auto'>{shown}{more}</pre><p>{words}</p>"


def sacrifice(
    code: str,
    *,
    seconds: float = 2.0,
    may_read: bool = False,
    stop: threading.Event | None = None,
) -> Sacrificed:
    """Run code behind the guard, in a Python of its own, and return what became of it.

    Args:
        code: Python text of at most 100,000 characters.
        seconds: how long it may run, from 0.1 to 20.
        may_read: run it also where it could read the user's files (Linux without Landlock).
        stop: an event; when it is set all of it is ended and :class:`Cancelled` is raised.

    Raises:
        TypeError, ValueError: a bad argument; nothing was started.
        Unavailable: no guard holds here; the text says why.
        WorkerError, Cancelled, ConclibError: as for every worker.
    """
    limits = {**guarding.LIMITS, "seconds": arguments.seconds("seconds", seconds, MAX_SECONDS, 0.1)}
    _require_code(code)
    if not isinstance(may_read, bool):
        raise TypeError(f"may_read={arguments.shown(may_read)}: must be True or False")
    if not isinstance(stop, threading.Event | None):
        raise TypeError(f"stop={arguments.shown(stop)}: must be a threading.Event or None")
    guard = guarding.guard()
    if guard.reads and not may_read:
        raise Unavailable(guarding.READS)
    request = Request(guarding.NAME, limits, text=code, python=guard.python, start=KEEPER)
    found = guarding.report(request, FORMS, stop)
    found["output"] = texts.visible(found["output"])
    return Sacrificed(**found, notes=_notes(guard))


def _require_code(code: object) -> None:
    if not isinstance(code, str):
        raise TypeError(f"code={arguments.shown(code)}: code must be a str of Python")
    if not code.strip():
        raise ValueError("code is empty: write what it shall do, such as: import os; os.abort()")
    if len(code) > MAX_CODE:
        raise ValueError(f"code has {len(code):,} characters: it may have at most {MAX_CODE:,}")


def _notes(guard: guarding.Guard) -> tuple[str, ...]:
    notes = []
    if guard.why:
        notes.append(f"It ran in another Python, {guard.version}: {guard.why}.")
    if guard.reads:
        notes.append("It could have read your files: this Linux has no Landlock.")
    return tuple(notes)
