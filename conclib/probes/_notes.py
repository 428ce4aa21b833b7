"""A program that forks is run, and who does what in it is noted, and when.

The program runs in a process of its own, the parent. Each of its processes and threads notes what
it does itself, on the clock that all of them share; how a child or a thread ended is noted by the
parent, which sees it by waitid or in /proc. A note is a short line that goes into a pipe in one
piece. The measuring process reads them all, and sees how the parent ends. Nothing is put in order
afterwards: where the order shall be the same in every run, the program itself has to make it.
"""

import json
import os
import signal
import time
from _thread import get_native_id
from time import monotonic_ns as now

from . import _precautions, _watching

LIMIT = 10  # seconds after which Linux ends whichever of them is still there


class Notes:
    """Where the processes and threads of a program note what they do, and what they see."""

    def __init__(self, pipe):
        self._pipe = pipe

    def note(self, what, about=None, seen="itself", **data):
        """Note what this thread does now, or what it sees of another one (its pid or tid)."""
        note = {"t_ns": now(), "pid": os.getpid(), "tid": get_native_id(), "what": what}
        line = json.dumps({**note, "about": about or note["tid"], "seen": seen, "data": data})
        os.write(self._pipe, line.encode() + b"\n")

    def see_child_end(self):
        """Wait until a child has ended, and note how, without collecting it."""
        try:
            info = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)
        except ChildProcessError:  # it has none
            return
        how, code = _watching.how_ended(info)
        self._ended(info.si_pid, how, "waitid", code)

    def see_child_killed(self, pid):
        """Kill a child, which is not collected yet; wait for its end, and note it."""
        os.kill(pid, signal.SIGKILL)
        info = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
        how, code = _watching.how_ended(info)
        ours = (how, code) == ("signalled", signal.SIGKILL)
        self._ended(pid, "killed" if ours else how, "waitid", code)

    def see_thread_end(self, tid):
        """Wait until Linux no longer lists a thread of this process, and note that it ended."""
        while tid in _watching.tasks(os.getpid()):
            time.sleep(0.001)
        self._ended(tid, "exited", "/proc", None)

    def see_nobody_left(self):
        """Note that all children have been collected, if Linux says so."""
        try:
            os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:
            self.note("wait", seen="observer")

    def _ended(self, about, how, by, code):
        self.note("ended", about, "observer", how=how, by=by, code=code)


def run(program, notes):
    """Be the parent: run the program, which forks in it."""

    def begin():
        _precautions.die_with_parent()
        _watching.limit(LIMIT)
        notes.note("start")

    os.register_at_fork(before=lambda: notes.note("fork"), after_in_child=begin)
    begin()
    program(notes)
    notes.see_nobody_left()


def observe(program, tell, kind=Notes):
    """Run ``program(notes)`` in a process of its own, and tell each note as it comes.

    Returns:
        (who, what, data) of all notes.
    """
    read, write = os.pipe()
    parent = _watching.fork(lambda: run(program, kind(write)))
    os.close(write)
    who, noted = {}, []
    with os.fdopen(read) as pipe:  # it ends when all who may write to it have ended
        for note in map(json.loads, pipe):
            name_writer(note, parent, who, tell)
            noted.append((who[note["about"]], note["what"], note["data"]))
            tell_note(note, who, tell)
    how, code = _watching.collect(parent)
    tell.ending("parent", how, by="waitid", code=code)
    if (how, code) != ("exited", 0):
        raise RuntimeError(f"the program did not come to its end: its parent {how} ({code})")
    return noted


def name_writer(note, parent, who, tell):
    """Name the writer of a note if it is a new one: the parent, a thread of it, its child."""
    pid, tid = note["pid"], note["tid"]
    if tid in who:
        return
    if tid == parent:
        who[tid] = "parent"
        tell.actor("parent", "process", pid)
    elif tid == pid:
        who[tid] = "child"
        tell.actor("child", "process", pid, maker="parent")
    else:
        who[tid] = "thread"
        tell.actor("thread", "thread", pid, tid, maker="parent")


def tell_note(note, who, tell):
    """Tell one note: something that was done, or an end that was seen."""
    name, t_ns = who[note["about"]], note["t_ns"]
    if note["what"] == "ended":
        tell.ending(name, t_ns=t_ns, **note["data"])
    else:
        tell.event(name, note["what"], t_ns, note["seen"], **note["data"])
