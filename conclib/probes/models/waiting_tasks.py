"""So many tasks that only wait: how many threads does Linux see behind them?

A program of its own starts them, and is looked at from outside: Linux lists its threads, and says
how much memory it has got. The tasks wait in the way of their runtime, for what never happens.
"""

import os
import time

from .. import _accounts, _proc, _refuse, _tasks_program, _watching

PROBE = {
    "name": "waiting_tasks",
    "title": "Tasks that wait",
    "times": "nothing: it reports how many threads Linux lists behind so many tasks",
    "unit": "facts",
    "kind": {
        "runtime": {
            "asyncio": "task",
            "threads": "thread",
            "pthreads": "thread",
            "greenlet": "task",
            "go": "task",
            "java": "task",
            "erlang": "task",
        }
    },
    "facts": {
        "version": "str",
        "tasks": "int",
        "threads_before": "int",
        "threads": "int",
        "took_ns": "int",
        "each_ns": "float",
        "each_kb": "float",
        "linux_kb": "float | None",
        "rss_mb": "float",
        "cpus": "int",
    },
    "params": {
        "runtime": {
            "type": "choice",
            "default": "asyncio",
            "choices": ["threads", "pthreads", "asyncio", "greenlet", "go", "java", "erlang"],
            "help": "who runs the tasks",
        },
        "tasks": {
            "type": "int",
            "default": 10_000,
            "min": 10,
            "max": 100_000,
            "title": "waiting tasks",
            "help": "how many tasks",
        },
    },
    "takes": {
        "processes": "1",
        "threads": "tasks if runtime == 'threads' else (tasks if runtime == 'pthreads' else "
        "(4 if runtime == 'asyncio' else (4 if runtime == 'greenlet' else 32)))",
        "descriptors": "12",
        "mb": "32 + tasks * (8 if runtime == 'greenlet' else "
        "(32 if runtime == 'threads' else (32 if runtime == 'pthreads' else 4))) // 1024",
    },
    "programs": {
        "runtime": {
            "greenlet": "greenlet",
            "go": "tasks.go",
            "java": "Tasks.java",
            "erlang": "tasks.erl",
        }
    },
    "baseline": "none",
    "needs": ["fork"],
}
TIME = 20.0  # seconds for all of them to wait
FEW = 100  # from so many threads on, what the whole machine counts says something about them


def look(pid):
    """Return what Linux counts of the process, in kB."""
    return {**_accounts.of(pid), "kernel": _accounts.machine().get("kernel")}


def observe(params, tell):
    """Start the program, look, have it start the tasks, and look again."""
    _refuse.require_proc()
    tell.actor("observer", "process", os.getpid())
    program = _tasks_program.Program(params["runtime"], params.get("_program"))
    try:
        tell.actor("program", "process", program.pid, maker="observer")
        before, few = look(program.pid), len(_watching.tasks(program.pid))
        start = time.monotonic_ns()
        program.tell("wait", params["tasks"])
        waiting = int(program.answer("waiting", TIME)[0])
        if waiting < params["tasks"]:
            raise _refuse.Unavailable(f"Linux allowed only {waiting:,} of so many threads here")
        took = time.monotonic_ns() - start
        settle(program.pid)
        after, many = look(program.pid), len(_watching.tasks(program.pid))
        tell.event("program", "tasks", tasks=waiting, threads=many)
    finally:
        how, code = program.end()
    tell.ending("program", how, by="waitid", code=code)
    grown = after["rss"] - before["rss"]
    return {
        "version": program.version,
        "tasks": waiting,
        "threads_before": few,
        "threads": many,
        "took_ns": took,
        "each_ns": round(took / waiting, 1),
        "each_kb": three(grown / waiting),
        "linux_kb": linux(before, after, waiting, many - few),
        "rss_mb": round(after["rss"] / 1024, 1),
        "cpus": len(os.sched_getaffinity(0)),
    }


def settle(pid):
    """Wait until all threads are asleep, for a second at most."""
    asleep = set()

    def all_asleep():
        for tid in _watching.tasks(pid) - asleep:
            try:
                stat = _proc.parse_stat(_accounts.read(f"/proc/{pid}/task/{tid}/stat"))
            except OSError:
                continue
            if stat["state"] != "S":
                return False
            asleep.add(tid)
        return True

    return _tasks_program.wait_until(all_asleep, 1.0)


def linux(before, after, tasks, threads):
    """Return what Linux itself keeps for each task beside its memory, in kB; None if not known."""
    if before["kernel"] is None or tasks < FEW:
        return None
    stacks = after["kernel"] - before["kernel"] if threads >= FEW else 0
    return three((stacks + after["tables"] - before["tables"]) / tasks)


def three(number):
    """Return a number with three digits that count."""
    return float(f"{number:.3g}")
