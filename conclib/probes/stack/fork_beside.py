"""A process with several threads forks. How many threads does the child have?

The threads are native ones that only wait, so that nothing of Python's own is in the way. What lies
in memory is duplicated, their stacks too; so each of them has left a note on its own.
"""

from __future__ import annotations  # a worker may be an older Python

import os

from .. import _answering, _beside, _refuse

PROBE = {
    "name": "fork_beside",
    "title": "A fork beside other threads",
    "times": "nothing: it reports how many tasks Linux lists of parent and child",
    "unit": "facts",
    "facts": {
        "tasks_parent": "int",
        "tasks_child": "int",
        "stacks_parent": "int",
        "stacks_child": "int",
        "threads": "int",
        "forked_by": "str",
        "child_runs": "str",
    },
    "params": {
        "threads": {
            "type": "int",
            "default": 3,
            "min": 0,
            "max": 64,
            "title": "threads that wait while another one forks",
            "help": "how many threads wait beside the one that calls fork",
        },
    },
    "takes": {"processes": "2", "threads": "threads", "descriptors": "10", "mb": "16"},
    "baseline": "none",
    "needs": ["fork"],
}


def report(params):
    _refuse.require_proc()
    _refuse.require(os, "fork")
    parent, child = _answering.run(lambda report: _beside.live(report, params["threads"])).whole()
    return {
        "tasks_parent": parent["tasks"],
        "tasks_child": child["tasks"],
        "stacks_parent": parent["stacks"],
        "stacks_child": child["stacks"],
        "threads": params["threads"],
        "forked_by": parent["name"],
        "child_runs": child["name"],
    }
