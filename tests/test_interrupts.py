"""Stop may be pressed at any moment: nothing survives it, and it is never forgotten.

The 200 moments are tried in a small program of its own, which must end with a clean table: were an
interrupt to slip out, it would not take the test runner along.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from conclib import lab
from conclib.lab import alone, running
from conclib.results import Unavailable
from conclib.worker import Interrupts, forms, run_workers, session
from conclib.worker.family import Family
from tests import fault_probes

ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def interruptible() -> Iterator[None]:
    """Have Python's own handler, also where a shell started us with interrupts ignored."""
    previous = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, previous)


# A hundred interrupts come by timer, at seeded moments of a measurement's length. The others come
# at lines: each line of the code that starts, talks to and ends workers is struck, once from each
# line that calls it, the first or the last time. Python sees a signal between two bytecodes.
PROGRAM = """
import json, os, random, signal, sys, tempfile, time
from conclib import lab
from conclib.lab import alone, running
from conclib.worker import session

PLACES = (os.path.dirname(session.__file__), running.__file__, alone.__file__)
chance = random.Random(15)


def measure():
    return lab.measure("function_call", budget=0.02, runs=1)


def left():
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        child = "a child"
    except ChildProcessError:
        child = ""
    handler = signal.getsignal(signal.SIGINT)
    busy = alone._busy.locked()
    fds = len(os.listdir("/proc/self/fd"))
    return [child, fds, os.listdir(tempfile.gettempdir()), handler.__name__, busy]


def interrupt(*_):
    signal.raise_signal(signal.SIGINT)


def at_line(reached):
    def trace(frame, event, _):
        if not frame.f_code.co_filename.startswith(PLACES):
            return None
        if event == "line":
            reached((frame.f_code, frame.f_lineno, frame.f_back.f_code, frame.f_back.f_lineno))
        return trace
    sys.settrace(trace)


def count_lines():
    seen = {}
    def reached(place):
        seen[place] = seen.get(place, 0) + 1
    at_line(reached)
    measure()
    sys.settrace(None)
    return seen


def strike(place, which):
    count = 0
    def reached(here):
        nonlocal count
        count += here == place
        if here == place and count == which:
            interrupt()
    return lambda: at_line(reached)


def trial(arm, disarm):
    try:
        try:
            arm()
            measure()
            disarm()
            return "result"
        except KeyboardInterrupt:
            disarm()
            return "interrupt"
        except BaseException as error:
            disarm()
            return repr(error)
    except KeyboardInterrupt:  # it came so late that it hit us
        disarm()
        return "late"


def untrace():
    sys.settrace(None)


def timed(length):
    moment = chance.uniform(1e-5, length)
    return (lambda: signal.setitimer(signal.ITIMER_REAL, moment),
            lambda: signal.setitimer(signal.ITIMER_REAL, 0))


signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGALRM, interrupt)
measure()
start = time.perf_counter()
measure()
length = time.perf_counter() - start
before = left()
lines = count_lines()
struck = [("line", strike(place, chance.choice((1, lines[place]))), untrace) for place in lines]
struck += [("timer", *timed(length)) for _ in range(100)]
outcomes, leaks = {"timer": {}, "line": {}}, []
for kind, arm, disarm in struck:
    outcome = trial(arm, disarm)
    outcomes[kind][outcome] = outcomes[kind].get(outcome, 0) + 1
    if left() != before:
        leaks.append([kind, outcome, before, left()])
        before = left()
print(json.dumps({"outcomes": outcomes, "leaks": leaks}))
"""


@pytest.mark.worker
@pytest.mark.sweep
def test_200_seeded_interrupts_leave_no_survivor(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["leaks"] == []
    every = [told["outcomes"]["timer"], told["outcomes"]["line"]]
    assert all(set(each) <= {"result", "interrupt", "late"} for each in every), told
    assert sum(sum(each.values()) for each in every) >= 200
    assert all(each["interrupt"] >= 50 for each in every), "too few struck to say anything"


# The rule by itself ------------------------------------------------------------------------------
def outcome(call) -> str:
    """Return how a call ended, by name; an interrupt ends here."""
    try:
        call()
    except BaseException as error:
        return type(error).__name__
    return "done"


def press() -> None:
    """Press Stop: SIGINT to ourselves, seen before the next line."""
    signal.raise_signal(signal.SIGINT)


def trail(at: set[str], failure: Exception | None = None) -> tuple[str, list[str]]:
    """Go through the pattern, pressing Stop at the places named; return the end and what ran."""
    ran = []

    def step(name: str) -> None:
        if name in at:
            press()
        ran.append(name)

    def pattern() -> None:
        with Interrupts() as interrupts:
            try:
                try:
                    step("start")
                    interrupts.allow()
                    step("work")
                    if failure:
                        raise failure
                finally:
                    step("closing")
                    interrupts.held = True
            finally:
                step("end 1")
                step("end 2")
        step("after")

    return outcome(pattern), ran


START, WORK, ENDS = ["start"], ["work"], ["closing", "end 1", "end 2"]


@pytest.mark.parametrize(
    ("at", "end", "ran"),
    [
        (set(), "done", [*START, *WORK, *ENDS, "after"]),
        ({"start"}, "KeyboardInterrupt", [*START, *ENDS]),
        ({"work"}, "KeyboardInterrupt", [*START, *ENDS]),
        ({"end 1"}, "KeyboardInterrupt", [*START, *WORK, *ENDS]),
        ({"end 2"}, "KeyboardInterrupt", [*START, *WORK, *ENDS]),
        ({"closing"}, "KeyboardInterrupt", [*START, *WORK, *ENDS[1:]]),
        ({"closing", "end 1"}, "KeyboardInterrupt", [*START, *WORK, *ENDS[1:]]),
        ({"work", "closing"}, "KeyboardInterrupt", [*START, *ENDS]),
        ({"start", "end 1"}, "KeyboardInterrupt", [*START, *ENDS]),
        ({"work", "end 1", "end 2"}, "KeyboardInterrupt", [*START, *ENDS]),
    ],
)
def test_clean_up_completes_and_the_interrupt_is_raised(at, end, ran):
    assert trail(at) == (end, ran)


@pytest.mark.parametrize("at", ["end 1", "end 2"])
def test_an_interrupt_is_not_lost_beside_another_error(at):
    """Else the caller would go on, to the recording say, as if nobody had pressed Stop."""
    assert trail(set(), Unavailable("no fork")) == ("Unavailable", [*START, *WORK, *ENDS])
    assert trail({at}, Unavailable("no fork")) == ("KeyboardInterrupt", [*START, *WORK, *ENDS])


def test_one_inside_another_hold_together():
    """The lab holds around the worker's room: the outer clean-up completes as well."""
    ran = []

    def pattern() -> None:
        with Interrupts() as outer:
            try:
                try:
                    outer.allow()
                    ran.append(trail({"work", "end 1", "end 2"}))
                    ran.append("not reached: an interrupt waits")
                finally:
                    outer.held = True
            finally:
                press()
                ran.append("outer end")

    assert outcome(pattern) == "KeyboardInterrupt"
    assert ran[-1] == "outer end"


def test_a_handler_that_raises_nothing_lets_the_work_go_on(monkeypatch):
    """As asyncio's does: the first press must not close the window for the second."""
    seen = []
    previous = signal.signal(signal.SIGINT, lambda *_: seen.append(1))
    try:
        with Interrupts() as interrupts:
            interrupts.allow()
            press()
            press()
            assert len(seen) == 2
    finally:
        signal.signal(signal.SIGINT, previous)


@pytest.mark.parametrize("disposition", [signal.SIG_IGN, signal.SIG_DFL])
def test_a_caller_that_has_no_handler_keeps_what_it_has(disposition):
    previous = signal.signal(signal.SIGINT, disposition)
    try:
        with Interrupts() as interrupts:
            interrupts.allow()
            assert signal.getsignal(signal.SIGINT) == disposition
        assert signal.getsignal(signal.SIGINT) == disposition
    finally:
        signal.signal(signal.SIGINT, previous)


def test_outside_the_main_thread_nothing_is_touched():
    before, seen = signal.getsignal(signal.SIGINT), []

    def elsewhere() -> None:
        with Interrupts() as interrupts:
            interrupts.allow()
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert seen == [before]


# Around real workers -----------------------------------------------------------------------------
@pytest.mark.worker
@pytest.mark.parametrize("presses", [1, 2, 3])
def test_more_presses_during_clean_up_change_nothing(monkeypatch, presses):
    """The first in the middle of measuring, the others while the worker is being ended."""
    end, left = Family.end, []

    def pressed_end(item: Family, since: float) -> str:
        for _ in range(presses - 1):
            press()
        left.append(item.pid)
        return end(item, since)

    monkeypatch.setattr(Family, "end", pressed_end)
    tell = lambda progress: press() if progress.phase == "measure" else None  # noqa: E731
    ended = outcome(lambda: lab.measure("fork", budget=0.05, runs=1, on_progress=tell))
    assert ended == "KeyboardInterrupt"
    (pid,) = left
    assert not (Path("/proc") / str(pid)).exists()
    monkeypatch.undo()
    assert lab.measure("empty", budget=0.01, runs=1).source == "live"  # the next call works


@pytest.mark.worker
def test_an_interrupt_between_start_and_bookkeeping_waits(monkeypatch):
    """Just after the process exists and before anybody knows its number."""
    popen, pids = session.subprocess.Popen, []

    def pressed_popen(*given, **named):
        process = popen(*given, **named)
        pids.append(process.pid)
        press()
        return process

    monkeypatch.setattr(session.subprocess, "Popen", pressed_popen)
    used = []
    ended = outcome(lambda: run_workers([session.Request("empty", {})], used.append, deadline=10))
    assert ended == "KeyboardInterrupt"
    assert used == []
    assert not (Path("/proc") / str(pids[0])).exists()


def test_an_interrupt_cannot_leave_the_lab_busy(monkeypatch):
    """It comes when the lock has been taken and the caller has not yet been told so."""
    lock = threading.Lock()

    class Pressed:
        release = lock.release

        def acquire(self, blocking: bool) -> bool:
            taken = lock.acquire(blocking)
            press()
            return taken

    monkeypatch.setattr(alone, "_busy", Pressed())
    measured = []
    monkeypatch.setattr(running, "_measure_groups", lambda *given: measured.append(given))
    assert outcome(lambda: lab.measure("empty", budget=0.01, runs=1)) == "KeyboardInterrupt"
    assert measured == []
    assert not lock.locked()


@pytest.mark.worker
def test_an_interrupt_in_clean_up_is_not_answered_with_a_recording(monkeypatch):
    """The probe failed by itself, and Stop was pressed while its worker was being ended."""
    end, tried = Family.end, []
    monkeypatch.setattr(Family, "end", lambda *given: (press(), end(*given))[1])
    monkeypatch.setattr(running.recordings, "find", lambda *given: tried.append(given))
    text = fault_probes.FAILURES["raises"][0]
    assert outcome(lambda: lab.measure_own(text, runs=1)) == "KeyboardInterrupt"
    assert tried == []


@pytest.mark.worker
def test_the_handler_is_ours_again_afterwards():
    before = signal.getsignal(signal.SIGINT)
    lab.measure("empty", budget=0.01, runs=1)
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.worker
@pytest.mark.parametrize("text", ["INTERRUPTED_IN_CHILD", "RAISES_IN_CHILD"])
def test_an_interrupt_in_a_forked_child_prints_nothing_twice(text):
    """It comes just after fork: the child leaves by _exit, or by the signal, and says nothing."""
    said = []

    def use(workers: list) -> None:
        (worker,) = workers
        worker.send_request()
        worker.answer(forms.Ready)
        while worker.answer(forms.Phase).name != "calibrated":
            pass
        worker.ask(ask="batch", samples=5)
        worker.answer(forms.Batch)
        worker.ask(ask="done")
        worker.answer(forms.Done)
        worker._channel.drain(1.0)
        said.append(worker.printed())

    request = session.Request("own", {}, text=getattr(fault_probes, text))
    run_workers([request], use, deadline=20)
    torn_down = "torn down once" if text == "RAISES_IN_CHILD" else ""
    assert said == ["printed once" + torn_down]


def test_leaks_are_seen():
    """The table of the 200 is worth something only if a child would be seen in it."""
    source = PROGRAM[PROGRAM.index("def left") : PROGRAM.index("def interrupt")]
    names = {"os": os, "signal": signal, "alone": alone, "tempfile": tempfile}
    exec(source, names)
    before = names["left"]()
    child = subprocess.Popen(["/bin/sleep", "60"])
    try:
        assert names["left"]() != before
    finally:
        child.kill()
        child.wait()
    assert names["left"]() == before
