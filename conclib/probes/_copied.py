"""How much memory becomes a child's own while it does one thing? Three processes, one of them at work.

A *holder* makes something and forks a child; then it waits in ``read`` and writes to nothing: a write
of the holder's, too, would leave the child alone with a page. The child does the thing once on
something small, so that all which it needs is there; then it is looked at, does it, and is looked at
again, by the observer, who made none of it.
"""

import os

from . import _accounts, _proc, _refuse, _steered, _watching

MB = 1024  # kB
WARM, WORK = 0, 1  # what the child is asked for


def look(pid):
    """Return a child's resident figures in kB, and how many pages it was given or copied so far."""
    stat = _proc.parse_stat(_accounts.read(f"/proc/{pid}/stat"))
    return {**_accounts.resident(pid), "faults": stat["minor_faults"]}


def observed(make, work, tell):
    """Make something, fork, have the child do its work; return its looks before and after.

    Args:
        make: returns what the holder makes; ``work(made, warm)``: what the child does with it, or
            with something small of its own if ``warm``; returns a whole number.
        tell: where to say what happens.

    Returns:
        The two looks, what ``work`` returned, and how many processes are left.
    """
    _refuse.require(os, "fork")
    _refuse.require_proc()
    _accounts.get_ready()
    children, down, up = _watching.Children(), os.pipe(), os.pipe()
    tell.actor("observer", "process", os.getpid())
    prepare, answer = holder(make, work, down[0], up[1])
    parent = _steered.Steered(children, "parent", answer, prepare)
    tell.actor("parent", "process", parent.pid, maker="observer")
    pid = parent.ask(0)
    tell.actor("child", "process", pid, maker="parent")
    ask(down[1], up[0], WARM)
    before = look(pid)
    found = ask(down[1], up[0], WORK)
    after = look(pid)
    tell.event("child", "worked", answer=found)
    left = end(children, parent, pid)
    for fd in (*down, *up):
        os.close(fd)
    tell.ending("child", "killed", by="waitid")
    return before, after, found, left


def holder(make, work, down, up):
    """Return what the holder does first, and what it answers: the pid of the child it has forked."""
    held = []

    def prepare():
        _accounts.small_pages_only()
        held.append(make())

    def answer(_):
        return _watching.fork(lambda: _steered.serve(down, up, (), child, None))

    def child(number):
        return work(held[0], number == WARM)

    return prepare, answer


def ask(write, read, number):
    """Ask the child itself, past the holder; return its answer."""
    os.write(write, number.to_bytes(_steered.SIZE, "little", signed=True))
    return int.from_bytes(os.read(read, _steered.SIZE), "little", signed=True)


def end(children, parent, pid):
    """End holder and child, collect both, and return how many are left."""
    import signal

    children.kill()
    parent.close()
    os.kill(pid, signal.SIGKILL)  # an orphan now: ours, so its number is no other's yet
    try:
        os.waitpid(pid, 0)
    except ChildProcessError:  # another process adopts the orphans here
        pass
    return int(os.path.exists(f"/proc/{pid}"))


def growth(before, after):
    """Return by how much each figure has grown, memory in MB."""
    grown = {name: (after[name] - before[name]) / MB for name in ("rss", "pss", "uss")}
    return {"grew_mb": grown, "faults": after["faults"] - before["faults"]}
