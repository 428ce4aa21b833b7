"""Two real threads do their work step by step, in an order that is given.

Python tells a function, before each line or before each bytecode, that it is about to run it
(``sys.settrace``). That function does not return before it is the thread's turn, so the thread
stands still there. A third thread gives the turns. It looks at the number after each step, while
both of the others stand still, so what it sees is what was there.

The two begin their tracing together and end it together: on some Pythons the first to end it would
end it for the other one too. On others the first traced round tells nothing: it is thrown away. And
each round is checked: a step that was not seen to be done does not count.
"""

from __future__ import annotations  # a worker may be an older Python

import sys
import threading

from . import _answering, _refuse

PATIENCE = 5  # seconds that a step may take, on however busy a machine
SECONDS = 20  # of the life of a child that steps, or runs freely
TRIES = 3  # rounds that may tell nothing
NAMES = ("A", "B")


class Walker:
    """One of the two threads: it stands still in front of each of its steps.

    Attributes:
        name: who it is; ``work``: what it runs, called with the walker itself.
        code: of the one function that is stopped in; ``marks``: the steps that it is stopped at,
            by line, or by place in the bytecode.
        at: the step that it stands in front of; "" once it is at its end.
        done: the steps that it has done.
        waits: whether it has found a lock taken, and stands in front of the same step again.
        copy: what its variable ``copy`` holds; ``None`` as long as there is none.
        error: what went wrong in its work, in words; "" if nothing did.
    """

    def __init__(self, name, work, code, marks, bytecode=False):
        self.name, self.work, self.code = name, work, code
        self.marks, self.bytecode = marks, bytecode
        self.at, self.copy, self.error = "", None, ""
        self.done, self.waits = [], False
        self._turn, self._stands = threading.Semaphore(0), threading.Semaphore(0)

    def run(self, together):
        """Be the thread: do the work under tracing; ``together`` is a barrier for both."""
        together.wait()
        sys.settrace(self._trace)
        together.wait()
        try:
            self.work(self)
        except Exception as error:
            self.error = f"{type(error).__name__}: {error}"
        self.at = ""
        self._stands.release()
        together.wait()
        sys.settrace(None)

    def _trace(self, frame, event, _argument):
        """What Python calls; no other function is stopped in."""
        if frame.f_code is not self.code:
            return None
        frame.f_trace_opcodes, frame.f_trace_lines = self.bytecode, not self.bytecode
        self.copy = frame.f_locals.get("copy")
        if event == ("opcode" if self.bytecode else "line"):
            step = self.marks.get(frame.f_lasti if self.bytecode else frame.f_lineno)
            if step:
                self.stand(step)
        return self._trace

    def stand(self, step):
        """In the thread: stand still in front of a step until it is its turn."""
        self.at = step
        self._stands.release()
        self._turn.acquire()

    def take(self, lock):
        """In the thread, in its own turn: take a lock; while it is taken the turn passes."""
        while not lock.acquire(blocking=False):
            self.waits = True
            self.stand(self.at)
        self.waits = False

    def step(self):
        """Let it do one step; return whether it did, and did not find a lock taken."""
        step = self.at
        self._turn.release()
        self.until_it_stands()
        if not self.waits:
            self.done.append(step)
        return not self.waits

    def until_it_stands(self):
        """Wait until the thread stands still, or is at its end."""
        if not self._stands.acquire(timeout=PATIENCE):
            raise _refuse.Unavailable(f"a step of {self.name} did not come to its end here")


class Asked:
    """A lock as a walker takes it, in its own turn; while it is taken the turns pass."""

    def __init__(self, walker, lock):
        self._walker, self._lock = walker, lock

    def acquire(self):
        """Take it, in whichever of the walker's turns it can be had."""
        self._walker.take(self._lock)

    def release(self):
        """Give it back."""
        self._lock.release()


class Walk:
    """One order, really run.

    Attributes:
        steps: for each step that was done who did it, which it was, the number after it, and both
            copies; ``waits``: places in the order at which somebody found a lock taken.
        errors: what went wrong in the threads.
    """

    def __init__(self, walkers, order, look):
        """Run it.

        Args:
            walkers: A and B, new ones; order: who does the next step, as text.
            look: gives the number.
        """
        self.walkers = {each.name: each for each in walkers}
        self.steps, self.waits, self._look = [], [], look
        together = threading.Barrier(len(walkers))
        threads = [threading.Thread(target=each.run, args=(together,), daemon=True)
                   for each in walkers]  # fmt: skip
        for thread in threads:
            thread.start()
        for each in walkers:
            each.until_it_stands()
        self._go_through(order)
        for thread in threads:
            thread.join(PATIENCE)
        self.errors = [f"{each.name}: {each.error}" for each in walkers if each.error]

    def _go_through(self, order):
        for place, name in enumerate(order):
            if self.walkers[name].at and not self._step(name):
                self.waits.append(place)
        while any(each.at for each in self.walkers.values()):  # what is left, after waiting
            for name in NAMES:
                while self.walkers[name].at and self._step(name):
                    pass

    def _step(self, name):
        step = self.walkers[name].at
        went = self.walkers[name].step()
        if went:
            copies = {each.name: each.copy for each in self.walkers.values()}
            self.steps.append({"who": name, "step": step, "number": self._look(), **copies})
        return went


def walk(make, order, look, expected):
    """Run one order until Python has told of each step; return the :class:`Walk`.

    Args:
        make: gives two new walkers and sets the number to its start; order: as text.
        look: gives the number; expected: the names of the steps that each must do, by walker.

    Raises:
        Unavailable: this Python does not tell of each step.
    """
    for _ in range(TRIES):
        found = Walk(make(), order, look)
        if all(each.done == expected[each.name] for each in found.walkers.values()):
            return found
    raise _refuse.Unavailable("this Python does not tell a debugger of each step")


def in_a_child(work, seconds=SECONDS):
    """Run ``work()`` in a child, which may have threads; return the plain data that it returns.

    Args:
        seconds: after so long Linux ends the child, and that is an error.

    Raises:
        Unavailable: it is not available here, as the child has found.
    """
    return _answering.run(lambda say: say(work()), seconds).whole()[0]
