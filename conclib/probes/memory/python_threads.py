"""What does one more *Python* thread cost, beside the native thread that it is?

A process starts Python threads that wait for a lock, and is looked at from outside. Each of them has
asked the C library for a little memory, as every Python function does sooner or later; for that the
library gives the threads *arenas* of their own, which reserve far more addresses than they use.
"""

import os

from .. import _accounts, _refuse, _steered, _watching

PROBE = {
    "name": "python_threads",
    "title": "One more Python thread",
    "times": "nothing: it reports what a process has more with each thread",
    "unit": "facts",
    "facts": {"there": "int", "each_mb": "dict[str, float]", "left": "int"},
    "params": {
        "count": {"type": "int", "default": 4, "min": 1, "max": 1000, "help": "how many threads"},
    },
    "takes": {"processes": "1", "threads": "count", "descriptors": "8", "mb": "count // 8 + 8"},
    "baseline": "none",
    "needs": ["fork", "pthread"],
}
SCALES = ("virtual", "rss", "tables")
MB = 1024  # kB
ASKED = 100_000  # bytes: more than Python keeps ready itself, so the C library is asked


def wait(lock, running):
    """Be one of the threads: use some memory of the C library, say so, and wait."""
    memory = bytearray(ASKED)
    running.append(len(memory))
    lock.acquire()


def container():
    """Return what the process answers: so many threads are started, and run."""
    import _thread
    import time

    lock, running = _thread.allocate_lock(), []
    lock.acquire()

    def answer(number):
        for _ in range(len(running), number):
            _thread.start_new_thread(wait, (lock, running))
        while len(running) < number:
            time.sleep(0.001)
        return len(running)

    return answer


def observe(params, tell):
    _refuse.require(os, "fork")
    _refuse.require_proc()
    _accounts.get_ready()
    children = _watching.Children()
    tell.actor("observer", "process", os.getpid())
    process = _steered.Steered(children, "process", container(), _accounts.small_pages_only)
    tell.actor("process", "process", process.pid, maker="observer")
    process.ask(0)
    before = _accounts.of(process.pid)
    process.ask(params["count"])
    after, there = _accounts.of(process.pid), len(_watching.tasks(process.pid)) - 1
    ended = children.kill()
    process.close()
    tell.ending("process", "killed", by="waitid", code=ended[0][3])
    each = {name: (after[name] - before[name]) / MB / params["count"] for name in SCALES}
    return {"there": there, "each_mb": each, "left": len(_watching.tasks(process.pid))}
