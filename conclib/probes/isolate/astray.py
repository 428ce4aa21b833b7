"""A pointer astray: somebody writes at an address where A has its word. What happens to whom?

It is written by a thread of A, or by B, a fresh program that was only told the number. Two things
about B may be changed: whether A lives when B writes, and whether B has a page of its own there.
"""

from __future__ import annotations  # a worker may be an older Python

from .. import _astray, _place, _refuse

PROBE = {
    "name": "astray",
    "title": "A write at another's address",
    "times": "nothing: it reports what A finds, and how the writer ended",
    "unit": "facts",
    "facts": {
        "address": "int",
        "a_before": "str",
        "a_alive": "bool",
        "a_finds": "str | None",
        "reached": "bool",
        "writer_had": "str | None",
        "writer_end": "str",
        "writer_ended": "bool",
        "writer_finds": "str | None",
    },
    "params": {
        "writer": {
            "type": "choice",
            "default": "process",
            "choices": ["process", "thread"],
            "help": "who writes: B, another process, or a thread of A",
        },
        "neighbour": {
            "type": "choice",
            "default": "alive",
            "choices": ["alive", "gone"],
            "help": "whether A is alive when B writes; a thread of A has no choice",
        },
        "own_page": {
            "type": "choice",
            "default": "no",
            "choices": ["no", "yes"],
            "help": "whether B has memory of its own at the address; a thread of A has A's",
        },
    },
    "takes": {"processes": "2", "threads": "1", "descriptors": "12"},
    "baseline": "none",
    "needs": ["fork"],
}
ONLY_B = "neighbour and own_page are for writer='process': a thread of A is gone with A, and has A's page"


def by_thread(a):
    """Let a thread of A write; return what became of it."""
    had = a.has()
    try:
        finds = a.ask(_astray.THREAD_WRITES)
    except RuntimeError:  # no answer: the thread has ended A, and itself with it
        return {"had": had, "end": a.end().by_itself(), "finds": None}
    return {"had": had, "end": "lived", "finds": finds}


def report(params):
    _refuse.require_proc()
    thread = params["writer"] == "thread"
    if thread and (params["neighbour"], params["own_page"]) != ("alive", "no"):
        raise _refuse.Unavailable(ONLY_B)
    address = _place.free()
    a = _astray.A(address)
    try:
        before = a.ask(_astray.HAVE)
        if params["neighbour"] == "gone":
            a.end()
        alive = a.alive
        b = by_thread(a) if thread else _astray.stray(address, params["own_page"] == "yes")
        found = a.ask(_astray.LOOK)
    finally:
        a.end()
    return {
        "address": address,
        "a_before": before,
        "a_alive": alive,
        "a_finds": found,
        "reached": found == _astray.AFTER,
        "writer_had": b["had"],
        "writer_end": b["end"],
        "writer_ended": b["end"] != "lived",
        "writer_finds": b["finds"],
    }
