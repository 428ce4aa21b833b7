"""Run a small function that forks, and see what each of the two processes does, and when.

Python's text files are buffered: ``write`` puts text into this process's memory, and only ``flush``
(or a full buffer, or the end) hands it to the system. The page here does the same. Each process
notes what it does itself, on the clock that both share; how the child ended its parent sees by
waitid, and how the parent ended the measuring process does.

The order is the same in every run, because it is *made* so: before a process sends its buffer it
waits for the end of a child that it has. Nothing is put in order afterwards.
"""

import json
import os
from time import monotonic_ns as now

from . import _watching


class Page:
    """A page to print on: ``write`` fills this process's buffer, ``flush`` sends it."""

    def __init__(self, pipe):
        self._pipe = pipe
        self._buffer = []

    def write(self, line):
        self._buffer.append(line)

    def flush(self):
        self._see_child_end()
        for line in self._buffer:
            self.note("print", text=line)
        self._buffer.clear()

    def note(self, what, **data):
        """Note what this process does now; a short line goes into the pipe in one piece."""
        line = json.dumps({"pid": os.getpid(), "t_ns": now(), "what": what, **data})
        os.write(self._pipe, line.encode() + b"\n")

    def _see_child_end(self):
        """Wait until a child has ended, and note how, without collecting it."""
        try:
            info = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)
        except ChildProcessError:  # it has none
            return
        how = "exited" if info.si_code == os.CLD_EXITED else "signalled"
        self.note("ended", child=info.si_pid, how=how, code=info.si_status)

    def see_nobody_left(self):
        """Note that all children have been collected; Linux says so."""
        try:
            os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:
            self.note("wait")


def live(story, pipe):
    """Be the parent: run the story, which forks in it."""
    page = Page(pipe)
    os.register_at_fork(before=lambda: page.note("fork"), after_in_child=lambda: page.note("start"))
    page.note("start")
    story(page)
    page.see_nobody_left()


def observe(story, tell):
    """Run ``story(page)`` in a process of its own; tell all that was noted, and return the facts."""
    children = _watching.Children()
    read, write = os.pipe()
    parent = children.fork("parent", lambda: live(story, write))
    os.close(write)
    with os.fdopen(read) as pipe:  # its end comes when both processes have ended
        notes = [json.loads(line) for line in pipe]
    who = {note["pid"]: "child" for note in notes} | {parent: "parent"}
    for pid, maker in zip(sorted(who, key=lambda pid: who[pid] != "parent"), ("", "parent")):  # noqa: B905
        tell.actor(who[pid], "process", pid, maker=maker)
    for note in notes:
        tell_note(note, who, tell)
    for name, _, how, code in children.ended(5):
        tell.ending(name, how, by="waitid", code=code)
    prints = [(who[note["pid"]], note["text"]) for note in notes if note["what"] == "print"]
    by = {name: [text for each, text in prints if each == name] for name in ("parent", "child")}
    return {"lines": [text for _, text in prints], "by": by}


def tell_note(note, who, tell):
    """Tell one note: something that a process did, or the end of its child that it saw."""
    if note["what"] == "ended":
        who_ended, how, code = who[note["child"]], note["how"], note["code"]
        tell.ending(who_ended, how, by="waitid", code=code, t_ns=note["t_ns"])
        return
    data = {"text": note["text"]} if "text" in note else {}
    seen = "observer" if note["what"] == "wait" else "itself"
    tell.event(who[note["pid"]], note["what"], note["t_ns"], seen, **data)
