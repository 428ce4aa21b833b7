"""The simulator: tasks on kernel threads on CPUs, event by event.

Two schedulers, one above the other, as in a real system:

    tasks            ready tasks wait in a queue for a kernel thread     (user level: N:1 and M:N)
    kernel threads   ready kernel threads wait in a queue for a CPU      (Linux)
    CPUs

In 1:1 each task has a kernel thread of its own, so Linux alone schedules. In the other two a kernel
thread goes from task to task: when its task *waits*, it takes the next one; when its task *blocks*,
it sleeps in Linux, and so does everything that only it could run. Where ``spare`` kernel threads
are allowed, one takes over the queue of the one that sleeps.

There is one heap of what comes next. What happens at the same time happens in the order in which it
was planned, so the same case gives the same result each time. Nothing is drawn by chance here.
"""

from collections import deque
from heapq import heappop, heappush
from typing import Any

from conclib.models import simulation as names
from conclib.models.actors import ASLEEP, IDLE, OVER, READY, RUNNING, Cpu, Queue, Task, Thread
from conclib.models.bursts import COMPUTE, WAIT
from conclib.models.case import ONE, Case
from conclib.models.simulation import Simulation
from conclib.models.trace import Trace


def simulated(case: Case) -> Simulation:
    """Simulate a case to its end."""
    return _Loop(case).run()


class _Loop:
    """The state of a simulation that runs."""

    def __init__(self, case: Case) -> None:
        self.case, self.now, self.own = case, 0, case.model == ONE
        self.heap: list[tuple[int, int, Any, tuple]] = []
        self.planned = 0
        self.trace = Trace()
        self.tasks = [Task(*item) for item in case.programs.items()]
        self.cpus = [Cpu(number) for number in range(1, case.cpus + 1)]
        self.free = list(self.cpus)
        self.ready_threads: deque[Thread] = deque()
        self.queues: list[Queue] = []
        self.idle: dict[Thread, None] = {}  # in the order in which they became so
        self.parked: list[Thread] = []  # spare ones that hold no queue
        self.queued = 0  # tasks in all queues
        self.asleep = 0  # queues whose kernel thread sleeps in a call

    def run(self) -> Simulation:
        """Do what comes next until nothing does."""
        if not self.own:
            for _ in range(self.case.kernel_threads):
                self._hold(self._born(None), Queue())
            for place, task in enumerate(self.tasks):
                task.home = self.queues[place % len(self.queues)]
        for time, task in zip(self.case.arrive_ns, self.tasks, strict=True):
            self._plan(time, self._arrives, task)
        while self.heap:
            time, _, what, arguments = heappop(self.heap)
            if self.queued and self.asleep == len(self.queues):
                self.trace.standstill += time - self.now
            self.now = time
            what(*arguments)
            if self.ready_threads:
                self._dispatch()
        return self.trace.result(self.case, self.tasks)

    def _plan(self, time: int, what: Any, *arguments: Any) -> None:
        self.planned += 1
        heappush(self.heap, (time, self.planned, what, arguments))

    # Linux: kernel threads on CPUs ------------------------------------------------------------
    def _dispatch(self) -> None:
        """Give CPUs to kernel threads that are ready, as long as there are both."""
        while self.ready_threads:
            if not self.free:
                late = next((cpu for cpu in self.cpus if cpu.overdue), None)
                if late is None:
                    return
                self._put_off(late)
            thread = self.ready_threads.popleft()
            self._put_on(self._cpu_for(thread), thread)

    def _cpu_for(self, thread: Thread) -> Cpu:
        """Take a free CPU: the one that ran it last, else the one that is free the longest."""
        place = next((n for n, cpu in enumerate(self.free) if cpu.last is thread), 0)
        return self.free.pop(place)

    def _put_on(self, cpu: Cpu, thread: Thread) -> None:
        thread.state, thread.cpu, cpu.thread = RUNNING, cpu, thread
        cost = self.case.linux_switch_ns if cpu.last is not thread else 0
        begin = self.now + cost
        if cost:
            self.trace.piece(self.now, begin, cpu, thread, names.LINUX_SWITCH)
        self._plan(begin, self._is_on, cpu, thread)

    def _is_on(self, cpu: Cpu, thread: Thread) -> None:
        slice_ns = self.case.slice_ns
        cpu.until = None if slice_ns is None else self.now + slice_ns
        if thread.left and not thread.computes:  # it was put off within a switch
            self._stretch(cpu, thread, False, thread.left)
        else:
            self._go_on(cpu, thread)

    def _put_off(self, cpu: Cpu) -> None:
        """Take its CPU from a kernel thread that could go on."""
        thread = self._leave(cpu, READY)
        if thread.task and thread.task.runs:
            self._stops(thread.task, thread, cpu, names.SLICE)
            thread.task.ready_since = self.now
        self.ready_threads.append(thread)

    def _leave(self, cpu: Cpu, state: str) -> Thread:
        thread: Any = cpu.thread
        self._settle(thread)
        thread.turn += 1
        thread.state, thread.cpu = state, None
        cpu.last, cpu.thread, cpu.until, cpu.overdue = thread, None, None, False
        self.free.append(cpu)
        return thread

    def _stretch(self, cpu: Cpu, thread: Thread, computes: bool, length: int) -> None:
        """Let a kernel thread do one thing, for so long or until its time slice is over."""
        thread.computes, thread.left, thread.since = computes, length, self.now
        end = self.now + length
        thread.turn += 1
        self._plan(min(end, cpu.until or end), self._stretch_ends, cpu, thread, thread.turn)

    def _stretch_ends(self, cpu: Cpu, thread: Thread, turn: int) -> None:
        if turn != thread.turn:  # something else came first
            return
        self._settle(thread)
        if not thread.left:
            if thread.computes and thread.round == 0:
                thread.overdue = True
            self._go_on(cpu, thread)
        elif not self._slice_is_over(cpu):
            self._stretch(cpu, thread, thread.computes, thread.left)

    def _slice_is_over(self, cpu: Cpu) -> bool:
        """Put a kernel thread off whose time is over, if another is ready; tell whether it was."""
        if cpu.until is None or cpu.until > self.now:
            return False
        if self.ready_threads:
            self._put_off(cpu)
            return True
        cpu.until, cpu.overdue = None, True  # the next one that is ready has its CPU
        return False

    def _settle(self, thread: Thread) -> None:
        """Note what a kernel thread has done since it was last asked."""
        done = self.now - thread.since if thread.left else 0
        if not done:
            return
        cpu, task = thread.cpu, thread.task
        what = names.RUN if thread.computes else names.USER_SWITCH
        self.trace.piece(thread.since, self.now, cpu, thread, what)
        thread.left -= done
        thread.since = self.now
        if thread.computes and task:
            task.left -= done
            thread.round = None if thread.round is None else thread.round - done

    # The user level: tasks on kernel threads --------------------------------------------------
    def _go_on(self, cpu: Cpu, thread: Thread) -> None:
        """Let a kernel thread do what comes next: for its task, or for the next one."""
        while not self._slice_is_over(cpu):
            task = thread.task
            if task and thread.overdue and thread.queue and thread.queue.tasks:
                self._stops(task, thread, cpu, names.USER_SLICE)
                self._put_back(task, thread)
                task = thread.task = None
            if task is None:
                task = self._take(thread)
                if task is None:
                    self._leave(cpu, IDLE)
                    self.idle[thread] = None
                    return
                if self._switches(thread, task):
                    self._stretch(cpu, thread, False, self.case.user_switch_ns)
                    return
            if not task.runs:
                self.trace.runs(self.now, task, thread, cpu)
            if not task.left and not self._next_burst(task, thread, cpu):
                if thread.cpu is None:
                    return
                continue
            length = task.left if not thread.round else min(task.left, thread.round)
            self._stretch(cpu, thread, True, length)
            return

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
            self._stops(task, thread, cpu, names.WAITS)
            thread.task = None
            self._plan(self.now + burst.ns, self._ready, task, names.TIMER)
        else:
            self._stops(task, thread, cpu, names.WAITS if burst.kind == WAIT else names.BLOCKS)
            self._sleeps(cpu, thread, burst.ns)
        return task.left > 0

    def _stops(self, task: Task, thread: Thread, cpu: Cpu, why: str) -> None:
        task.runs = False
        self.trace.event(self.now, names.STOPS, task.name, thread.name, cpu.name, why, "")

    def _done(self, task: Task, thread: Thread, cpu: Cpu) -> None:
        self._stops(task, thread, cpu, names.DONE)
        self.trace.done(self.now, task)
        thread.task = None
        if self.own:
            self._leave(cpu, OVER)
            self.trace.over(self.now, thread)

    def _take(self, thread: Thread) -> Task | None:
        """Take the next task: of its own queue, else, where that is allowed, of the longest."""
        queue: Any = thread.queue
        if not queue.tasks and self.case.stealing and self.queued:
            queue = max(self.queues, key=lambda each: len(each.tasks))
        if not queue.tasks:
            return None
        task: Task = queue.tasks.popleft()
        self.queued -= 1
        task.home = thread.queue
        return task

    def _put_back(self, task: Task, thread: Thread) -> None:
        task.ready_since = self.now
        queue: Any = thread.queue
        queue.tasks.append(task)
        self.queued += 1

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
        queue.tasks.append(task)
        self.queued += 1
        task.home = queue
        self._has_work(queue, task)

    def _has_work(self, queue: Queue, task: Task) -> None:
        thread = queue.thread
        if thread.state is IDLE:
            del self.idle[thread]
            self._wake(thread, task.name)
        elif thread.overdue and thread.state is RUNNING and thread.cpu and thread.computes:
            self._settle(thread)
            self._go_on(thread.cpu, thread)

    def _wake(self, thread: Thread, by: str) -> None:
        if by:
            self.trace.event(self.now, names.WAKES, "", thread.name, "", "", by)
        thread.state = READY
        self.ready_threads.append(thread)

    def _sleeps(self, cpu: Cpu, thread: Thread, ns: int) -> None:
        """Let a kernel thread sleep in a call; a spare one may take over its other tasks."""
        self._leave(cpu, ASLEEP)
        self._plan(self.now + ns, self._returns, thread, self.now)
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
        if queue not in self.queues:
            self.queues.append(queue)
        thread.queue, queue.thread = queue, thread
        if queue.tasks or (self.case.stealing and self.queued):
            self._wake(thread, "")
        else:
            self.idle[thread] = None
            thread.state = IDLE

    def _returns(self, thread: Thread, since: int) -> None:
        """A call returns: its kernel thread goes on, or finds that another has taken its place."""
        task: Any = thread.task
        self.trace.sleep(since, self.now, thread)
        if thread.queue is None and not self.own:
            asleep = next((q for q in self.queues if q.thread.state is ASLEEP), None)
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

    def _born(self, task: Task | None) -> Thread:
        thread = Thread(f"K{len(self.trace.threads) + 1}", None, task)
        self.trace.born(self.now, thread)
        return thread
