"""Who lives on? Several faults in several containers, a few crews at a time.

Each cell of the matrix is one run of ``crash``: one of a crew goes wrong in one way, and what
becomes of the others is seen from outside. As soon as a cell is known it is told.
"""

import os

from .. import _crew_watch, _fates, _refuse

PROBE = {
    "name": "fates",
    "title": "Who lives on?",
    "times": "nothing: it reports what became of the others, cell by cell",
    "unit": "facts",
    "facts": {"cells": "list[dict[str, str | int | bool | None]]"},
    "params": {
        "faults": {
            "type": "text",
            "default": "exception, null pointer",
            "pattern": r"(?!(.*, )?([^,]+), (.*, )?\2(,|$))"  # none of them twice
            r"((null pointer|wild write|read-only write|abort|stack overflow|endless recursion"
            r"|illegal instruction|division in C|bus error|exception|sys\.exit|os\._exit"
            r"|memory hog|endless loop|deadlock|endless sleep|SIGKILL|SIGTERM handled"
            r"|SIGTERM ignored|SIGSEGV sent|silent corruption|C keeps the GIL"
            r"|C lets go of the GIL)(, (?=.)|$))+",
            "allowed": "names of faults, each once, as 'abort, exception'",
            "help": "what goes wrong",
        },
        "containers": {
            "type": "text",
            "default": "thread, process",
            "pattern": r"(?!(.*, )?([^,]+), (.*, )?\2(,|$))"
            r"((main thread|thread|process|spawned process|executor|thread pool|supervised"
            r"|lock holder|file lock holder|groups)(, (?=.)|$))+",
            "allowed": "names of containers, each once, as 'thread, process'",
            "help": "where it happens",
        },
        "siblings": {"type": "int", "default": 3, "min": 1, "max": 7, "help": "how many others"},
        "at_once": {"type": "int", "default": 4, "min": 1, "max": 4, "help": "crews at a time"},
    },
    "takes": {
        "processes": "(siblings + 3) * at_once",
        "threads": "(siblings + 2) * at_once",
        "mb": "64 * at_once",
    },
    "baseline": "none",
    "needs": ["fork"],
}
MAX_CELLS = 60
REST = {
    "beats": 30,
    "code": 7,
    "lives": 1,
    "groups": "ACDG B E F H",
    "who": "C",
}  # of what a crew is told


class Quiet:
    """Takes what a crew's observer tells, and passes nothing on: a cell is told as a whole."""

    def ignore(self, *_, **__):
        """Pass nothing on."""

    actor = event = beats = ending = ignore


def cells(params):
    """Yield each cell's fault and container, row by row."""
    for fault in params["faults"].split(", "):
        for container in params["containers"].split(", "):
            yield {"fault": fault, "container": container, "siblings": params["siblings"], **REST}


def cell(watch):
    """Return what became of one crew, in short."""
    found = watch.conclude()
    return {
        "others": found["others"],
        "own": found["fates"][found["faulty"]],
        "wrong": sum(each == _fates.WRONG for each in found["answers"].values()),
        "lost": len(found["lost"]),
        "last_words": found["last_words"][found["faulty"]],
        "notice_ns": found["notice_ns"],
        "summary": found["summary"],
    }


def looked(watch, seconds):
    """Look at one crew; return what became of it, or why it could not be; None if not over."""
    try:
        return None if watch.look(seconds) else cell(watch)
    except _refuse.Unavailable as why:
        return {"others": None, "reason": str(why)}


def start(given):
    """Start one crew; return its observer, or why there is none here."""
    try:
        watch = _crew_watch.Watch(given, Quiet(), looks_closer=False)
    except _refuse.Unavailable as why:
        return None, str(why)
    try:
        watch.start()
    except _refuse.Unavailable as why:
        watch.close()
        return None, str(why)
    except BaseException:
        watch.close()
        raise
    return watch, ""


def observe(params, tell):
    """Run all cells, a few at a time; return what became of each."""
    _refuse.require_proc()
    tell.actor("matrix", "process", os.getpid())
    todo, living, found = list(cells(params)), [], []
    if len(todo) > MAX_CELLS:
        raise ValueError(f"{len(todo)} cells: a matrix has at most {MAX_CELLS}")

    def known(given, **what):
        line = {"fault": given["fault"], "container": given["container"], **what}
        found.append(line)
        tell.event("matrix", "cell", **line)

    try:
        while todo or living:
            while todo and len(living) < params["at_once"]:
                watch, why = start(todo[0])
                given = todo.pop(0)
                if watch is None:
                    known(given, others=None, reason=why)
                else:
                    living.append((given, watch))
            for given, watch in list(living):
                found_here = looked(watch, _crew_watch.LOOK / len(living))
                if found_here is not None:
                    known(given, **found_here)
                    living.remove((given, watch))
                    watch.close()
        return {"cells": found}
    finally:
        for _, watch in living:
            watch.close()
