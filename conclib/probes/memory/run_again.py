"""Does a program get the same addresses each time it runs?

The same program, a fresh Python, is started several times, one after the other. Each time it says
where six of its objects lie. Linux shuffles the places of the regions at each start of a program; it
can be asked not to do so.
"""

from __future__ import annotations  # a worker may be an older Python

import ctypes
import json
import os
import sys
from contextlib import contextmanager

from .. import _ballast, _libc, _refuse, _six

PROBE = {
    "name": "run_again",
    "title": "The same program, run again",
    "times": "nothing: it reports where six objects lie in each run",
    "unit": "facts",
    "facts": {
        "runs": "list[dict[str, int]]",
        "moved": "dict[str, int]",
        "times": "int",
        "order": "list[str]",
        "same_order": "bool",
        "all_stayed": "bool",
    },
    "params": {
        "runs": {
            "type": "int",
            "default": 6,
            "min": 2,
            "max": 20,
            "help": "how often the program is started",
        },
        "shuffle": {
            "type": "choice",
            "default": "on",
            "choices": ["on", "off"],
            "help": "whether Linux may shuffle the places; off: it is asked not to",
        },
        "fill_mb": {
            "type": "int",
            "default": 0,
            "min": 0,
            "max": 256,
            "unit": "MB",
            "help": "memory that is filled after the first run, and kept until the end",
        },
    },
    "takes": {"processes": "1", "mb": "fill_mb"},
    "baseline": "none",
    "needs": ["posix_spawn"],
}
NO_SHUFFLE = 0x0040000  # ADDR_NO_RANDOMIZE
ASK = 0xFFFFFFFF  # asks for the present setting, and changes nothing
PROGRAM = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "_six_alone.py")


@contextmanager
def as_asked(shuffle):
    """Have Linux place what is started in here without shuffling, if that is asked for."""
    if shuffle == "on":
        yield
        return
    personality = _libc.function("personality", ctypes.c_int, ctypes.c_ulong)
    before = personality(ASK)
    if before == -1 or personality(before | NO_SHUFFLE) == -1:
        raise _refuse.Unavailable("Linux may not be asked to leave the places unshuffled here")
    try:
        yield
    finally:
        personality(before)


def one_run():
    """Start the program, and return where its six objects lie."""
    read, write = os.pipe()
    spawn = _refuse.require(os, "posix_spawn")
    try:
        pid = spawn(sys.executable, [sys.executable, "-I", "-S", PROGRAM], dict(os.environ),
                    file_actions=[(os.POSIX_SPAWN_DUP2, write, 1)])  # fmt: skip
    finally:
        os.close(write)
    with os.fdopen(read) as pipe:
        text = pipe.read()
    _, status = os.waitpid(pid, 0)
    if status != 0:
        raise RuntimeError(f"the started Python ended with {os.waitstatus_to_exitcode(status)}")
    return json.loads(text)


def report(params):
    _refuse.require_proc()
    with as_asked(params["shuffle"]):
        runs = [one_run()]
        filled = _ballast.Ballast(params["fill_mb"]) if params["fill_mb"] else None
        runs += [one_run() for _ in range(params["runs"] - 1)]
    if filled:
        filled.close()
    pairs = list(zip(runs, runs[1:]))  # noqa: B905, RUF007 -- before 3.10
    moved = {name: sum(a[name] != b[name] for a, b in pairs) for name in _six.NAMES}
    orders = [sorted(_six.NAMES, key=run.get) for run in runs]
    return {
        "runs": runs,
        "moved": moved,
        "times": len(pairs),
        "order": orders[0],
        "same_order": all(order == orders[0] for order in orders),
        "all_stayed": not any(moved.values()),
    }
