"""A child does nothing but let Python's collector look for garbage. What does it come to own by that?

The collector keeps its notes in the objects themselves, beside their counts. ``gc.freeze`` tells it,
before the fork, to leave all that exists then alone.
"""

import gc

from .. import _copied

PROBE = {
    "name": "collected",
    "title": "A child that collects garbage",
    "times": "nothing: it reports how much memory became the child's own",
    "unit": "facts",
    "facts": {"grew_mb": "dict[str, float]", "faults": "int", "left": "int"},
    "params": {
        "of": {
            "type": "choice",
            "default": "lists",
            "choices": ["lists", "tuples"],
            "help": "what the parent has made: many small lists, or many tuples of numbers",
        },
        "freeze": {
            "type": "choice",
            "default": "no",
            "choices": ["no", "yes"],
            "help": "whether the parent calls gc.freeze before it forks",
        },
        "objects": {
            "type": "int",
            "default": 300_000,
            "min": 10_000,
            "max": 1_000_000,
            "help": "how many the parent has",
        },
    },
    "takes": {"processes": "2", "descriptors": "16", "mb": "objects * 320 // 1000000 + 16"},
    "baseline": "none",
    "needs": ["fork"],
}


def made(of, count):
    """Return so many small lists, or tuples, of numbers."""
    kind = list if of == "lists" else tuple
    return [kind((number, number + 0.5)) for number in range(count)]


def observe(params, tell):
    def make():
        items = made(params["of"], params["objects"])
        gc.collect()  # the parent's own: it sorts out what need not be looked at again
        if params["freeze"] == "yes":
            gc.freeze()
        return items

    def work(_, warm):
        return gc.collect(0) if warm else gc.collect()

    before, after, _, left = _copied.observed(make, work, tell)
    return {**_copied.growth(before, after), "left": left}
