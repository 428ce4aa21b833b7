"""Looking at a program whose tasks beat like hearts, while others of its tasks make a call.

All is seen from outside: signs of life in shared memory, and what Linux lists of the program's
threads. See ``blocking_call``, which tells the story.
"""

import time

from . import _os_threads

HEARTS = "ABCDEFGH"
NAMED = 12  # callers that get a name and events; all are counted
LOOK = 0.002  # seconds between two looks
TELL = 0.1  # seconds between two events that tell beats
STILL = 0.5  # of the call's length: a heart without a beat for so long stood still
FEW = 300  # threads; of more than that only those of callers are asked what they do
WORDS = {  # how a call is named in a command, and in what call of Linux its thread then stands
    "read": ("read", "read"),
    "time.sleep": ("nanosleep", "nanosleep"),
    "own sleep": ("own_sleep", "nanosleep"),
    "own read": ("own_read", "read"),
    "helper thread": ("helper", "read"),
    "compute": ("compute", ""),
    "sleep with a lock": ("locked_sleep", "nanosleep"),
}


class Watch:
    """Looks at one program: its threads, its hearts' beats, its callers' notes."""

    def __init__(self, program, params, tell):
        self.program, self.tell = program, tell
        self.threads = _os_threads.Threads(program.pid, tell)
        self.hearts = {name: [] for name in HEARTS}
        self.callers = range(len(HEARTS), len(HEARTS) + params["readers"])
        self.how, self.stands_in = WORDS[params["call"]]
        self.on, self.told, self.told_at = set(), dict.fromkeys(HEARTS, 0), 0.0
        self.looked_into = self.called = False

    def actors(self):
        """Name the tasks."""
        for name in HEARTS:
            self.tell.actor(name, "task", self.program.pid, maker="program")
        for row in self.callers[:NAMED]:
            self.tell.actor(self.caller(row), "task", self.program.pid, maker="program")

    def caller(self, row):
        """Return a caller's name."""
        number = row - len(HEARTS) + 1
        return "reader" if len(self.callers) == 1 else f"reader {number}"

    def look(self):
        """Look once at everything."""
        program, threads = self.program, self.threads
        program.check()
        threads.look()
        for row, name in enumerate(HEARTS):
            self.hearts[name] += program.beats.news(row)
            self.on.add(program.beats.tid(row))
        if time.monotonic() - self.told_at > TELL:
            self.tell_beats()
        if self.called and self.stands_in:
            callers = {program.beats.tid(row) for row in self.callers} - {0}
            every = self.stands_in == "read" and len(threads.now) <= FEW and threads.tells_which
            threads.look_into(self.stands_in, program.pipe, threads.now if every else callers)
            self.looked_into |= every or bool(callers)

    def tell_beats(self):
        """Tell the beats that have come since this was done last: many in one event."""
        for name, times in self.hearts.items():
            self.tell.beats(name, times[self.told[name] :])
            self.told[name] = len(times)
        self.told_at = time.monotonic()

    def go_on(self, seconds, enough=lambda: False):
        """Look again and again, for so long or until it is enough; return whether it was."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.look()
            if enough():
                return True
            time.sleep(LOOK)
        return False

    def times(self, which):
        """Return when callers noted something: ``_beats.FAULT`` before the call, DONE after it."""
        found = [self.program.beats.number(row, which) for row in self.callers]
        return [each for each in found if each]


def pauses(hearts, start, end, call):
    """Return how the hearts beat from the first call's start to the last one's end, and before.

    ``call``: how long one call took; calls that follow each other take longer together.
    """
    longest, usual = {}, []
    for name, times in hearts.items():
        around = [max((t for t in times if t <= start), default=start)]
        around += [t for t in times if start < t <= end]
        around.append(min((t for t in times if t > end), default=end))
        longest[name] = max(gaps(around))
        usual += gaps([t for t in times if t <= start])
    usual.sort()
    return {
        "hearts": list(hearts),
        "beats": {name: len(times) for name, times in hearts.items()},
        "during": {name: sum(start < t < end for t in times) for name, times in hearts.items()},
        "still": [name for name, pause in longest.items() if pause > STILL * call],
        "pause_ns": max(longest.values()),
        "pauses_ns": longest,
        "usual_ns": usual[len(usual) // 2] if usual else 0,
    }


def gaps(times):
    """Return the time between each and the next."""
    return [times[number + 1] - times[number] for number in range(len(times) - 1)]
