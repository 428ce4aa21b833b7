"""What does a task cost when nobody has to be started for it?

A pool starts its worker once; after that a task is a note passed to somebody who is already there.
The task does nothing, so the price is the passing: through a queue between threads, or pickled
through pipes between processes.
"""

import concurrent.futures
import multiprocessing
import os
from types import SimpleNamespace

PROBE = {
    "name": "pool_task",
    "title": "Hand a task to a warm pool",
    "times": "submitting a task that does nothing to a pool of one, and waiting for its result",
    "unit": "ns",
    "kind": {"pool": {"thread": "thread", "process": "process"}},
    "params": {
        "pool": {
            "type": "choice",
            "default": "thread",
            "choices": ["thread", "process"],
            "help": "what kind of workers wait in the pool",
        },
    },
    "baseline": "calling the task directly, without a pool",
    "needs": ["python_thread"],
}


def setup(params):
    if params["pool"] == "thread":
        pool = concurrent.futures.ThreadPoolExecutor(1)
    else:
        name_semaphores()
        context = multiprocessing.get_context("spawn")
        pool = concurrent.futures.ProcessPoolExecutor(1, mp_context=context)
    kind = params["pool"]
    return SimpleNamespace(pool=pool, kind=kind, warm=pool.submit(os.getpid).result(), answers=0)


def name_semaphores():
    """Put the worker's id into the names of semaphores: who is killed cannot remove them."""
    worker = os.environ.get("CONCLIB_WORKER")
    if worker and os.path.isdir("/dev/shm"):
        multiprocessing.current_process()._config["semprefix"] = f"/{worker}"


def body(state, loops):
    submit = state.pool.submit
    for _ in range(loops):
        state.answers += submit(os.getpid).result() == state.warm


def baseline(state, loops):
    for _ in range(loops):
        os.getpid()


def verify(state):
    here = state.warm == os.getpid()
    if state.answers == 0 or here != (state.kind == "thread"):
        raise RuntimeError(f"{state.answers} answers, from process {state.warm}: the wrong pool")
    where = "this process" if here else "one other process"
    return f"{state.answers} tasks were answered, all by {where}"


def teardown(state):
    state.pool.shutdown()
