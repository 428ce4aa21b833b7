"""Linux's records of tasks: how many of them there are, of which size, with which fields.

The records lie in *slabs*, arrays of records of one kind. ``/proc/slabinfo`` lists for each kind how
many are in use; root may read it. Others of this machine start and end tasks too, so the count is
taken around each start, and what all of the machine's tasks changed by is taken off.
"""

from __future__ import annotations  # a worker may be an older Python

import ctypes
import os

from . import _libc, _looking, _native_threads, _record, _refuse, _watching

KIND = "task_struct"
BARRED = "only root may count the records of Linux (/proc/slabinfo)"
ABSENT = "this Linux does not list its records of tasks by themselves (/proc/slabinfo)"


def records(text):
    """Return how many records of tasks are in use, and the size of one in bytes, from slabinfo.

    ``None`` where the text does not list them.
    """
    for line in text.splitlines():
        words = line.split()
        if words and words[0] == KIND:
            return int(words[1]), int(words[3])
    return None


def read_records():
    """Return what :func:`records` does of this moment, or ``None`` and why not."""
    try:
        with open("/proc/slabinfo") as file:
            found = records(file.read())
    except OSError:
        return None, BARRED if os.geteuid() else ABSENT
    return found, "" if found else ABSENT


def wait_for_ever():
    """In a child: sleep in the C library."""
    _libc.function("pause")()


def with_processes(count):
    """Start processes that wait; return how many records there are more, and the fields of one."""
    children = _watching.Children()
    before, why = read_records()
    try:
        for number in range(count):
            pid = children.fork(str(number), wait_for_ever)
        after, _ = read_records()
        return more(before, after), before and before[1], why, fields(f"{pid}", pid)
    finally:
        children.kill()


def with_threads(count):
    """Start a process, then threads in it; return how many records more, and the fields of one."""
    from . import _steered

    children = _watching.Children()
    threads = []

    def start(number):
        threads.append(_native_threads.Threads(256))
        return threads[0].fill(number)

    try:
        child = _steered.Steered(children, "threads", start)
        try:
            before, _ = read_records()
            child.ask(count)
            after, _ = read_records()
            tid = max(_watching.tasks(child.pid) - {child.pid})
            return more(before, after), fields(f"{child.pid}/task/{tid}", child.pid)
        finally:
            child.close()
    finally:
        children.kill()


def more(before, after):
    """Return how many records there are more; ``None`` if they cannot be counted."""
    return after[0] - before[0] if before and after else None


def fields(place, pid):
    """Return the names of the fields that Linux shows of a task, of a process or of a thread alike."""
    status = _record.keyed(_looking.read(place, "status") or "")
    stat = _record.stat_fields(_looking.read(place, "stat") or "")
    return {*status, *(f"stat {number}" for number in stat)}


def facts(count):
    """Return all that is reported."""
    processes, size, why, of_process = with_processes(count)
    threads, of_thread = with_threads(count)
    both = {"processes": processes, "threads": threads}
    return {
        "started": count,
        "record_bytes": size,
        "more": both,
        "fields": {"process": len(of_process), "thread": len(of_thread)},
        "only_process": sorted(of_process - of_thread),
        "only_thread": sorted(of_thread - of_process),
        "same_record": None if None in both.values() else min(both.values()) >= count * 0.8,
        "why": why,
    }
