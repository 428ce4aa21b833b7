"""What is written down while a simulation runs, and how it becomes a record."""

from typing import Any

from conclib.models import simulation as names
from conclib.models.actors import Cpu, Task, Thread
from conclib.models.case import Case
from conclib.models.simulation import Piece, Simulation, Sleep


class Trace:
    """Takes down who ran where and when, as plain tuples: that is quick."""

    def __init__(self) -> None:
        self.events: list[tuple[Any, ...]] = []
        self.pieces: list[tuple[Any, ...]] = []
        self.sleeps: list[tuple[Any, ...]] = []
        self.spent = dict.fromkeys((names.RUN, names.USER_SWITCH, names.LINUX_SWITCH), 0)
        self.ends: dict[str, int] = {}
        self.threads: list[str] = []
        self.alive = self.most = 0
        self.standstill = 0  # ns in which every kernel thread slept, and a task was ready

    def event(self, *fields: Any) -> None:
        """Take down an event; the fields are those of ``simulation.Event``."""
        self.events.append(fields)

    def piece(self, start: int, end: int, cpu: Cpu | None, thread: Thread, what: str) -> None:
        """Take down what a CPU did."""
        task = thread.task.name if thread.task and what != names.LINUX_SWITCH else ""
        self.pieces.append((start, end, cpu.name if cpu else "", thread.name, task, what))
        self.spent[what] += end - start

    def sleep(self, start: int, end: int, thread: Thread) -> None:
        """Take down that a kernel thread slept in a call of its task's."""
        self.sleeps.append((start, end, thread.name, thread.task.name if thread.task else ""))

    def runs(self, now: int, task: Task, thread: Thread, cpu: Cpu) -> None:
        """Take down that a task begins to run, and how long it had to wait for that."""
        if task.ready_since is not None:
            pause = now - task.ready_since
            task.waited += pause
            task.longest = max(task.longest, pause)
        task.runs, task.ready_since = True, None
        self.events.append((now, names.RUNS, task.name, thread.name, cpu.name, "", ""))

    def done(self, now: int, task: Task) -> None:
        """Take down that a task is done."""
        self.ends[task.name] = now

    def born(self, now: int, thread: Thread) -> None:
        """Take down that there is a kernel thread."""
        self.threads.append(thread.name)
        self.alive += 1
        self.most = max(self.most, self.alive)
        self.events.append((now, names.BORN, "", thread.name, "", "", ""))

    def over(self, now: int, thread: Thread) -> None:
        """Take down that a kernel thread has ended."""
        self.alive -= 1
        self.events.append((now, names.OVER, "", thread.name, "", "", ""))

    def _cut(self, end: int) -> None:
        """Leave out what CPUs did after the end: switches to threads that found nothing to do."""
        late = [piece for piece in self.pieces if piece[1] > end]
        for start, over, *_, what in late:
            self.spent[what] -= over - max(start, end)
        if late:
            kept = (piece for piece in self.pieces if piece[0] < end)
            self.pieces = [(piece[0], min(piece[1], end), *piece[2:]) for piece in kept]
        self.events = [event for event in self.events if event[0] <= end]

    def result(self, case: Case, tasks: list[Task]) -> Simulation:
        """Return all of it as a record, which ends when the last task is done."""
        end = max(self.ends.values())
        self._cut(end)
        return Simulation(
            case=case,
            end_ns=end,
            pieces=tuple(map(Piece._make, self.pieces)),
            sleeps=tuple(map(Sleep._make, self.sleeps)),
            waiting_ns={task.name: task.waited for task in tasks},
            pauses_ns={task.name: task.longest for task in tasks},
            done_ns=dict(self.ends),
            kernel_threads=tuple(self.threads),
            os_threads=self.most,
            standstill_ns=self.standstill,
            _raw=tuple(self.events),
            _spent=dict(self.spent),
        )
