"""What of a process is its own?

One process forks two children, A and B: alike in everything but their number. Then A changes what
it can: its map, a byte of its code's file, a variable, a block of its heap, its open files, what a
signal does. What does B see of that?
"""

from __future__ import annotations  # a worker may be an older Python

import ctypes
import json
import mmap
import os
import signal

from .. import _one_byte, _refuse, _sacrifice, _six, _watching

PROBE = {
    "name": "own_things",
    "title": "One changes, and the other looks",
    "times": "nothing: it reports what each of two processes has before and after",
    "unit": "facts",
    "facts": {
        "changed": "dict[str, bool]",
        "seen_by_the_other": "dict[str, bool]",
        "threads": "list[int]",
        "all_own": "bool",
    },
    "params": {},
    "takes": {"processes": "2"},
    "baseline": "none",
    "needs": ["fork"],
}
THINGS = ("number", "map", "code", "data", "heap", "open files", "signals")
SIZE = 2**20  # bytes that A asks for


class Twin:
    """One of the two children; it looks or changes when it is told to."""

    def __init__(self, places):
        self.orders, self.answers = os.pipe(), os.pipe()
        self.pid = _watching.fork(lambda: self.live(places))
        os.close(self.answers[1])  # the child's alone: with its end comes the end of the file
        self.heard = os.fdopen(self.answers[0])

    def live(self, places):
        """In the child: do what each order says, until there are no more."""
        _sacrifice.prepare()
        os.close(self.orders[1])
        kept = []
        while order := os.read(self.orders[0], 1):
            if order == b"c":
                kept.append(change(places))
            os.write(self.answers[1], json.dumps(look(places)).encode() + b"\n")

    def tell(self, order):
        """Give an order; return what the child has then."""
        os.write(self.orders[1], order)
        line = self.heard.readline()
        if not line:
            raise RuntimeError("a child that was to change or look has ended before its time")
        return json.loads(line)

    def end(self):
        """Kill and collect it."""
        os.kill(self.pid, signal.SIGKILL)  # ours, and not collected yet
        os.waitpid(self.pid, 0)
        self.heard.close()
        for each in self.orders:
            os.close(each)


def look(places):
    """In a child: return what it has of each thing, as something to compare."""
    with open("/proc/self/status") as file:
        ignored = [line.split()[1] for line in file if line.startswith("SigIgn")]
    mapped = [each["start"] for each in _sacrifice.maps() if each["end"] - each["start"] == SIZE]
    return {
        "number": os.getpid(),
        "map": mapped,
        "code": ctypes.string_at(places["fixed text"], 1).hex(),
        "data": ctypes.string_at(places["zero variable"], 1).hex(),
        "heap": ctypes.string_at(places["block"], 1).hex(),
        "open files": open_files(),
        "signals": ignored,
        "threads": len(os.listdir("/proc/self/task")),
    }


def open_files():
    """Return the numbers of this process's open files; the one of the listing is closed by then."""
    listed = sorted(os.listdir("/proc/self/fd"), key=int)
    return [number for number in listed if os.path.lexists(f"/proc/self/fd/{number}")]


def change(places):
    """In a child: change all that it can; return what must be kept for it to last."""
    _one_byte.allow_writing(places["fixed text"])
    for name in ("fixed text", "zero variable", "block"):
        byte = ctypes.string_at(places[name], 1)[0]
        ctypes.memset(places[name], byte ^ 1, 1)
    os.open("/", os.O_RDONLY)  # stays open
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    return mmap.mmap(-1, SIZE, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, mmap.PROT_READ)


def report(params):
    _refuse.require_proc()
    places = _six.lasting()
    _one_byte.write_back(places["block"], "C")  # touched before the fork: so both have it
    a, b = Twin(places), None
    try:
        b = Twin(places)
        first = {"A": a.tell(b"l"), "B": b.tell(b"l")}
        after = {"A": a.tell(b"c"), "B": b.tell(b"l")}
    finally:
        for each in filter(None, (a, b)):
            each.end()
    return facts(first, after)


def facts(first, after):
    """Return what A has changed, and what of that B has seen."""
    changed = {name: first["A"][name] != after["A"][name] for name in THINGS if name != "number"}
    seen = {name: first["B"][name] != after["B"][name] for name in changed}
    changed["number"] = first["A"]["number"] != first["B"]["number"]
    seen["number"] = first["A"]["number"] == first["B"]["number"]
    threads = [after[name]["threads"] for name in ("A", "B")]
    whole = all(changed.values()) and not any(seen.values()) and min(threads) >= 1
    return {"changed": changed, "seen_by_the_other": seen, "threads": threads, "all_own": whole}
