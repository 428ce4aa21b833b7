"""A process becomes another program. What of it is kept?

A child opens a file and waits. It is looked at; then it calls exec, which replaces the program that
it runs, and is looked at again.
"""

from __future__ import annotations  # a worker may be an older Python

import os
import shutil

from .. import _refuse, _sacrifice, _watching

PROBE = {
    "name": "exec_keeps",
    "title": "What exec keeps and what it replaces",
    "times": "nothing: it reports what was there before and after",
    "unit": "facts",
    "facts": {
        "programs": "list[str]",
        "same_number": "bool",
        "files_before": "list[int]",
        "files_after": "list[int]",
        "files_kept": "bool",
        "regions_before": "int",
        "regions_after": "int",
        "regions_kept": "int",
        "map_replaced": "bool",
    },
    "params": {},
    "takes": {"processes": "1"},
    "baseline": "none",
    "needs": ["fork"],
}
PROGRAM = "cat"  # gives back what it is given: so we know when it runs
HIGH = 60  # the number of the file that the child opens
LENT = ("[vdso]", "[vvar]", "[vvar_vclock]", "[vsyscall]")  # what Linux lends to every process


def become(path, into, out):
    """In the child: open a file, say so, wait for a word, and become the program at this path."""
    _sacrifice.prepare()
    os.dup2(os.open("/", os.O_RDONLY), HIGH)
    os.dup2(into, 0)
    os.dup2(out, 1)
    os.closerange(3, HIGH)
    os.write(1, b"r")
    os.read(0, 1)
    os.execv(path, [PROGRAM])


def look(pid):
    """Return the name of the program, the open files and the regions of a process."""
    with open(f"/proc/{pid}/comm") as file:
        name = file.read().strip()
    files = sorted(int(each) for each in os.listdir(f"/proc/{pid}/fd"))
    regions = {
        (each["start"], each["end"], each["path"])
        for each in _sacrifice.maps(pid)
        if each["path"] not in LENT
    }
    return name, files, regions


def report(params):
    _refuse.require_proc()
    path = shutil.which(PROGRAM)
    if path is None:
        raise _refuse.Unavailable(f"there is no program named {PROGRAM} here")
    into, to_child = os.pipe()
    from_child, out = os.pipe()
    pid = _watching.fork(lambda: become(path, into, out))
    os.close(into)
    os.close(out)
    try:
        os.read(from_child, 1)
        before = look(pid)
        os.write(to_child, b"go")  # the first letter is read before exec, the second after it
        os.read(from_child, 1)
        after = look(pid)
    finally:
        os.close(to_child)  # cat ends when there is nothing more to come
        os.close(from_child)
        os.waitpid(pid, 0)
    return facts(before, after)


def facts(before, after):
    """Return the facts: what was seen under one number, before and after."""
    kept = before[2] & after[2]
    return {
        "programs": [before[0], after[0]],
        "same_number": before[0] != after[0],
        "files_before": before[1],
        "files_after": after[1],
        "files_kept": before[1] == after[1],
        "regions_before": len(before[2]),
        "regions_after": len(after[2]),
        "regions_kept": len(kept),
        "map_replaced": not kept,
    }
