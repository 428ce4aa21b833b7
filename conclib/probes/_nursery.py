"""A parent that makes children, forked or fresh, which wait: steered from outside (``_steered.py``)."""

import os
import signal
import sys

from . import _accounts, _ballast, _libc, _refuse

WAITING = "import signal; print(end='+', flush=True); signal.pause()"


class Nursery:
    """The parent's side, run in the parent: it fills memory, then makes children when asked."""

    def __init__(self, kind, filled_mb, huge=False):
        """Take what is to be made.

        Args:
            kind: ``"fork"`` or ``"spawn"``; filled_mb: what the parent fills first; huge: in huge
                pages where Linux grants them, for then each fork and each look is far quicker.
        """
        self.kind, self.filled_mb, self.huge = kind, filled_mb, huge
        self.pids, self.refused = [], 0

    def prepare(self):
        """Fill the memory, and look up what the children are to call."""
        self.ballast = self.filled()
        self.fork, self.pause = _libc.function("fork"), _libc.function("pause")

    def filled(self):
        """Return the memory that is filled."""
        if self.huge:
            try:
                return _ballast.Ballast(self.filled_mb, "huge")
            except _refuse.Unavailable:
                pass
        _accounts.small_pages_only()
        return _ballast.Ballast(self.filled_mb)

    def answer(self, number):
        """Make children until there are so many; return how many, or minus an error number."""
        make = {"fork": self.forked, "spawn": self.spawned}[self.kind]
        while len(self.pids) < number and not self.refused:
            try:
                self.pids.append(make())
            except OSError as error:
                self.refused = error.errno
        return -self.refused or len(self.pids)

    def forked(self):
        """Make a duplicate that waits in the C library: no Python runs in it any more."""
        pid = self.fork()
        if pid < 0:
            raise _libc.failed("fork")
        while pid == 0:
            self.pause()
        return pid

    def spawned(self):
        """Start a fresh Python that waits; return when it does."""
        read, write = os.pipe()
        actions = [(os.POSIX_SPAWN_DUP2, write, 1), (os.POSIX_SPAWN_CLOSE, read)]
        arguments = [sys.executable, "-I", "-S", "-c", WAITING]
        pid = os.posix_spawn(sys.executable, arguments, os.environ, file_actions=actions)
        os.close(write)
        os.read(read, 1)
        os.close(read)
        return pid


def children_of(pid):
    """Return the pids that Linux lists as children of a process.

    Raises:
        Unavailable: this Linux keeps no such list.
    """
    try:
        return [int(each) for each in _accounts.read(f"/proc/{pid}/task/{pid}/children").split()]
    except FileNotFoundError:
        raise _refuse.Unavailable("this Linux keeps no list of a process's children") from None


def end(children, parent):
    """End the parent, then the children, which are ours then; return how many are left."""
    pids = children_of(parent.pid)
    children.kill()
    parent.close()
    collect(pids)
    return sum(os.path.exists(f"/proc/{pid}") for pid in pids)


def collect(pids):
    """Kill and collect children that have come to us when their parent ended."""
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    for pid in pids:
        try:
            os.waitpid(pid, 0)
        except ChildProcessError:  # another process adopts the orphans here
            pass
