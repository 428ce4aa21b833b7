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
    _accounts,
    _beats,
    _containers,
    _crew,
    _crew_ends,
    _crew_progress,
    _fates,
    _faults,
    _refuse,
    _stacks,
    _watching,
)
from ._crew_progress import over

LOOK = 0.005  # seconds between two looks
OVER = 0.50  # seconds in which nothing at all happened: then nothing is expected any more
DONE_BY_HOST = ("restart", "given up")
START = 10.0  # seconds that a crew may take to begin


def shared(name):
    """Return the descriptor of a file in memory that processes can share."""
    try:
        return _refuse.require(os, "memfd_create")(name)
    except OSError as error:  # barred, or no descriptor is left
        raise _refuse.Unavailable(f"memfd_create: {error.strerror}") from None


class Watch:
    """One crew, from its start to its end. ``look()`` never waits longer than it is told to."""

    def __init__(self, params, tell, looks_closer=True):
        """Prepare. ``looks_closer``: whether stacks and memory are looked at, which takes time."""
        self.container, self.tell, self.looks_closer = params["container"], tell, looks_closer
        _faults.require(params["fault"])
        places = _containers.places(params)
        names = [name for name, _, _ in places]
        self.rows = list(range(_containers.first_lives(params)))
        self.params = {**params, "faulty": _containers.faulty(params)}
        self.children = _watching.Children()
        self.seen = [_crew_progress.Seen(place, row) for row, place in enumerate(places)]
        self.insides = list(dict.fromkeys(each.inside for each in self.seen if each.inside))
        self.memory, self.stacks = shared("beats"), shared("stacks")
        self.read, self.write = os.pipe()
        os.set_blocking(self.read, False)
        self.beats = _beats.Beats(len(names), self.memory)
        self.crew = _crew.Crew(self.beats, names, self.params, self.write)
        self.pids, self.heard, self.saw = {}, b"", []
        self.moved()
        self.dumps, self.private_mb, self.ends = {}, None, _crew_ends.Ends(self)
        self.progress = _crew_progress.Progress(self)
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
        try:
            _containers.STARTS[self.container](self)
        except BlockingIOError as error:
            raise _refuse.Unavailable(self.no_more(error.strerror)) from None
        for name in self.insides:
            self.tell.actor(name, "process", self.pids[name], maker="observer")
            self.tell.event(name, "start")

    def no_more(self, why):
        """Say how far the start came. What was started is ended as after every run."""
        there = sum(bool(self.beats.tid(row)) for row in self.rows)
        return f"{there} of {len(self.rows)} began, and Linux starts no more: {why}"

    def begin(self, seconds):
        """Let all begin once all are there."""
        ended = self.children.ended(seconds)
        self.hear()  # it may say why
        if ended or time.monotonic() > self.until:
            raise RuntimeError("an actor ended before it had begun, or did not begin in time")
        if all(self.beats.tid(row) for row in self.rows):
            self.opened = True
            self.private_mb = self.bill()
            self.moved()
            self.meet()
            self.beats.open()

    def bill(self):
        """Return the memory that the crew's processes have for themselves, in MB; None if unread."""
        if not self.looks_closer:
            return None
        pids = {self.beats.pid(row) for row in self.rows} | set(self.pids.values())
        try:
            return sum(_accounts.resident(pid)["uss"] for pid in pids) / 1024
        except (_refuse.Unavailable, OSError, KeyError):
            return None

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
                self.progress.look(each)
        self.hear()
        for name, _, how, code in ended:
            self.ends.of_child(name, how, code)
        for each in self.seen:
            if each.known and not each.ended:
                self.ends.look(each)
        return bool(self.children) and not over(self.still, self.moved_ns, OVER)

    def moved(self):
        """Note that something happened."""
        self.still, self.moved_ns = 0, time.monotonic_ns()

    def task(self, each):
        """Return the process and the thread that an actor lives in."""
        return self.beats.pid(each.row), self.beats.tid(each.row)

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
        if "nothing" in words:
            raise _refuse.Unavailable(f"{words['nothing']}: its call came back, nothing went wrong")
        if "no more" in words:
            raise _refuse.Unavailable(self.no_more(words["no more"]))
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
        if self.looks_closer:
            self.ask_for_stacks()
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
                # Ours only if it came to us when its parent ended; else the number may be another's.
                os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
            except ChildProcessError:
                pass
        for fd in (self.memory, self.stacks, self.read, self.write):
            os.close(fd)
