"""Which flag turns a fork into a thread?

Linux has one system call, ``clone``, for both. Flags say what the new task *shares* with its
maker; what is not shared is duplicated:

    vm       the address space (memory)          files    the table of open files
    fs       working directory and root          sighand  the table of signal handlers
    thread   the process itself: one pid for both

No flag: that is fork. All flags: that is a thread. Turn them one by one and watch the price. The
new task runs one C function, ``sched_yield``, on a stack of its own, and ends with its result, 0.
"""

import ctypes
import mmap
import os
from time import perf_counter_ns as clock
from types import SimpleNamespace

from .. import _ballast, _libc, _refuse

FLAGS = {"vm": 0x100, "fs": 0x200, "files": 0x400, "sighand": 0x800, "thread": 0x10000}
SIGCHLD = 17  # the signal the parent gets at the child's end; a thread has none
PARENT_SETTID, CHILD_CLEARTID = 0x100000, 0x200000
STACK = 64 * 1024

PROBE = {
    "name": "clone",
    "title": "Clone a task, flag by flag",
    "times": "the call of clone alone, in the caller; the new task's end is not in it",
    "unit": "ns",
    "kind": {"thread": {0: "process", 1: "thread"}},
    "params": {
        "vm": {"type": "int", "default": 0, "min": 0, "max": 1, "unit": "flag",
            "help": "share memory"},
        "fs": {"type": "int", "default": 0, "min": 0, "max": 1, "unit": "flag",
            "help": "share the working folder"},
        "files": {"type": "int", "default": 0, "min": 0, "max": 1, "unit": "flag",
            "help": "share the table of open files"},
        "sighand": {"type": "int", "default": 0, "min": 0, "max": 1, "unit": "flag", "with": "vm",
            "help": "share the signal handlers (needs vm)"},
        "thread": {
            "type": "int", "default": 0, "min": 0, "max": 1, "unit": "flag", "with": "sighand",
            "help": "belong to the same process (needs sighand)",
        },
        "ballast_mb": {"type": "int", "default": 0, "min": 0, "max": 1024, "unit": "MB",
            "title": "memory the caller has touched",
            "help": "memory that the parent has written to before, on top of its own"},
    },
    "takes": {"mb": "ballast_mb"},
    "baseline": "a call of getpid by the same way: everything but the clone",
    "needs": ["clone"],
}  # fmt: skip


def setup(params):
    _refuse.require_single_thread()
    if not os.path.exists("/proc/self/task"):
        raise _refuse.Unavailable("clone is a system call of Linux")
    chosen = sum(bit for name, bit in FLAGS.items() if params[name])
    extra = PARENT_SETTID | CHILD_CLEARTID if params["thread"] else SIGCHLD
    stack = mmap.mmap(-1, STACK)
    return SimpleNamespace(
        ballast=_ballast.Ballast(params["ballast_mb"]),
        clone=_libc.function("clone", ctypes.c_int, *[ctypes.c_void_p] * 2, ctypes.c_int,
                             *[ctypes.c_void_p] * 4),
        getpid=_libc.function("getpid"),
        program=_libc.address("sched_yield"),
        stack=stack,
        top=_ballast.address_of(stack) + STACK,
        flags=chosen | extra,
        is_thread=bool(params["thread"]),
        made=0,
        ended_well=0,
    )  # fmt: skip


def body(state, loops):
    clone, program, top, flags = state.clone, state.program, state.top, state.flags
    number = ctypes.c_int()  # Linux writes the thread's number here, and 0 at its end
    at_number = ctypes.addressof(number)
    total = 0
    for _ in range(loops):
        start = clock()
        task = clone(program, top, flags, None, at_number, None, at_number)
        total += clock() - start
        if task < 0:
            raise _libc.failed(f"clone, after {state.made} that went well")
        state.made += 1
        if state.is_thread:
            while number.value:  # nobody can wait for a thread as for a child
                os.sched_yield()
            state.ended_well += 1
        else:
            state.ended_well += os.waitpid(task, 0)[1] == 0
    return total


def baseline(state, loops):
    return _libc.timed_calls(state.getpid, loops)


def verify(state):
    if state.made == 0 or state.ended_well != state.made:
        raise RuntimeError(f"{state.made} tasks, but {state.ended_well} ended well")
    return f"{state.made} tasks were made, and every one ran to its end"


def teardown(state):
    state.ballast.close()
    state.stack.close()
