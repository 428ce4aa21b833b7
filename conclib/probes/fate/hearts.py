"""Eight hearts beat, and one line of code goes wrong in one of them. Whose line goes flat?

The hearts are called A to H. Who of them share a process is ``walls``: in ``"mixed"`` A, C, D and G
are threads of one process, and the four others have a process each; with a number all of them are
dealt out evenly to so many processes. The measuring process has started them and looks from outside.
"""

from .. import _hearts, _refuse

PROBE = {
    "name": "hearts",
    "title": "Eight hearts",
    "times": "nothing: it reports whose heart went flat",
    "unit": "facts",
    "facts": {
        "faulty": "str",
        "flat": "list[str]",
        "spoke": "int",
        "fates": "dict[str, str]",
        "beats": "dict[str, int]",
        "answers": "dict[str, str]",
        "wrong": "int",
        "last_words": "dict[str, bool]",
        "walls": "dict[str, str]",
        "exits": "dict[str, int]",
        "private_mb": "float | None",
        "looks": "dict[str, int]",
        "asleep": "dict[str, int]",
        "gap_ns": "int | None",
        "gap_cpu_ns": "int | None",
        "notice_ns": "int | None",
    },
    "params": {
        "walls": {
            "type": "choice",
            "default": "mixed",
            "choices": ["mixed", "1", "2", "4", "8"],
            "help": "who shares a process: mixed, or so many processes",
        },
        "heart": {
            "type": "choice",
            "default": "C",
            "choices": ["A", "B", "C", "D", "E", "F", "G", "H"],
            "help": "in which of them the line is run",
        },
        "fault": {
            "type": "choice",
            "default": "null pointer",
            "choices": [
                "null pointer", "exception", "SIGSEGV sent", "silent corruption", "sys.exit",
                "os._exit", "C keeps the GIL", "C lets go of the GIL",
            ],
            "help": "what goes wrong",
        },
    },
    "takes": {"processes": "9", "threads": "9", "mb": "64"},
    "baseline": "none",
    "needs": ["fork"],
}  # fmt: skip
WORK = {"beats": 30, "code": 0, "lives": 1}  # of each heart


def observe(params, tell):
    """Start eight hearts, look until nothing is to be expected any more, return whose went flat."""
    _refuse.require_proc()
    watch = _hearts.Watch({**params, **WORK}, tell)
    try:
        watch.start()
        while watch.look():
            pass
        return watch.conclude()
    finally:
        watch.close()
