"""Every probe does what it says: it runs, proves it, leaves nothing; and orders come out as known.

An order is asserted only where it holds on any machine by a wide margin; no time is.
"""

import ast
import contextlib
import functools
import importlib
import itertools
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from conclib import lab
from conclib.lab import alone
from conclib.probes import _ballast, _conditions, _proc, _refuse, _strays
from conclib.probes.create import fork_program
from conclib.results import Measurement, Unavailable, WorkerError, probe_texts
from conclib.results.quantity import UNITS
from tests import leaks
from tests.interpreters import interpreter

ROOT = Path(__file__).parent.parent
started = pytest.mark.worker


def timed(test):
    """Mark a test that compares times: it starts workers, and wants the machine for itself.

    Nobody can promise it that. What other programs do may turn an order once, hardly three times
    in a row; an order that is wrong stays wrong.
    """

    @functools.wraps(test)
    def up_to_three_times(*args, **kwargs):
        for _ in range(2):
            with contextlib.suppress(AssertionError):
                return test(*args, **kwargs)
        return test(*args, **kwargs)

    return pytest.mark.serial(started(up_to_three_times))


TIMED = {name: info for name, info in lab.catalogue().items() if info.kind == "timed"}
FACTS = {name: info for name, info in lab.catalogue().items() if info.kind == "facts"}
# Nothing is made or started by these, so there is nothing to prove.
UNPROVEN = {"empty", "function_call", "system_call"}
# One choice at least of every parameter besides the defaults, in the cheapest way.
OTHERS = [
    ("fork", {"timed": "wait", "ballast_mb": 4}),
    ("fork", {"pages": "file", "ballast_mb": 4}),
    ("fork", {"pages": "shared", "ballast_mb": 4}),
    ("posix_spawn", {"timed": "wait", "ballast_mb": 4}),
    ("pthread", {"timed": "join"}),
    ("python_thread", {"timed": "join"}),
    ("pool_task", {"pool": "process"}),
    ("first_write", {"ballast_mb": 4, "after": "fork"}),
    ("clone", {"vm": 1}),
    ("clone", {"files": 1, "fs": 1}),
    ("clone", {"vm": 1, "sighand": 1}),
    ("clone", {"vm": 1, "files": 1, "fs": 1, "sighand": 1, "thread": 1}),
]
KNOWN = {
    "empty", "fork", "posix_spawn", "python_spawn", "mp_fork", "mp_spawn", "mp_forkserver",
    "pthread", "python_thread", "pool_task", "clone", "first_write", "function_call",
    "system_call", "copy_1mb", "copy_memory", "fork_twice", "fork_buffer", "fork_lock",
    "fork_program",
    "capabilities",
    "noise",
}  # fmt: skip


def tiny(name: str, **params) -> Measurement:
    """Measure with as little as will do."""
    return lab.measure(name, budget=0.02, runs=1, **params)


# Their files --------------------------------------------------------------------------------------
def test_the_course_has_its_probes():
    assert set(lab.catalogue()) >= KNOWN


def test_every_parameter_says_what_it_means():
    bare = [
        f"{info.name}.{param.name}"
        for info in lab.catalogue().values()
        for param in info.params.values()
        if param.help == param.name.replace("_", " ")
    ]
    assert bare == []


@pytest.mark.parametrize("name", lab.catalogue())
def test_a_probe_says_what_it_is(name):
    info = lab.catalogue()[name]
    assert info.name == name
    assert info.title and not info.title.endswith(".")
    assert info.baseline
    assert info.unit in (("facts",) if name in FACTS else UNITS), "in which results are stored"
    assert set(info.needs) <= set(lab.catalogue()) | {"pthread", "python_thread"}


@pytest.mark.parametrize("name", TIMED)
def test_what_is_timed_has_a_text_for_every_choice(name):
    info = lab.catalogue()[name]
    if "timed" not in info.params:
        assert isinstance(info.times, str)
        return
    assert set(info.times) == set(info.params["timed"].choices)
    assert len(set(info.times.values())) == len(info.times)


@pytest.mark.parametrize("name", lab.catalogue())
def test_every_parameters_default_is_allowed(name):
    info = lab.catalogue()[name]
    for param in info.params.values():
        assert param.check(param.default) == param.default
        assert param.type in ("int", "choice", "text")


# Each one, run ------------------------------------------------------------------------------------
@started
@pytest.mark.parametrize(("name", "params"), [*((name, {}) for name in TIMED), *OTHERS], ids=str)
def test_a_probe_runs_and_proves_it(name, params):
    item = tiny(name, **params)
    info = lab.catalogue()[name]
    assert item.source == "live"
    assert item.n >= 1
    assert all(value > 0 for value in item.values)
    assert item.runs[0].baseline
    assert dict(item.params) == info.complete(params)
    assert item.times == info.times_for(item.params)
    verified = item.conditions["verified"]
    assert (
        verified is None
        if name in UNPROVEN
        else any(map(str.isdigit, verified)) or "copy" in verified
    )
    assert item.conditions["threads"] >= 1
    assert item.conditions["gil"] in (True, False)


@started
def test_huge_pages_are_had_or_refused_with_a_reason():
    try:
        item = tiny("fork", pages="huge", ballast_mb=16)
    except Unavailable as reason:
        assert "huge" in str(reason)
    else:
        assert item.params["pages"] == "huge"


# What they report ---------------------------------------------------------------------------------
@started
def test_fork_is_called_once_and_returns_twice():
    told = lab.observe("fork_twice").facts
    assert told["lines"] == ["one", "two", "two"]
    assert told["by"] == {"parent": ["one", "two"], "child": ["two"]}


@started
def test_a_buffer_is_duplicated_with_what_is_in_it():
    told = lab.observe("fork_buffer").facts
    assert told["lines"] == ["one", "two", "one", "two"]
    assert told["by"] == {"parent": ["one", "two"], "child": ["one", "two"]}


def test_a_program_of_which_a_process_fails_is_void(monkeypatch):
    monkeypatch.setattr(os, "wait", lambda: (1, 256))
    with pytest.raises(RuntimeError, match="ended with wait status 256"):
        fork_program.collected()


@started
@pytest.mark.parametrize("name", ["fork_twice", "fork_buffer"])
def test_a_story_is_in_order_and_the_same_each_time(name):
    """What is told was seen: times of one clock, ends by waitid, nothing put in order later."""
    item, again = lab.observe(name), lab.observe(name)
    assert [actor.name for actor in item.actors] == ["parent", "child"]
    assert item.actors[1].maker == "parent" and len({actor.pid for actor in item.actors}) == 2
    times = {(event.actor, event.what): event.t_ns for event in item.events}
    child, parent = item.ending("child"), item.ending("parent")
    fork, wait = times["parent", "fork"], times["parent", "wait"]
    assert (
        fork < times["child", "start"] < times["child", "print"] < child.t_ns < wait < parent.t_ns
    )
    assert {(end.how, end.code, end.by) for end in item.endings} == {("exited", 0, "waitid")}
    assert {e.seen for e in item.events if e.what != "wait"} == {"itself"}
    assert set(item.doubts) <= {alone.CROWDED}, "other tests may be running beside this one"
    printed = [event.data["text"] for event in item.events if event.what == "print"]
    assert printed == item.facts["lines"]
    order = [(event.actor, event.what) for event in item.events]
    assert [(event.actor, event.what) for event in again.events] == order
    assert again.facts == item.facts


@started
def test_capabilities_are_tried_and_reasons_kept():
    found = lab.capabilities()
    assert set(found) >= {"fork", "mp_spawn", "pthread", "clone", "huge_pages", "lifeline"}
    for name, entry in found.items():
        assert set(entry) == {"works", "reason"}
        assert bool(entry["reason"]) != entry["works"], name
    assert found["fork"]["works"] == hasattr(os, "fork")


@started
def test_a_probe_runs_exactly_where_what_it_needs_works():
    works = {
        name
        for name, entry in lab.observe("capabilities").facts["features"].items()
        if entry["works"]
    }
    for name, info in TIMED.items():
        if set(info.needs) <= works:
            assert lab.measure(name, budget=0.01, runs=1).source == "live"


@started
def test_noise_reports_its_rounds():
    told = lab.observe("noise", rounds=30).facts
    assert len(told["rounds_ns"]) == 30
    assert all(value > 0 for value in told["rounds_ns"])
    assert told["step_ns"] > 0
    assert told["resolution_ns"] > 0
    assert told["clock"]


# Orders -------------------------------------------------------------------------------------------
def least(found) -> list[float]:
    """Return the least values in the order of the labels: of those the machine disturbed none.

    On a busy machine a child or a thread may wait milliseconds for its turn, in most rounds even;
    then the medians compare the machine's other work.
    """
    return [item.min for item in found.values()]


@timed
def test_a_big_parents_fork_is_slower_by_far():
    small, big = least(lab.sweep("fork", ballast_mb=[0, 256], budget=0.3, runs=1))
    assert big > 3 * small


@timed
def test_what_fork_pays_for_are_private_small_pages():
    """The same 256 MB, of four kinds. Huge pages only where this machine has them."""
    kinds = ["4k", "file", "shared"]
    if lab.capabilities()["huge_pages"]["works"]:
        kinds.append("huge")
    found = lab.sweep("fork", pages=kinds, ballast_mb=256, budget=0.8, runs=1)
    assert all(item.source == "live" for item in found.values())
    slow, *cheap = least(found)
    assert all(slow > 2 * other for other in cheap)


@timed
def test_the_whole_of_a_fork_is_more_than_its_call():
    call, wait = least(lab.sweep("fork", timed=["call", "wait"], budget=0.3, runs=1))
    assert wait > call


@timed
def test_posix_spawn_does_not_care_how_big_the_parent_is():
    wanted = {
        "fork": ("fork", {"ballast_mb": 256}),
        "spawn": ("posix_spawn", {"ballast_mb": 256}),
        "small": "posix_spawn",
    }
    wanted["fork, small"] = "fork"
    found = lab.measure_many(wanted, budget=0.6, runs=1)
    # The fastest of each: a spawn waits for its child's start, which a busy machine puts off.
    fork, spawn, small, fork_small = (item.min for item in found.values())
    assert fork / fork_small > 2 * spawn / small


@timed
def test_sharing_the_memory_spares_its_lists():
    """The clone dial: CLONE_VM alone takes fork's dependence away."""
    apart, shared = least(lab.sweep("clone", vm=[0, 1], ballast_mb=128, budget=0.4, runs=1))
    assert apart > 3 * shared


@timed
def test_the_first_write_after_a_fork_pays_for_the_copy():
    nothing, fork = least(
        lab.sweep("first_write", after=["nothing", "fork"], ballast_mb=16, budget=0.4, runs=1)
    )
    assert fork > 3 * nothing


@timed
def test_the_second_write_after_a_fork_pays_for_nothing():
    """Not where the machine did not copy at the first one: ``verify`` counts the faults of both."""
    first, again = least(
        lab.sweep("first_write", write=["first", "again"], after="fork", ballast_mb=16, runs=1)
    )
    assert first > 3 * again


def test_a_second_write_that_is_copied_too_is_no_second_write():
    state = SimpleNamespace(faults=[[4], [4]], ink=b"xxxx", after_fork=True)
    with pytest.raises(RuntimeError, match="4 page faults at the second write to 4 pages"):
        module("first_write").verify(state)
    state.faults[1] = [0]
    assert "at the second write: 0 or fewer" in module("first_write").verify(state)


@timed
def test_a_fresh_interpreter_is_slower_than_a_duplicate():
    fork, spawn = least(lab.measure_many("mp_fork", "mp_spawn", budget=0.5, runs=1))
    assert spawn > 2 * fork


@timed
def test_a_thread_is_cheaper_than_a_process():
    thread, process = least(lab.measure_many("pthread", "fork", timed="whole", budget=0.3, runs=1))
    assert process > thread


@timed
def test_python_adds_to_a_thread():
    native, python = least(
        lab.measure_many("pthread", "python_thread", timed="join", budget=0.2, runs=1)
    )
    assert python > native


@timed
def test_a_ruler_is_in_order():
    call, system, copy = least(
        lab.measure_many("function_call", "system_call", "copy_1mb", budget=0.1, runs=1)
    )
    assert call < system < copy


# Neighbours ---------------------------------------------------------------------------------------
@timed
def test_neighbouring_results_agree():
    """Sixteen results in a row: the intervals of nearly all neighbours overlap."""
    ends = [lab.measure("fork", budget=0.3).interval for _ in range(16)]
    pairs = itertools.pairwise(ends)
    overlap = [max(a[0], b[0]) <= min(a[1], b[1]) for a, b in pairs]
    assert sum(overlap) >= 12, overlap


# Other interpreters -------------------------------------------------------------------------------
@started
@pytest.mark.parametrize("name", ["python3.12", "python3.13", "python3.14"])
def test_a_worker_may_run_under_another_python(name):
    path = interpreter(name)
    if path is None:
        pytest.skip(f"there is no {name} on this machine")
    for probe in ("fork", "python_thread", "mp_spawn"):
        item = tiny(probe, python=path)
        assert item.source == "live"
        assert name.removeprefix("python") in item.runtime.python


# Proofs that fail ---------------------------------------------------------------------------------
def module(name: str):
    """Import a probe as a module, which outside a worker only this test does."""
    return importlib.import_module(f"conclib.probes.{probe_texts.module_of(name)}")


LIES = {
    "fork": {"forked": 3, "ended_well": 2},
    "posix_spawn": {"started": 3, "ended_well": 2},
    "python_spawn": {"started": 3, "ended_well": 2},
    "mp_fork": {"started": 3, "ended_well": 2},
    "clone": {"made": 3, "ended_well": 2},
    "pthread": {"started": 3, "ran_here": 2},
    "python_thread": {"started": 3, "ran": {0, 1}},
    "pool_task": {"answers": 0, "warm": 1, "kind": "thread"},
    "copy_1mb": {"source": b"x", "target": b"y"},
    "copy_memory": {"source": b"xx", "target": b"xy"},
    "first_write": {"faults": [[3]], "ink": b"xxxx", "after_fork": True},
}


@pytest.mark.parametrize("name", LIES)
def test_a_proof_fails_loudly_where_the_work_did_not_happen(name):
    with pytest.raises(RuntimeError):
        module(name).verify(SimpleNamespace(**LIES[name]))


@pytest.mark.parametrize(
    "name", [name for name in LIES if name not in ("copy_1mb", "copy_memory", "first_write")]
)
def test_no_work_at_all_is_no_proof(name):
    none = {key: type(value)() for key, value in LIES[name].items()}
    with pytest.raises(RuntimeError):
        module(name).verify(SimpleNamespace(**none))


# The shared files ---------------------------------------------------------------------------------
STAT = "{pid} ({name}) S 1 42 43 0 -1 4194560 77 0 3 0 11 12 0 0 20 0 5 0 123456 1 2 3"


@pytest.mark.parametrize("name", ["python", ") R (", "a b", "((", "x) S 9 9 9", ""])
def test_a_process_may_have_any_name(name):
    """Row 30."""
    found = _proc.parse_stat(STAT.format(pid=42, name=name))
    assert found == {
        "pid": 42, "name": name, "state": "S", "ppid": 1, "pgrp": 42, "session": 43,
        "minor_faults": 77, "utime": 11, "stime": 12, "threads": 5, "starttime": 123456,
    }  # fmt: skip


@pytest.mark.parametrize("text", ["", "42 (python", "42 (python) S 1 2", "no brackets"])
def test_what_is_no_stat_is_refused(text):
    with pytest.raises(ValueError, match="not the text"):
        _proc.parse_stat(text)


def test_texts_of_proc_are_read():
    assert _proc.resident_bytes("100 25 3 1 0 9 0\n", 4096) == 25 * 4096
    assert _proc.steal_ticks("cpu  1 2 3 4 5 6 7 88 9 10\ncpu0 1 2\n") == 88
    assert _proc.steal_ticks("cpu  1 2 3\n") == 0
    assert _proc.bracketed("always [madvise] never\n") == "madvise"
    assert _proc.bracketed("never\n") == "never"
    assert _proc.key_numbers("nr_throttled 3\nVmRSS:\t 120 kB\nName:\tx\n") == {
        "nr_throttled": 3, "VmRSS": 120,
    }  # fmt: skip
    smaps = "10-20 rw-p 0\nRss:  8 kB\nAnonHugePages: 0 kB\n20-30 rw-p 0\nAnonHugePages: 2048 kB\n"
    assert _proc.mapped_kb(smaps, 0x20, "AnonHugePages") == 2048
    assert _proc.mapped_kb(smaps, 0x1F, "AnonHugePages") == 0
    assert _proc.mapped_kb(smaps, 0x40, "AnonHugePages") == 0


def test_conditions_that_cannot_be_read_are_named(monkeypatch):
    """Row 32, file by file."""
    everything = _conditions.read()
    monkeypatch.setattr(_conditions, "_text", lambda path: None)
    assert _conditions.steal() is None
    found = _conditions.read()
    assert {"governor", "thp", "rss_mb"} <= set(found["not_known"].split(", "))
    assert "quota_cpus" not in found
    assert set(found) <= set(everything) | {"not_known"}
    assert None not in found.values()


@pytest.mark.parametrize("pages", ["4k", "file", "shared"])
def test_ballast_is_touched_memory_and_is_given_back(pages):
    """Resident memory grows by it, and shrinks again."""

    def resident() -> float:
        return _conditions.resident_mb()

    before = resident()
    ballast = _ballast.Ballast(32, pages)
    during = resident()
    ballast.close()
    assert during - before > 28
    assert resident() - before < 8
    ballast.close()  # twice is no error


def test_no_ballast_is_no_mapping():
    assert _ballast.Ballast(0).memory is None


def test_beside_a_thread_fork_is_refused_and_alone_it_is_not(monkeypatch):
    monkeypatch.setattr(_refuse.os, "listdir", lambda path: ["1"])
    _refuse.require_single_thread()
    monkeypatch.setattr(_refuse.os, "listdir", lambda path: ["1", "2"])
    with pytest.raises(_refuse.Unavailable, match="2 threads"):
        _refuse.require_single_thread()


def test_what_a_platform_lacks_is_named():
    assert _refuse.require(os, "getpid") is os.getpid
    with pytest.raises(_refuse.Unavailable, match=r"os\.no_such_thing does not exist"):
        _refuse.require(os, "no_such_thing")


def test_in_the_worker_itself_there_are_no_strays():
    _strays.end()
    _strays.refuse()


def test_a_stray_that_ended_is_told_and_not_collected():
    child = subprocess.Popen(["/bin/sh", "-c", f"exit {_strays.CODE}"])
    try:
        assert leaks.wait_until(lambda: refused() is not None)
        assert "came back" in str(refused())
    finally:
        assert child.wait() == _strays.CODE
    other = subprocess.Popen(["/bin/sh", "-c", "exit 1"])
    leaks.wait_until(lambda: os.waitid(os.P_PID, other.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT))
    assert refused() is None
    other.wait()


def refused() -> RuntimeError | None:
    """Return what the look for strays raises now."""
    try:
        _strays.refuse()
    except RuntimeError as error:
        return error
    return None


@started
def test_a_failing_proof_reaches_the_student():
    text = (
        "from .create import fork\ndef setup(params):\n"
        "    return fork.setup({'ballast_mb': 0, 'pages': '4k', 'timed': 'call'})\n"
        "def body(state, loops):\n    return 1.0\n"
        "def verify(state):\n    return fork.verify(state)\n"
    )
    with pytest.raises(WorkerError, match="0 forks, but 0 children ended well"):
        lab.measure_own(text, budget=0.01, runs=1)


def test_a_probe_is_only_read_and_never_imported_here():
    """The catalogue is made from the files' text; in the caller runs only what reads texts."""
    program = (
        "import sys; from conclib import lab; lab.catalogue(); lab.source('fork');"
        "print([name for name in sys.modules if name.startswith('conclib.probes.')])"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    readers = {f"conclib.probes._{name}" for name in ("cgroup", "elf", "proc", "record", "regions")}
    assert set(ast.literal_eval(done.stdout)) == readers
