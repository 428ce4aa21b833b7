"""How many can there be at once? Processes by fork, threads without any Python in them.

All of them wait in the C library for something that never comes: a process in ``pause``, a thread
in ``sem_wait``. They are counted from outside, in /proc, while they are all there; then the
container is killed, and counted again.
"""

import ctypes
import os
import time

from .. import _libc, _refuse, _watching

PROBE = {
    "name": "crowd",
    "title": "A crowd",
    "times": "nothing: it reports how many were there, and how many afterwards",
    "unit": "facts",
    "facts": {"asked": "int", "there": "int", "left": "int", "refused": "str", "start_ns": "int"},
    "params": {
        "kind": {
            "type": "choice",
            "default": "process",
            "choices": ["process", "thread"],
            "help": "what there are many of",
        },
        "count": {"type": "int", "default": 10, "min": 1, "max": 10000, "help": "how many of them"},
    },
    "takes": {
        "processes": "count if kind == 'process' else 1",
        "threads": "count if kind == 'thread' else 0",
        "descriptors": "count if kind == 'process' else 1",
        "mb": "count // 2 if kind == 'process' else count // 32",
    },
    "baseline": "none",
    "needs": ["fork", "pthread"],
}
STACK = 64 * 1024  # bytes of a thread's stack: nothing in it goes deep
ATTRIBUTES, SEMAPHORE = 64, 32  # bytes; Linux's C libraries need 56 and 32 at most
LOOK = 0.002


def start_threads(count, refused):
    """Start native threads that wait in ``sem_wait``; note an error number, then wait for the end."""
    pointer = ctypes.c_void_p
    create = _libc.function("pthread_create", ctypes.c_int, pointer, pointer, pointer, pointer)
    attributes = ctypes.create_string_buffer(ATTRIBUTES)
    _libc.function("pthread_attr_init", ctypes.c_int, pointer)(attributes)
    size = _libc.function("pthread_attr_setstacksize", ctypes.c_int, pointer, ctypes.c_size_t)
    size(attributes, STACK)
    closed = ctypes.create_string_buffer(SEMAPHORE)
    unsigned = (ctypes.c_int, ctypes.c_uint)
    _libc.function("sem_init", ctypes.c_int, pointer, *unsigned)(closed, 0, 0)
    program, thread = _libc.address("sem_wait"), ctypes.c_ulong()
    for _ in range(count):
        code = create(ctypes.byref(thread), attributes, program, closed)
        if code:
            refused[0] = code
            break
    refused[1] = 1  # all that could be started have been
    _libc.function("pause")()


def shared_numbers(count):
    """Return whole numbers that a forked child writes and this process reads."""
    import mmap

    return (ctypes.c_int64 * count).from_buffer(mmap.mmap(-1, 8 * count))


def fill_with_threads(children, params, tell):
    """Start one process with all the threads; return how many Linux lists, and what refused more."""
    notes = shared_numbers(2)
    pid = children.fork("process", lambda: start_threads(params["count"], notes))
    tell.actor("process", "process", pid, maker="observer")
    while not notes[1] and not children.ended(LOOK):
        pass
    return len(_watching.tasks(pid)) - 1, os.strerror(notes[0]) if notes[0] else ""


def fill_with_processes(children, params, tell):
    """Fork them all; return how many Linux lists as ours, and what refused more."""
    wait = _libc.function("pause")
    refused = ""
    for number in range(params["count"]):
        try:
            children.fork(f"process {number + 1}", wait)
        except OSError as error:
            refused = error.strerror
            break
    return len(own_children()), refused


def own_children():
    """Return the pids that Linux lists as children of this process."""
    try:
        with open(f"/proc/self/task/{os.getpid()}/children") as file:
            return file.read().split()
    except FileNotFoundError:
        raise _refuse.Unavailable("this Linux keeps no list of a process's children") from None


def observe(params, tell):
    """Fill, count, empty, count again."""
    _refuse.require(os, "fork")
    _refuse.require_proc()
    children = _watching.Children()
    tell.actor("observer", "process", os.getpid())
    start = time.monotonic_ns()
    fill = fill_with_threads if params["kind"] == "thread" else fill_with_processes
    there, refused = fill(children, params, tell)
    took = time.monotonic_ns() - start
    tell.event("observer", "counted", there=there, kind=params["kind"])
    ended = children.kill()
    if params["kind"] == "thread":
        tell.ending("process", "killed", by="waitid", code=ended[0][3])
    tell.event("observer", "collected", processes=len(ended))
    facts = {"asked": params["count"], "there": there, "left": len(own_children())}
    return {**facts, "refused": refused, "start_ns": took}
