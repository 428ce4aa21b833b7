"""A small scheduler in Python, on M kernel threads, and readers that block in a call of Linux.

Eight hearts are generators that beat every few ms. Readers are generators too, but each calls
``read`` on a pipe that stays empty for a while: the kernel thread that runs it sleeps in Linux then.
The scheduler in ``_own_scheduler.py`` does not know of that. For each number of readers, from none
up, the longest time that a heart stood still.
"""

import mmap
import os
import time

from .. import _beats, _own_scheduler, _refuse, _sacrifice, _watching

PROBE = {
    "name": "scheduler_in_python",
    "title": "A scheduler in Python, and readers that block",
    "times": "nothing: it reports how long hearts stood still",
    "unit": "facts",
    "facts": {
        "readers": "list[int]",
        "pauses_ns": "list[int]",
        "stood_still": "list[bool]",
        "os_threads": "list[int]",
        "inside": "list[int]",
        "read_ns": "int",
        "beat_ns": "int",
        "hearts": "int",
        "cliff": "int | None",
    },
    "beside": ["_own_scheduler"],
    "params": {
        "kernel_threads": {
            "type": "int", "default": 2, "min": 1, "max": 8, "unit": "threads",
            "help": "kernel threads of the scheduler", "title": "kernel threads (M)",
        },
        "most_readers": {
            "type": "int", "default": 5, "min": 1, "max": 10, "unit": "readers",
            "help": "readers at the end; all numbers from 0 on are run",
        },
    },
    "takes": {"processes": "2", "threads": "kernel_threads + 1", "mb": "32"},
    "baseline": "none",
    "needs": ["fork", "python_thread"],
}  # fmt: skip
HEARTS = 8
BEAT, LEAD, HOLD, AFTER = 0.005, 0.03, 0.15, 0.03  # s; the pipe is empty for HOLD
PATIENCE = 5.0  # s, for all that a round takes
STILL = 0.5  # of the time that the pipe is empty: who does not beat for so long stood still


def observe(params, tell):
    """Run one round for each number of readers; return what each round's hearts did."""
    _refuse.require_proc()
    threads, numbers = params["kernel_threads"], list(range(params["most_readers"] + 1))
    rounds = [_round(threads, readers) for readers in numbers]
    fell = [number for number in numbers if rounds[number]["stood_still"]]
    return {
        **{name: [each[name] for each in rounds] for name in rounds[0]},
        "readers": numbers,
        "read_ns": int(HOLD * 1e9),
        "beat_ns": int(BEAT * 1e9),
        "hearts": HEARTS,
        "cliff": fell[0] if fell else None,
    }


def heart(beats, number, over):
    """Beat, and let others run, until the observer says that it is over."""
    while not over[0]:
        beats.beat(number)
        yield BEAT


def reader(beats, number, pipe):
    """Wait a little, then read a byte; nobody tells the scheduler that this call may take long."""
    yield LEAD
    beats.about_to_fault(number)  # here: about to call
    os.read(pipe, 1)
    beats.finish(number, 0)
    yield 0


def _round(kernel_threads, readers):
    """Run hearts and so many readers in a child; look at it from outside."""
    beats, (end, begin) = _beats.Beats(HEARTS + readers), os.pipe()
    over = mmap.mmap(-1, 1)  # shared with the child: 1 when it is time to end

    def child():
        os.close(begin)
        _sacrifice.prepare()
        tasks = [heart(beats, number, over) for number in range(HEARTS)]
        tasks += [reader(beats, HEARTS + number, end) for number in range(readers)]
        _own_scheduler.run(tasks, kernel_threads)

    children = _watching.Children()
    try:
        pid = children.fork("scheduler", child)
        os.close(end)
        inside = _entered(beats, readers, min(readers, kernel_threads))
        start = time.monotonic_ns()
        time.sleep(HOLD)
        threads = len(_watching.tasks(pid))
        os.write(begin, b"x" * max(readers, 1))
        time.sleep(AFTER)
        over[0] = 1
        _ended(children)
    finally:
        os.close(begin)
        children.kill()
    pauses = [_pause(beats.news(number), start) for number in range(HEARTS)]
    return {
        "pauses_ns": max(pauses),
        "stood_still": min(pauses) >= STILL * HOLD * 1e9,
        "os_threads": threads,
        "inside": inside,
    }


def _entered(beats, readers, expected):
    """Wait until as many readers have called ``read`` as there can be; return how many have."""
    late = time.monotonic() + PATIENCE
    while True:
        count = sum(beats.fault(HEARTS + number) > 0 for number in range(readers))
        if count >= expected and all(beats.count(number) for number in range(HEARTS)):
            return count
        if time.monotonic() > late:
            raise RuntimeError(f"only {count} of {expected} readers called read")
        time.sleep(0.001)


def _ended(children):
    """Wait for the child's end; it must come to it by itself."""
    ends = children.ended(PATIENCE)
    if not ends or ends[0][2:] != ("exited", 0):
        raise RuntimeError(f"the child with the scheduler did not end by itself: {ends}")


def _pause(times_ns, start):
    """Return the longest time between two beats, of those from the readers' calls on."""
    before = [each for each in times_ns if each <= start][-1:]
    seen = before + [each for each in times_ns if each > start]
    if len(seen) < 2:  # it ended without another beat
        seen.append(time.monotonic_ns())
    return max(seen[place + 1] - seen[place] for place in range(len(seen) - 1))
