"""A scheduler of one's own: tasks that Linux does not know of, on as many kernel threads as you like.

A task is a generator. It runs up to its next ``yield``, and nobody can stop it before that.
``yield 0.02`` says: I wait for 20 ms, let others run. ``yield 0`` says: I could go on, but others may
come first. Tasks that could run stand in a queue; tasks that wait lie in a heap, the soonest on top.

One kernel thread that calls ``work`` makes this N:1. Several that call it make it M:N.
"""

import threading
import time
from collections import deque
from heapq import heappop, heappush


class Scheduler:
    """The queue, the heap, and what a kernel thread does with them."""

    def __init__(self, tasks):
        self.ready = deque(tasks)
        self.waiting = []  # (when, number, task)
        self.unfinished = len(self.ready)
        self.number = 0  # so that of two tasks with the same time the earlier one comes first
        self.change = threading.Condition()  # one kernel thread at a time changes all this

    def work(self):
        """Run tasks until all are done; each kernel thread does this."""
        while True:
            task = self.next_task()
            if task is None:
                return
            wait = next(task, None)  # the task runs here; None: it is done
            self.put_away(task, wait)

    def next_task(self):
        """Return a task that could run, as soon as there is one; None once all are done."""
        with self.change:
            while self.unfinished:
                now = time.monotonic()
                while self.waiting and self.waiting[0][0] <= now:
                    self.ready.append(heappop(self.waiting)[2])
                if self.ready:
                    return self.ready.popleft()
                soonest = self.waiting[0][0] - now if self.waiting else None
                self.change.wait(soonest)  # no task could run: let Linux run something else
            return None

    def put_away(self, task, wait):
        """Put a task where it belongs: nowhere, into the heap, or at the queue's end."""
        with self.change:
            if wait is None:
                self.unfinished -= 1
            elif wait:
                self.number += 1
                heappush(self.waiting, (time.monotonic() + wait, self.number, task))
            else:
                self.ready.append(task)
            self.change.notify_all()


def run(tasks, kernel_threads=1):
    """Run tasks to their ends, on this kernel thread and on so many less one besides."""
    scheduler = Scheduler(tasks)
    others = [threading.Thread(target=scheduler.work) for _ in range(kernel_threads - 1)]
    for each in others:
        each.start()
    scheduler.work()
    for each in others:
        each.join()
