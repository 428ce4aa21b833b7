"""One child, held by a file descriptor for its life: stopped, let go on, ended, and always collected.

A signal is sent through the child's pidfd. It can reach this one process only: a number (pid) is
given to another process once it is free again, a pidfd never is.
"""

from __future__ import annotations  # a worker may be an older Python

import os
import select
import signal

from . import _refuse, _watching

EARLY = "a process that was looked at has ended before its time"
LIMIT = 15  # seconds after which Linux ends a child, whatever has become of us


class Child:
    """A child that runs ``work()``; leaving the ``with`` block kills and collects it.

    Attributes:
        pid: its number.
        code: how it ended and with what, once it is collected.
    """

    def __init__(self, work, name=""):
        opener = _refuse.require(os, "pidfd_open")
        self._send = _refuse.require(signal, "pidfd_send_signal")
        self.name, self.code = name, None

        def limited():
            _watching.limit(LIMIT)
            work()

        self.pid = _watching.fork(limited)
        try:
            self._fd = opener(self.pid)
        except OSError as error:
            os.kill(self.pid, signal.SIGKILL)  # ours, and not collected yet
            _watching.collect(self.pid)
            raise _refuse.Unavailable(f"pidfd_open: {error.strerror}") from None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.code is None:
            self.shoot()
            self.collect()
        os.close(self._fd)

    def fileno(self):
        """Return the descriptor that is ready to be read once it has ended."""
        return self._fd

    def signal(self, number):
        """Send it a signal; return whether there was still somebody to take it."""
        try:
            self._send(self._fd, number)
        except ProcessLookupError:
            return False
        return True

    def shoot(self):
        """Send it SIGKILL, which no process can refuse; return what :meth:`signal` does."""
        return self.signal(signal.SIGKILL)

    def stop(self):
        """Stop it, and wait until it has stopped: right after the signal it may still run."""
        self.signal(signal.SIGSTOP)
        self._until(os.WSTOPPED)

    def go_on(self):
        """Let it go on, and wait until it does."""
        self.signal(signal.SIGCONT)
        self._until(os.WCONTINUED)

    def _until(self, change):
        info = os.waitid(os.P_PID, self.pid, change | os.WEXITED)
        if info.si_code not in (os.CLD_STOPPED, os.CLD_CONTINUED):
            self.code = _watching.how_ended(info)  # and so it is collected
            raise _refuse.Unavailable(EARLY)

    def wait_for(self, gate, why=EARLY):
        """Wait until this child opens a gate; refuse to go on, and say why, if it ends instead."""
        while not gate.opened(0.01):
            if self.has_ended() and not gate.opened(0):
                raise _refuse.Unavailable(why)

    def has_ended(self, seconds=0.0):
        """Wait for its end, at most so long; return whether it has ended. Nothing is collected."""
        return bool(select.select([self._fd], [], [], seconds)[0])

    def ended(self):
        """Wait for its end; return how, and its exit code or signal, without collecting it."""
        return _watching.how_ended(os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT))

    def collect(self):
        """Wait for its end, collect it; return how, and its exit code or signal."""
        self.code = _watching.collect(self.pid)
        return self.code


def signal_own(pid, number):
    """Send a signal to a child of ours that is not collected yet, through a pidfd of this moment."""
    fd = _refuse.require(os, "pidfd_open")(pid)
    try:
        _refuse.require(signal, "pidfd_send_signal")(fd, number)
    finally:
        os.close(fd)


class Gate:
    """A pipe that holds somebody up: ``wait`` sleeps until the other side opens it, or is gone."""

    def __init__(self):
        self._read, self._write = os.pipe()

    def open(self):
        """Let the one who waits go on."""
        os.write(self._write, b"!")

    def wait(self):
        """Sleep until the gate is opened."""
        os.read(self._read, 1)

    def opened(self, seconds):
        """Wait at most so long; return whether it is open. It stays as it is."""
        return bool(select.select([self._read], [], [], seconds)[0])

    def close(self):
        """Close both ends."""
        os.close(self._read)
        os.close(self._write)
