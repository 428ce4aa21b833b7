"""A scheduler for generators: a play says whose turn it is, and a few OS threads carry it out.

    a task        a generator; it stops before each tick, and says for how long it is not ready
    an OS thread  takes the next task of the play, runs it for one tick, and takes the next one

A task that waits has stopped: its OS thread is free. A task that *naps* sleeps in the middle of
its work: its OS thread sleeps with it, and no other task can be run by that one.
"""

import threading
import time


def task(cards, compute, tick):
    """Do some cards, such as ``[("C", 1), ("W", 5), ("C", 1)]``.

    Args:
        compute: computes for a tick; tick: seconds.
    """
    pause = 0
    for kind, ticks in cards:
        if kind == "W":
            pause = ticks
        elif kind == "B":
            time.sleep(ticks * tick)
        else:
            for _ in range(ticks):
                yield pause * tick  # not ready before that; then, until somebody puts it on
                pause = 0
                compute()


class Scheduler:
    """Runs tasks as a play says.

    Args:
        tasks: a function for each task, by name, which makes its generator; it is given what to
            call when a tick of computing is over.
        plan: for each tick the names of the tasks that are on.
        tick: seconds.
    """

    def __init__(self, tasks, plan, tick):
        self.changed = threading.Condition()
        self.plan, self.tick = list(plan), tick
        self.to_start, self.running, self.on = [], 0, ()
        self.at = 0.0  # when the tick before this one was over
        self.puts = 0
        self.tasks = {name: make(self.tick_over) for name, make in tasks.items()}
        self.ready_at = {name: next(made) for name, made in self.tasks.items()}  # None: at work

    def carry_out(self):
        """Run one task after the other, in an OS thread, until the play is over."""
        while True:
            name = self.take()
            if name is None:
                return
            pause = next(self.tasks[name], 0)  # a tick; and a nap, if that comes next
            with self.changed:
                self.ready_at[name] = time.monotonic() + pause
                self.changed.notify_all()

    def take(self):
        """Return who is to be run now, when it is ready; ``None`` at the end of the play."""
        with self.changed:
            while not self.to_start:
                if self.running:
                    self.changed.wait()
                elif not self.plan:
                    return None
                else:
                    self.next_tick()
            name = self.to_start.pop(0)
            self.running += 1
            while self.ready_at[name] is None:  # it naps a little longer than it should
                self.changed.wait()
            early, self.ready_at[name] = self.ready_at[name] - time.monotonic(), None
        time.sleep(max(early, 0))
        return name

    def next_tick(self):
        """Begin the next tick of the play; where nobody is on, let it pass."""
        on = self.plan.pop(0)
        self.puts += len(set(on) - set(self.on))
        self.on, self.to_start = on, list(on)
        if not on:
            self.at += self.tick  # it is over by itself, also while all OS threads nap
            time.sleep(max(self.at - time.monotonic(), 0))

    def tick_over(self):
        """Note that a task has computed for a tick: before a nap begins, if one does."""
        with self.changed:
            self.running -= 1
            self.at = time.monotonic()
            self.changed.notify_all()
