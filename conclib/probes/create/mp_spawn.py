"""What does it cost when multiprocessing starts a fresh interpreter for each process?

"spawn" starts a new Python, which imports multiprocessing again and unpickles what it shall do. It
does not depend on the size of the parent, and is by far the slowest start method. Here the child
is lean (isolated, without site) and loads no main program of yours; yours comes on top.
"""

from .. import _processes
from .._processes import baseline, body, teardown, verify

PROBE = {
    "name": "mp_spawn",
    "title": "multiprocessing.Process by spawn",
    "times": "creating, starting and joining a Process that does nothing",
    "unit": "ns",
    "kind": "process",
    "params": {},
    "baseline": "a loop around nothing",
    "needs": ["mp_spawn"],
}

__all__ = ["baseline", "body", "setup", "teardown", "verify"]


def setup(params):
    return _processes.setup("spawn")
