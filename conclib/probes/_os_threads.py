"""The threads that Linux lists of a program, look after look: births, ends, and who stands in a call.

What a thread does at the moment Linux says in ``/proc/PID/task/TID/syscall``: the number of the call
it has not come back from, and what it gave it; or, where that may not be read, in ``wchan``: the
function of Linux in which it sleeps.
"""

import os
import platform
import time

from . import _accounts, _watching

NAMED = 150  # threads that get a name and events; all are counted
NAME = "OS thread {}"
# The numbers of calls that sleep (read and readv; nanosleep and clock_nanosleep), and names of the
# places in Linux where a thread sleeps in them.
NUMBERS = {
    "x86_64": {"read": ("0", "19"), "nanosleep": ("35", "230")},
    "aarch64": {"read": ("63", "65"), "nanosleep": ("101", "115")},
}
PLACES = {"read": ("pipe_read", "pipe_wait"), "nanosleep": ("nanosleep",)}
SYSCALL, WCHAN = "/proc/PID/task/TID/syscall", "/proc/PID/task/TID/wchan"


class Threads:
    """The threads of one program.

    Attributes:
        now: their numbers at the last look; most: how many there were at most.
        by: which file says what a thread does; empty if none does, and ``why`` says why not.
        most_in_call: how many stood in the call at the same time, at most.
        spans: for each number, from when to when it was seen standing in the call, in ns.
    """

    def __init__(self, pid, tell):
        self.pid, self.tell = pid, tell
        self.now, self.most, self.names = set(), 0, {}
        self.by, self.why = self._readable()
        self.most_in_call, self.spans = 0, {}

    def _readable(self):
        """Return which file says what a thread does, and why not the better one."""
        numbers = NUMBERS.get(platform.machine())
        why = (
            [] if numbers else [f"the numbers of calls of {platform.machine()} are not known here"]
        )
        for path in ([SYSCALL] if numbers else []) + [WCHAN]:
            try:
                text = _accounts.read(self._path(path, self.pid))
            except OSError as error:
                why.append(f"{path}: {error.strerror}")
                continue
            if text.strip() not in ("", "0") or path == SYSCALL:
                return path, ""
            why.append(f"{path} says nothing here")
        return "", "; ".join(why)

    @property
    def tells_which(self):
        """Whether it shows which descriptor a thread reads; else others that read look the same."""
        return self.by == SYSCALL

    def _path(self, pattern, tid):
        return pattern.replace("PID", str(self.pid)).replace("TID", str(tid))

    def look(self):
        """List the threads; tell which are new and which are gone."""
        t_ns, listed = time.monotonic_ns(), _watching.tasks(self.pid)
        what = "born" if self.most else "there"  # of the first look's nobody has seen the birth
        for tid in sorted(listed - self.now):
            if len(self.names) < NAMED:
                self.names[tid] = NAME.format(len(self.names) + 1)
                self.tell.actor(self.names[tid], "thread", self.pid, tid, maker="program")
                self.tell.event(self.names[tid], what, t_ns)
        for tid in self.now - listed:
            self._gone(tid, t_ns)
        self.now, self.most = listed, max(self.most, len(listed))

    def _gone(self, tid, t_ns):
        if tid in self.names:
            self.tell.ending(self.names[tid], "exited", by="/proc", t_ns=t_ns)

    def look_into(self, call, fd, tids):
        """Note which of these threads stand in a call.

        Args:
            call: ``"read"`` or ``"nanosleep"``; fd: for a read, of which descriptor.
            tids: numbers of threads; others are not looked at.
        """
        if not self.by:
            return
        standing = [tid for tid in tids if tid in self.now and self._stands(call, fd, tid)]
        t_ns = time.monotonic_ns()
        self.most_in_call = max(self.most_in_call, len(standing))
        for tid in standing:
            self.spans.setdefault(tid, [t_ns, t_ns])[1] = t_ns

    def _stands(self, call, fd, tid):
        try:
            text = _accounts.read(self._path(self.by, tid))
        except OSError:  # it has ended
            return False
        if self.by == WCHAN:
            return any(place in text for place in PLACES[call])
        words = text.split()
        if words[0] not in NUMBERS[platform.machine()][call]:
            return False
        return call != "read" or int(words[1], 16) == fd or self._same(int(words[1], 16), fd)

    def _same(self, theirs, ours):
        """Whether a descriptor of the program's leads where ours does; it may have reopened it."""
        try:
            pipe = os.readlink(f"/proc/{self.pid}/fd/{theirs}")
            return pipe == os.readlink(f"/proc/self/fd/{ours}")
        except OSError:  # it has been closed
            return False

    def tell_spans(self):
        """Tell from when to when each named thread was seen standing in the call."""
        for tid, (first, last) in self.spans.items():
            if tid in self.names:
                self.tell.event(self.names[tid], "in call", first, t0_ns=first, t1_ns=last)

    def end(self, t_ns):
        """Tell that the threads which were left ended with their program."""
        for tid in sorted(self.now):
            self._gone(tid, t_ns)
