"""Eight hearts behind walls: a crew in groups, and what else is asked about it.

Which heart lives in which process is a *wall*. Beside what is asked of every crew: what Linux says of
a heart again and again while it is silent, and how much CPU time it uses meanwhile.
"""

from . import _beats, _containers, _crew_progress, _crew_watch, _fates, _stacks

HEARTS = "ABCDEFGH"
WALLS = {  # for each arrangement the hearts of each process
    "mixed": ("ACDG", "B", "E", "F", "H"),
    "1": ("ABCDEFGH",),
    "2": ("ABCD", "EFGH"),
    "4": ("AB", "CD", "EF", "GH"),
    "8": tuple(HEARTS),
}


class Progress(_crew_progress.Progress):
    """Tells signs of life and silences; in a silence Linux is asked again and again."""

    def __init__(self, watch):
        super().__init__(watch)
        self.used, self.looks, self.asleep = {}, {}, {}

    def look(self, each):
        """Hand on what a heart has noted; while it is silent, ask what its task does."""
        super().look(each)
        state = _stacks.state(*self.watch.task(each)) if each.silent else None
        if state is not None:
            self.looks[each.name] = self.looks.get(each.name, 0) + 1
            self.asleep[each.name] = self.asleep.get(each.name, 0) + (state == "S")

    def signs(self, each, times_ns):
        """Take signs of life; after a silence note how much CPU time was used in it."""
        silent, before = each.silent, each.used
        super().signs(each, times_ns)
        if silent:
            self.used[each.name] = None if None in (each.used, before) else each.used - before


class Watch(_crew_watch.Watch):
    """Watches eight hearts."""

    def __init__(self, params, tell):
        groups = " ".join(WALLS[params["walls"]])
        crew = {"container": _containers.GROUPS, "groups": groups, "who": params["heart"]}
        super().__init__({**params, **crew, "siblings": len(HEARTS) - 1}, tell)
        self.progress = Progress(self)

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
        used = [self.progress.used.get(each.name) for each in silent]
        kept = ("faulty", "beats", "fates", "answers", "last_words", "notice_ns", "private_mb")
        return {
            **{name: found[name] for name in kept},
            "flat": flat,
            "spoke": sum(found["last_words"][letter] for letter in flat),
            "wrong": sum(each == _fates.WRONG for each in found["answers"].values()),
            "walls": {each.name: self.wall(each) for each in self.seen},
            "exits": self.exits(),
            "looks": self.progress.looks,
            "asleep": self.progress.asleep,
            "gap_ns": min((self.longest_gap(each.row) for each in silent), default=None),
            "gap_cpu_ns": max(used) if used and None not in used else None,
        }
