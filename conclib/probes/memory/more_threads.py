"""What does one more thread cost?

A process starts native threads that only wait, in steps. At each step it is looked at from outside,
and what it has *more* than before is divided by how many threads came: addresses, resident memory,
page tables, and kernel stacks (these are known for the whole machine only, so others disturb them).
With a limit on its address space (``limit_mb``) it is refused more threads at some point.
"""

import os
import time

from .. import _accounts, _native_threads, _proc, _refuse, _steered, _watching

PROBE = {
    "name": "more_threads",
    "title": "One more thread, and one more",
    "times": "nothing: it reports what a process has more with each thread, and what refused it",
    "unit": "facts",
    "facts": {
        "asked": "int",
        "there": "int",
        "refused": "str",
        "steps": "list[dict[str, int | float | None]]",
        "each_mb": "dict[str, float | None]",
        "all_mb": "dict[str, float | None]",
        "then_kb": "float | None",
        "left": "int",
        "took_ms": "int",
    },
    "params": {
        "count": {
            "type": "int",
            "default": 1000,
            "min": 10,
            "max": 10000,
            "title": "threads",
            "help": "how many threads, at most",
        },
        "stack_kb": {
            "type": "int",
            "default": 8192,
            "min": 64,
            "max": 65536,
            "unit": "kB",
            "title": "stack asked for",
            "help": "how large a stack each of them asks for",
        },
        "touched_kb": {
            "type": "int",
            "default": 0,
            "min": 0,
            "max": 4096,
            "unit": "kB",
            "title": "stack touched",
            "help": "how much of each stack is written to; never more than the stack less 32 kB",
        },
        "then": {
            "type": "choice",
            "default": "nothing",
            "choices": ["nothing", "wait", "give back"],
            "help": "what follows: nothing; a second of waiting; or Linux is told that the touched "
            "memory is needed no more",
        },
        "pages": {
            "type": "choice",
            "default": "4k",
            "choices": ["4k", "huge"],
            "help": "pages of 4 kB, or huge ones behind what is touched, where Linux grants them",
        },
        "limit_mb": {
            "type": "int",
            "default": 0,
            "min": 0,
            "max": 4096,
            "unit": "MB",
            "help": "limit of the process's address space; 0 sets none",
        },
    },
    "takes": {
        "processes": "1",
        "threads": "count",
        "descriptors": "8",
        "mb": "count * (32 + touched_kb + (2048 if pages == 'huge' else 0)) // 1024",
    },
    "baseline": "none",
    "needs": ["fork", "pthread"],
}
LADDER = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000)
SCALES = ("virtual", "rss", "tables", "kernel")
FEW = 100  # from so many threads on, what the machine counts says something about them
WAIT = 1.0  # seconds
LOOK = 0.0002  # seconds
MB = 1024  # kB


def ladder(count):
    """Return at how many threads to look: from a hundred on, where that many are asked for."""
    lowest = min(FEW, count)
    return [number for number in LADDER if lowest <= number < count] + [count]


def look(pid):
    """Return what Linux counts of the process, and of the machine, in kB."""
    seen, machine = _accounts.of(pid), _accounts.machine()
    return {**seen, "kernel": machine.get("kernel"), "records": machine.get("records")}


def difference(after, before, name):
    """Return how much more there is, in kB; ``None`` where Linux does not say."""
    if after[name] is None or before[name] is None:
        return None
    return after[name] - before[name]


def step(threads, more, after, before):
    """Return what one thread added, in kB, at one step of the ladder."""
    row = {"threads": threads}
    for name in SCALES:
        added = difference(after, before, name)
        counted = added is not None and (name != "kernel" or more >= FEW // 2)
        row[name] = round(added / more, 2) if counted else None
    return row


def container(params):
    """Return what the process does before the first step, and what it answers."""
    threads = []

    def prepare():
        huge = params["pages"] == "huge"
        if not huge:
            _accounts.small_pages_only()
        if params["limit_mb"]:
            import resource

            resource.setrlimit(resource.RLIMIT_AS, (params["limit_mb"] << 20,) * 2)
        touched = min(params["touched_kb"], params["stack_kb"] - 32)
        threads.append(_native_threads.Threads(params["stack_kb"], max(touched, 0), huge))

    def answer(number):
        if number < 0:
            return threads[0].give_back()
        there = threads[0].fill(number)
        return -threads[0].refused or there

    return prepare, answer


def settle(pid, asleep):
    """Wait until all threads are asleep; a new one may not have touched its stack yet.

    ``asleep`` are those that were seen so before; they stay so. The new ones are added.
    """
    for tid in _watching.tasks(pid) - asleep:
        while _proc.parse_stat(_accounts.read(f"/proc/{pid}/task/{tid}/stat"))["state"] != "S":
            time.sleep(LOOK)
        asleep.add(tid)


def climb(process, params, tell):
    """Go up the ladder; return its rows, the first and the last look, and what refused more."""
    process.ask(1)  # the first thread brings along what all later ones use
    asleep, rows, code, there = set(), [], 0, 1
    settle(process.pid, asleep)
    first = before = look(process.pid)
    for number in ladder(params["count"]):
        code = min(process.ask(number), 0)
        settle(process.pid, asleep)
        after, now = look(process.pid), len(asleep) - 1
        if now > there:
            rows.append(step(now, now - there, after, before))
            tell.event("process", "threads", there=now, asked=number)
        there, before = now, after
        if code:
            break
    return rows, first, before, there, os.strerror(-code) if code else ""


def afterwards(process, params):
    """Do what is to follow, and return what is resident then, in kB."""
    if params["then"] == "wait":
        time.sleep(WAIT)
    elif params["then"] == "give back":
        process.ask(-1)
    return _accounts.resident(process.pid)["rss"]


def started(params, tell):
    """Start the process that will have the threads; return it with its observer's list."""
    _refuse.require(os, "fork")
    _refuse.require_proc()
    _accounts.get_ready()
    children = _watching.Children()
    prepare, answer = container(params)
    tell.actor("observer", "process", os.getpid())
    process = _steered.Steered(children, "process", answer, prepare)
    tell.actor("process", "process", process.pid, maker="observer")
    return children, process


def observe(params, tell):
    """Climb, look once more afterwards, end the process, and look whether it is gone."""
    children, process = started(params, tell)
    start = time.monotonic_ns()
    rows, first, last, there, refused = climb(process, params, tell)
    took = (time.monotonic_ns() - start) // 1_000_000
    then = afterwards(process, params) - first["rss"]
    code = children.kill()[0][3]
    tell.ending("process", "killed", by="waitid", code=code)
    process.close()
    facts = {"asked": params["count"], "there": there, "refused": refused, "steps": rows}
    facts["then_kb"] = round(then / (there - 1), 2) if there > 1 else None
    left = len(_watching.tasks(process.pid))
    return {**facts, **sums(first, last, there - 1), "left": left, "took_ms": took}


def sums(first, last, more):
    """Return what all threads but the first added, and what each of them did, in MB."""
    added = {name: difference(last, first, name) for name in (*SCALES, "records")}
    if more < 1:  # none was started: nothing is known, and that is not 0
        added = dict.fromkeys(added)
    if more < FEW // 2:  # what the machine counts says nothing about so few
        added.update(kernel=None, records=None)
    every = {name: None if kb is None else round(kb / MB, 3) for name, kb in added.items()}
    each = {name: three(kb / more / MB) if more > 0 and kb is not None else None
            for name, kb in added.items()}  # fmt: skip
    linux = None if each["kernel"] is None else three(each["kernel"] + each["tables"])
    return {"all_mb": every, "each_mb": {**each, "linux": linux}}


def three(number):
    """Return a number with three digits that count: more would be false."""
    return float(f"{number:.3g}")
