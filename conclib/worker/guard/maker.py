"""The maker: becomes nobody, sets the limits, starts the victim, and ends all of it.

It is the parent that the victim sees, and adopts the orphans among its descendants, so nothing gets
away from it. When the keeper is gone, by whatever death, the pipe of the job ends, and the maker
kills all that it has started, and leaves.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
from collections.abc import Iterator
from typing import Any

from conclib.probes import _precautions
from conclib.worker import processes
from conclib.worker.guard import counting, limits, linux, nobody, victim

NICER = 10  # so that the keeper, and everybody else, gets the processor before it
LOOK = 10  # milliseconds between two looks at the victim and at the keeper's end
PR_SET_CHILD_SUBREAPER = 36
CROWDED = "this user's other programs start processes and threads all the time; try again later"


def main() -> None:
    """Read the job, do it, and leave when the keeper wants it or is gone."""
    job, status = map(int, sys.argv[1:3])
    read = _read(job)
    try:
        root, tasks = _prepare(limits.Limits(**read["limits"]))
        pid = os.fork()
    except BlockingIOError:  # the fork: this user's other programs have started some meanwhile
        _say(status, refused=CROWDED, crowded=True)
        os._exit(0)
    except OSError as error:
        _say(status, refused=str(error))
        os._exit(0)
    if pid == 0:
        os.close(job)
        victim.run(read["code"], status, tasks)
    _watch(pid, job, status)
    _end_all(root)
    os._exit(0)


def _read(job: int) -> dict[str, Any]:
    text = b""
    while not text.endswith(b"\n"):
        piece = os.read(job, 65536)
        if not piece:
            os._exit(1)
        text += piece
    found: dict[str, Any] = json.loads(text)
    return found


def _prepare(wanted: limits.Limits) -> tuple[bool, int]:
    """Give up all rights and set all limits; return whether this was root, and the tasks' limit."""
    _precautions.first_to_die()
    _precautions.no_core_file()
    root = nobody.become()
    linux.prctl("child subreaper", PR_SET_CHILD_SUBREAPER, 1)
    os.chdir("/")
    os.nice(NICER)
    return root, limits.impose(wanted)


def _say(status: int, **words: object) -> None:
    os.write(status, json.dumps(words).encode() + b"\n")


def _watch(pid: int, job: int, status: int) -> None:
    """Collect what ends, tell the keeper of the victim's end, and wait for the end of the pipe."""
    keeper = select.poll()
    keeper.register(job, 0)  # a hang-up is always reported
    while not keeper.poll(LOOK):
        for ended, how in _collected():
            if ended == pid:
                _say(status, end=os.waitstatus_to_exitcode(how))


def _collected() -> Iterator[tuple[int, int]]:
    """Collect all that have ended; yield their numbers and how."""
    while True:
        try:
            ended, how = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if ended == 0:
            return
        yield ended, how


def _end_all(root: bool) -> None:
    """Kill until there is no child left; for root all that runs under nobody's number at once."""
    while True:
        if root:
            _kill_the_user()
        for process in [] if root else counting.below(os.getpid()):
            processes.send(process, signal.SIGKILL)
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def _kill_the_user() -> None:
    try:
        os.kill(-1, signal.SIGKILL)
    except ProcessLookupError:
        pass
