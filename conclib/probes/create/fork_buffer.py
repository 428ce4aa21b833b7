"""The same program without its first flush. How many lines are printed now?

"one" still lies in the buffer when fork duplicates the process, buffer and all. So each of the two
processes prints it. The child does not start again at the top: it never *calls* the first write.
"""

import os

from .. import _forked_prints

PROBE = {
    "name": "fork_buffer",
    "title": "A buffer that is flushed twice",
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
    pid = os.fork()
    screen.write("two")
    screen.flush()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)


def observe(params, tell):
    return _forked_prints.observe(story, tell)
