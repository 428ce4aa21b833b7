"""The observer of a crew: starts it, looks at it from outside until it is over, and ends what is left.

Two things are kept apart. An actor *exists* as long as Linux lists it (pidfd, waitid, ``/proc``); it
*progresses* as long as its signs of life come. One that exists and gives none is *silent*, and Linux
is asked what it does meanwhile. The observer has one thread, and never waits for an actor.
"""

import json
import os
import signal
import time

from . import (
    _beats,
    _containers,
    _crew,
    _crew_ends,
    _fates,
    _faults,
    _libc,
    _refuse,
    _stacks,
    _watching,
)

LOOK = 0.005  # seconds between two looks
SILENT = 0.18  # seconds without a sign of life, after which an actor is called silent
OVER = 0.50  # seconds in which nothing at all happened: then nothing is expected any more
LOOKS = 6  # that must have been made meanwhile: when the machine stands still, so do we
DONE_BY_HOST = ("restart", "given up")
START = 10.0  # seconds that a crew may take to begin


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
        self.before, self.waited = None, 0  # CPU time at a silence, and waited for at a sign; ns


class Watch:
    """One crew, from its start to its end. ``look()`` never waits longer than it is told to."""

    def __init__(self, params, tell):
        self.container, self.tell = params["container"], tell
        _faults.require(params["fault"])
        places = _containers.places(params)
        names = [name for name, _, _ in places]
        self.rows = list(range(_containers.first_lives(params)))
        self.params = {**params, "faulty": _containers.faulty(params)}
        self.children = _watching.Children()
        self.seen = [Seen(place, row) for row, place in enumerate(places)]
        self.insides = list(dict.fromkeys(each.inside for each in self.seen if each.inside))
        self.memory = _refuse.require(os, "memfd_create")("beats")
        self.stacks = os.memfd_create("stacks")
        self.read, self.write = os.pipe()
        os.set_blocking(self.read, False)
        self.beats = _beats.Beats(len(names), self.memory)
        self.crew = _crew.Crew(self.beats, names, self.params, self.write)
        self.pids, self.heard, self.saw = {}, b"", []
        self.moved()
        self.dumps, self.ends = {}, _crew_ends.Ends(self)
        self.opened, self.around = False, {}  # whether they work; how processes around them ended

    @property
    def faulty(self):
        """What has been seen of the one that goes wrong, in its first life."""
        return self.seen[self.params["faulty"]]

    # Starting -------------------------------------------------------------------------------------
    def fork(self, name, work):
        """Start a process of the crew that runs ``work()``."""
        self.pids[name] = self.children.fork(name, lambda: _crew.live(work, self.crew, self.stacks))

    def add(self, name, pid):
        """Take a child that was started in another way."""
        self.pids[name] = self.children.add(name, pid)

    def start(self):
        """Start the crew. Its work begins as soon as a look finds all of them there."""
        self.tell.actor("observer", "process", os.getpid())
        self.until = time.monotonic() + START
        _containers.STARTS[self.container](self)
        for name in self.insides:
            self.tell.actor(name, "process", self.pids[name], maker="observer")
            self.tell.event(name, "start")

    def begin(self, seconds):
        """Let all begin once all are there."""
        if self.children.ended(seconds) or time.monotonic() > self.until:
            raise RuntimeError("an actor ended before it had begun, or did not begin in time")
        if all(self.beats.tid(row) for row in self.rows):
            self.opened = True
            self.moved()
            self.meet()
            self.beats.open()

    def meet(self):
        """Name those who have begun since the last look."""
        for each in self.seen:
            if not each.known and self.beats.tid(each.row):
                each.known, each.last_ns = True, time.monotonic_ns()
                pid, tid = self.beats.pid(each.row), self.beats.tid(each.row)
                self.tell.actor(each.name, each.kind, pid, tid, each.inside or "observer")

    # Looking --------------------------------------------------------------------------------------
    def look(self, seconds=LOOK):
        """Look at all of them once; return whether anything is still to be expected."""
        if not self.opened:
            self.begin(seconds)
            return True
        ended = self.children.ended(seconds)
        self.still += 1
        self.meet()
        for each in self.seen:
            if each.known:
                self.news(each)
        self.hear()
        for name, _, how, code in ended:
            self.ends.of_child(name, how, code)
        for each in self.seen:
            if each.known and not each.ended:
                self.ends.look(each)
        return bool(self.children) and not self.over(self.still, self.moved_ns, OVER)

    def over(self, looks, since_ns, seconds):
        """Whether a time has passed, and we have looked often enough in it."""
        return looks >= LOOKS and time.monotonic_ns() - since_ns > seconds * 1e9

    def moved(self):
        """Note that something happened."""
        self.still, self.moved_ns = 0, time.monotonic_ns()

    def news(self, each):
        """Hand on what an actor has noted since the last look."""
        beats, fault = self.beats.news(each.row), self.beats.fault(each.row)
        self.tell.beats(each.name, beats)
        each.quiet += 1
        if beats:
            self.moved()
            if each.silent:
                self.goes_on(each, beats[0])
            each.quiet, each.first_ns, each.last_ns = 0, each.first_ns or beats[0], beats[-1]
            each.waited = _stacks.waited(*self.task(each))
        if fault and not each.told_fault:
            each.told_fault = True
            self.tell.event(each.name, "fault", fault, "itself", fault=self.crew.fault)
            self.send(each)
        working = not (each.ended or self.beats.number(each.row, _beats.DONE))
        if working and not each.silent and self.is_silent(each):
            each.silent, each.before = True, _stacks.cpu(*self.task(each))
            each.silences += 1
            self.tell.event(each.name, "silent", state=_stacks.state(*self.task(each)))

    def is_silent(self, each):
        """Whether an actor gives no sign of life, and that is not for want of a CPU."""
        if not self.over(each.quiet, each.last_ns, SILENT):
            return False
        waited = _stacks.waited(*self.task(each)) - each.waited
        return self.over(each.quiet, each.last_ns + waited, SILENT)

    def goes_on(self, each, t_ns):
        """Say that a silence is over, and how much CPU time its actor used meanwhile."""
        each.silent, after = False, _stacks.cpu(*self.task(each))
        used = None if None in (after, each.before) else after - each.before
        self.tell.event(each.name, "goes on", t_ns, "itself", cpu_ns=used)

    def task(self, each):
        """Return the process and the thread that an actor lives in."""
        return self.beats.pid(each.row), self.beats.tid(each.row)

    def send(self, each):
        """Send the signal that the faulty one waits for, to this one thread of its process."""
        number = _faults.SENT.get(self.crew.fault)
        if number is not None:
            _libc.function("tgkill")(*self.task(each), int(number))
            self.tell.event(each.name, number.name, seen="observer")
            self.beats.sent(each.row)

    def hear(self):
        """Take what actors and hosts have said."""
        try:
            while piece := os.read(self.read, 65536):
                self.heard += piece
        except BlockingIOError:
            pass
        *lines, self.heard = self.heard.split(b"\n")
        for line in lines:
            self.said(json.loads(line))

    def said(self, words):
        """Tell one thing that was said."""
        if "end" in words:
            self.ends.seen_by_host(self.named(words["end"]), words["code"], words["t_ns"])
        elif "raised" in words:
            each = self.named(words["actor"])
            each.raised = words["raised"]
            data = {"error": words["raised"], "trace": words["trace"]}
            self.tell.event(each.name, "raised", words["t_ns"], "itself", **data)
        else:
            name, told = words["actor"], words["saw"]
            self.saw.append(f"{name}: {told}")
            self.told(name, told, words["t_ns"])
            if name == self.faulty.name and told != "a result":
                self.ends.notice(words["t_ns"])

    def told(self, name, words, t_ns):
        """Say what a host did with an actor, or was told of it."""
        what = words if words in DONE_BY_HOST else "told"
        self.tell.event(self.named(name).inside, what, t_ns, "itself", of=name, told=words)

    def named(self, name):
        """Return what has been seen of an actor."""
        return next(each for each in self.seen if each.name == name)

    # The end of it --------------------------------------------------------------------------------
    def conclude(self):
        """Say who is still there; return the facts."""
        self.hear()
        left = [each for each in self.seen if each.known and not each.ended]
        for each in left:
            if _stacks.exists(*self.task(each)):
                each.ended = ("alive", None, time.monotonic_ns(), "/proc")
                self.tell.ending(each.name, "alive", by="/proc")
        return _fates.facts(self)

    def ask_for_stacks(self):
        """Have the processes that are left write what each of their threads is doing."""
        left = [each for each in self.seen if each.known and not each.ended]
        for pid in sorted({self.beats.pid(each.row) for each in left}):
            self.dumps[self.name_of(pid)] = _stacks.dump(pid, self.stacks)

    def name_of(self, pid):
        """Return what a process is called."""
        known = {number: name for name, number in self.pids.items()}
        return known.get(pid) or next(e.name for e in self.seen if self.beats.pid(e.row) == pid)

    def close(self):
        """End all that is left, and collect it."""
        self.children.kill()
        for pid in {self.beats.pid(each.row) for each in self.seen} - set(self.pids.values()) - {0}:
            try:
                os.kill(pid, signal.SIGKILL)  # came to us when its parent ended
                os.waitpid(pid, 0)
            except (ProcessLookupError, ChildProcessError):
                pass
        for fd in (self.memory, self.stacks, self.read, self.write):
            os.close(fd)
