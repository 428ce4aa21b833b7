"""What does a server that forks on demand save?

"forkserver" starts one small, single-threaded server first. Each new process is a fork of *it*, not
of you: cheap whatever your own size, and safe beside your threads. The server is started in set-up,
by a first process, and is not part of the price.
"""

from .. import _processes
from .._processes import baseline, body, teardown, verify

PROBE = {
    "name": "mp_forkserver",
    "title": "multiprocessing.Process by forkserver",
    "times": "creating, starting and joining a Process that does nothing",
    "unit": "ns",
    "kind": "process",
    "params": {},
    "baseline": "a loop around nothing",
    "needs": ["mp_forkserver"],
}

__all__ = ["baseline", "body", "setup", "teardown", "verify"]


def setup(params):
    state = _processes.setup("forkserver")
    body(state, 1)  # starts the server
    return state
