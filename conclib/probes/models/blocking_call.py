"""Eight hearts beat, and another task makes one call that takes a while. Do the hearts stand still?

Hearts and callers are tasks of the same runtime, in a program of its own. A heart gives a sign of
life each 10 ms, and in between its runtime wakes it. The observer lets them beat for a while, has
the callers make their call, lets it come back, and looks all the time at which threads Linux lists,
and which of them stand in the call.
"""

import os
import time

from .. import _beats, _refuse, _tasks_program, _tasks_watch

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
        "heart_threads": "int | None",
        "cpus": "int",
    },
    "params": {
        "runtime": {
            "type": "choice",
            "default": "asyncio",
            "choices": ["threads", "asyncio", "greenlet", "go", "java", "erlang"],
            "help": "who runs the tasks",
        },
        "call": {
            "type": "choice",
            "default": "read",
            "choices": [
                "read",
                "time.sleep",
                "compute",
                "own sleep",
                "own read",
                "helper thread",
                "sleep with a lock",
            ],
            "only": {
                "time.sleep": {"runtime": ["threads", "asyncio", "greenlet", "go"]},
                "own read": {"runtime": ["threads", "asyncio", "greenlet", "go"]},
                "helper thread": {"runtime": ["asyncio"]},
                "sleep with a lock": {"runtime": ["java"]},
            },
            "help": "what the callers do: the system call read, or a system call that sleeps; or "
            "they compute all the time; or a sleep or a read of the runtime's own; or they have a "
            "helper thread read; or, in Java, they sleep inside synchronized",
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
        "mb": "48 + (others + readers) // 100 + (128 if runtime == 'java' else 0)",
    },
    "programs": {
        "runtime": {
            "greenlet": "greenlet",
            "go": "tasks.go",
            "java": "Tasks.java",
            "erlang": "tasks.erl",
        }
    },
    "baseline": "none",
    "beside": [
        "_tasks_program",
        "_tasks_watch",
        "_tasks_of_asyncio",
        "_tasks_of_greenlet",
        "_tasks_of_python",
    ],
    "needs": ["fork"],
}
LEAD, TAIL = 0.2, 0.2  # seconds of beats before the call and after it
PATIENCE = 5.0  # seconds for all calls to come back
STOPPED = "was the program stopped, or is the machine busy?"
NOT_KNOWN = "which OS thread makes the call is not known of this runtime"


def observe(params, tell):
    """Let hearts beat, have the callers make their call, let it come back; return what was seen."""
    _refuse.require_proc()
    tell.actor("observer", "process", os.getpid())
    settings = {"GOMAXPROCS": str(params["procs"])} if params["procs"] else None
    rows = len(_tasks_watch.HEARTS) + params["readers"]
    built = params.get("_program")
    program = _tasks_program.Program(params["runtime"], built, rows, settings)
    try:
        tell.actor("program", "process", program.pid, maker="observer")
        watch = _tasks_watch.Watch(program, params, tell)
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
    program.tell("hearts", len(_tasks_watch.HEARTS))
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
    made = calls(watch)
    call = made["call_ns"] or end - start
    return {**called, **_tasks_watch.pauses(watch.hearts, start, end, call), **made}


def hold(watch, params):
    """Have the callers make their call, and let it come back after its time."""
    program, hold_s = watch.program, params["hold_ms"] / 1000
    program.tell("call", params["readers"], watch.how, params["hold_ms"] * 1_000_000, program.pipe)
    watch.called = True
    if not watch.go_on(PATIENCE, lambda: watch.times(_beats.FAULT)):
        raise RuntimeError(f"no task made its call within {PATIENCE:.0f} s: {STOPPED}")
    watch.go_on(hold_s)
    if watch.stands_in == "read":
        os.write(program.feed, b"." * params["readers"])
    watch.go_on(PATIENCE, lambda: len(watch.times(_beats.DONE)) == params["readers"])
    if not watch.times(_beats.DONE):  # then hearts stood still for another reason
        raise RuntimeError(f"no task came back from its call within {PATIENCE:.0f} s: {STOPPED}")


def tell_calls(watch):
    """Tell the last beats, what the callers have noted, and where Linux saw their threads."""
    watch.tell_beats()
    for row in watch.callers[: _tasks_watch.NAMED]:
        for what, which in (("calls", _beats.FAULT), ("back", _beats.DONE)):
            t_ns = watch.program.beats.number(row, which)
            if t_ns:
                watch.tell.event(watch.caller(row), what, t_ns, "itself")
    watch.threads.tell_spans()


def calls(watch):
    """Return what is known of the calls, and of the threads that stood in them."""
    beats, threads = watch.program.beats, watch.threads
    pairs = [
        (beats.number(row, _beats.FAULT), beats.number(row, _beats.DONE)) for row in watch.callers
    ]
    whole = [back - calling for calling, back in pairs if calling and back]
    if watch.called and watch.stands_in and not watch.looked_into:
        threads.by, threads.why = "", NOT_KNOWN
    return {
        "call_ns": max(whole, default=None),
        "readers": len(pairs),
        "came_back": len(whole),
        "threads_most": threads.most,
        "in_call": threads.most_in_call if threads.by and watch.stands_in else None,
        "in_call_by": threads.by or threads.why,
        "heart_threads": len(watch.on - {0}) or None,
    }
