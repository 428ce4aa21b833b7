"""Eight hearts beat, and another task makes one call that takes a while. Do the hearts stand still?

Hearts and callers are tasks of the same runtime, in a program of its own. A heart gives a sign of
life each 10 ms, and in between its runtime wakes it. The observer lets them beat for a while, has
the callers make their call, lets it come back, and looks all the time at which threads Linux lists,
and which of them stand in the call.
"""

import os
import time

from .. import _beats, _os_threads, _refuse, _tasks_program

PROBE = {
    "name": "blocking_call",
    "title": "One task makes a call that blocks",
    "times": "nothing: it reports for how long the other tasks stood still",
    "unit": "facts",
    "kind": "task",
    "facts": {
        "version": "str",
        "hearts": "list[str]",
        "beats": "dict[str, int]",
        "during": "dict[str, int]",
        "still": "list[str]",
        "pause_ns": "int",
        "pauses_ns": "dict[str, int]",
        "usual_ns": "int",
        "call_ns": "int | None",
        "readers": "int",
        "came_back": "int",
        "threads_before": "int",
        "threads_most": "int",
        "threads_after": "int",
        "in_call": "int | None",
        "in_call_by": "str",
        "heart_threads": "int",
        "cpus": "int",
    },
    "params": {
        "runtime": {
            "type": "choice",
            "default": "asyncio",
            "choices": ["threads", "asyncio", "greenlet", "go"],
            "help": "who runs the tasks",
        },
        "call": {
            "type": "choice",
            "default": "read",
            "choices": ["read", "time.sleep", "compute", "own sleep", "own read", "helper thread"],
            "only": {"helper thread": {"runtime": ["asyncio"]}},
            "help": "what the callers do: the system call read, or a system call that sleeps; or "
            "they compute all the time; or a sleep or a read of the runtime's own; or they have a "
            "helper thread read",
        },
        "readers": {
            "type": "int",
            "default": 1,
            "min": 0,
            "max": 1000,
            "title": "tasks that make the call",
            "help": "how many tasks make the call",
        },
        "others": {
            "type": "int",
            "default": 0,
            "min": 0,
            "max": 10_000,
            "title": "waiting tasks besides",
            "help": "how many other tasks there are, which only wait",
        },
        "hold_ms": {
            "type": "int",
            "default": 600,
            "min": 100,
            "max": 3000,
            "unit": "ms",
            "title": "length of the call",
            "help": "how long the call takes",
        },
        "procs": {
            "type": "int",
            "default": 0,
            "min": 0,
            "max": 64,
            "only": {"": {"runtime": ["go"]}},
            "title": "GOMAXPROCS",
            "help": "how many tasks may run at the same time (GOMAXPROCS); 0 leaves it to Go",
        },
    },
    "takes": {
        "processes": "1",
        "threads": "32 + readers + (others if runtime == 'threads' else 0)",
        "descriptors": "16 + (readers if call == 'own read' else 0)",
        "mb": "48 + (others + readers) // 100",
    },
    "programs": {"runtime": {"greenlet": "greenlet", "go": "tasks.go"}},
    "baseline": "none",
    "needs": ["fork"],
}
HEARTS = "ABCDEFGH"
LEAD, TAIL = 0.3, 0.3  # seconds of beats before the call and after it
LOOK = 0.002  # seconds between two looks
TELL = 0.1  # seconds between two events that tell beats
PATIENCE = 5.0  # seconds for all calls to come back
STILL = 0.5  # of the call's length: a heart without a beat for so long stood still
FEW = 300  # threads; of more than that only those of callers are asked what they do
WORDS = {  # how a call is named in a command, and in what call of Linux its thread then stands
    "read": ("read", "read"),
    "time.sleep": ("nanosleep", "nanosleep"),
    "own sleep": ("own_sleep", "nanosleep"),
    "own read": ("own_read", "read"),
    "helper thread": ("helper", "read"),
    "compute": ("compute", ""),
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

    def actors(self):
        """Name the tasks."""
        for name in HEARTS:
            self.tell.actor(name, "task", self.program.pid, maker="program")
        for row in self.callers:
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
        callers = {program.beats.tid(row) for row in self.callers} - {0}
        if callers and self.stands_in:
            every = self.stands_in == "read" and len(threads.now) <= FEW
            threads.look_into(self.stands_in, program.pipe, threads.now if every else callers)

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


def observe(params, tell):
    """Let hearts beat, have the callers make their call, let it come back; return what was seen."""
    _refuse.require_proc()
    tell.actor("observer", "process", os.getpid())
    settings = {"GOMAXPROCS": str(params["procs"])} if params["procs"] else None
    rows = len(HEARTS) + params["readers"]
    built = params.get("_program")
    program = _tasks_program.Program(params["runtime"], built, rows, settings)
    try:
        tell.actor("program", "process", program.pid, maker="observer")
        watch = Watch(program, params, tell)
        watch.actors()
        facts = story(watch, params)
    finally:
        how, code = program.end()
    ended = time.monotonic_ns()
    watch.threads.end(ended)
    tell.ending("program", how, by="waitid", code=code, t_ns=ended)
    return {**facts, "version": program.version, "cpus": len(os.sched_getaffinity(0))}


def story(watch, params):
    """Go through it: beats, the call, beats."""
    program = watch.program
    if params["others"]:
        program.tell("wait", params["others"])
        program.answer("waiting", PATIENCE)
    program.tell("hearts", len(HEARTS))
    program.answer("beating", PATIENCE)
    watch.go_on(LEAD)
    before = len(watch.threads.now)
    start = time.monotonic_ns()
    if params["readers"]:
        hold(watch, params)
    else:
        watch.go_on(params["hold_ms"] / 1000)
    end = max(watch.times(_beats.DONE), default=time.monotonic_ns())
    watch.go_on(TAIL)
    tell_calls(watch)
    start = min(watch.times(_beats.FAULT), default=start)
    called = {"threads_before": before, "threads_after": len(watch.threads.now)}
    return {**called, **pauses(watch.hearts, start, end), **calls(watch)}


def hold(watch, params):
    """Have the callers make their call, and let it come back after its time."""
    program, hold_s = watch.program, params["hold_ms"] / 1000
    program.tell("call", params["readers"], watch.how, params["hold_ms"] * 1_000_000, program.pipe)
    watch.go_on(PATIENCE, lambda: watch.times(_beats.FAULT))
    watch.go_on(hold_s)
    if watch.stands_in == "read":
        os.write(program.feed, b"." * params["readers"])
    watch.go_on(PATIENCE, lambda: len(watch.times(_beats.DONE)) == params["readers"])


def tell_calls(watch):
    """Tell the last beats, what the callers have noted, and where Linux saw their threads."""
    watch.tell_beats()
    for row in watch.callers:
        for what, which in (("calls", _beats.FAULT), ("back", _beats.DONE)):
            t_ns = watch.program.beats.number(row, which)
            if t_ns:
                watch.tell.event(watch.caller(row), what, t_ns, "itself")
    watch.threads.tell_spans()


def pauses(hearts, start, end):
    """Return how the hearts beat from the call's start to its end, and how they did before."""
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
        "still": [name for name, pause in longest.items() if pause > STILL * (end - start)],
        "pause_ns": max(longest.values()),
        "pauses_ns": longest,
        "usual_ns": usual[len(usual) // 2] if usual else 0,
    }


def gaps(times):
    """Return the time between each and the next."""
    return [times[number + 1] - times[number] for number in range(len(times) - 1)]


def calls(watch):
    """Return what is known of the calls, and of the threads that stood in them."""
    beats, threads = watch.program.beats, watch.threads
    pairs = [
        (beats.number(row, _beats.FAULT), beats.number(row, _beats.DONE)) for row in watch.callers
    ]
    whole = [back - calling for calling, back in pairs if calling and back]
    return {
        "call_ns": max(whole, default=None),
        "readers": len(pairs),
        "came_back": len(whole),
        "threads_most": threads.most,
        "in_call": threads.most_in_call if threads.by and watch.stands_in else None,
        "in_call_by": threads.by or threads.why,
        "heart_threads": len(watch.on - {0}),
    }
