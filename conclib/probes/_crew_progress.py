"""Whether the actors of a crew progress: their signs of life, and silences, in which Linux is asked.

That is one of two things that are kept apart; whether they exist is the other (``_crew_ends.py``).
"""

import ctypes
import os
import time

from . import _beats, _faults, _libc, _refuse, _stacks

SILENT = 0.18  # seconds without a sign of life, after which an actor is called silent
LOOKS = 6  # that must have been made meanwhile: when the machine stands still, so do we
STARVED = 0.6  # share of a silence spent in waiting for a CPU, above which it is none


class Seen:
    """What has been seen of one actor.

    Attributes:
        name, kind, inside, row: whose; inside is the process around it, if it is not one itself.
        known: it has been named; told_fault: its fault has been told.
        ended: how and with what code, when and seen by whom; gone_ns: when Linux listed it no more.
        raised: an exception in words; silent: it is now; silences: how often it was.
        first_ns, last_ns: its first and its last sign of life; quiet: looks since then.
    """

    def __init__(self, place, row):
        (self.name, self.kind, self.inside), self.row = place, row
        self.known = self.told_fault = self.silent = False
        self.ended, self.gone_ns, self.raised = None, 0, ""
        self.quiet = self.silences = self.first_ns = 0
        self.last_ns = time.monotonic_ns()  # of its last sign of life, or since when we look
        self.used = self.waited = None  # CPU time that it had used, and waited for, then; ns


def over(looks, since_ns, seconds):
    """Whether a time has passed since then, and we have looked often enough in it."""
    return looks >= LOOKS and time.monotonic_ns() - since_ns > seconds * 1e9


class Progress:
    """Tells the signs of life of one crew, its faults, and its silences."""

    def __init__(self, watch):
        self.watch, self.beats, self.tell = watch, watch.beats, watch.tell

    def look(self, each):
        """Hand on what an actor has noted since the last look; notice when it is silent."""
        signs, fault = self.beats.news(each.row), self.beats.fault(each.row)
        self.tell.beats(each.name, signs)
        each.quiet += 1
        if signs:
            self.signs(each, signs)
        if fault and not each.told_fault:
            each.told_fault = True
            self.tell.event(each.name, "fault", fault, "itself", fault=self.watch.crew.fault)
            self.send(each)
        working = not (each.ended or self.beats.number(each.row, _beats.DONE))
        if working and not each.silent and self.is_silent(each):
            each.silent = True
            each.silences += 1
            self.tell.event(each.name, "silent", state=_stacks.state(*self.watch.task(each)))

    def signs(self, each, times_ns):
        """Take signs of life; the first of them may end a silence."""
        self.watch.moved()
        used, waited = _stacks.scheduled(*self.watch.task(each))
        if each.silent:
            each.silent = False
            more = None if None in (used, each.used) else used - each.used
            self.tell.event(each.name, "goes on", times_ns[0], "itself", cpu_ns=more)
        each.quiet, each.first_ns, each.last_ns = 0, each.first_ns or times_ns[0], times_ns[-1]
        each.used, each.waited = used, waited

    def is_silent(self, each):
        """Whether an actor gives no sign of life, and that is not for want of a CPU."""
        if not over(each.quiet, each.last_ns, SILENT):
            return False
        used, waited = _stacks.scheduled(*self.watch.task(each))
        if None in (used, waited, each.used, each.waited):
            return True
        whole = time.monotonic_ns() - each.last_ns
        starved = waited - each.waited > STARVED * whole
        return not starved or used - each.used > whole / 10

    def send(self, each):
        """Send the signal that the faulty one waits for, to this one thread of its process."""
        number = _faults.SENT.get(self.watch.crew.fault)
        if number is not None:
            if _libc.function("tgkill")(*self.watch.task(each), int(number)):
                why = os.strerror(ctypes.get_errno())
                raise _refuse.Unavailable(f"a signal could not be sent to a thread (tgkill): {why}")
            self.tell.event(each.name, number.name, seen="observer")
            self.beats.sent(each.row)
