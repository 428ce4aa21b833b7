"""Linux's records of tasks and of what they share: how many there are, how large, with which fields.

The records lie in *slabs*, arrays of records of one kind. ``/proc/slabinfo`` lists for each kind how
many are in use; root may read it. Each CPU keeps some free ones at hand, which the list counts as
used: so some tasks are started first, which take these, and only then is counted.
"""

from __future__ import annotations  # a worker may be an older Python

import os
import time

from . import _libc, _looking, _native_threads, _record, _steered, _watching

TASK = "task_struct"
KINDS = {  # as Linux calls them, and what each describes
    TASK: "a task: state, registers, stack pointer, priority, masks",
    "mm_struct": "an address space",
    "files_cache": "a list of open files",
    "signal_cache": "signals, limits and times of a process",
    "sighand_cache": "the reactions to signals",
}
FIRST = 40  # tasks that are started before anything is counted
ENOUGH = 0.8  # records more for each task started: with so many, each has one of its own
NONE = 0.1  # with at most so many, none has
STILL, PATIENCE = 0.02, 25  # seconds between two looks that are to be equal, and how many looks
TRIES = 3  # counts, until one is clear
BARRED = "only root may count Linux's records (/proc/slabinfo)"
ABSENT = "this Linux does not list its records of tasks by themselves (/proc/slabinfo)"


def records(text):
    """Return for each kind how many records are in use, and the bytes of one, from slabinfo's text.

    A kind that is not listed is missing: Linux may keep it together with others of its size.
    """
    lines = (line.split() for line in text.splitlines())
    return {
        words[0]: (int(words[1]), int(words[3])) for words in lines if words and words[0] in KINDS
    }


def read():
    """Return what :func:`records` does of this moment; nothing where it may not be read."""
    try:
        with open("/proc/slabinfo") as file:
            return records(file.read())
    except OSError:
        return {}


def why_not(found):
    """Return why tasks cannot be counted; empty if they can."""
    return "" if TASK in found else ABSENT if os.geteuid() == 0 else BARRED


class Processes:
    """Processes that only wait."""

    def __init__(self, children):
        self._children, self.count, self.last = children, 0, 0

    def fill(self, count):
        """Start processes until there are ``count``."""
        while self.count < count:
            self.last = self._children.fork("process", wait_for_ever)
            self.count += 1

    def place(self):
        """Return where Linux shows the last one that was started."""
        return str(self.last)


class Threads:
    """Threads of one process that only wait."""

    def __init__(self, children):
        self._children = children
        self._child = _steered.Steered(children, "threads", self._answer, self._prepare)

    def _prepare(self):
        self._threads = _native_threads.Threads(stack_kb=256)

    def _answer(self, count):
        return self._threads.fill(count)

    def fill(self, count):
        """Start threads until there are ``count``."""
        if self._child.ask(count) < count:
            raise RuntimeError(f"{count} threads were not to be had here")

    def close(self):
        """Close this end; the process has been ended by its observer."""
        self._child.close()

    def place(self):
        """Return where Linux shows the last one that was started."""
        last = max(_watching.tasks(self._child.pid) - {self._child.pid})
        return f"{self._child.pid}/task/{last}"


def wait_for_ever():
    """In a child: sleep in the C library."""
    _libc.function("pause")()


def around(tasks, count):
    """Start tasks of a kind; return how many records more there are of each, and one's fields."""
    tasks.fill(FIRST)
    before = read()
    tasks.fill(FIRST + count)
    after = read()
    return {name: after[name][0] - before[name][0] for name in before}, fields(tasks.place())


def fields(place):
    """Return the names of the fields that Linux shows of a task, of a process or of a thread alike."""
    status = _record.keyed(_looking.read(place, "status") or "")
    stat = _record.stat_fields(_looking.read(place, "stat") or "")
    return {*status, *(f"stat {number}" for number in stat)}


def settled():
    """Wait until the list is still: records of tasks that have ended come back only later."""
    before = None
    for _ in range(PATIENCE):
        found = read()
        if found == before:
            return
        before = found
        time.sleep(STILL)


def counted(count):
    """Return by how many records threads, and processes, brought more, and the fields of one."""
    settled()
    children = _watching.Children()
    house = Threads(children)
    try:  # all live until both are counted
        threads, of_thread = around(house, count)
        processes, of_process = around(Processes(children), count)
    finally:
        children.kill()
        house.close()
    return processes, threads, of_process, of_thread


def facts(count):
    """Return all that is reported; what is not clear is counted again."""
    listed, said = read(), []
    while len(said) < (TRIES if listed else 1) and True not in said:
        processes, threads, of_process, of_thread = counted(count)
        said.append(verdict(processes, threads, count))
    return {
        "started": count,
        "record_bytes": listed.get(TASK, (None, None))[1],
        "bytes": {name: size for name, (_, size) in listed.items()},
        "processes": processes,
        "threads": threads,
        "fields": {"process": len(of_process), "thread": len(of_thread)},
        "only_one_has": sorted(of_process ^ of_thread),
        "each_has_one": said[-1] if len(set(said)) == 1 or said[-1] else None,
        "why": why_not(listed),
    }


def verdict(processes, threads, count):
    """Return whether each thread has a record of its own, as each process has.

    ``None`` where it is not known, or not clear: others start and end tasks on this machine, too. That
    the processes have brought as many records as they are shows that the count can be trusted.
    """
    if TASK not in processes or TASK not in threads:
        return None
    each, other = processes[TASK] / count, threads[TASK] / count
    if not ENOUGH <= each <= 1 / ENOUGH or not -NONE <= other <= 1 / ENOUGH:
        return None
    return True if other >= ENOUGH else False if other <= NONE else None
