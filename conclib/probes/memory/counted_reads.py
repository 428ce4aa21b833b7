"""A child only *reads* what its parent has made. How much memory does it come to own by that?

The parent makes many objects and forks. The child goes through them, takes each in hand (or every
hundredth), and changes none. It is looked at before and after, from outside. The same loop, over
things that differ in one respect, says what did it.
"""

import gc
import sys

from .. import _copied

PROBE = {
    "name": "counted_reads",
    "title": "A child that only reads",
    "times": "nothing: it reports how much memory became the child's own",
    "unit": "facts",
    "facts": {
        "read": "int",
        "objects_mb": "float",
        "grew_mb": "dict[str, float]",
        "faults": "int",
        "left": "int",
    },
    "params": {
        "over": {
            "type": "choice",
            "default": "list",
            "choices": ["list", "collector off", "tuple", "one object", "array"],
            "help": "what is read: a list of objects; the same with the collector switched off; a "
            "tuple of them; one object, again and again; or plain numbers in an array",
        },
        "every": {
            "type": "int",
            "default": 100,
            "min": 1,
            "max": 100_000,
            "title": "one of so many is read",
            "help": "one of so many is read: 100 means every hundredth",
        },
        "objects": {
            "type": "int",
            "default": 1_000_000,
            "min": 10_000,
            "max": 2_000_000,
            "help": "how many the parent has",
        },
    },
    "takes": {"processes": "2", "descriptors": "16", "mb": "objects * 72 // 1000000 + 16"},
    "baseline": "none",
    "needs": ["fork"],
}
MB = 2**20
SMALL = 10_000
ALIGNED = 16  # bytes: Python gives an object a multiple of this


def made(over, count):
    """Return what is to be read: so many of them."""
    if over == "one object":
        return [0.5] * count
    if over == "array":
        import array

        return array.array("d", [0.5]) * count
    objects = [number + 0.5 for number in range(count)]
    return tuple(objects) if over == "tuple" else objects


def read(items, every):
    """Take every so many-th in hand, and let go of it; return how many that were."""
    for place in range(0, len(items), every):
        items[place]
    return len(range(0, len(items), every))


def observe(params, tell):
    over, count, every = params["over"], params["objects"], params["every"]

    def work(items, warm):
        if over == "collector off":
            gc.disable()
        return read(made(over, SMALL), 1) if warm else read(items, every)

    before, after, found, left = _copied.observed(lambda: made(over, count), work, tell)
    grown = _copied.growth(before, after)
    return {"read": found, "objects_mb": size_mb(over, count), **grown, "left": left}


def size_mb(over, count):
    """Return how much memory the objects themselves take, without the list that names them."""
    each = (sys.getsizeof(0.5) + ALIGNED - 1) // ALIGNED * ALIGNED
    return round(count * {"one object": 0, "array": 8}.get(over, each) / MB, 3)
