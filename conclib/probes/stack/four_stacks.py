"""Several threads wait at one place of one C function. How many addresses, how many values?

Each of them has asked ``ftw`` for the facts of another file, and ftw keeps these in a local variable
(``_ftw.py``). All wait there, at one and the same time, and the main thread reads where each of them
stands, and what lies in its variable.
"""

from __future__ import annotations  # a worker may be an older Python

import tempfile

from .. import _answering, _four, _refuse

PROBE = {
    "name": "four_stacks",
    "title": "One line, several stacks",
    "times": "nothing: it reports where threads stand that wait at one place",
    "unit": "facts",
    "facts": {
        "pid": "int",
        "threads": "dict[str, dict[str, int | str | None]]",
        "local_at": "dict[str, list[int]]",
        "stack_pointer_at": "dict[str, list[int | None]]",
        "addresses": "dict[str, int | None]",
        "values": "list[int]",
        "from_top": "list[int]",
        "waits_in": "str",
        "waits_file": "str",
        "size_offset": "int",
        "why": "str",
    },
    "params": {
        "threads": {"type": "int", "default": 4, "min": 2, "max": 8, "help": "how many threads"},
        "depth": {
            "type": "int",
            "default": 1,
            "min": 1,
            "max": 12,
            "title": "calls of ftw within each other",
            "help": "how many calls of ftw each has made, one within the other",
        },
    },
    "takes": {"processes": "1", "threads": "threads", "descriptors": "2 * threads + 8", "mb": "16"},
    "baseline": "none",
    "needs": ["fork"],
}


def report(params):
    _refuse.require_proc()
    with tempfile.TemporaryDirectory() as folder:
        look = _four.look(folder, params["threads"], params["depth"])
        return _answering.run(look).whole()[0]
