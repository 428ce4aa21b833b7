"""fork is called once and returns twice. How many lines are printed?"""

import os

from .. import _forked_prints

PROBE = {
    "name": "fork_twice",
    "title": "Called once, returns twice",
    "times": "nothing: it reports who printed what",
    "unit": "facts",
    "facts": {
        "lines": "list[str]",
        "by": "dict[str, list[str]]",
    },
    "params": {},
    "takes": {"processes": "2"},
    "baseline": "none",
    "needs": ["fork"],
}


def story(screen):
    screen.write("one")
    screen.flush()
    pid = os.fork()
    screen.write("two")
    screen.flush()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)


def observe(params, tell):
    return _forked_prints.observe(story, tell)
