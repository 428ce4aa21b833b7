"""A thread ends and another one is started. Where does the new one's stack lie, and what is in it?

Each thread goes into ``ftw``, which keeps a file's facts in a local variable, and comes back out. A
local variable ends with its function; the memory below it does not. So each new thread first looks
at the place where the one before it has had its variable.
"""

from __future__ import annotations  # a worker may be an older Python

import tempfile

from .. import _answering, _refuse, _reusing

PROBE = {
    "name": "stack_reuse",
    "title": "A stack that somebody else has used",
    "times": "nothing: it reports where threads that live one after another have their stacks",
    "unit": "facts",
    "facts": {
        "stacks": "list[int]",
        "locals": "list[int]",
        "kept": "list[int]",
        "left_behind": "list[int | None]",
        "places": "int",
        "found_it": "int",
    },
    "params": {
        "threads": {
            "type": "int",
            "default": 4,
            "min": 2,
            "max": 32,
            "help": "how many threads live, one after another or at the same time",
        },
        "live": {
            "type": "choice",
            "default": "one after another",
            "choices": ["one after another", "together"],
            "help": "whether each has ended before the next one is started",
        },
    },
    "takes": {"processes": "1", "threads": "threads", "descriptors": "8", "mb": "16"},
    "baseline": "none",
    "needs": ["fork"],
}


def report(params):
    _refuse.require_proc()
    with tempfile.TemporaryDirectory() as folder:
        lives = _answering.run(
            _reusing.lives(folder, params["threads"], params["live"] == "together")
        ).whole()
    left = [each["left"] for each in lives[1:]]
    kept = [each["kept"] for each in lives]
    return {
        "stacks": [each["stack"] for each in lives],
        "locals": [each["local"] for each in lives],
        "kept": kept,
        "left_behind": left,
        "places": len({each["stack"] for each in lives}),
        "found_it": sum(found == kept[number] for number, found in enumerate(left)),
    }
