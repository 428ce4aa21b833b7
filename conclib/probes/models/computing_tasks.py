"""So many tasks that compute a fixed amount: how many CPUs work at the same time?

Linux counts, for each of its threads, how long it had a CPU, and how long it was ready and waited for
one. All of the first, divided by the time from start to end, is how many CPUs worked. With the second
it is how many were *wanted*: that stays right where others use the machine as well.
"""

import os
import time

from .. import _accounts, _cgroup, _os_threads, _refuse, _stacks, _tasks_program

PROBE = {
    "name": "computing_tasks",
    "title": "Tasks that compute",
    "times": "nothing: it reports how many CPUs worked at the same time",
    "unit": "facts",
    "kind": {
        "runtime": {
            "threads": "thread",
            "pthreads": "thread",
            "asyncio": "task",
            "greenlet": "task",
            "go": "task",
            "java": "task",
            "erlang": "task",
        }
    },
    "facts": {
        "version": "str",
        "tasks": "int",
        "took_ns": "int",
        "cpu_ns": "int",
        "cores": "float",
        "runnable": "float",
        "busy": "int",
        "threads": "list[dict[str, int | list[int]]]",
        "threads_most": "int",
        "cpus_used": "list[int]",
        "cpus": "int",
    },
    "params": {
        "runtime": {
            "type": "choice",
            "default": "threads",
            "choices": ["threads", "pthreads", "asyncio", "greenlet", "go", "java", "erlang"],
            "help": "who runs the tasks",
        },
        "tasks": {
            "type": "int",
            "default": 4,
            "min": 1,
            "max": 32,
            "title": "tasks that compute",
            "help": "how many tasks",
        },
        "work": {
            "type": "choice",
            "default": "own language",
            "choices": ["own language", "hash in C"],
            "only": {"hash in C": {"runtime": ["threads", "asyncio", "greenlet"]}},
            "help": "what they compute: a sum, in the language of the program, or, from Python, a "
            "checksum of a large block in C",
        },
        "rounds": {
            "type": "int",
            "default": 300,
            "min": 10,
            "max": 1000,
            "title": "rounds of work",
            "help": "how much each task computes; a round is about a millisecond of one CPU, "
            "and another amount in each language",
        },
        "procs": {
            "type": "int",
            "default": 0,
            "min": 0,
            "max": 64,
            "only": {"": {"runtime": ["go"]}},
            "title": "GOMAXPROCS",
            "help": "how many tasks may run at the same time (GOMAXPROCS); 0 leaves it to Go",
        },
    },
    "takes": {
        "processes": "1",
        "threads": "32 + tasks",
        "descriptors": "12",
        "mb": "32 + (tasks * rounds * 3 // 100 if runtime == 'pthreads' else 0) "
        "+ (128 if runtime == 'java' else 0)",
    },
    "phases": {"work": 55.0},
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
TIME = 50.0  # seconds for all the work
LOOK = 0.002  # seconds between two looks
PART = 0.1  # of all the work: a thread that did less only helped
CPU = 36  # where the CPU stands among the fields of a task's stat file behind its name


class Watch:
    """Looks at the threads of one program: how much CPU time each had, and on which CPUs."""

    def __init__(self, program, tell):
        self.program, self.threads = program, _os_threads.Threads(program.pid, tell)
        self.first, self.last, self.cpus = {}, {}, {}
        self.threads.look()
        self.first = {tid: _stacks.scheduled(program.pid, tid) for tid in self.threads.now}
        if any(None in each for each in self.first.values()):
            raise _refuse.Unavailable("Linux does not count the CPU time of each thread here")

    def look(self):
        """Look once at every thread."""
        pid = self.program.pid
        self.threads.look()
        for tid in self.threads.now:
            now = _stacks.scheduled(pid, tid)
            if None not in now:
                before, self.last[tid] = self.last.get(tid), now
                if before is not None and now[0] > before[0]:
                    self.cpus.setdefault(tid, set()).add(on(pid, tid))

    def rows(self):
        """Return what each thread had since the first look, busiest first."""
        rows = []
        for tid, (used, waited) in self.last.items():
            used_before, waited_before = self.first.get(tid, (0, 0))
            had = {"cpu_ns": used - used_before, "waited_ns": waited - waited_before}
            seen = self.cpus.get(tid, set()) - {None}
            rows.append({"tid": tid, **had, "cpus": sorted(seen)})
        return sorted(rows, key=lambda row: -row["cpu_ns"])


def on(pid, tid):
    """Return the CPU that a thread has run on last; None if it is gone."""
    try:
        return int(_accounts.read(f"/proc/{pid}/task/{tid}/stat").rpartition(")")[2].split()[CPU])
    except OSError:
        return None


def observe(params, tell):
    """Start the program, have its tasks compute, and look at its threads until they are done."""
    _refuse.require_proc()
    tell.actor("observer", "process", os.getpid())
    settings = {"GOMAXPROCS": str(params["procs"])} if params["procs"] else None
    program = _tasks_program.Program(params["runtime"], params.get("_program"), settings=settings)
    try:
        tell.actor("program", "process", program.pid, maker="observer")
        watch = Watch(program, tell)
        took = work(program, watch, params, tell)
    finally:
        how, code = program.end()
    watch.threads.end(time.monotonic_ns())
    tell.ending("program", how, by="waitid", code=code)
    return {**sums(watch, took), "version": program.version, "tasks": params["tasks"]}


def work(program, watch, params, tell):
    """Have the tasks do their work, and look until they have done it; return how long it took."""
    tell.phase("work")
    start = time.monotonic_ns()
    how = "hash" if params["work"] == "hash in C" else "own"
    program.tell("compute", params["tasks"], params["rounds"], how)
    until = start + TIME * 1e9
    answer = None
    while answer is None:
        if time.monotonic_ns() > until:
            raise RuntimeError(f"the tasks were not done after {TIME:.0f} s: is the machine busy?")
        watch.look()
        answer = program.answered(LOOK)
    took = time.monotonic_ns() - start
    watch.look()
    return took


def sums(watch, took):
    """Return how many CPUs worked, how many were wanted, and what each thread did."""
    rows = watch.rows()
    cpu = sum(row["cpu_ns"] for row in rows)
    waited = sum(row["waited_ns"] for row in rows)
    did = [row for row in rows if row["cpu_ns"] >= PART * cpu]
    return {
        "took_ns": took,
        "cpu_ns": cpu,
        "cores": round(cpu / took, 2),
        "runnable": round((cpu + waited) / took, 2),
        "busy": len(did),
        "threads": [row for row in rows if row["cpu_ns"] > 1_000_000],
        "threads_most": watch.threads.most,
        "cpus_used": sorted({each for row in did for each in row["cpus"]}),
        "cpus": allowed(),
    }


def allowed():
    """Return how many CPUs may be used at the same time: a container may have a lower limit."""
    quota = _cgroup.quota()
    cpus = len(os.sched_getaffinity(0))
    return cpus if quota is None else max(1, min(cpus, int(quota)))
