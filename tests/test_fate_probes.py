"""Hearts behind walls, killed workers of pools, twelve tasks: exact outcomes, nothing left."""

import os
import time

import pytest

from conclib import lab
from conclib.probes import _hearts, _pooled, _refuse
from conclib.probes.fate import pool_killed, twelve_tasks
from conclib.results import Unavailable

TOGETHER = ["A", "C", "D", "G"]


def seen(probe: str, **params):
    """Observe, live, and return the facts."""
    item = lab.observe(probe, **params)
    assert item.source == "live"
    return item.facts


# Hearts -------------------------------------------------------------------------------------------
@pytest.mark.worker
@pytest.mark.parametrize("walls", _hearts.WALLS)
def test_a_null_pointer_takes_all_hearts_of_its_process_and_no_other(walls):
    facts = seen("hearts", walls=walls)
    (home,) = [list(group) for group in _hearts.WALLS[walls] if "C" in group]
    assert facts["flat"] == home and facts["spoke"] == 0
    assert sorted(facts["exits"].values()) == [-11] + [0] * (len(facts["exits"]) - 1)
    assert {facts["walls"][name] for name in home} == {facts["walls"]["C"]}
    assert [name for name, each in facts["answers"].items() if each == "right"] == [
        name for name in _hearts.HEARTS if name not in home
    ]


OUTCOMES = {
    "exception": (["C"], 1, 0, 0),
    "sys.exit": (["C"], 1, 0, 0),
    "os._exit": (TOGETHER, 0, 0, 0),
    "SIGSEGV sent": (TOGETHER, 0, 0, -11),
    "silent corruption": ([], 0, 4, 0),
}


@pytest.mark.worker
@pytest.mark.parametrize(("fault", "outcome"), OUTCOMES.items(), ids=OUTCOMES)
def test_each_fault_ends_whom_it_ends_and_nobody_else(fault, outcome):
    facts = seen("hearts", fault=fault)
    home = facts["exits"][facts["walls"]["C"]]
    assert (facts["flat"], facts["spoke"], facts["wrong"], home) == outcome


@pytest.mark.worker
def test_a_call_that_keeps_the_turn_stops_the_threads_beside_it_and_ends_nobody():
    facts = seen("hearts", fault="C keeps the GIL")
    paused = [name for name, each in facts["fates"].items() if each == "stop, then go on"]
    assert paused == TOGETHER and facts["flat"] == []
    assert set(facts["looks"]) >= {"A", "D", "G"} and facts["gap_cpu_ns"] < facts["gap_ns"] / 4
    open_door = seen("hearts", fault="C lets go of the GIL")
    assert [n for n in "ADG" if open_door["fates"][n] != "go on"] == []


# A pool -------------------------------------------------------------------------------------------
@pytest.mark.worker
def test_the_lock_of_a_dead_worker_stays_held_until_somebody_sets_it_back():
    facts = seen("pool_killed")
    assert (
        facts["answers"] == [8, 0] and facts["alive"] == [4, 4] and facts["replaced"] == [True] * 2
    )
    assert facts["numbers"] == [0] * pool_killed.LOOKS and facts["answers_after"] == 8


@pytest.mark.worker
def test_a_pool_whose_dead_worker_held_nothing_answers_all():
    facts = seen("pool_killed", kill="one that waits")
    assert facts["answers"] == [8] and facts["numbers"] == [] and facts["answers_after"] is None


# Twelve tasks -------------------------------------------------------------------------------------
@pytest.mark.worker
def test_an_executor_refuses_the_innocent_and_repeats_nothing():
    facts = seen("twelve_tasks", by="executor")
    refused = {number for number, each in facts["outcomes"].items() if "BrokenProcessPool" in each}
    assert {"5", "12"} <= refused and facts["refused"] == len(refused) >= 8
    assert facts["answered"] == 12 - len(refused) and facts["most_starts"] == 1


@pytest.mark.worker
def test_a_pool_never_answers_one_and_says_nothing():
    facts = seen("twelve_tasks", by="pool")
    assert (facts["answered"], facts["refused"], facts["missing"]) == (11, 0, 1)
    assert facts["outcomes"]["5"] == "no answer" and facts["told"] == []


@pytest.mark.worker
@pytest.mark.parametrize(("bad", "begun", "answered"), [(9, 4, 11), (1, 2, 12), (0, 1, 12)])
def test_a_supervisor_begins_it_again_and_gives_up_in_the_end(bad, begun, answered):
    facts = seen("twelve_tasks", by="supervisor", bad=bad)
    assert facts["starts"]["5"] == begun and facts["answered"] == answered
    assert any("given up" in each for each in facts["told"]) == (bad == 9)
    assert {each for number, each in facts["outcomes"].items() if number != "5"} == {"answered"}


# The host -----------------------------------------------------------------------------------------
def test_a_host_that_says_nothing_in_time_is_ended(monkeypatch):
    monkeypatch.setattr(_refuse, "require_single_thread", lambda: None)
    with pytest.raises(RuntimeError, match="did not answer in time"):
        _pooled.in_host(lambda: time.sleep(60), 0.2)
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_a_host_that_is_killed_is_not_waited_for(monkeypatch):
    """Its child holds the pipe open, as the workers of a pool do."""
    monkeypatch.setattr(_refuse, "require_single_thread", lambda: None)

    def killed():
        if os.fork() == 0:
            time.sleep(30)
            os._exit(0)
        os.kill(os.getpid(), 9)

    start = time.monotonic()
    with pytest.raises(RuntimeError, match="or failed"):
        _pooled.in_host(killed, 30.0)
    assert time.monotonic() - start < 15


def test_what_a_host_has_not_is_unavailable(monkeypatch):
    monkeypatch.setattr(_refuse, "require_single_thread", lambda: None)

    def refuses():
        raise _refuse.Unavailable("no such lock")

    with pytest.raises(_refuse.Unavailable, match="no such lock"):
        _pooled.in_host(refuses, 5.0)
    assert _pooled.in_host(lambda: [1, 2], 5.0) == [1, 2]


def test_where_linux_does_not_show_who_has_the_lock_it_is_refused(monkeypatch):
    monkeypatch.setattr(_pooled, "waits_in", lambda _: "")
    monkeypatch.setattr(_pooled, "until", lambda holds, *_: holds())
    monkeypatch.setattr(pool_killed, "pids", lambda _: [1, 2])
    with pytest.raises(_refuse.Unavailable, match="which worker has the queue's lock"):
        pool_killed.idle(None)


def test_where_a_task_waits_is_empty_where_linux_does_not_say():
    assert _pooled.waits_in(2**30) == ""
    assert not _pooled.is_in(2**30, _pooled.HOLD)


@pytest.mark.parametrize(
    ("probe", "params", "says"),
    [
        ("hearts", {"walls": "3"}, "walls='3'"),
        ("hearts", {"heart": "I"}, "heart='I'"),
        ("hearts", {"fault": "nullpointer"}, "Did you mean 'null pointer'"),
        ("pool_killed", {"kill": "all"}, "kill='all'"),
        ("twelve_tasks", {"by": "nobody"}, "by='nobody'"),
        ("twelve_tasks", {"bad": 10}, "bad=10"),
        ("fates", {"faults": "segfault"}, "names of faults, each once"),
        ("fates", {"faults": "abort, abort"}, "names of faults, each once"),
        ("fates", {"faults": "abort, "}, "names of faults, each once"),
        ("fates", {"containers": "threads"}, "names of containers, each once"),
        ("fates", {"containers": "thread, process, thread"}, "names of containers, each once"),
        ("crash", {"container": "groups", "groups": "AB CA"}, "groups='AB CA'.*each once"),
        ("crash", {"container": "groups", "groups": "C"}, "groups='C'.*two letters"),
    ],
)
def test_bad_parameters_are_refused_before_anything_starts(probe, params, says):
    with pytest.raises(ValueError, match=says):
        lab.observe(probe, **params)


def test_task_five_is_the_one_that_goes_wrong():
    assert twelve_tasks.KILLER == 5 and twelve_tasks.TASKS == 12
    assert issubclass(Unavailable, Exception)
