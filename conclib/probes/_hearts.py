"""Eight hearts behind walls: a crew in groups, and what else is asked about it.

Which heart lives in which process is a *wall*. Beside what is asked of every crew: what memory each
process has for itself, what Linux says of a heart again and again while it is silent, and how much
CPU time it uses meanwhile.
"""

from . import _accounts, _beats, _containers, _crew_watch, _fates, _refuse, _stacks

HEARTS = "ABCDEFGH"
WALLS = {  # for each arrangement the hearts of each process
    "mixed": ("ACDG", "B", "E", "F", "H"),
    "1": ("ABCDEFGH",),
    "2": ("ABCD", "EFGH"),
    "4": ("AB", "CD", "EF", "GH"),
    "8": tuple(HEARTS),
}


class Watch(_crew_watch.Watch):
    """Watches eight hearts."""

    def __init__(self, params, tell):
        groups = " ".join(WALLS[params["walls"]])
        crew = {"container": _containers.GROUPS, "groups": groups, "who": params["heart"]}
        super().__init__({**params, **crew, "siblings": len(HEARTS) - 1}, tell)
        self.private, self.used, self.looks, self.asleep = {}, {}, {}, {}

    def meet(self):
        """Name the hearts; note what memory each process has for itself, while all are there."""
        super().meet()
        if not self.private:
            self.private = {name: private_kb(pid) for name, pid in self.pids.items()}

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

    def wall(self, each):
        """Return the name of the process that a heart lives in."""
        return each.inside or f"process {each.name}"

    def exits(self):
        """Return how each process ended: its exit code, or minus the signal's number."""
        ends = dict(self.around)
        ends.update((self.wall(each), each.ended[:2]) for each in self.seen
                    if not each.inside and each.ended)  # fmt: skip
        return {name: code if how == "exited" else -code for name, (how, code) in ends.items()
                if code is not None}  # fmt: skip

    def conclude(self):
        """Say who is still there; return the facts."""
        found = super().conclude()
        flat = [letter for letter in HEARTS if not found["finished"][letter]]
        silent = [each for each in self.seen if each.silences and each.name != found["faulty"]]
        used = [self.used.get(each.name) for each in silent]
        private = self.private.values()
        kept = ("faulty", "beats", "fates", "answers", "last_words", "notice_ns")
        return {
            **{name: found[name] for name in kept},
            "flat": flat,
            "spoke": sum(found["last_words"][letter] for letter in flat),
            "wrong": sum(each == _fates.WRONG for each in found["answers"].values()),
            "walls": {each.name: self.wall(each) for each in self.seen},
            "exits": self.exits(),
            "looks": self.looks,
            "asleep": self.asleep,
            "gap_ns": min((self.longest_gap(each.row) for each in silent), default=None),
            "gap_cpu_ns": max(used) if used and None not in used else None,
            "private_kb": sum(private) if None not in private else None,
        }


def private_kb(pid):
    """Return the memory that a process has for itself alone, in kB; None where Linux tells not."""
    try:
        return _accounts.resident(pid)["uss"]
    except _refuse.Unavailable:
        return None
