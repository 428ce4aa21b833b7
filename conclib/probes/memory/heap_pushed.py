"""How far can the heap's edge be pushed?

A child asks for more and more heap in large steps, by ``sbrk``, and touches none of it: so it costs
no memory, only addresses. What ends it: something that lies in the way, or a refusal before that?
"""

from __future__ import annotations  # a worker may be an older Python

import ctypes
import errno

from .. import _libc, _refuse, _regions, _sacrifice

PROBE = {
    "name": "heap_pushed",
    "title": "How far the heap's edge can be pushed",
    "times": "nothing: it reports how far it came, and what lay there",
    "unit": "facts",
    "facts": {
        "pushed_mb": "float",
        "steps": "int",
        "refused": "str",
        "left_mb": "float",
        "next_kind": "str",
        "met": "bool",
    },
    "params": {
        "step_mb": {
            "type": "int",
            "default": 1024,
            "min": 64,
            "max": 8192,
            "unit": "MB",
            "help": "how much more is asked for at a time; nothing of it is touched",
        },
    },
    "takes": {"processes": "1"},
    "baseline": "none",
    "needs": ["fork"],
}
MB = 2**20
FAILED = ctypes.c_void_p(-1).value
MOST = 500_000  # steps


def push(report, step):
    """In a child: push the edge until Linux refuses; report where it was and what lies above."""
    sbrk = _libc.function("sbrk", ctypes.c_void_p, ctypes.c_ssize_t)
    first, steps, code = sbrk(0), 0, 0
    while steps < MOST:
        if sbrk(step) == FAILED:
            code = ctypes.get_errno()
            break
        steps += 1
    edge = sbrk(0)
    above = [each for each in _regions.label(_sacrifice.maps(), "") if each["start"] >= edge]
    nearest = above[0] if above else {"start": edge, "kind": "nothing"}
    report(
        {
            "pushed": edge - first,
            "steps": steps,
            "refused": errno.errorcode.get(code, ""),
            "left": nearest["start"] - edge,
            "kind": nearest["kind"],
        }
    )


def report(params):
    _refuse.require_proc()
    step = params["step_mb"] * MB
    seen = _sacrifice.run(lambda report: push(report, step)).one()
    return {
        "pushed_mb": seen["pushed"] / MB,
        "steps": seen["steps"],
        "refused": seen["refused"],
        "left_mb": seen["left"] / MB,
        "next_kind": seen["kind"],
        "met": seen["left"] < step,
    }
