"""The tasks of a process: its threads, each with its state and, where allowed, where its stack is.

Linux keeps a folder for each of them: ``/proc/PID/task/TID``. The file ``syscall`` there says at
which address a waiting thread's stack ends just now. Who may trace a process may read it.
"""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any

from conclib.probes import _proc

STATES = {
    "R": "running or ready",
    "S": "waiting",
    "D": "waiting, and not to be disturbed",
    "T": "stopped",
    "t": "stopped by a tracer",
    "Z": "ended, not yet collected",
    "X": "ended",
    "I": "idle, a thread of Linux itself",
}
ENDED = ("Z", "X", "x")
POINTER = -2  # the word of the file syscall that is the stack pointer; the last is the next command
Read = Callable[[str], str]


@dataclass(frozen=True)
class Task:
    """One thread of a process; the first has the process's own number.

    Attributes:
        tid: its number.
        state: a letter, as ``ps`` shows it; ``state_text`` is the same in words.
        name: what it is called, at most 15 letters.
        stack_pointer: the address at which its stack ended when it was read; ``None`` if it was
            running, or if this is not shown to us.
    """

    tid: int
    state: str
    name: str = ""
    stack_pointer: int | None = None

    @property
    def state_text(self) -> str:
        """Its state in words."""
        return STATES.get(self.state, f"in the state {self.state}")

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {**asdict(self), "state_text": self.state_text}


def tasks(tids: Iterable[int], read: Read) -> tuple[Task, ...]:
    """Return the threads of these numbers; one that ends meanwhile is left out.

    Args:
        tids: their numbers.
        read: returns the text of a file below the process's folder: ``read("task/7/stat")``.
    """
    found = (_task(tid, read) for tid in sorted(tids))
    return tuple(task for task in found if task is not None)


def _task(tid: int, read: Read) -> Task | None:
    try:
        stat = _proc.parse_stat(read(f"task/{tid}/stat"))
    except (OSError, ValueError):
        return None
    return Task(tid, str(stat["state"]), str(stat["name"]), _stack_pointer(tid, read))


def _stack_pointer(tid: int, read: Read) -> int | None:
    try:
        words = read(f"task/{tid}/syscall").split()
        return int(words[POINTER], 16) if len(words) > 2 else None  # "running" is one word
    except (OSError, ValueError):
        return None
