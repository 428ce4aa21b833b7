"""The scheduler to read, really run; the exercise that finishes one; what switches cost."""

import inspect
import time

import pytest

from conclib import lab
from conclib.probes import _own_scheduler
from conclib.probes.models import finished_scheduler
from conclib.probes.models.finished_scheduler import trial
from tests.holding_up import HEARTS, held_up

HEAD = "def step(task, ready, waiting):\n    wait = next(task, None)\n"
WAITS = "    if wait:\n        waiting.append((time.monotonic() + wait, task))\n"
RIGHT = f"{HEAD}{WAITS}    elif wait == 0:\n        ready.append(task)\n"


# The scheduler to read ----------------------------------------------------------------------------
def test_it_is_short_enough_to_be_read():
    assert len(inspect.getsource(_own_scheduler).splitlines()) < 80


@pytest.mark.parametrize("threads", [1, 3])
def test_it_runs_all_tasks_in_turn_and_wakes_those_that_wait(threads):
    order = []

    def task(name, waits):
        for wait in waits:
            order.append(name)
            yield wait
        order.append(f"{name} done")

    tasks = [task("A", [0.05]), task("B", [0, 0]), task("C", [])]
    _own_scheduler.run(tasks, threads)
    assert sorted(order) == ["A", "A done", "B", "B", "B done", "C done"]
    assert order[-1] == "A done"
    if threads == 1:
        assert order[:3] == ["A", "B", "C done"]


@pytest.mark.worker
@pytest.mark.serial
@pytest.mark.parametrize("threads", [1, 3])
def test_hearts_stand_still_from_as_many_readers_as_kernel_threads(threads):
    facts = lab.observe("scheduler_in_python", kernel_threads=threads, most_readers=4).facts
    assert facts["readers"] == [0, 1, 2, 3, 4]
    assert facts["inside"] == [min(n, threads) for n in facts["readers"]]
    assert set(facts["os_threads"]) == {threads}
    assert facts["cliff"] == threads
    assert facts["stood_still"] == [n >= threads for n in facts["readers"]]
    still = [p for p, each in zip(facts["pauses_ns"], facts["stood_still"], strict=True) if each]
    assert min(still) >= facts["read_ns"] * 0.9


@pytest.mark.parametrize("bad", [{"kernel_threads": 0}, {"kernel_threads": 9}, {"most_readers": 0}])
def test_other_numbers_of_threads_and_readers_are_refused(bad):
    with pytest.raises(ValueError, match=next(iter(bad))):
        lab.observe("scheduler_in_python", **bad)


# The exercise -------------------------------------------------------------------------------------
def test_the_right_function_has_each_task_put_where_it_belongs():
    facts = trial(RIGHT)
    assert facts["order"] == ["A1", "B1", "C1", "B2", "B3", "B4", "B5", "A2"]
    assert facts["waited_ns"] >= facts["wait_ns"] * 0.99
    assert (facts["unfinished"], facts["error"], facts["endless"]) == ([], "", False)


@pytest.mark.parametrize(
    ("rest", "told"),
    [
        ("    ready.append(task)", {"endless": True}),
        ("    if wait == 0: ready.append(task)", {"unfinished": ["A"]}),
        ("    pass", {"unfinished": ["A", "B"]}),
        ("    1 / 0", {"error": "ZeroDivisionError: division by zero"}),
        ("    import sys; sys.exit(3)", {"error": "SystemExit: 3"}),
    ],
)
def test_what_goes_wrong_is_reported(rest, told):
    facts = trial(HEAD + rest)
    assert {name: facts[name] for name in told} == told


@pytest.mark.worker
def test_an_answer_is_run_in_a_child_and_one_without_an_end_is_ended():
    assert lab.observe("finished_scheduler").facts["unfinished"] == []
    endless = lab.observe("finished_scheduler", code=f"{HEAD}    while True: pass\n").facts
    assert endless["endless"] and endless["order"] == []
    gone = lab.observe("finished_scheduler", code=f"{HEAD}    import os; os.abort()\n").facts
    assert "SIGABRT" in gone["error"]


@pytest.mark.parametrize("code", ["", "def other(): pass", "x" * 6000, 3])
def test_what_is_no_function_step_is_refused(code):
    with pytest.raises((TypeError, ValueError), match="code"):
        lab.observe("finished_scheduler", code=code)


def test_the_default_is_a_right_answer():
    assert trial(finished_scheduler.PROBE["params"]["code"]["default"])["unfinished"] == []


# What switches cost -------------------------------------------------------------------------------
@pytest.mark.worker
@pytest.mark.serial
def test_a_switch_by_linux_takes_far_longer_than_one_by_the_program():
    ours = lab.measure("user_switch", budget=0.2, cpu="one")
    linux = lab.measure("thread_switch", budget=0.2, cpu="one")
    assert ours.net and linux.net and linux.net / 2 > 3 * ours.net
    assert "steps of 100 tasks" in ours.conditions["verified"]
    assert "switches" in linux.conditions["verified"]


# The simulator beside what was really run ---------------------------------------------------------
@pytest.mark.worker
@pytest.mark.serial
def test_the_simulator_stands_still_where_the_scheduler_really_did():
    facts = lab.observe("scheduler_in_python", kernel_threads=2, most_readers=3).facts
    ms = facts["read_ns"] / 1e6
    told = [held_up("M:N", readers, ms, kernel_threads=2) for readers in facts["readers"]]
    assert told == facts["stood_still"]


@pytest.mark.worker
@pytest.mark.serial
@pytest.mark.parametrize(("runtime", "model"), [("threads", "1:1"), ("asyncio", "N:1")])
def test_the_simulator_holds_up_whom_a_blocking_call_really_held_up(runtime, model):
    facts = lab.observe("blocking_call", runtime=runtime).facts
    assert held_up(model, facts["readers"], 100) == (len(facts["still"]) == len(HEARTS))


@pytest.mark.worker
def test_hearts_beat_until_they_are_told_however_slow_the_machine_is(monkeypatch):
    """A child that takes long to begin must not end before it has been looked at."""
    from conclib.probes import _sacrifice
    from conclib.probes.models import scheduler_in_python

    prepare = _sacrifice.prepare
    monkeypatch.setattr(_sacrifice, "prepare", lambda: (prepare(), time.sleep(0.4)))
    monkeypatch.setattr(scheduler_in_python._refuse, "require_single_thread", lambda: None)
    facts = scheduler_in_python._round(2, 0)
    assert not facts["stood_still"]
