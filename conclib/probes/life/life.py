"""A whole life, and a parent that ends first: what do map and record look like after each step?

A parent forks a child; the child becomes another program, is stopped, goes on, ends, and its parent
asks how. Then the parent forks a second child, and ends before it. After each step we look at every
process there is: is it listed, what is in its map (how many of its regions are still those of the
step before, how many are those of its parent), what is in its record? Nothing is put in order
afterwards: each step is done when it was seen, and only then the next one begins.
"""

from __future__ import annotations  # a worker may be an older Python

import os
import signal
import time

from .. import _held, _looking, _precautions, _refuse, _watching

PROBE = {
    "name": "life",
    "title": "A life in two ledgers",
    "times": "nothing: it reports map and record after each step",
    "unit": "facts",
    "facts": {
        "steps": "list[dict[str, str]]",
        "looks": "list[dict[str, str | int | bool | None]]",
    },
    "params": {},
    "takes": {"processes": "3", "descriptors": "12"},
    "baseline": "none",
    "needs": ["fork"],
}
CODE = 7  # the exit code of the first child
SHELL = ("/bin/sh", "sh", "-c", f"read line; exit {CODE}")
SOON = 5.0  # seconds within which a step must be seen
QUIET = ("S", "T", "Z")


class Family:
    """A parent that does what it is told, a step at a time, and its children.

    Orders go to the parent by one pipe, and it answers by another; its children wait at gates.
    """

    def __init__(self):
        self._orders, self._answers = os.pipe(), os.pipe()
        self._exec, self._second = _held.Gate(), _held.Gate()
        self._input = os.pipe()
        self._heard = os.fdopen(self._answers[0])

    # In the parent, and in its children
    def parent(self):
        """Do what each order says, until the last one."""
        first = 0
        while True:
            order = os.read(self._orders[0], 1).decode()
            if order in ("", "q"):
                return
            if order == "f":
                first = _watching.fork(self.first_child)
                self.answer(first)
            elif order == "2":
                self.answer(_watching.fork(self.second_child))
            else:
                self.answer(*self.handle(first, order))

    @staticmethod
    def handle(child, order):
        """Do something to the first child, wait until it was seen; return what came of it."""
        if order == "s":
            _held.signal_own(child, signal.SIGSTOP)
            wanted = os.WSTOPPED
        elif order == "c":
            _held.signal_own(child, signal.SIGCONT)
            wanted = os.WCONTINUED
        else:
            wanted = os.WEXITED if order == "w" else os.WEXITED | os.WNOWAIT
        return _watching.how_ended(os.waitid(os.P_PID, child, wanted))

    def answer(self, *words):
        """Say in one line what came of an order."""
        os.write(self._answers[1], (" ".join(map(str, words)) + "\n").encode())

    def first_child(self):
        """Wait, then become another program, which waits for a line and ends."""
        _precautions.die_with_parent()
        _watching.limit(_held.LIMIT)
        self._exec.wait()
        os.dup2(self._input[0], 0)
        os.execv(SHELL[0], SHELL[1:])

    def second_child(self):
        """Wait, and end."""
        _watching.limit(_held.LIMIT)
        self._second.wait()

    # In the observer
    def order(self, letter):
        """Tell the parent what to do; return the words of its answer."""
        os.write(self._orders[1], letter.encode())
        if letter == "q":
            return []
        words = self._heard.readline().split()
        if not words:  # the end of the pipe: nobody else has it open
            raise _refuse.Unavailable(_held.EARLY)
        return words

    def only_listen(self):
        """Close what the family speaks by: its end is heard then."""
        os.close(self._answers[1])

    def become(self):
        """Let the first child become another program."""
        self._exec.open()

    def end_first(self):
        """Give the first child the line that it waits for."""
        os.write(self._input[1], b"\n")

    def end_second(self):
        """Let the second child end."""
        self._second.open()


class Ledgers:
    """What is looked at after each step, and told."""

    def __init__(self, tell):
        self._tell, self._before = tell, {}
        self.pids, self.steps, self.looks = {}, [], []

    def born(self, name, pid, maker):
        """Note that there is one process more, and wait until it is quiet."""
        self.pids[name] = int(pid)
        self._tell.actor(name, "process", int(pid), maker=maker)
        _looking.until(int(pid), QUIET, SOON)

    def step(self, what, who, **data):
        """Note that a step was seen, and look at every process."""
        self.steps.append({"what": what, "who": who})
        if what == "end":
            self._tell.ending(who, data["how"], by="waitid", code=int(data["code"]))
        else:
            self._tell.event(who, what, seen="observer", **data)
        code = int(data["code"]) if "code" in data else None
        for pid in self.pids.values():  # whoever has answered may still be on its way to sleep
            _looking.until(pid, QUIET, SOON)
        for name, pid in self.pids.items():
            self.looks.append(self._look(name, pid, code if name == who else None))

    def _look(self, name, pid, code):
        regions, fields = _looking.regions(pid), _looking.stat(pid)
        spans = (
            None
            if regions is None
            else {(x["start"], x["end"], x["path"]) for x in _looking.own(regions)}
        )
        numbers = {number: other for other, number in self.pids.items()}
        parent = int(fields[4]) if fields else None
        maker = self._before.get(numbers.get(parent))
        before, self._before[name] = self._before.get(name), spans
        listed = _looking.listed(pid)
        return {
            "step": len(self.steps) - 1,
            "who": name,
            "listed": listed,
            "regions": len(spans) if spans is not None else None if listed else 0,
            "kept": _looking.common(spans, before),
            "as_parent": _looking.common(spans, maker),
            "strip": None if regions is None else _looking.strip(_looking.own(regions)),
            "pid": pid if fields else None,
            "parent": parent,
            "parent_name": numbers.get(parent, "observer" if parent == os.getpid() else None),
            "program": fields.get(2),
            "state": fields.get(3),
            "niceness": int(fields[19]) if fields else None,
            "user": _looking.user(pid),
            "open_files": _looking.open_files(pid) if listed else None,
            "exit_code": code if fields.get(3) == "Z" else None,
        }


def became(pid, name):
    """Wait until a process runs a program of this name, and that waits for something."""
    end = time.monotonic() + SOON
    while _looking.stat(pid).get(2) != name:
        if time.monotonic() > end or _looking.state(pid) in (None, "Z"):
            raise _refuse.Unavailable(f"the child did not become {name}")
        time.sleep(0.001)
    _looking.until(pid, "S", SOON)


def observe(params, tell):
    _refuse.require_proc()
    family, ledgers = Family(), Ledgers(tell)
    with _held.Child(family.parent, "parent") as parent:
        family.only_listen()
        ledgers.born("parent", parent.pid, "")
        ledgers.step("start", "parent")
        whole_life(family, ledgers)
        parent_first(family, parent, ledgers)
    return {"steps": ledgers.steps, "looks": ledgers.looks}


def whole_life(family, ledgers):
    """Fork, exec, stop, continue, end, wait."""
    (pid,) = family.order("f")
    ledgers.born("child", pid, "parent")
    ledgers.step("fork", "child")
    family.become()
    became(int(pid), SHELL[1])
    ledgers.step("exec", "child")
    family.order("s")
    ledgers.step("stop", "child")
    family.order("c")
    _looking.until(int(pid), "S", SOON)
    ledgers.step("continue", "child")
    family.end_first()
    how, code = family.order("e")
    ledgers.step("end", "child", how=how, code=code)
    how, code = family.order("w")
    ledgers.step("wait", "child", code=code)


def parent_first(family, parent, ledgers):
    """Fork a second child; the parent ends first, and the child has another parent."""
    (pid,) = family.order("2")
    ledgers.born("second child", pid, "parent")
    ledgers.step("fork", "second child")
    family.order("q")
    how, code = parent.ended()
    ledgers.step("end", "parent", how=how, code=code)
    ledgers.step("wait", "parent", code=parent.collect()[1])
    family.end_second()
    try:
        info = os.waitid(os.P_PID, int(pid), os.WEXITED | os.WNOWAIT)
    except ChildProcessError:  # another one than we has adopted it
        return
    how, code = _watching.how_ended(info)
    ledgers.step("end", "second child", how=how, code=code)
    ledgers.step("wait", "second child", code=_watching.collect(int(pid))[1])
