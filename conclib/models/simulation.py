"""What a simulation gives: who ran where and when, why it stopped, and the figures.

All times are whole nanoseconds from the start of the simulation. Nothing here was measured, and
nothing here says that it was.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from conclib.models.case import Case

if TYPE_CHECKING:
    import pandas

RUN, USER_SWITCH, LINUX_SWITCH = "run", "user switch", "Linux switch"
READY, RUNS, STOPS, BORN, WAKES, OVER = "ready", "runs", "stops", "born", "wakes", "over"
WAITS, BLOCKS, DONE = "waits", "blocks", "done"
SLICE, USER_SLICE = "Linux's time slice is over", "its time slice is over"
TIMER, ARRIVES = "timer", "arrives"


class Event(NamedTuple):
    """Something that happens to a task or to a kernel thread.

    Attributes:
        t_ns: when.
        what: of a task ``"ready"``, ``"runs"``, ``"stops"``; of a kernel thread ``"born"``,
            ``"wakes"``, ``"over"``.
        task, kernel_thread, cpu: who and where; empty where it has none.
        why: why it stopped (``"waits"``, ``"blocks"``, ``"done"``, or whose time slice is over),
            why it is ready, or whose task was taken.
        by: who woke it: ``"timer"``, or the task that a kernel thread was woken for.
    """

    t_ns: int
    what: str
    task: str
    kernel_thread: str
    cpu: str
    why: str
    by: str


class Piece(NamedTuple):
    """A CPU did one thing without a break; ``what`` is run, user switch or Linux switch."""

    start: int
    end: int
    cpu: str
    kernel_thread: str
    task: str
    what: str


class Sleep(NamedTuple):
    """A kernel thread slept in a call of its task's."""

    start: int
    end: int
    kernel_thread: str
    task: str


@dataclass(frozen=True, repr=False)
class Simulation:
    """A case that was simulated.

    Attributes:
        case: what was simulated.
        end_ns: when the last task was done.
        pieces: what each CPU did, in order of their ends.
        sleeps: when kernel threads slept in a call.
        waiting_ns: how long each task could have run and did not, by name.
        pauses_ns: the longest time without a break of that, by name.
        done_ns: when each task was done.
        kernel_threads: the names of all kernel threads, in the order of their birth.
        os_threads: how many there were at once, at most.
        standstill_ns: how long every kernel thread slept in a call while a task could have run; 0
            in 1:1, where each task has a kernel thread of its own.
    """

    case: Case
    end_ns: int
    pieces: tuple[Piece, ...]
    sleeps: tuple[Sleep, ...]
    waiting_ns: Mapping[str, int]
    pauses_ns: Mapping[str, int]
    done_ns: Mapping[str, int]
    kernel_threads: tuple[str, ...]
    os_threads: int
    standstill_ns: int
    _raw: tuple[tuple[Any, ...], ...] = field(default=(), repr=False)
    _spent: Mapping[str, int] = field(default_factory=dict, repr=False)

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """All that happened, in order of time."""
        return tuple(map(Event._make, self._raw))

    # Figures ----------------------------------------------------------------------------------
    @property
    def utilisation(self) -> float:
        """The share of all CPU time in which a task computed."""
        return self._spent[RUN] / self._cpu_time

    @property
    def overhead(self) -> float:
        """The share of all CPU time that switches took."""
        return (self._spent[USER_SWITCH] + self._spent[LINUX_SWITCH]) / self._cpu_time

    @property
    def cpus_used(self) -> float:
        """How many CPUs were busy, on average: with tasks, or with switches."""
        return sum(self._spent.values()) / max(self.end_ns, 1)

    @property
    def throughput(self) -> float:
        """How many tasks were done in a second."""
        return len(self.done_ns) / max(self.end_ns, 1) * 1e9

    @property
    def mean_waiting_ns(self) -> float:
        """How long a task could have run and did not, on average."""
        return sum(self.waiting_ns.values()) / len(self.waiting_ns)

    def longest_pause_ns(self, task: str | None = None) -> int:
        """Return the longest time that a task, or any task, was held up without a break.

        Raises:
            KeyError: there is no such task.
        """
        return max(self.pauses_ns.values()) if task is None else self.pauses_ns[task]

    def switches(self, what: str) -> int:
        """Count the switches of one kind that cost something: ``"user switch"``, say."""
        return sum(piece.what == what for piece in self.pieces)

    @property
    def _cpu_time(self) -> int:
        return self.case.cpus * max(self.end_ns, 1)

    # How it is shown --------------------------------------------------------------------------
    def __repr__(self) -> str:
        made = self.case
        return (
            f"{made.model} simulated: {len(made.programs):,} tasks on {self.os_threads:,} kernel "
            f"threads and {made.cpus} CPUs, done after {self.end_ns / 1e6:.3f} ms"
        )

    def to_frame(self) -> "pandas.DataFrame":
        """Return one row for each event, its time in ms."""
        import pandas

        rows = [(each.t_ns / 1e6, *each[1:]) for each in self.events]
        return pandas.DataFrame(rows, columns=["ms", *Event._fields[1:]])
