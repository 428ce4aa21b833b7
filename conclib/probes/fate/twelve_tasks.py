"""Twelve tasks, one of which ends the process that works on it. What becomes of the eleven others?

Three ways to have tasks done by processes: ``concurrent.futures.ProcessPoolExecutor`` and
``multiprocessing.Pool``, with four workers each, and the supervisor of ``_supervisor.py``, which
starts a process for each task. Task 5 reads address 0. How often each task is begun is counted in
memory that all of them share. Those that an executor lets run beside task 5 go on until it has
noticed the end: else a slow machine decides how many are done by then.
"""

import ctypes
import mmap
import os
import time

from .. import _pooled, _precautions, _refuse, _supervisor

PROBE = {
    "name": "twelve_tasks",
    "title": "Twelve tasks, one ends its worker",
    "times": "nothing: it reports what becomes of each task",
    "unit": "facts",
    "facts": {
        "outcomes": "dict[str, str]",
        "answered": "int",
        "refused": "int",
        "missing": "int",
        "starts": "dict[str, int]",
        "most_starts": "int",
        "told": "list[str]",
    },
    "params": {
        "by": {
            "type": "choice",
            "default": "executor",
            "choices": ["executor", "pool", "supervisor"],
            "help": "who has the tasks done",
        },
        "bad": {
            "type": "int",
            "default": 9,
            "min": 0,
            "max": 9,
            "help": "how many times task 5 goes wrong when it is begun",
        },
    },
    "takes": {"processes": "14", "threads": "8", "mb": "128"},
    "baseline": "none",
    "needs": ["fork"],
}
WORKERS, TASKS, KILLER = 4, 12, 5
HALF, REST = 0.03, 0.12  # seconds of work before a task may go wrong, and after that
BESIDE = range(KILLER + 1, KILLER + WORKERS)  # who is at work when task 5 goes wrong
NOTICE = 5.0  # seconds in which an executor is to notice an end
PATIENCE = 0.5  # seconds without any news, after which no answer is expected
ANSWERED, REFUSED, MISSING = "answered", "refused", "no answer"
NOTICED = 0  # place in the shared counts, of no task: whether nobody need wait any more
_here = {}  # of the host and its workers: how often each task was begun, how often it goes wrong


def work(number):
    """Be a task."""
    starts = _here["starts"]
    starts[number] += 1
    time.sleep(HALF)
    if number == KILLER and starts[number] <= _here["bad"]:
        ctypes.string_at(0)
    time.sleep(REST)
    if number in BESIDE:
        _pooled.until(lambda: starts[NOTICED], NOTICE)
    return number


def report(params):
    """Let a host have twelve tasks done; return what became of each."""
    _refuse.require_proc()
    return _pooled.in_host(lambda: story(params), 20.0)


def story(params):
    """In the host: have the tasks done; say what became of each."""
    memory = mmap.mmap(-1, 8 * (TASKS + 1))
    starts = (ctypes.c_int64 * (TASKS + 1)).from_buffer(memory)
    starts[NOTICED] = 1
    _here.update(starts=starts, bad=params["bad"])
    numbers, told = range(1, TASKS + 1), []
    outcomes = BY[params["by"]](numbers, told)
    words = list(outcomes.values())
    return {
        "outcomes": {str(number): outcomes[number] for number in numbers},
        "answered": words.count(ANSWERED),
        "refused": sum(each.startswith(REFUSED) for each in words),
        "missing": sum(each.startswith(MISSING) for each in words),
        "starts": {str(number): starts[number] for number in numbers},
        "most_starts": max(starts[number] for number in numbers),
        "told": told,
    }


def by_executor(numbers, told):
    """Give all tasks to an executor."""
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    _here["starts"][NOTICED] = 0
    pool = ProcessPoolExecutor(WORKERS, multiprocessing.get_context("fork"))
    futures = {number: pool.submit(work, number) for number in numbers}
    futures[KILLER].add_done_callback(lambda _: _here["starts"].__setitem__(NOTICED, 1))
    found = {}
    for number, future in futures.items():
        error = future.exception()
        found[number] = ANSWERED if error is None else f"{REFUSED}: {type(error).__name__}"
    told += sorted({text for text in found.values() if text != ANSWERED})
    return found


def by_pool(numbers, told):
    """Give all tasks to a pool; nobody tells that an answer will not come."""
    import multiprocessing

    try:
        pool = multiprocessing.get_context("fork").Pool(WORKERS)
    except OSError as error:
        raise _refuse.Unavailable(f"no lock in shared memory: {error.strerror}") from None
    results = {number: pool.apply_async(work, (number,)) for number in numbers}
    count, quiet = 0, time.monotonic()
    while time.monotonic() - quiet < PATIENCE:
        time.sleep(0.005)
        now = sum(result.ready() for result in results.values())
        count, quiet = now, time.monotonic() if now != count else quiet
    return {number: ANSWERED if results[number].ready() else MISSING for number in numbers}


def by_supervisor(numbers, told):
    """Have a supervisor start a process for each task."""
    found = dict.fromkeys(numbers, MISSING)

    def start(number, _life):
        pid = os.fork()
        if pid == 0:
            _precautions.no_core_file()
            work(number)
            os._exit(0)
        return pid

    def tell(number, life, what, code):
        if what == "ended" and code == 0:
            found[number] = ANSWERED
        else:
            told.append(
                f"task {number}, life {life}: {what}" + ("" if code is None else f" {code}")
            )
        if what == "given up":
            found[number] = f"{MISSING}: given up"

    _supervisor.supervise(numbers, start, tell)
    return found


BY = {"executor": by_executor, "pool": by_pool, "supervisor": by_supervisor}
