"""A probe that lives through named phases, ended by deadline, Stop or its caller's end."""

import os
import signal
import subprocess
import sys
import threading

import pytest

from conclib import lab
from conclib.lab import observing
from conclib.results import Actor, Cancelled, WorkerTimeout
from conclib.worker import folders
from tests import house, leaks

pytestmark = pytest.mark.worker


def test_three_phases_in_order_and_what_happened_in_each(home):
    item = lab.observe("phases", workers=2, load_ms=60)
    phases = [event for event in item.events if event.what == "phase"]
    assert [event.data["name"] for event in phases] == ["start", "load", "drain"]
    assert {event.actor for event in phases} == {observing.WORKER}
    start, load, drain = (event.t_ns for event in phases)
    for name in ("worker 1", "worker 2"):
        beats = item.beats(name)
        assert start < load <= beats[0] and len(beats) == item.facts["beats"][name] > 1
        asked = next(x for x in item.events if x.actor == name and x.what == "SIGTERM")
        assert drain <= asked.t_ns < item.ending(name).t_ns
        assert item.ending(name).text == "ended with exit code 0"


@pytest.mark.parametrize(
    ("phase", "seconds"), [("start", "5 s"), ("load", "2 s"), ("drain", "2 s")]
)
def test_a_phase_that_overruns_is_ended_at_its_own_deadline(home, phase, seconds):
    """Row 10: the error names the phase; the whole group is gone."""
    with pytest.raises(WorkerTimeout, match=f"still busy after {seconds} in phase '{phase}'"):
        lab.observe("phases", load_ms=10, overrun=phase)


def test_stop_ends_it_in_any_phase(home):
    stop, pids = threading.Event(), []

    def press(item) -> None:
        if isinstance(item, Actor) and item.pid:
            pids.append(item.pid)
        if getattr(item, "what", "") == "beats":
            stop.set()

    with pytest.raises(Cancelled):
        lab.observe("phases", load_ms=60_000, on_event=press, stop=stop)
    assert len(pids) == 2 and not any(map(alive, pids))


CALLER = """
from conclib import lab
def tell(item):
    if hasattr(item, "pid") and item.pid:
        print(item.pid, flush=True)
lab.observe("phases", workers=2, overrun="load", on_event=tell)
"""


def test_nothing_outlives_the_caller(home):
    """Row 18: the caller is killed in the second phase."""
    command = [sys.executable, "-c", CALLER]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=house.ROOT) as caller:
        pids = [int(caller.stdout.readline()) for _ in range(2)]
        caller.send_signal(signal.SIGKILL)
    assert leaks.wait_until(lambda: not any(map(alive, pids)), 3)
    folders.sweep_abandoned()  # as the next caller does


def alive(pid: int) -> bool:
    """Tell whether a process is there and no zombie."""
    try:
        with open(f"/proc/{pid}/stat") as file:  # noqa: PTH123
            return file.read().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return os.path.exists(f"/proc/{pid}")  # noqa: PTH110
