"""A process counts. It is stopped, looked at, and let go on. Does it agree, and does it notice?

The counting child never asks Linux for anything: it adds 1 to a number in memory that we can read,
again and again. So whatever stops it comes from outside. While it is stopped its record says where
it stands: the address of the next instruction (*program counter*) and of the top of its stack.
"""

import ctypes
import mmap
import time

from .. import _held, _looking, _refuse

PROBE = {
    "name": "freeze",
    "title": "Stopped, looked at, let go on",
    "times": "nothing: it reports where the process stood, and whether it went on",
    "unit": "facts",
    "facts": {
        "tries": "list[dict[str, str | int | bool | None]]",
        "stood_still": "int",
        "went_on": "int",
        "all_went_on": "bool",
        "agreed": "int | None",
        "places": "dict[str, int]",
        "reason": "str",
    },
    "params": {
        "tries": {
            "type": "int",
            "default": 10,
            "min": 1,
            "max": 100,
            "help": "how often it is stopped",
        },
        "run_ms": {
            "type": "int",
            "default": 2,
            "min": 1,
            "max": 2000,
            "unit": "ms",
            "help": "how long it counts between two stops",
        },
        "hold_ms": {
            "type": "int",
            "default": 2,
            "min": 0,
            "max": 2000,
            "unit": "ms",
            "help": "how long it is kept stopped",
        },
    },
    "phases": {"count": 14},
    "takes": {"processes": "1"},
    "baseline": "none",
    "needs": ["fork"],
}
ENOUGH = 12.0  # seconds; no try is begun that would last longer
HIDDEN = "this Linux does not show an ordinary user, or this container, where a process stands"


def count(number):
    """Be the child: add 1, for ever. Each store is one of 8 bytes, never half of a number."""
    while True:
        number.value += 1


def observe(params, tell):
    _refuse.require_proc()
    tell.phase("count")
    memory = mmap.mmap(-1, 8)  # shared: parent and child see the same number
    number = ctypes.c_int64.from_buffer(memory)
    lasts = (params["run_ms"] + params["hold_ms"]) / 1000  # of one try
    end, tries = time.monotonic() + ENOUGH - lasts, []
    with _held.Child(lambda: count(number), "child") as child:
        tell.actor("child", "process", child.pid)
        tell.event("child", "start")
        until_more(number, 0)
        while len(tries) < params["tries"] and time.monotonic() < end:
            time.sleep(params["run_ms"] / 1000)
            tries.append(one_try(child, number, params["hold_ms"], tell))
        child.shoot()
        tell.event("child", "kill")
        tell.ending("child", "killed", by="waitid", code=child.collect()[1])
    return summary(tries)


def until_more(number, than):
    """Wait until it has counted further; return whether it has."""
    end = time.monotonic() + 5
    while number.value <= than and time.monotonic() < end:
        time.sleep(0.0002)
    return number.value > than


def one_try(child, number, hold_ms, tell):
    """Stop it, look twice, let it go on, and see whether it does."""
    child.stop()
    first, state = number.value, _looking.state(child.pid)
    tell.event("child", "stop", count=first, state=state)
    stands = _looking.standing(child.pid)
    time.sleep(hold_ms / 1000)
    again, later = _looking.standing(child.pid), number.value
    child.go_on()
    went_on = until_more(number, later)
    tell.event("child", "continue", count=later)
    return {
        **stands,
        "state": state,
        "count": first,
        "later": later,
        "same_place": None if stands["pc"] is None else stands == again,
        "went_on": went_on,
    }


def summary(tries):
    """Return the facts of all tries."""
    calls = [each["call"] for each in tries]
    hidden = None in calls
    places = {}
    for each in tries:
        if each["place"] is not None:
            places[each["place"]] = places.get(each["place"], 0) + 1
    return {
        "tries": tries,
        "stood_still": sum(each["count"] == each["later"] for each in tries),
        "went_on": sum(each["went_on"] for each in tries),
        "all_went_on": all(each["count"] == each["later"] and each["went_on"] for each in tries),
        "agreed": None if hidden else sum(call >= 0 for call in calls),
        "places": places,
        "reason": HIDDEN if hidden else "",
    }
