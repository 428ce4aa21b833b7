"""Idle workers of a pool are killed, and others come in their place. Are tasks still answered?

A ``multiprocessing.Pool`` of four has nothing to do: one of its workers waits for the next task, and
has the lock of the queue meanwhile; the three others wait for that lock. Such a lock is a number in
memory that they share, 1 if it is free and 0 if it is held. First one that waits is killed, then the
one that has the lock; after each a new worker comes, and eight tasks are given. If none is answered,
the number is looked at for a while, and then their parent sets it back, who never had the lock.
"""

import os
import signal
import time

from .. import _pooled, _refuse

PROBE = {
    "name": "pool_killed",
    "title": "Idle workers are killed",
    "times": "nothing: it reports how many tasks are answered",
    "unit": "facts",
    "facts": {
        "killed": "list[str]",
        "waited_in": "list[str]",
        "alive": "list[int]",
        "replaced": "list[bool]",
        "answers": "list[int]",
        "numbers": "list[int]",
        "answers_after": "int | None",
        "tasks": "int",
    },
    "params": {
        "kill": {
            "type": "choice",
            "default": "one that waits, then the holder",
            "choices": ["one that waits", "the holder", "one that waits, then the holder"],
            "help": "which idle workers are killed, one after another",
        },
    },
    "takes": {"processes": "9", "threads": "8", "mb": "128"},
    "baseline": "none",
    "needs": ["fork"],
}
WORKERS, TASKS = 4, 8
PATIENCE = 1.0  # seconds for tasks that take no time at all
LOOKS, EVERY = 10, 0.05  # how often the number is looked at, and how many seconds apart


def square(number):
    """Be a task."""
    return number * number


def report(params):
    """Let a host make a pool and kill its workers; return what became of the tasks."""
    _refuse.require_proc()
    return _pooled.in_host(lambda: story(params["kill"].split(", then ")), 20.0)


def story(victims):
    """In the host: kill one idle worker after another, and give eight tasks after each."""
    import multiprocessing

    try:
        pool = multiprocessing.get_context("fork").Pool(WORKERS)
    except OSError as error:
        raise _refuse.Unavailable(f"no lock in shared memory: {error.strerror}") from None
    found = {name: [] for name in ("killed", "waited_in", "alive", "replaced", "answers")}
    for victim in victims:
        pid, place = idle(pool)["holder" in victim]
        os.kill(pid, signal.SIGKILL)
        new = _pooled.until(lambda pid=pid: pid not in pids(pool) and len(pids(pool)) == WORKERS)
        results = [pool.apply_async(square, (number,)) for number in range(TASKS)]
        some = {"killed": victim, "waited_in": place, "replaced": new,
                "answers": answered(results), "alive": len(pids(pool))}  # fmt: skip
        for name, value in some.items():
            found[name].append(value)
    lock = pool._inqueue._rlock
    numbers, after = [], None
    if found["answers"][-1] == 0:
        numbers = [look(lock) for _ in range(LOOKS)]
        if lock._semlock._is_zero():
            lock.release()  # sets the number back to 1, whoever held it
            after = answered(results)
    return {**found, "numbers": numbers, "answers_after": after, "tasks": TASKS}


def pids(pool):
    """Return the process numbers of the workers that live."""
    return [worker.pid for worker in pool._pool if worker.is_alive()]


def idle(pool):
    """Wait until all are idle; return a worker that waits for the lock, and the one that has it."""

    def all_idle():
        return all(_pooled.is_in(pid, _pooled.HOLD + _pooled.WAIT) for pid in pids(pool))

    def one_holds():
        return all_idle() and sum(_pooled.is_in(pid, _pooled.HOLD) for pid in pids(pool)) == 1

    if not _pooled.until(one_holds):
        raise _refuse.Unavailable("Linux does not show here which worker has the queue's lock")
    found = {_pooled.is_in(pid, _pooled.HOLD): (pid, _pooled.waits_in(pid)) for pid in pids(pool)}
    return found


def answered(results):
    """Wait a while; return how many tasks were answered."""
    _pooled.until(lambda: all(result.ready() for result in results), PATIENCE)
    return sum(result.ready() for result in results)


def look(lock):
    """Wait a moment; return the lock's number."""
    time.sleep(EVERY)
    return lock._semlock._get_value()
