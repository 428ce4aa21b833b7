"""Who takes part in a simulation: tasks, kernel threads, CPUs, and the queues between them.

Plain objects that change while it runs; what is kept of it is in ``simulation.py``.
"""

from collections import deque

from conclib.models.bursts import Burst, Program

READY, RUNNING, ASLEEP, IDLE, OVER = "ready", "running", "asleep", "idle", "over"


class Task:
    """A user thread: its program, how far it is, and how long it has been kept waiting."""

    __slots__ = ("home", "left", "longest", "name", "place", "program", "ready_since", "runs",
                 "thread", "waited")  # fmt: skip

    def __init__(self, name: str, program: Program) -> None:
        self.name, self.program = name, program
        self.place, self.left = 0, 0  # the next burst; ns left of the one that computes now
        self.ready_since: int | None = None  # since when it could run and does not
        self.waited = self.longest = 0
        self.runs = False
        self.home: Queue | None = None  # where it is put when it is ready
        self.thread: Thread | None = None  # its own kernel thread, in 1:1

    def next_burst(self) -> Burst | None:
        """Return the next thing that it does; ``None`` at its end."""
        if self.place == len(self.program):
            return None
        self.place += 1
        return self.program[self.place - 1]


class Queue:
    """Tasks that are ready, and the kernel thread that runs them."""

    __slots__ = ("tasks", "thread")

    def __init__(self) -> None:
        self.tasks: deque[Task] = deque()
        self.thread: Thread


class Thread:
    """A kernel thread: which task it runs, and what it has left to do for it."""

    __slots__ = ("computes", "cpu", "last", "left", "name", "overdue", "queue", "round", "since",
                 "state", "task", "turn")  # fmt: skip

    def __init__(self, name: str, queue: Queue | None, task: Task | None = None) -> None:
        self.name, self.queue, self.task = name, queue, task
        self.last = task  # which it ran last
        self.state = IDLE
        self.cpu: Cpu | None = None
        self.computes = False  # the task, rather than the switch to it
        self.left, self.since = 0, 0  # ns of what it does, and since when
        self.round: int | None = None  # ns left of its task's time slice
        self.overdue = False  # its task has had its time slice
        self.turn = 0  # counts what was planned: an older plan does not count


class Cpu:
    """A CPU: which kernel thread it runs, which it ran last, until when."""

    __slots__ = ("last", "name", "overdue", "thread", "until")

    def __init__(self, number: int) -> None:
        self.name = f"CPU {number}"
        self.thread: Thread | None = None
        self.last: Thread | None = None
        self.until: int | None = None  # end of the time slice
        self.overdue = False
