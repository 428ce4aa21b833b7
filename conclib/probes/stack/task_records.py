"""What does Linux keep for a process, and what for a thread: two kinds of record, or one?

Processes are started, then threads, that only wait. Before and after, Linux's own list of its records
is looked at (root only): those of tasks, and those of what tasks share. And the fields that ``/proc``
shows of a new process and of a new thread are laid side by side (everybody may).
"""

from __future__ import annotations  # a worker may be an older Python

from .. import _refuse, _task_records

PROBE = {
    "name": "task_records",
    "title": "Records of processes and of threads",
    "times": "nothing: it reports how many records there are, how large they are, and their fields",
    "unit": "facts",
    "facts": {
        "started": "int",
        "record_bytes": "int | None",
        "bytes": "dict[str, int]",
        "processes": "dict[str, int]",
        "threads": "dict[str, int]",
        "fields": "dict[str, int]",
        "only_one_has": "list[str]",
        "each_has_one": "bool | None",
        "why": "str",
    },
    "params": {
        "count": {
            "type": "int",
            "default": 100,
            "min": 20,
            "max": 200,
            "title": "tasks started",
            "help": "how many processes are started, and then how many threads",
        },
    },
    "takes": {"processes": "count + 42", "threads": "count + 40",
              "descriptors": "count + 60", "mb": "64"},
    "baseline": "none",
    "needs": ["fork"],
}  # fmt: skip


def report(params):
    _refuse.require_proc()
    return _task_records.facts(params["count"])
