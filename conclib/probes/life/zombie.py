"""A process ends, and its parent does not ask how. What is left of it?

The child computes for a moment, so that it has used CPU time, and ends with an exit code of its
own. We look at what Linux lists of it while it lives, after its end, a while later, and after the
parent has asked.
"""

import os
import time

from .. import _held, _looking, _refuse

PROBE = {
    "name": "zombie",
    "title": "Ended, and not asked how",
    "times": "nothing: it reports what is left of a process",
    "unit": "facts",
    "facts": {
        "looks": "list[dict[str, str | int | bool | None]]",
        "exit_code": "int",
        "left": "str",
        "later": "str",
    },
    "params": {
        "later_ms": {
            "type": "int",
            "default": 1000,
            "min": 0,
            "max": 5000,
            "unit": "ms",
            "help": "how long nobody asks",
        },
        "code": {
            "type": "int",
            "default": 7,
            "min": 0,
            "max": 255,
            "help": "the exit code that the child ends with",
        },
    },
    "takes": {"processes": "1"},
    "baseline": "none",
    "needs": ["fork"],
}
BUSY = 0.05  # seconds of CPU time that the child uses before its end


def live(gate, done, code):
    """Be the child: compute for a moment, wait until it may end, end with its own exit code."""
    while time.process_time() < BUSY:
        pass
    done.open()
    gate.wait()
    os._exit(code)


def observe(params, tell):
    _refuse.require_proc()
    gate, done = _held.Gate(), _held.Gate()
    with _held.Child(lambda: live(gate, done, params["code"]), "child") as child:
        tell.actor("child", "process", child.pid)
        tell.event("child", "start")
        child.wait_for(done)
        _looking.until(child.pid, "S")
        looks = [look(child.pid, "living", tell)]
        gate.open()
        child.ended()
        looks.append(look(child.pid, "ended", tell))
        time.sleep(params["later_ms"] / 1000)
        looks.append(look(child.pid, "later", tell))
        how, code = child.collect()
        tell.ending("child", how, by="waitid", code=code)
        looks.append(look(child.pid, "asked", tell))
    for each in (gate, done):
        each.close()
    return {"looks": looks, "exit_code": code, "left": left(looks[1]), "later": left(looks[2])}


def look(pid, when, tell):
    """Return what is there of a process now: in the list, in its map, in its record."""
    listed, regions = _looking.listed(pid), _looking.regions(pid)
    fields = _looking.stat(pid)
    seen = {
        "when": when,
        "listed": listed,
        "regions": len(regions) if regions is not None else None if listed else 0,
        "state": fields.get(3),
        "name": fields.get(2),
        "parent": int(fields[4]) if fields else None,
        "cpu_ms": _looking.cpu_ms(pid),
        "open_files": _looking.open_files(pid) if listed else None,
    }
    tell.event("child", "look", when=when, listed=listed, regions=seen["regions"])
    return seen


def left(seen):
    """Say which of the two is left, in the words of the choice: the map, the record.

    Where the map cannot be read it is not known.
    """
    if seen["regions"] is None:
        return "not known"
    kept = [word for word, there in (("map", seen["regions"] != 0), ("record", seen["listed"]))
            if there]  # fmt: skip
    return " and ".join(kept) or "nothing"
