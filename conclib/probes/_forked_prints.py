"""Run a small function that forks, catch what each process printed, and tell the story.

Python's text files are buffered: ``write`` puts text into this process's memory, and only ``flush``
(or a full buffer, or the end) hands it to the system. Each piece that reaches the system is noted
with the process that sent it. Where the two processes truly ran side by side, the story puts the
child's events before the parent's: that order is chosen, the events are not.
"""

import os

from . import _refuse


class Page:
    """A page to print on: ``write`` fills this process's buffer, ``flush`` sends it."""

    def __init__(self, pipe):
        self._pipe = pipe
        self._buffer = []

    def write(self, line):
        self._buffer.append(line)

    def flush(self):
        for line in self._buffer:
            os.write(self._pipe, f"{os.getpid()} {line}\n".encode())
        self._buffer.clear()


def run(story):
    """Call ``story(page)`` in this process, which forks in it, and return who printed what."""
    _refuse.require(os, "fork")
    _refuse.require_single_thread()
    read, write = os.pipe()
    try:
        story(Page(write))
    finally:
        os.close(write)
    with os.fdopen(read) as printed:
        notes = [line.split(None, 1) for line in printed.read().splitlines()]
    own = str(os.getpid())
    by_parent = [text for pid, text in notes if pid == own]
    by_child = [text for pid, text in notes if pid != own]
    return by_parent, by_child


def tell(by_parent, by_child, before_fork):
    """Return the facts: the lines, and the events in order.

    ``before_fork`` is how many of the parent's lines had reached the page before it forked.
    """
    early, late = by_parent[:before_fork], by_parent[before_fork:]
    events = [("parent", "start", "begins")]
    events += [("parent", "print", text) for text in early]
    events += [("parent", "fork", "calls fork once"), ("child", "start", "fork returns 0 here")]
    events += [("child", "print", text) for text in by_child]
    events += [("child", "exit", "ends")]
    events += [("parent", "print", text) for text in late]
    events += [("parent", "wait", "collects the child"), ("parent", "exit", "ends")]
    return {
        "lines": early + by_child + late,
        "by": {"parent": by_parent, "child": by_child},
        "events": [
            {"t": number, "who": who, "what": what, "text": text}
            for number, (who, what, text) in enumerate(events)
        ],
    }
