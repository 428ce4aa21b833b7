"""Watching children from outside, with one thread: pidfd says when one has ended, waitid how.

A child that has ended stays a zombie until it is collected, and what ``/proc`` still shows of it is
looked at before that.
"""

import os
import select

from . import _refuse


class Children:
    """The children that an observer has started, each with a file descriptor for its life."""

    def __init__(self):
        self._open = _refuse.require(os, "pidfd_open")
        _refuse.require(os, "fork")
        self._poll = select.poll()
        self._living = {}

    def __len__(self):
        return len(self._living)

    def fork(self, name, work):
        """Run ``work()`` in a child, which then ends with exit code 0; return its pid."""
        _refuse.require_single_thread()
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                work()
                code = 0
            finally:
                os._exit(code)
        fd = self._open(pid)
        self._living[fd] = (name, pid)
        self._poll.register(fd, select.POLLIN)
        return pid

    def ended(self, seconds):
        """Wait for at most so long; return those that have ended, as (name, pid, how, code)."""
        return [self._collected(fd) for fd, _ in self._poll.poll(seconds * 1000)]

    def kill(self):
        """Kill those that live; return all of them as :meth:`ended` does."""
        import signal

        for _, pid in self._living.values():
            os.kill(pid, signal.SIGKILL)  # ours, and not collected yet: it is no other's number
        return [self._collected(fd) for fd in list(self._living)]

    def _collected(self, fd):
        name, pid = self._living.pop(fd)
        self._poll.unregister(fd)
        os.close(fd)
        info = os.waitid(os.P_PID, pid, os.WEXITED)
        how = "exited" if info.si_code == os.CLD_EXITED else "signalled"
        return name, pid, how, info.si_status


def tasks(pid):
    """Return the thread ids that Linux lists of a process; none if it is gone."""
    try:
        return {int(name) for name in os.listdir(f"/proc/{pid}/task")}
    except OSError:
        return set()
