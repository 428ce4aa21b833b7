"""One program, two processes: what of it do they have in common?

A small program of this machine is copied, so that nobody else runs it. The copy is started once,
and then a second time beside the first. Of its code, Linux says how much is held by this process
alone and how much by several.
"""

from __future__ import annotations  # a worker may be an older Python

import os
import shutil
import tempfile
from contextlib import contextmanager

from .. import _refuse, _regions

PROBE = {
    "name": "two_at_once",
    "title": "One program, run twice at the same time",
    "times": "nothing: it reports what of the program's code is held by both",
    "unit": "facts",
    "facts": {
        "alone_kb": "dict[str, int]",
        "first_kb": "dict[str, int]",
        "second_kb": "dict[str, int]",
        "same_file": "bool",
        "two_pids": "bool",
        "code_at": "list[int]",
        "stack_at": "list[int]",
        "moved": "bool",
        "shared": "bool",
    },
    "params": {},
    "takes": {"processes": "2"},
    "baseline": "none",
    "needs": ["posix_spawn"],
}
COPIED = "cat"  # gives back what it is given: so we know when it runs


class Running:
    """A started copy: its pid, and the ends of its pipes."""

    def __init__(self, path):
        spawn = _refuse.require(os, "posix_spawn")
        out_of, self.into = os.pipe()
        self.back, into_us = os.pipe()
        try:
            self.pid = spawn(path, [COPIED], dict(os.environ), file_actions=[
                (os.POSIX_SPAWN_DUP2, out_of, 0), (os.POSIX_SPAWN_DUP2, into_us, 1)])  # fmt: skip
        except OSError as error:
            os.close(self.into)
            os.close(self.back)
            raise _refuse.Unavailable(f"a copied program may not be run: {error}") from None
        finally:
            os.close(out_of)
            os.close(into_us)
        os.write(self.into, b"?\n")
        os.read(self.back, 2)  # it has answered, so it runs, and now waits for more

    def end(self):
        """Let it come to its end, and collect it."""
        os.close(self.into)
        os.waitpid(self.pid, 0)
        os.close(self.back)

    def regions(self):
        """Return its regions with their figures."""
        try:
            with open(f"/proc/{self.pid}/smaps") as file:
                return _regions.parse(file.read())
        except OSError as error:
            raise _refuse.Unavailable(f"no figures of another process here: {error}") from None


@contextmanager
def running(path):
    """Give a started copy of the program at this path; end it afterwards."""
    one = Running(path)
    try:
        yield one
    finally:
        one.end()


def code(regions, path):
    """Return the region of the program's code."""
    return next(each for each in regions if each["path"] == path and "x" in each["perms"])


def held(region):
    """Return how much of a region is held by this process alone and by several, in kB."""
    alone = region["private_clean"] + region["private_dirty"]
    several = region["shared_clean"] + region["shared_dirty"]
    return {"by this one alone": alone // 1024, "by several": several // 1024}


def report(params):
    _refuse.require_proc()
    found = shutil.which(COPIED)
    if found is None:
        raise _refuse.Unavailable(f"there is no program named {COPIED} here")
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(os.path.realpath(folder), COPIED)
        shutil.copy(found, path)
        with running(path) as first:
            alone = held(code(first.regions(), path))
            with running(path) as second:
                return compared(path, alone, first, second)


def compared(path, alone, first, second):
    """Return the facts about the two, while both run."""
    both = [first.regions(), second.regions()]
    codes = [code(regions, path) for regions in both]
    stacks = [each["end"] for regions in both for each in regions if each["path"] == "[stack]"]
    kb = [held(each) for each in codes]
    places = [each["start"] for each in codes]
    return {
        "alone_kb": alone,
        "first_kb": kb[0],
        "second_kb": kb[1],
        "same_file": codes[0]["inode"] == codes[1]["inode"],
        "two_pids": first.pid != second.pid,
        "code_at": places,
        "stack_at": stacks,
        "moved": places[0] != places[1] or stacks[0] != stacks[1],
        "shared": all(each["by this one alone"] == 0 < each["by several"] for each in kb),
    }
