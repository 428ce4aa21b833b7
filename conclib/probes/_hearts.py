"""Eight hearts behind walls: threads of as many processes as are wanted, all beating alike.

Which heart lives in which process is a *wall*. All of them run the same code, also one that has a
process for itself; so what differs between two hearts is where they live, and nothing else.
"""

import os
import time

from . import _accounts, _beats, _crew, _crew_ends, _crew_watch, _fates, _refuse, _stacks

HEARTS = "ABCDEFGH"
WALLS = {  # for each arrangement the hearts of each process
    "mixed": ("ACDG", "B", "E", "F", "H"),
    "1": ("ABCDEFGH",),
    "2": ("ABCD", "EFGH"),
    "4": ("AB", "CD", "EF", "GH"),
    "8": tuple(HEARTS),
}


class Ends(_crew_ends.Ends):
    """Tells the ends of hearts, each of which lives in one of several processes."""

    def of_child(self, name, how, code):
        """Tell the end of a process, and of the hearts that lived in it."""
        watch = self.watch
        watch.still = 0
        watch.exits[name] = code if how == "exited" else -code
        watch.tell.ending(name, how, by="waitid", code=code)
        for each in watch.seen:
            if each.name in watch.walls[name] and not each.ended:
                self.of_inner(each, how, code)


class Watch(_crew_watch.Watch):
    """Watches eight hearts: threads of several processes, of which the observer forks each."""

    def __init__(self, params, tell):
        super().__init__({**params, "container": "thread", "siblings": len(HEARTS) - 1}, tell)
        groups = WALLS[params["walls"]]
        self.walls = {f"process {number}": group for number, group in enumerate(groups, 1)}
        self.seen = [_crew_watch.Seen(letter, row) for row, letter in enumerate(HEARTS)]
        self.params["faulty"] = self.crew.faulty = HEARTS.index(params["heart"])
        self.crew.names, self.ends = list(HEARTS), Ends(self)
        self.exits, self.private, self.used = {}, {}, {}
        self.looks, self.asleep = {}, {}

    def start(self):
        """Fork a process for each wall; the hearts begin when all of them are there."""
        self.tell.actor("observer", "process", os.getpid())
        self.until = time.monotonic() + _crew_watch.START
        for name, group in self.walls.items():
            self.fork(name, lambda group=group: self.beat(group))
            self.tell.actor(name, "process", self.pids[name], maker="observer")

    def beat(self, group):
        """In a process of their own: a thread for each heart of a group; wait for all of them."""
        for thread in _crew.in_threads(self.crew, [HEARTS.index(letter) for letter in group]):
            thread.join()

    def meet(self):
        """Name the hearts; note what memory each process has for itself, while all are there."""
        if self.private:
            return
        for name, group in self.walls.items():
            for each in self.seen:
                if each.name in group:
                    each.known = True
                    kind = "process" if len(group) == 1 else "thread"
                    self.tell.actor(each.name, kind, *self.task(each), name)
            self.private[name] = private_kb(self.pids[name])

    def news(self, each):
        """Hand on what a heart has noted; while it is silent, ask Linux what its task does."""
        super().news(each)
        state = _stacks.state(*self.task(each)) if each.silent else None
        if state is not None:
            self.looks[each.name] = self.looks.get(each.name, 0) + 1
            self.asleep[each.name] = self.asleep.get(each.name, 0) + (state == "S")

    def goes_on(self, each, t_ns):
        """Say that a silence is over; note how much CPU time its heart used meanwhile."""
        after = _stacks.cpu(*self.task(each))
        self.used[each.name] = None if None in (after, each.before) else after - each.before
        super().goes_on(each, t_ns)

    def longest_gap(self, row):
        """Return the longest time between two beats of a heart, in ns; 0 if there were not two."""
        last, longest = 0, 0
        for number in range(self.beats.count(row)):
            now = self.beats.number(row, _beats.FIRST + number)
            longest = max(longest, now - last) if last else 0
            last = now
        return longest

    def name_of(self, pid):
        """Return what a process is called."""
        return next(name for name, number in self.pids.items() if number == pid)

    def conclude(self):
        """Say who is still there; return the facts."""
        found = super().conclude()
        flat = [letter for letter in HEARTS if not found["finished"][letter]]
        names = {letter: name for name, group in self.walls.items() for letter in group}
        known = None not in self.private.values()
        silent = [each for each in self.seen if each.silences and each.name != found["faulty"]]
        used = [self.used.get(each.name) for each in silent]
        gaps = [self.longest_gap(each.row) for each in silent]
        kept = ("faulty", "beats", "fates", "answers", "last_words", "notice_ns")
        return {
            **{name: found[name] for name in kept},
            "flat": flat,
            "spoke": sum(found["last_words"][letter] for letter in flat),
            "walls": names,
            "exits": self.exits,
            "looks": self.looks,
            "asleep": self.asleep,
            "gap_ns": min(gaps, default=None),
            "gap_cpu_ns": max(used) if used and None not in used else None,
            "private_kb": sum(self.private.values()) if known else None,
            "wrong": sum(each == _fates.WRONG for each in found["answers"].values()),
        }


def private_kb(pid):
    """Return the memory that a process has for itself alone, in kB; None where Linux tells not."""
    try:
        return _accounts.resident(pid)["uss"]
    except _refuse.Unavailable:
        return None
