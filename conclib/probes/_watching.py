"""Watching children from outside, with one thread: pidfd says when one has ended, waitid how.

A child that has ended stays a zombie until it is collected, and what ``/proc`` still shows of it is
looked at before that. Where one child is all there is, :func:`fork` and :func:`collect` do; they
need no pidfd, which Python has from 3.9 on.
"""

import os
import select
import sys

from . import _light, _refuse


def fork(work):
    """Run ``work()`` in a child, which then ends with exit code 0; return its pid."""
    _refuse.require_single_thread()
    pid = _refuse.require(os, "fork")()
    if pid == 0:
        code = 1
        try:
            work()
            code = 0
        except BaseException:
            sys.excepthook(*sys.exc_info())  # onto standard error, which the caller quotes
        finally:
            os._exit(code)
    return pid


def how_ended(info):
    """Return how a child ended, and its exit code or signal, from what waitid says of it."""
    return "exited" if info.si_code == os.CLD_EXITED else "signalled", info.si_status


def collect(pid):
    """Wait for a child's end, collect it, and return what :func:`how_ended` does."""
    return how_ended(os.waitid(os.P_PID, pid, os.WEXITED))


def limit(seconds):
    """Have Linux end this process after so long, whatever it does or waits for then."""
    import signal

    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGALRM])
    signal.alarm(seconds)


class Children:
    """The children that an observer has started, each with a file descriptor for its life."""

    def __init__(self):
        self._open = _refuse.require(os, "pidfd_open")
        self._poll = select.poll()
        self._living = {}

    def __len__(self):
        return len(self._living)

    def fork(self, name, work):
        """Run ``work()`` in a child, which then ends with exit code 0; return its pid."""
        return self.add(name, fork(work))

    def add(self, name, pid):
        """Take a child that was started in another way; return its pid."""
        fd = self._life(pid)
        self._living[fd] = (name, pid)
        self._poll.register(fd, select.POLLIN)
        return pid

    def _life(self, pid):
        """Return a descriptor of a child's life; where there is none, end the child and say so."""
        try:
            return self._open(pid)
        except OSError as error:  # barred, or no descriptor is left
            os.kill(pid, _light.SIGKILL)  # ours, and not collected yet: it is no other's number
            collect(pid)
            raise _refuse.Unavailable(f"pidfd_open: {error.strerror}") from None

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
        return (name, pid, *collect(pid))


def tasks(pid):
    """Return the thread ids that Linux lists of a process; none if it is gone."""
    try:
        return {int(name) for name in os.listdir(f"/proc/{pid}/task")}
    except OSError:
        return set()
