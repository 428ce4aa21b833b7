"""Cards that are really worked through: as a play says, and as Linux would have it.

Both in children of the measuring process, which may use so many CPUs and no more. To compute is to
hash blocks until the thread has used a tick of CPU time. What a task did it notes itself, block by
block. In Linux's play each task is a process with one OS thread: Linux moves OS threads, whosever
they are, and threads of one process would also have to wait for Python's lock.
"""

from __future__ import annotations  # a worker may be an older Python

import hashlib
import json
import mmap
import os
import sys
import threading
import time
from time import monotonic_ns as now

from . import _cards, _generators, _refuse, _sacrifice, _watching

BLOCK = bytes(256 * 1024)  # some tenths of a millisecond
MS = 1_000_000  # ns
GAP = MS  # who has done nothing for that long was not on
ROOM = 256 * 1024  # bytes for what a task leaves word of
HEAD_START = 20 * MS  # until all processes are there


class Work:
    """The computing of one task, and when it was on: from, to, in ns."""

    def __init__(self, tick_ns: int) -> None:
        self.tick_ns, self.over, self.cpu_ns = tick_ns, 0, 0
        self.spans: list[list[int]] = []

    def tick(self) -> None:
        """Compute for a tick of CPU time; what is too much now is taken off the next one."""
        begun = time.thread_time_ns()
        until, used = begun + self.tick_ns - self.over, begun
        while used < until:
            start, before = now(), used
            hashlib.blake2b(BLOCK)
            used = time.thread_time_ns()
            self._note(start, now(), used - before)
        self.over, self.cpu_ns = used - until, self.cpu_ns + used - begun

    def _note(self, start: int, end: int, used: int) -> None:
        """Note a block; where somebody else was on in the middle, it counts as the later part."""
        if end - start - used > GAP:
            start = end - used
        if self.spans and start - self.spans[-1][1] < GAP:
            self.spans[-1][1] = end
        else:
            self.spans.append([start, end])

    def seen(self, start: int) -> dict:
        """Return when the task was on, in ms from the start, and its CPU time."""
        spans = [[ms(begun - start), ms(end - start)] for begun, end in self.spans]
        return {"spans": spans, "cpu_ms": ms(self.cpu_ns)}


def ms(ns: int) -> float:
    return round(ns / MS, 3)


def tasks(params: dict) -> dict[str, list]:
    """Return each task's cards, as pairs of kind and ticks, by name."""
    split = [line.split() for line in params["cards"].split("; ")]
    return {
        _cards.NAMES[n]: [(card[0], int(card[1:])) for card in line] for n, line in enumerate(split)
    }


def may_use(cpus: int) -> list[int]:
    """Return so many CPUs that this process may use, the first ones.

    Raises:
        Unavailable: it may use fewer.
    """
    allowed = sorted(_refuse.require(os, "sched_getaffinity")(0))
    if len(allowed) < cpus:
        raise _refuse.Unavailable(f"{cpus} CPUs are needed, and {len(allowed)} may be used here")
    return allowed[:cpus]


class Own:
    """Mine: generators on a few OS threads, put on as the play says."""

    def __init__(self, params: dict) -> None:
        self.tick, self.threads = params["tick_ms"] / 1000, params["threads"]
        self.work = {name: Work(params["tick_ms"] * MS) for name in tasks(params)}
        self.gate = threading.Event()
        makers = {name: self._maker(name, cards) for name, cards in tasks(params).items()}
        plan = [[_cards.NAMES[n] for n in on] for on in _cards.ticks(params["play"])]
        self.scheduler = _generators.Scheduler(makers, plan, self.tick)

    def _maker(self, name: str, cards: list):
        """Return what makes a task's generator; its scheduler says whom to tell of a tick's end."""

        def make(tick_over):
            def compute():
                self.work[name].tick()
                tick_over()

            return _generators.task(cards, compute, self.tick)

        return make

    def _carry_out(self) -> None:
        self.gate.wait()
        try:
            self.scheduler.carry_out()
        except BaseException:  # the others would wait for this one
            sys.excepthook(*sys.exc_info())  # onto standard error, which the caller quotes
            os._exit(1)

    def run(self) -> dict:
        """Run it all; return what was seen."""
        threads = [threading.Thread(target=self._carry_out) for _ in range(self.threads)]
        for each in threads:
            each.start()
        listed = len(os.listdir("/proc/self/task")) - 1  # this one only waits for the others
        start = now()
        self.gate.set()
        for each in threads:
            each.join()
        seen = {name: work.seen(start) for name, work in self.work.items()}
        return {"tasks": seen, "threads": listed, "puts": self.scheduler.puts}


def mine(params: dict, cpus: list[int]) -> dict:
    """In a child: run the play on these CPUs; return what was seen."""
    os.sched_setaffinity(0, cpus)
    return Own(params).run()


# Linux's own -------------------------------------------------------------------------------
def linux(params: dict, cpus: list[int]) -> dict:
    """In a child: give each task a process of its own on these CPUs, and leave all to Linux."""
    os.sched_setaffinity(0, cpus)
    cards = tasks(params)
    memory = mmap.mmap(-1, ROOM * len(cards))  # children write, we read when they have ended
    start = now() + HEAD_START
    pids = [
        _watching.fork(lambda n=n, each=each: _alone(each, params, start, memory, n))
        for n, each in enumerate(cards.values())
    ]
    ends = [_watching.collect(pid) for pid in pids]
    if set(ends) != {("exited", 0)}:
        raise RuntimeError(f"a task of Linux's play ended before its time: {ends}")
    seen = {
        name: json.loads(memory[ROOM * n : ROOM * (n + 1)].rstrip(b"\0"))
        for n, name in enumerate(cards)
    }
    why = next((each["why"] for each in seen.values() if each["why"]), "")
    puts = None if why else sum(each["puts"] for each in seen.values())
    return {"tasks": seen, "threads": sum(each["threads"] for each in seen.values()),
            "puts": puts, "why": why}  # fmt: skip


def _alone(cards: list, params: dict, start: int, memory: mmap.mmap, place: int) -> None:
    """Be one task: begin when all begin, do the cards, and leave word of it."""
    _sacrifice.prepare()
    work = Work(params["tick_ms"] * MS)
    time.sleep(max(start - now(), 0) / 1e9)
    before, why = times_put_on()
    for kind, ticks in cards:
        if kind == _cards.COMPUTE:
            for _ in range(ticks):
                work.tick()
        else:
            time.sleep(ticks * params["tick_ms"] / 1000)
    after, _ = times_put_on()
    seen = {**work.seen(start), "why": why, "puts": after - before + 1,
            "threads": len(os.listdir("/proc/self/task"))}  # fmt: skip
    text = json.dumps(seen).encode()
    memory[ROOM * place : ROOM * place + len(text)] = text


def times_put_on() -> tuple[int, str]:
    """Return how often Linux has put this process's thread on a CPU; 0, and why, if not known."""
    try:
        with open("/proc/self/schedstat") as file:
            return int(file.read().split()[2]), ""
    except (OSError, IndexError, ValueError) as error:
        return 0, f"Linux does not say here how often a thread was put on a CPU ({error})."
