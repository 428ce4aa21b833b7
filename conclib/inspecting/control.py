"""Control blocks: what Linux keeps of a living process or thread, besides its memory.

``pcb(pid)`` and ``tcb(pid, tid)`` read it once, field by field, and hand it back as a record that
cannot be changed. Reading disturbs nobody: no signal is sent, nothing is stopped. What could not be
read is ``None``, with the reason beside it; it is never 0.
"""

import os
import sys
import threading
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conclib.inspecting import control_elsewhere, control_text
from conclib.inspecting.control_files import Files, Unread
from conclib.inspecting.field_readers import Value
from conclib.inspecting.fields import BOTH, PROCESS, SOURCES, THREAD, Source
from conclib.results import arguments

if TYPE_CHECKING:
    import pandas

MAX_PID = 2**22  # the largest number that Linux gives
SCHEMA = 1


@dataclass(frozen=True)
class Field:
    """One field of a control block.

    Attributes:
        name, group: what it is called, and the heading that it stands under.
        value: what was read; ``None`` if it could not be.
        reason: why it could not be read; empty if it was.
        source: where Linux shows it: ``"status: PPid"`` is that line of ``/proc/PID/status``.
        meaning: what it says, in a sentence.
        unit: ``"bytes"``, ``"time"`` (ns), ``"address"``, ``"path"``, or empty.
    """

    name: str
    group: str
    value: Value | None
    reason: str
    source: str
    meaning: str
    unit: str = ""

    @property
    def text(self) -> str:
        """The value as a person would write it, or the reason why there is none, in brackets."""
        return control_text.value_text(self)


@dataclass(frozen=True, repr=False)
class ControlBlock:
    """What Linux kept of one process or thread, at the moment it was read.

    Attributes:
        pid, tid: whose it is; ``tid`` is ``None`` for a process.
        condition: ``"living"``, ``"zombie"``, ``"gone"``, ``"no /proc"`` or ``"other namespace"``.
        fields: all of it, in order.
    """

    pid: int
    tid: int | None
    condition: str
    fields: tuple[Field, ...]

    def __getitem__(self, name: str) -> Value | None:
        """Return a field's value: ``cl.pcb()["niceness"]``; ``None`` if it could not be read."""
        return self.field(name).value

    def field(self, name: str) -> Field:
        """Return one field, with its source and its meaning.

        Raises:
            KeyError: there is none of that name; the message names the nearest.
        """
        found = next((each for each in self.fields if each.name == name), None)
        if found is None:
            names = [each.name for each in self.fields]
            raise KeyError(f"{name!r} is no field of it.{arguments.nearest(name, names)}")
        return found

    def changed(self, before: "ControlBlock") -> tuple[str, ...]:
        """Return the names of the fields whose value differs from an earlier record's.

        Raises:
            TypeError: not what ``cl.pcb`` or ``cl.tcb`` gave.
        """
        if not isinstance(before, ControlBlock):
            raise TypeError(f"before={type(before).__name__}: must be what cl.pcb or cl.tcb gave")
        old = {each.name: each.value for each in before.fields}
        return tuple(
            each.name for each in self.fields if old.get(each.name, each.value) != each.value
        )

    @property
    def text(self) -> str:
        """All of it in words, a line for each field."""
        return control_text.text(self)

    def __repr__(self) -> str:
        return control_text.line(self)

    def _repr_html_(self) -> str:
        return control_text.card(self)

    def to_json(self) -> dict[str, Any]:
        """Return the record as plain data: sizes in bytes, times in ns, addresses as integers."""
        return {
            "schema": SCHEMA,
            "type": "control block",
            "pid": self.pid,
            "tid": self.tid,
            "condition": self.condition,
            "fields": [asdict(each) for each in self.fields],
        }

    def to_frame(self) -> "pandas.DataFrame":
        """Return one row for each field: group, value, reason, source and meaning, by name."""
        import pandas

        rows = [asdict(each) for each in self.fields]
        return pandas.DataFrame(rows).set_index("name")


def pcb(pid: int | None = None, *, proc: str = "/proc") -> ControlBlock:
    """Read the control block of a process: the textbook's fields, each with its real source.

    ``cl.pcb()`` is that of this notebook's own process. Nothing is changed by reading.

    Args:
        pid: the process's number, 1 to 4,194,304; ``None`` is this process itself.
        proc: where Linux shows its processes; another place for recorded ones.

    Returns:
        A :class:`ControlBlock`. Of a process that is gone, or that is not yours, it says so at
        each field that could not be read.

    Raises:
        TypeError, ValueError: no such number can be.
    """
    number = os.getpid() if pid is None else arguments.integer("pid", pid, 1, MAX_PID)
    folder = "self" if pid is None else str(number)
    return _read(number, None, f"{proc}/{folder}", proc)


def tcb(pid: int | None = None, tid: int | None = None, *, proc: str = "/proc") -> ControlBlock:
    """Read the control block of one thread: what is its own, not the process's.

    ``cl.tcb()`` is that of the thread which asks.

    Args:
        pid: its process's number, as for :func:`pcb`.
        tid: the thread's number; ``None`` is the thread that asks, of another process its first.
        proc: as for :func:`pcb`.

    Raises:
        TypeError, ValueError: no such number can be.
    """
    number = os.getpid() if pid is None else arguments.integer("pid", pid, 1, MAX_PID)
    folder = "self" if pid is None else str(number)
    own = threading.get_native_id() if number == os.getpid() else number
    task = own if tid is None else arguments.integer("tid", tid, 1, MAX_PID)
    return _read(number, task, f"{proc}/{folder}/task/{task}", proc)


def _read(pid: int, tid: int | None, folder: str, proc: str) -> ControlBlock:
    wanted = (BOTH, PROCESS if tid is None else THREAD)
    sources = [each for each in SOURCES if each.of in wanted]
    if sys.platform != "linux" and not Path(proc).is_dir():
        condition, found = control_elsewhere.read(pid)
        return ControlBlock(pid, tid, condition, tuple(_elsewhere(sources, condition, found)))
    files = Files(folder, proc)
    fields = tuple(_field(each, files) for each in sources)
    return ControlBlock(pid, tid, files.condition, fields)


def _field(source: Source, files: Files) -> Field:
    value, reason = None, ""
    try:
        value = source.read(files)
    except Unread as why:
        reason = str(why)
    return Field(
        source.name, source.group, value, reason, source.place, source.meaning, source.unit
    )


def _elsewhere(
    sources: Iterable[Source], condition: str, found: dict[str, Value]
) -> Iterable[Field]:
    """Yield the fields that another system gives through psutil; the others with a reason."""
    for each in sources:
        value = found.get(each.name)
        reason = "" if value is not None else control_elsewhere.reason(condition)
        place = "psutil" if value is not None else each.place
        yield Field(each.name, each.group, value, reason, place, each.meaning, each.unit)
