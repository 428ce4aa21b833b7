"""One worker of a pool is killed while all are idle. Do the others answer?

The workers of a ``multiprocessing.Pool`` wait for tasks one behind another: the first holds a lock
and reads from the pipe, the others wait for the lock. That lock is a number in memory that all
share. The pool is in a child of the measuring process, which finds the holder from outside: Linux
says of each sleeper in which of its functions it sleeps.
"""

import json
import os
import signal
import time

from .. import _refuse, _sacrifice, _watching

PROBE = {
    "name": "pool_lock",
    "title": "One idle worker of a pool is killed",
    "times": "nothing: it reports how many answers come",
    "unit": "facts",
    "facts": {
        "asked": "int",
        "answers": "int",
        "workers": "int",
        "new_workers": "int",
        "lock_before": "int",
        "lock_after": "list[int]",
    },
    "params": {
        "killed": {
            "type": "choice",
            "default": "holder",
            "choices": ["holder", "holder, lock set back", "another", "nobody"],
            "help": "who is killed: the one that holds the lock, or another idle worker; the "
            "parent, which never held that lock, may set its number back",
        }
    },
    "takes": {"processes": "7"},
    "baseline": "none",
    "needs": ["fork"],
}
WORKERS, TASKS = 4, 8
SET_BACK = "holder, lock set back"
PATIENCE = 1.2  # seconds for all answers
LATER = 4  # looks at the lock after the kill, while nothing is done
START = 5.0  # seconds for a pool to come to rest, or to replace a worker


def square(number):
    """Be a task."""
    return number * number


def sleeps_in(pid):
    """Return the function of Linux that a process sleeps in; empty where Linux does not say."""
    try:
        with open(f"/proc/{pid}/wchan") as file:
            return file.read()
    except OSError:
        return ""


def wait_until(ready):
    """Look until something is so; refuse to go on after a while."""
    until = time.monotonic() + START
    while not ready():
        if time.monotonic() > until:
            raise _refuse.Unavailable("the workers of a pool could not be seen waiting here")
        time.sleep(0.005)


def idle(pool):
    """Return the workers that wait: who reads from the pipe, and who waits for the lock."""
    places = {process.pid: sleeps_in(process.pid) for process in pool._pool}
    reads = [pid for pid, place in places.items() if "pipe" in place]
    waits = [pid for pid, place in places.items() if "futex" in place]
    return reads, waits


def experiment(pool, killed):
    """Kill one worker of an idle pool, ask all, and count the answers."""
    first, lock = pids(pool), pool._inqueue._rlock
    number = lock._semlock._get_value
    wait_until(lambda: [len(each) for each in idle(pool)] == [1, WORKERS - 1])
    (holder,), others = idle(pool)
    found = {"lock_before": number()}
    victim = {"another": others[0], "nobody": None}.get(killed, holder)
    if victim is not None:
        os.kill(victim, signal.SIGKILL)
        wait_until(lambda: len(pool._pool) == WORKERS and victim not in pids(pool))
    found["lock_after"] = [later(number) for _ in range(LATER)]
    if killed == SET_BACK:
        lock.release()
    return {**found, **ask(pool), "new_workers": len(pids(pool) - first)}


def later(number):
    """Return the lock's number after a while."""
    time.sleep(0.05)
    return number()


def pids(pool):
    """Return the process numbers of a pool's workers."""
    return {process.pid for process in pool._pool}


def ask(pool):
    """Give the pool its tasks; return how many answers came, and how many workers are there."""
    results = [pool.apply_async(square, (number,)) for number in range(TASKS)]
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and not all(each.ready() for each in results):
        time.sleep(0.005)
    answers = sum(each.ready() and each.get() == place**2 for place, each in enumerate(results))
    alive = sum(process.is_alive() for process in pool._pool)
    return {"asked": TASKS, "answers": answers, "workers": alive}


def report(params):
    """Run the program with the pool in a child; end it and all its workers afterwards.

    A pool whose lock is held does not come to an end by itself, so it is not asked to.
    """
    _refuse.require_proc()
    read, write = os.pipe()
    pid = _watching.fork(lambda: program(params["killed"], write))
    os.close(write)
    text = b""
    try:
        while piece := os.read(read, 65536):
            text += piece
    finally:
        os.close(read)
        how, code = _watching.collect(pid)
    if not text:
        raise RuntimeError(f"the program with the pool was {how}, {code}, and reported nothing")
    found = json.loads(text)
    end(found.pop("pids"))
    if "unavailable" in found:
        raise _refuse.Unavailable(found["unavailable"])
    return found


def program(killed, write):
    """Be the child: report what was found, and end at once, without a word to the workers."""
    import multiprocessing

    os.register_at_fork(after_in_child=lambda: os.close(write))  # ours is the only one
    _sacrifice.prepare()
    pool = multiprocessing.get_context("fork").Pool(WORKERS)
    try:
        found = experiment(pool, killed)
    except _refuse.Unavailable as why:
        found = {"unavailable": str(why)}
    os.write(write, json.dumps({**found, "pids": sorted(pids(pool))}).encode())
    os._exit(0)


def end(workers):
    """End the workers, which have come to us: their parent has ended, and we adopt orphans."""
    for pid in workers:
        try:
            os.kill(pid, signal.SIGKILL)  # not collected yet: it is no other's number
            os.waitpid(pid, 0)
        except (ProcessLookupError, ChildProcessError):  # the pool had collected it itself
            pass
