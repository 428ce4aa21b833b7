"""The simulator: tasks on kernel threads on CPUs, event by event.

Two schedulers, one above the other, as in a real system:

    tasks            ready tasks wait in a queue for a kernel thread     (user level: N:1 and M:N)
    kernel threads   ready kernel threads wait in a queue for a CPU      (Linux)
    CPUs

In 1:1 each task has a kernel thread of its own, so Linux alone schedules. In the other two a kernel
thread goes from task to task: when its task *waits*, it takes the next one; when its task *blocks*,
it sleeps in Linux, and so does everything that only it could run. Where ``spare`` kernel threads
are allowed, one takes over the queue of the one that sleeps.
"""

from typing import Any

from conclib.models import simulation as names
from conclib.models.actors import ASLEEP, IDLE, OVER, READY, RUNNING, Cpu, Queue, Task, Thread
from conclib.models.bursts import COMPUTE, WAIT
from conclib.models.case import ONE, Case
from conclib.models.linux import Linux
from conclib.models.simulation import Simulation


def simulated(case: Case) -> Simulation:
    """Simulate a case to its end."""
    return _Loop(case).simulated()


class _Loop(Linux):
    """Both schedulers: Linux's, and the one above it."""

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.own = case.model == ONE
        self.tasks = [Task(*item) for item in case.programs.items()]
        self.queues: list[Queue] = []
        self.idle: dict[Thread, None] = {}  # in the order in which they became so
        self.parked: list[Thread] = []  # spare ones that hold no queue
        self.filled: dict[
            Queue, None
        ] = {}  # queues with tasks, the one that got some first at first
        self.asleep = 0  # queues whose kernel thread sleeps in a call

    def simulated(self) -> Simulation:
        """Let all tasks arrive, do what comes next until nothing does, and return the record."""
        if not self.own:
            self.queues = [Queue() for _ in range(self.case.kernel_threads)]
            for queue in self.queues:
                self._hold(self._born(None), queue)
            for place, task in enumerate(self.tasks):
                task.home = self.queues[place % len(self.queues)]
        for time, task in zip(self.case.arrive_ns, self.tasks, strict=True):
            self.plan(time, self._arrives, task)
        self.run()
        return self.trace.result(self.case, self.tasks)

    def passes(self, ns: int) -> None:
        """Note whether in this time every kernel thread slept, while a task could have run."""
        if self.filled and self.asleep == len(self.queues):
            self.trace.standstill += ns

    # The user level: tasks on kernel threads --------------------------------------------------
    def go_on(self, cpu: Cpu, thread: Thread) -> None:
        """Let a kernel thread do what comes next: for its task, or for the next one."""
        while True:
            task: Any = thread.task
            if task and task.left and thread.overdue and thread.queue and thread.queue.tasks:
                if task.runs:  # else Linux has stopped it already
                    self.stops(task, thread, cpu, names.USER_SLICE)
                self._put(task, thread.queue)
                thread.task, thread.left = None, 0
            if thread.task is None and not self._begins_another(cpu, thread):
                return
            task = thread.task
            if not task.runs:
                self.trace.runs(self.now, task, thread, cpu)
            if task.left or self._next_burst(task, thread, cpu):
                if not self.slice_is_over(cpu):
                    length = min(task.left, thread.round or task.left)
                    self.stretch(cpu, thread, True, length)
                return
            if thread.cpu is None:
                return

    def _begins_another(self, cpu: Cpu, thread: Thread) -> bool:
        """Take another task; tell whether it runs at once: there may be none, or a switch first."""
        if self.slice_is_over(cpu):
            return False
        task = self._take(thread)
        if task is None:
            self.leave(cpu, IDLE)
            self.idle[thread] = None
            return False
        if self._switches(thread, task):
            self.stretch(cpu, thread, False, self.case.user_switch_ns)
            return False
        return True

    def _switches(self, thread: Thread, task: Task) -> bool:
        """Make a task the kernel thread's; tell whether that takes time."""
        changes = task is not thread.last
        thread.task = thread.last = task
        thread.round, thread.overdue = self.case.user_slice_ns, False
        return changes and self.case.user_switch_ns > 0

    def _next_burst(self, task: Task, thread: Thread, cpu: Cpu) -> bool:
        """Begin a task's next burst; tell whether it computes now."""
        burst = task.next_burst()
        if burst is None:
            self._done(task, thread, cpu)
        elif burst.kind == COMPUTE:
            task.left = burst.ns
        elif burst.kind == WAIT and not self.own:
            self.stops(task, thread, cpu, names.WAITS)
            thread.task = None
            self.plan(self.now + burst.ns, self._ready, task, names.TIMER)
        else:
            self.stops(task, thread, cpu, names.WAITS if burst.kind == WAIT else names.BLOCKS)
            self._sleeps(cpu, thread, burst.ns)
        return task.left > 0

    def _done(self, task: Task, thread: Thread, cpu: Cpu) -> None:
        self.stops(task, thread, cpu, names.DONE)
        self.trace.done(self.now, task)
        thread.task = None
        if self.own:
            self.leave(cpu, OVER)
            self.trace.over(self.now, thread)

    def _take(self, thread: Thread) -> Task | None:
        """Take the next task: of its own queue, else, where that is allowed, of another's.

        Of several others it is the queue that has had tasks for the longest time.
        """
        queue: Any = thread.queue
        if not queue.tasks and self.case.stealing and self.filled:
            queue = next(iter(self.filled))
        if not queue.tasks:
            return None
        task: Task = queue.tasks.popleft()
        if not queue.tasks:
            del self.filled[queue]
        task.home = thread.queue
        return task

    def _put(self, task: Task, queue: Queue) -> None:
        """Put a task that could run at the end of a queue."""
        task.home = queue
        if task.ready_since is None:  # else it has waited since then
            task.ready_since = self.now
        queue.tasks.append(task)
        self.filled[queue] = None

    # What comes from outside: arrivals, ends of waits and of calls ----------------------------
    def _arrives(self, task: Task) -> None:
        if self.own:
            task.thread = self._born(task)
        self._ready(task, names.ARRIVES)

    def _ready(self, task: Task, by: str) -> None:
        task.ready_since = self.now
        self.trace.event(self.now, names.READY, task.name, "", "", "", by)
        if task.thread:
            self._wake(task.thread, "")
            return
        queue: Any = task.home
        if queue.thread.state is not IDLE and self.case.stealing and self.idle:
            queue = next(iter(self.idle)).queue
        self._put(task, queue)
        self._has_work(queue, task)

    def _has_work(self, queue: Queue, task: Task) -> None:
        thread = queue.thread
        if thread.state is IDLE:
            del self.idle[thread]
            self._wake(thread, task.name)
        elif thread.overdue and thread.state is RUNNING and thread.cpu and thread.computes:
            self.settle(thread)
            self.go_on(thread.cpu, thread)

    def _wake(self, thread: Thread, by: str) -> None:
        if by:
            self.trace.event(self.now, names.WAKES, "", thread.name, "", "", by)
        thread.state = READY
        self.ready_threads.append(thread)

    def _sleeps(self, cpu: Cpu, thread: Thread, ns: int) -> None:
        """Let a kernel thread sleep in a call; a spare one may take over its other tasks."""
        self.leave(cpu, ASLEEP)
        self.plan(self.now + ns, self._returns, thread, self.now)
        queue = thread.queue
        spare = self._spare() if queue and self.case.spare else None
        if queue and spare:
            thread.queue = None
            self._hold(spare, queue)
        elif queue:
            self.asleep += 1

    def _spare(self) -> Thread | None:
        if self.parked:
            return self.parked.pop()
        allowed = self.case.kernel_threads + self.case.spare
        return self._born(None) if len(self.trace.threads) < allowed else None

    def _hold(self, thread: Thread, queue: Queue) -> None:
        """Give a kernel thread a queue of tasks."""
        thread.queue, queue.thread = queue, thread
        if queue.tasks or (self.case.stealing and self.filled):
            self._wake(thread, "")
        else:
            self.idle[thread] = None
            thread.state = IDLE

    def _returns(self, thread: Thread, since: int) -> None:
        """A call returns: its kernel thread goes on, or finds that another has taken its place."""
        task: Any = thread.task
        self.trace.sleep(since, self.now, thread)
        if thread.queue is None and not self.own:
            asleep = self._left_alone()
            if asleep is None:
                thread.task, thread.state = None, IDLE
                self.parked.append(thread)
                self._ready(task, names.TIMER)
                return
            asleep.thread.queue = None
            thread.queue, asleep.thread = asleep, thread
        self.asleep -= not self.own
        task.ready_since = self.now
        self.trace.event(self.now, names.READY, task.name, thread.name, "", "", names.TIMER)
        self._wake(thread, "")

    def _left_alone(self) -> Queue | None:
        """Return a queue whose kernel thread sleeps in a call, if there is one."""
        if not self.asleep:
            return None
        return next(each for each in self.queues if each.thread.state is ASLEEP)

    def _born(self, task: Task | None) -> Thread:
        thread = Thread(f"K{len(self.trace.threads) + 1}", None, task)
        self.trace.born(self.now, thread)
        return thread
