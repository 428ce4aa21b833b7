"""What does multiprocessing add to fork?

The process is made by ``fork``; the rest of the price is Python: building a Process object, running
at-fork functions, starting up and winding down inside the child.
"""

from .. import _processes
from .._processes import baseline, body, teardown, verify

PROBE = {
    "name": "mp_fork",
    "title": "multiprocessing.Process by fork",
    "times": "creating, starting and joining a Process that does nothing",
    "unit": "ns",
    "kind": "process",
    "params": {},
    "baseline": "a loop around nothing",
    "needs": ["mp_fork"],
}

__all__ = ["baseline", "body", "setup", "teardown", "verify"]


def setup(params):
    return _processes.setup("fork")
