"""Linux in the simulator: kernel threads that are ready wait in one queue for a CPU.

Who gets a CPU keeps it until it sleeps, has nothing to do, or its time slice is over and another
one is ready. What a kernel thread does with its CPU, the level above says (``simulating.py``).

There is one heap of what comes next. What happens at the same time happens in the order in which it
was planned, so the same case gives the same result each time. Nothing is drawn by chance here.
"""

from collections import deque
from heapq import heappop, heappush
from typing import Any

from conclib.models import simulation as names
from conclib.models.actors import READY, RUNNING, Cpu, Task, Thread
from conclib.models.case import Case
from conclib.models.trace import Trace


class Linux:
    """CPUs, kernel threads that are ready, the heap of what comes next, and the time."""

    def __init__(self, case: Case) -> None:
        self.case, self.now = case, 0
        self.heap: list[tuple[int, int, Any, tuple[Any, ...]]] = []
        self.planned = 0
        self.trace = Trace()
        self.cpus = [Cpu(number) for number in range(1, case.cpus + 1)]
        self.free = list(self.cpus)
        self.ready_threads: deque[Thread] = deque()

    def go_on(self, cpu: Cpu, thread: Thread) -> None:
        """Let a kernel thread do what comes next; the level above says what."""
        raise NotImplementedError

    def passes(self, ns: int) -> None:
        """Take notice of time that passes before the next thing happens."""

    def plan(self, time: int, what: Any, *arguments: Any) -> None:
        """Plan something for later, or for now after all else that was planned for now."""
        self.planned += 1
        heappush(self.heap, (time, self.planned, what, arguments))

    def run(self) -> None:
        """Do what comes next until nothing does."""
        while self.heap:
            time, _, what, arguments = heappop(self.heap)
            self.passes(time - self.now)
            self.now = time
            what(*arguments)
            if self.ready_threads:
                self._dispatch()

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
        thread.cpu, cpu.thread = cpu, thread  # it runs once the switch is over
        cost = self.case.linux_switch_ns if cpu.last is not thread else 0
        begin = self.now + cost
        if cost:
            self.trace.piece(self.now, begin, cpu, thread, names.LINUX_SWITCH)
        self.plan(begin, self._is_on, cpu, thread)

    def _is_on(self, cpu: Cpu, thread: Thread) -> None:
        slice_ns, thread.state = self.case.slice_ns, RUNNING
        cpu.until = None if slice_ns is None else self.now + slice_ns
        if thread.left and not thread.computes:  # it was put off within a switch
            self.stretch(cpu, thread, False, thread.left)
        else:
            self.go_on(cpu, thread)

    def _put_off(self, cpu: Cpu) -> None:
        """Take its CPU from a kernel thread that could go on."""
        thread = self.leave(cpu, READY)
        if thread.task and thread.task.runs:
            self.stops(thread.task, thread, cpu, names.SLICE)
            thread.task.ready_since = self.now
        self.ready_threads.append(thread)

    def stops(self, task: Task, thread: Thread, cpu: Cpu, why: str) -> None:
        """Note that a task stops, and why."""
        task.runs = False
        self.trace.event(self.now, names.STOPS, task.name, thread.name, cpu.name, why, "")

    def leave(self, cpu: Cpu, state: str) -> Thread:
        """Free a CPU; its kernel thread is in another state from now on."""
        thread = cpu.thread
        assert thread is not None
        self.settle(thread)
        thread.turn += 1
        thread.state, thread.cpu = state, None
        cpu.last, cpu.thread, cpu.until, cpu.overdue = thread, None, None, False
        self.free.append(cpu)
        return thread

    def stretch(self, cpu: Cpu, thread: Thread, computes: bool, length: int) -> None:
        """Let a kernel thread do one thing, for so long or until its time slice is over."""
        thread.computes, thread.left, thread.since = computes, length, self.now
        end = self.now + length
        thread.turn += 1
        self.plan(min(end, cpu.until or end), self._stretch_ends, cpu, thread, thread.turn)

    def _stretch_ends(self, cpu: Cpu, thread: Thread, turn: int) -> None:
        if turn != thread.turn:  # something else came first
            return
        self.settle(thread)
        if not thread.left:
            self.go_on(cpu, thread)
        elif not self.slice_is_over(cpu):
            self.stretch(cpu, thread, thread.computes, thread.left)

    def slice_is_over(self, cpu: Cpu) -> bool:
        """Put a kernel thread off whose time is over, if another is ready; tell whether it was."""
        if cpu.until is None or cpu.until > self.now:
            return False
        if self.ready_threads:
            self._put_off(cpu)
            return True
        cpu.until, cpu.overdue = None, True  # the next one that is ready has its CPU
        return False

    def settle(self, thread: Thread) -> None:
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
            if thread.round is not None:
                thread.round -= done
                if not thread.round:
                    thread.round, thread.overdue = None, True
