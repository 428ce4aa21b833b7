"""The catalogue of faults: what each is, and what happens in hardware, Linux and Python.

Each name stands for a function in ``_faults_of_c.py`` or ``_faults_of_python.py``, or for a signal
that the observer sends (``SENT``). The sentences are for you who read; nothing is decided by them.
"""

import os
import signal

from . import _faults_of_c, _faults_of_python, _refuse

FAULTS = {
    "null pointer": "C reads address 0, which no page is behind: the CPU raises a page fault, Linux "
    "finds no region there and sends SIGSEGV to the thread, and its default action ends the process.",
    "wild write": "C writes to an address that no region covers: a page fault again, and SIGSEGV.",
    "read-only write": "C writes into its own code: the page is there, but its bits forbid writing, so "
    "the CPU refuses and Linux sends SIGSEGV.",
    "abort": "The C library gives up: it sends SIGABRT to its own thread, whose default action ends "
    "the process; the hardware saw nothing wrong.",
    "stack overflow": "C calls within calls run below the stack's limit, where Linux adds no page "
    "any more: SIGSEGV. Python, which counts its own calls, is not asked.",
    "endless recursion": "Python counts its calls and raises RecursionError long before the stack is "
    "full: an exception, no signal.",
    "illegal instruction": "The CPU meets bytes that are no instruction and traps; Linux sends SIGILL.",
    "division in C": "The CPU divides a whole number by zero and traps, which some CPUs do; Linux "
    "sends SIGFPE.",
    "bus error": "A page of a mapped file is read after the file was cut short: the region is there, "
    "the data are not, and Linux sends SIGBUS.",
    "exception": "Python divides by zero, and checks before it divides: ZeroDivisionError goes up "
    "through the calls of its thread, and nobody catches it; the hardware never divides.",
    "sys.exit": "Python raises SystemExit, an exception that only the main thread turns into the "
    "end of the process.",
    "os._exit": "Linux is asked to end the process now (exit_group): all its threads, no last words.",
    "memory hog": "It takes memory until its limit: Linux refuses more, and Python raises MemoryError.",
    "endless loop": "It computes for ever; Linux shares the CPU, Python takes its lock away from it "
    "every few milliseconds, and nobody is told.",
    "deadlock": "Two threads each wait for a lock that the other holds: both sleep, nothing is broken, "
    "nobody is told.",
    "endless sleep": "It waits for what never comes: Linux finds nothing wrong with a sleeper.",
    "SIGKILL": "Another process sends SIGKILL: Linux ends the whole process, which is not asked.",
    "SIGTERM handled": "Another process sends SIGTERM: Python runs your handler, in the main thread, "
    "and there it raises SystemExit.",
    "SIGTERM ignored": "Another process sends SIGTERM: this one ignores it, so Linux drops the signal.",
    "SIGSEGV sent": "Another process sends SIGSEGV to this one thread: no address is wrong, and the "
    "default action of the signal ends the process all the same.",
    "silent corruption": "C writes over its neighbours' numbers: the memory is its own process's, so "
    "the CPU and Linux find nothing wrong. Everybody lives, and answers wrongly.",
    "C keeps the GIL": "C sleeps without letting go of Python's lock: all threads of this Python "
    "exist, and none moves, until the call returns.",
    "C lets go of the GIL": "The same C function, called so that Python's lock is given back before "
    "and taken again after it: only its own thread waits.",
}
SENT = {
    "SIGKILL": signal.SIGKILL,
    "SIGTERM handled": signal.SIGTERM,
    "SIGTERM ignored": signal.SIGTERM,
    "SIGSEGV sent": signal.SIGSEGV,
}
ACTS = {
    "null pointer": _faults_of_c.null_pointer,
    "wild write": _faults_of_c.wild_write,
    "read-only write": _faults_of_c.read_only_write,
    "abort": _faults_of_c.abort,
    "stack overflow": _faults_of_c.stack_overflow,
    "illegal instruction": _faults_of_c.illegal_instruction,
    "division in C": _faults_of_c.division,
    "bus error": _faults_of_c.bus_error,
    "silent corruption": _faults_of_c.silent_corruption,
    "C keeps the GIL": _faults_of_c.keep_the_gil,
    "C lets go of the GIL": _faults_of_c.let_go_of_the_gil,
    "endless recursion": _faults_of_python.endless_recursion,
    "exception": _faults_of_python.exception,
    "sys.exit": _faults_of_python.sys_exit,
    "os._exit": _faults_of_python.os_exit,
    "memory hog": _faults_of_python.memory_hog,
    "endless loop": _faults_of_python.endless_loop,
    "deadlock": _faults_of_python.deadlock,
    "endless sleep": _faults_of_python.endless_sleep,
    **dict.fromkeys(SENT, _faults_of_python.wait_for_a_signal),
}
RETURN = {  # faults after which the actor goes on; from all others nobody comes back
    "silent corruption",
    "C keeps the GIL",
    "C lets go of the GIL",
    "SIGTERM handled",
    "SIGTERM ignored",
}
TRAPS = ("x86_64", "i686")  # CPUs that trap where a whole number is divided by zero


def require(fault):
    """Refuse a fault that this CPU does not know."""
    machine = os.uname().machine
    if fault == "division in C" and machine not in TRAPS:
        raise _refuse.Unavailable(f"a CPU of type {machine} does not trap when it divides by zero")
    if fault == "illegal instruction" and machine not in _faults_of_c.ILLEGAL:
        raise _refuse.Unavailable(f"no illegal instruction is known here for a CPU of {machine}")


def commit(fault, part):
    """Go wrong. ``part`` is whoever does it (``_crew.Part``); say so if nothing went wrong."""
    ACTS[fault](part)
    if fault not in RETURN:
        part.crew.report(nothing=fault)
