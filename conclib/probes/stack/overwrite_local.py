"""One thread keeps a number in a local variable. Can another thread of the process write to it?

Thread A has asked ``ftw`` for the facts of a file; they lie in a local variable of ftw, on A's stack.
A sleeps meanwhile, or it runs and watches. Thread B is told where the variable is, or it is told
nothing, and searches A's stack for the file's unusual size. Or B aims at the fence below that stack.
"""

from __future__ import annotations  # a worker may be an older Python

import tempfile

from .. import _answering, _overwriting, _refuse

PROBE = {
    "name": "overwrite_local",
    "title": "A visitor on another thread's stack",
    "times": "nothing: it reports what one thread finds in its own local variable",
    "unit": "facts",
    "facts": {
        "before": "int",
        "written": "int",
        "found": "int | None",
        "hits": "int | None",
        "searched_kb": "int | None",
        "looks": "int | None",
        "local": "int",
        "stacks": "dict[str, list[int]]",
        "told": "bool",
        "aimed_at": "str",
        "below_local": "int | None",
        "ended": "str",
    },
    "params": {
        "how": {
            "type": "choice",
            "default": "told",
            "choices": ["told", "searched"],
            "help": "whether B is told the address, or searches A's stack for the number",
        },
        "aim": {
            "type": "choice",
            "default": "record",
            "choices": ["record", "fence"],
            "help": "at what B writes: A's local record, or the fence below A's stack",
        },
        "watcher": {
            "type": "choice",
            "default": "asleep",
            "choices": ["asleep", "running"],
            "help": "what A does meanwhile: it sleeps, or it runs and looks again and again",
        },
    },
    "takes": {"processes": "1", "threads": "2", "descriptors": "12", "mb": "16"},
    "baseline": "none",
    "needs": ["fork"],
}


def report(params):
    _refuse.require_proc()
    with tempfile.TemporaryDirectory() as folder:
        told = _answering.run(_overwriting.story(folder, **params))
    ended = told.by_itself()
    told.one()  # a child that was ended before it began has said nothing
    facts = {"found": None, "hits": None, "looks": None, "searched_kb": None, "below_local": None}
    for line in told.lines:
        facts.update(line)
    return {
        "before": _overwriting.SIZE,
        "written": _overwriting.WRITTEN,
        "told": params["how"] == "told",
        "aimed_at": params["aim"],
        **facts,
        "ended": ended,
    }
