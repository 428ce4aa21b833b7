"""The lab's door: what it refuses before anything is started, what it offers, and how it groups."""

import itertools
import math
import re
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conclib import lab
from conclib.inspecting import Room
from conclib.lab import alone, machines, probe_files, running, variants
from conclib.lab.variants import Options, Variant
from conclib.results import Cancelled, ConclibError, Unavailable, WorkerError, hooks, recordings
from conclib.results.axis import Axis
from conclib.results.quantity import BYTES
from conclib.worker import Worker
from tests import fault_probes
from tests.made_up import measurement

INF, NAN = math.inf, math.nan
BODY = "def body(state, loops):\n    pass\n"


@pytest.fixture
def nothing_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail the test if a worker is as much as made, or if a prediction would be locked."""
    monkeypatch.setattr(Worker, "__init__", lambda *given: pytest.fail("a worker was made"))
    monkeypatch.setattr(hooks.on_start, "fire", lambda names: pytest.fail("announced"))


def cpu_that_is_not() -> int:
    """Return a CPU's number that nobody here may use."""
    return max(machines.allowed_cpus()) + 1


# Refused ------------------------------------------------------------------------------------------
NUMBERS = [0, -1, True, NAN, INF, -INF, "4", None, [1], 10**9]
REFUSED = [
    *[("fork", {"budget": value}) for value in [*NUMBERS, 0.001, 61, 1j]],
    *[("fork", {"runs": value}) for value in [*NUMBERS, 1.5, 11] if value is not None],
    *[("fork", {"cpu": value}) for value in [-1, 1.5, True, NAN, "0", 10**9]],
    *[("fork", {"python": value}) for value in [3, "", "/no/such/python", "/etc/passwd", "a\0b"]],
    *[("fork", {"ballast_mb": value}) for value in [-1, 1.5, True, NAN, "4", None, 1025, 10**9]],
    *[("fork", {"pages": value}) for value in ["8k", "4K", 4, None, True]],
    *[("fork", {"timed": value}) for value in ["join", "", None, 1]],
    *[("first_write", {"ballast_mb": value}) for value in [0, 513]],
    *[("clone", {"vm": value}) for value in [2, -1, True, "1"]],
    ("fork", {"on_progress": 3}),
    ("fork", {"stop": 3}),
    ("fork", {"stop": True}),
]


@pytest.mark.parametrize(("probe", "given"), REFUSED)
def test_a_bad_argument_is_named_with_its_value_and_what_is_allowed(nothing_starts, probe, given):
    """Rows 43 to 45."""
    ((name, value),) = given.items()
    with pytest.raises((TypeError, ValueError)) as caught:
        lab.measure(probe, **given)
    said = str(caught.value)
    assert said.startswith(f"{name}=")
    assert repr(value)[:20] in said
    assert re.search("must be|at most", said)


def test_none_means_no_pinning_and_this_python(nothing_starts):
    Options(runs=None, cpu=None, python=None, stop=None, on_progress=None)


def test_a_cpu_that_is_not_allowed_is_refused(nothing_starts):
    with pytest.raises(ValueError, match=r"cpu=\d+: cpu must be a whole number from 0"):
        lab.measure("fork", cpu=cpu_that_is_not())


def test_a_cpu_in_a_gap_is_refused(nothing_starts, monkeypatch):
    monkeypatch.setattr(machines, "allowed_cpus", lambda: {0, 2})
    with pytest.raises(ValueError, match=r"cpu=1: must be one of the CPUs allowed here: \[0, 2\]"):
        lab.measure("fork", cpu=1)


@pytest.mark.parametrize(
    ("call", "nearest"),
    [
        (lambda: lab.measure("frok"), "'fork'"),
        (lambda: lab.measure("Fork"), "'fork'"),
        (lambda: lab.measure_many("fork", "pthraed"), "'pthread'"),
        (lambda: lab.measure_many({"a": ("mp_span", {})}), "'mp_spawn'"),
        (lambda: lab.sweep("frok", ballast_mb=[1]), "'fork'"),
        (lambda: lab.observe("fork_twise"), "'fork_twice'"),
        (lambda: lab.source("clown"), "'clone'"),
        (lambda: lab.measure("fork", balast_mb=1), "'ballast_mb'"),
        (lambda: lab.sweep("fork", balast_mb=[1, 2]), "'ballast_mb'"),
        (lambda: lab.measure("fork", timed="cal"), "'call'"),
        (lambda: lab.measure("fork", pages="hug"), "'huge'"),
        (lambda: lab.measure("clone", fles=1), "'files'"),
    ],
)
def test_an_unknown_name_lists_the_nearest(nothing_starts, call, nearest):
    """Row 46."""
    with pytest.raises((TypeError, ValueError), match=f"Did you mean {nearest}"):
        call()


def test_an_unknown_probe_lists_all_that_can_be_measured(nothing_starts):
    with pytest.raises(ValueError, match="must be one of") as caught:
        lab.measure("xyzzy")
    timed = [name for name, info in lab.catalogue().items() if info.kind == "timed"]
    assert all(name in str(caught.value) for name in timed)


def test_facts_are_reported_and_not_measured(nothing_starts):
    with pytest.raises(
        ValueError, match=r"probe='noise': it reports, so use cl\.observe\('noise'\)"
    ):
        lab.measure("noise")
    with pytest.raises(
        ValueError, match=r"probe='fork': it is timed, so use cl\.measure\('fork'\)"
    ):
        lab.observe("fork")


def notebook_function(state, loops):
    """Stands for a function that a student wrote in a notebook."""


FUNCTIONS = {"lambda": lambda: None, "own": notebook_function, "built-in": print, "class": dict}


@pytest.mark.parametrize("thing", FUNCTIONS.values(), ids=FUNCTIONS)
@pytest.mark.parametrize(
    "call",
    [lab.measure, lab.measure_many, lambda probe: lab.sweep(probe, x=[1]), lab.observe],
    ids=["measure", "measure_many", "sweep", "observe"],
)
def test_a_function_is_explained_and_does_not_hang(nothing_starts, call, thing):
    """Row 47."""
    with pytest.raises(TypeError, match=r"has never seen your notebook.*%%probe"):
        call(thing)


@pytest.mark.parametrize("thing", [None, 3, ["fork", "pthread"], b"fork", {"fork"}])
def test_what_is_no_name_is_refused(nothing_starts, thing):
    for call in (lab.measure, lab.measure_many):
        with pytest.raises(TypeError, match=r"probe=.*: probe must be one of"):
            call(thing)


TOO_LONG = "^label='x{56}...: label must be a str of at most 200 characters; 201 characters were "
MANY = [
    (lab.measure_many, ValueError, r"len\(probes\)=0"),
    (lambda: lab.measure_many({}), ValueError, r"len\(probes\)=0"),
    (lambda: lab.measure_many(*["fork"] * 65), ValueError, r"len\(probes\)=65"),
    (lambda: lab.measure_many("fork", "fork"), ValueError, "two have the same label"),
    (
        lambda: lab.measure_many({3: "fork"}),
        TypeError,
        "label=3: label must be a str",
    ),
    (lambda: lab.measure_many({"x" * 201: "fork"}), ValueError, TOO_LONG),
    (lambda: lab.measure_many({"\ud800": "fork"}), ValueError, "without surrogates"),
    (lambda: lab.measure_many("fork", "pthread", vm=1), TypeError, "none of these probes takes vm"),
    (lambda: lab.measure_many("fork", timed="join"), ValueError, "timed='join'"),
    (lambda: lab.measure_many({"a": ("fork", {"x": 1})}), TypeError, "x=1: fork takes"),
    (lambda: lab.measure_many({"a": ("fork", 3)}), TypeError, "probe="),
    (lambda: lab.measure_many("fork", budget=0), ValueError, "budget=0"),
    (lambda: lab.sweep("fork"), ValueError, "exactly one parameter must be a list"),
    (lambda: lab.sweep("fork", ballast_mb=4), ValueError, "exactly one parameter must be a list"),
    (lambda: lab.sweep("fork", ballast_mb=[1], pages=["4k"]), ValueError, "exactly one parameter"),
    (
        lambda: lab.sweep("fork", ballast_mb=[]),
        ValueError,
        r"^ballast_mb=\[\]: must list 1 to 64 values, for example ballast_mb=\[0, 64\]$",
    ),
    (lambda: lab.sweep("fork", ballast_mb=list(range(65))), ValueError, "must list 1 to 64 values"),
    (lambda: lab.sweep("fork", pages=[]), ValueError, r"for example pages=\['4k', 'huge'\]"),
    (lambda: lab.sweep("fork", page=[]), TypeError, "Did you mean 'pages'"),
    (lambda: lab.sweep("fork", ballast_mb=[0, -1]), ValueError, "ballast_mb=-1"),
    (lambda: lab.sweep("fork", ballast_mb=[0, 1.5]), TypeError, "ballast_mb=1.5"),
    (lambda: lab.sweep("fork", ballast_mb=[8, 0, 8]), ValueError, "must be values that differ"),
    (lambda: lab.measure("clone", sighand=1), ValueError, "only together with vm=1, got vm=0"),
    (lambda: lab.measure("clone", vm=1, thread=1), ValueError, "only together with sighand=1"),
    (lambda: lab.measure("empty", ballast_mb=1), TypeError, "empty takes no parameters"),
    (lambda: lab.observe("noise", rounds=1), ValueError, "rounds=1"),
]


@pytest.mark.parametrize(("call", "kind", "words"), MANY)
def test_what_cannot_be_asked_for_is_refused(nothing_starts, call, kind, words):
    with pytest.raises(kind, match=words):
        call()


OWN = {
    "no python": ("def body(state, loops:\n", ValueError, "no Python: .*line 1"),
    "no body": ("def timed(state, loops):\n    pass\n", ValueError, "needs `def body"),
    "nested body": ("if True:\n    def body(a, b): pass\n", ValueError, "needs `def body"),
    "lambda body": ("body = lambda state, loops: None\n", ValueError, "needs `def body"),
    "one argument": ("def body(loops):\n    pass\n", ValueError, "needs `def body"),
    "empty": ("", ValueError, "needs `def body"),
    "nul": ("\0", ValueError, "no Python"),
    "too deep": ("-" * 200_000 + "1\n", ValueError, "no Python: nested too deeply"),
    "surrogate": ("'\ud800'\n", ValueError, "no Python"),
    "no text": (3, TypeError, "given as source text"),
    "a function": (notebook_function, TypeError, "given as source text"),
    "probe is run": ("PROBE = {'title': open('x')}\n" + BODY, ValueError, "plain dictionary"),
    "probe is no dict": ("PROBE = 3\n" + BODY, ValueError, "plain dictionary"),
    "probe is a set": ("PROBE = {[]: 1}\n" + BODY, ValueError, "plain dictionary"),
    "probe is a name": ("PROBE = x\n" + BODY, ValueError, "plain dictionary"),
}


@pytest.mark.parametrize(("text", "kind", "words"), OWN.values(), ids=OWN)
def test_a_text_that_is_no_probe_is_refused(nothing_starts, text, kind, words):
    with pytest.raises(kind, match=words):
        lab.measure_own(text)


@pytest.mark.parametrize("name", ["", "my loop", "a\nb", "../x", None, 3])
def test_a_name_that_is_no_name_is_refused(nothing_starts, name):
    with pytest.raises(ValueError, match="must be a name"):
        lab.measure_own(BODY, name=name)


# Memory -------------------------------------------------------------------------------------------
def forks(*sizes: int, probe: str = "fork", **params) -> list[Variant]:
    """Return variants with these sizes."""
    info = probe_files.probe(probe)
    return [
        Variant(str(place), info, info.complete({"ballast_mb": size, **params}))
        for place, size in enumerate(sizes)
    ]


@given(st.lists(st.integers(0, 1024), min_size=1, max_size=12), st.integers(1024, 4096))
def test_what_lives_together_fits_and_nothing_is_lost_or_moved(sizes, free):
    """Row 45: the cap holds for the sum over live workers, so a sweep is split."""
    groups = running._groups(forks(*sizes), Room(free))
    assert [one.label for group in groups for one in group] == [*map(str, range(len(sizes)))]
    assert all(len(group) == 1 or variants.fits(group, Room(free)) for group in groups)
    for one, next_one in itertools.pairwise(groups):
        assert not variants.fits([*one, next_one[0]], Room(free)), "split without need"


def room_of(monkeypatch: pytest.MonkeyPatch, free: int, limit: int | None = None) -> None:
    """Let so many MB be free, in a container of so many where there is a limit."""
    monkeypatch.setattr(running, "memory_room", lambda: Room(free, limit))


def test_more_than_half_of_the_free_memory_is_refused(nothing_starts, monkeypatch):
    room_of(monkeypatch, 500)
    with pytest.raises(ValueError) as caught:
        lab.measure("fork", ballast_mb=227)
    assert str(caught.value) == (
        "ballast_mb=227: 227 MB would be filled, and at most 226 MB may be now: 500 MB are free on "
        "this machine, of which measuring takes no more than half, and never more than 1024 MB. "
        "Try ballast_mb=128"
    )
    with pytest.raises(ValueError, match="ballast_mb=300"):
        lab.sweep("fork", ballast_mb=[10, 300])


def test_a_containers_limit_is_named(nothing_starts, monkeypatch):
    """Row 55: the sweep that had got the notebook kernel killed."""
    room_of(monkeypatch, 90, 200)
    with pytest.raises(ValueError, match=r"ballast_mb=64: .* is limited to 200 MB, and 90 MB of"):
        lab.sweep("fork", ballast_mb=[0, 64, 128, 256])


def test_workers_without_ballast_are_counted_too(monkeypatch):
    """Sixty-four bare workers take more than a small container has."""
    groups = running._groups(forks(*[0] * 6), Room(100))
    assert [len(group) for group in groups] == [2, 2, 2]
    assert [len(group) for group in running._groups(forks(0, 0), Room(3))] == [1, 1]
    variants.check_memory(forks(0), Room(3))  # it dies first, should it not fit


def test_pages_that_will_be_copied_count_twice(nothing_starts, monkeypatch):
    """After the fork parent and child each have their own."""
    room_of(monkeypatch, 500)
    expected = r"ballast_mb=200, after='fork': 400 MB would be filled.* Try ballast_mb=64$"
    with pytest.raises(ValueError, match=expected):
        lab.measure("first_write", ballast_mb=200, after="fork")
    assert variants.ballast(forks(200, probe="first_write")) == 200


# Parameters ---------------------------------------------------------------------------------------
def test_all_parameters_are_always_there(monkeypatch):
    info = probe_files.probe("fork")
    assert info.complete({}) == {"ballast_mb": 0, "pages": "4k", "timed": "call"}
    assert info.complete({"ballast_mb": 8})["ballast_mb"] == 8


def test_whole_means_wait_or_join_whichever_there_is():
    found = variants.variants(("fork", "pthread", "mp_spawn"), {"timed": "whole"})
    assert [one.params.get("timed") for one in found] == ["wait", "join", None]


def test_common_parameters_go_where_they_fit_and_own_ones_win():
    wanted = {"small": "fork", "big": ("fork", {"ballast_mb": 64}), "thread": ("pthread", {})}
    found = variants.variants((wanted,), {"ballast_mb": 8})
    assert [one.label for one in found] == ["small", "big", "thread"]
    assert [one.params.get("ballast_mb") for one in found] == [8, 64, None]


def test_what_is_timed_is_said_for_the_parameters():
    info = probe_files.probe("fork")
    assert info.times_for(info.complete({"timed": "call"})) == info.times["call"]
    assert info.times_for(info.complete({"timed": "wait"})) == info.times["wait"]


def test_the_source_is_the_file_that_runs():
    folder = Path(probe_files.__file__).parent.parent / "probes"
    assert lab.source("fork") == (folder / "create" / "fork.py").read_text()
    with pytest.raises(ValueError, match="name='_driver'"):
        lab.source("_driver")


def test_own_probes_say_what_they_are():
    text = "PROBE = {'title': 'Joining', 'times': 'one join'}\n" + BODY
    info = probe_files.own_probe("joining", text)
    assert (info.name, info.title, info.times) == ("own:joining", "Joining", "one join")
    info = probe_files.own_probe("joining", BODY + "def baseline(state, loops):\n    pass\n")
    assert info.baseline == "your baseline"


# Doubts and notes ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("conditions", "words"),
    [
        ({"throttled": 1}, "quota"),
        ({"steal_ticks": 3}, "host"),
        ({"load": 4.0, "cpus_allowed": 2}, "busy"),
    ],
)
def test_each_state_of_the_machine_is_a_doubt(conditions, words):
    (doubt,) = machines.doubts(conditions)
    assert words in doubt


def test_a_quiet_machine_raises_none():
    quiet = {"throttled": 0, "steal_ticks": 2, "load": 2.9, "cpus_allowed": 2}
    assert machines.doubts(quiet) == []
    assert machines.doubts({}) == []


def test_conditions_of_runs_are_put_together():
    ends = [{"throttled": 1, "load": 1.0}, {"throttled": 2, "load": 3.0, "steal_ticks": 5}]
    assert machines.merged_conditions(ends) == {"throttled": 3, "load": 3.0, "steal_ticks": 5}


# In place of a measurement ------------------------------------------------------------------------
@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> list[Exception]:
    """Let every live measurement of ``fork`` fail with the exception in the list."""
    failures: list[Exception] = []

    def live(chosen, options, part):
        if any(one.info.name == "fork" for one in chosen):
            raise failures[0]
        return {one.label: measurement(range(100, 130), probe=one.info.name) for one in chosen}

    monkeypatch.setattr(running, "_live", live)
    return failures


def record(monkeypatch: pytest.MonkeyPatch, **params) -> None:
    """Have one recording of ``fork``, with these parameters."""
    full = probe_files.probe("fork").complete(params)
    made = measurement(range(100, 130), params=full, source="recorded", date="2026-11-01")
    monkeypatch.setattr(recordings, "_all", lambda: (made,))


@pytest.mark.parametrize("failure", [Unavailable("no fork"), WorkerError("it died")])
def test_an_exact_recording_takes_the_place_of_what_failed(failing, monkeypatch, failure):
    failing.append(failure)
    record(monkeypatch)
    item = lab.measure("fork")
    assert item.source == "recorded"
    assert f"not measured here: {failure}" in item.notes
    assert f"not measured here: {failure}" in item.unstable


@pytest.mark.parametrize("pins", [True, False])
def test_any_cpu_is_no_pin_where_the_system_cannot_pin(failing, monkeypatch, pins):
    """A recording is looked for as it would have been measured: kept on one CPU, or not."""
    failing.append(Unavailable("no fork"))
    record(monkeypatch)
    monkeypatch.setattr(machines, "can_pin", lambda: pins)
    notes = lab.measure("fork", cpu="one").notes
    assert (recordings.OTHER_PIN[True] in notes) == pins


@pytest.mark.parametrize("given", [{"ballast_mb": 1}, {"timed": "wait"}, {"pages": "huge"}])
def test_a_recording_of_other_parameters_does_not(failing, monkeypatch, given):
    failing.append(Unavailable("no fork"))
    record(monkeypatch)
    with pytest.raises(Unavailable, match="no fork"):
        lab.measure("fork", **given)


def test_nor_where_another_python_was_asked_for(failing, monkeypatch):
    failing.append(WorkerError("no such Python"))
    record(monkeypatch)
    with pytest.raises(WorkerError, match="no such Python"):
        lab.measure("fork", python="/bin/true")


def test_nor_for_a_program_that_speaks_garbage(failing, monkeypatch):
    failing.append(running.ProtocolError("Hello!"))
    record(monkeypatch)
    with pytest.raises(running.ProtocolError, match="Hello!"):
        lab.measure("fork")


def test_a_mixture_is_told_apart_and_only_live_results_are_kept(failing, monkeypatch):
    failing.append(Unavailable("no fork"))
    record(monkeypatch)
    kept = []
    monkeypatch.setattr(hooks.on_finish, "listeners", [kept.extend])
    found = lab.measure_many("fork", "pthread", "empty", budget=0.01)
    assert [item.source for item in found.values()] == ["recorded", "live", "live"]
    assert [item.probe for item in kept] == ["pthread", "empty"]


def test_a_budget_may_become_too_small_to_be_asked_for(failing, monkeypatch):
    """Shares of a small budget are below what a caller may give; that is not the caller's error."""
    failing.append(Unavailable("no fork"))
    record(monkeypatch)
    sizes = {"ballast_mb": [0, 900, 901, 902]}
    room_of(monkeypatch, 4096)
    with pytest.raises(Unavailable):
        lab.sweep("fork", budget=0.01, **sizes)


def test_the_start_is_announced_once_with_all_that_is_measured(failing, monkeypatch):
    told = []
    monkeypatch.setattr(hooks.on_start, "listeners", [told.append])
    lab.measure_many({"a": "pthread", "b": ("empty", {})})
    assert told == [hooks.Start((("pthread", {"timed": "call"}), ("empty", {})))]
    with hooks.asking("panel"):
        lab.measure("empty", cpu="one")
    assert (told[1].pinned, told[1].asked_by) == (machines.can_pin(), "panel")


def test_a_listener_that_fails_leaves_the_lab_free(failing, monkeypatch):
    def listener(names: list[str]) -> None:
        raise LookupError("in the lesson")

    monkeypatch.setattr(hooks.on_start, "listeners", [listener])
    with pytest.raises(LookupError):
        lab.measure("pthread")
    monkeypatch.setattr(hooks.on_start, "listeners", [])
    assert lab.measure("pthread").source == "live"


@pytest.mark.parametrize(
    "call", [lambda: lab.measure("empty"), lambda: lab.observe("fork_twice"), lab.machine],
    ids=["measure", "observe", "machine"],
)  # fmt: skip
def test_while_one_is_measured_another_is_refused_before_it_is_announced(monkeypatch, call):
    assert alone._busy.acquire(blocking=False)
    try:
        monkeypatch.setattr(hooks.on_start, "fire", lambda names: pytest.fail("announced"))
        with pytest.raises(ConclibError, match="another measurement is under way"):
            call()
        assert alone._busy.locked()
    finally:
        alone._busy.release()


# Real ones ----------------------------------------------------------------------------------------
@pytest.mark.worker
def test_a_sweep_is_measured_in_groups_that_fit(monkeypatch):
    """Three sizes, of which only two fit at a time: never more than two workers live."""
    room_of(monkeypatch, 130)
    sizes, real = [], running.run_workers

    def counted(requests, use, **named):
        sizes.append([request.params["ballast_mb"] for request in requests])
        return real(requests, use, **named)

    monkeypatch.setattr(running, "run_workers", counted)
    found = lab.sweep("fork", ballast_mb=[4, 12, 16], budget=0.06, runs=2)
    assert sizes == [[4, 12], [4, 12], [16], [16]]
    assert list(found) == ["4", "12", "16"]
    assert found.varied == Axis(
        "ballast_mb", (4, 12, 16), BYTES, "memory the parent has touched", "MB"
    )
    assert [item.params["ballast_mb"] for item in found.values()] == [4, 12, 16]
    assert all(len(item.runs) == 2 for item in found.values())


@pytest.mark.worker
def test_a_pinned_worker_says_so():
    cpu = max(machines.allowed_cpus())
    item = lab.measure("empty", budget=0.01, runs=1, cpu=cpu)
    assert item.conditions["pinned"] == cpu
    assert item.conditions["cpus_allowed"] == 1


@pytest.mark.worker
def test_progress_tells_everything():
    told = []
    item = lab.measure("function_call", budget=0.05, runs=2, on_progress=told.append)
    values = [value for one in told for value in one.values]
    assert tuple(values) == item.values
    assert [one.run for one in told] == sorted(one.run for one in told)
    assert told[-1].fraction == 1.0
    assert {one.phase for one in told} == {"setup", "calibrate", "measure"}
    assert all(one.label == one.probe == "function_call" for one in told)
    assert all(one.baseline > 0 for one in told if one.phase == "measure")


@pytest.mark.worker
@pytest.mark.parametrize("label", ["x" * 200, "two\nlines\0", "🚀" * 10, ""])
def test_a_label_may_be_any_text(label):
    """Row 70: it is measured under the label as it was given."""
    found = lab.measure_many({label: "empty", "other": "function_call"}, budget=0.05, runs=1)
    assert list(found) == [label, "other"] and found[label].probe == "empty"


@pytest.mark.worker
def test_an_own_probe_is_measured_as_any_other():
    item = lab.measure_own(fault_probes.SMALL, name="my_loop", budget=0.03, runs=2)
    assert item.probe == "own:my_loop"
    assert item.title == "Your own probe"
    assert item.source == "live"
    assert len(item.runs) == 2
    assert item.params == {}


@pytest.mark.worker
def test_a_stop_that_is_set_already_starts_no_measuring():
    stop = threading.Event()
    stop.set()
    with pytest.raises(Cancelled):
        lab.measure("fork", stop=stop)


@pytest.mark.worker
def test_what_an_own_probe_prints_is_kept_for_its_writer():
    text = "def setup(params):\n    print('made it')\n\ndef body(state, loops):\n    pass\n"
    item = lab.measure_own(text, name="mine", runs=1, budget=0.02)
    assert item.conditions["printed"].strip() == "made it"
    silent = "def body(state, loops):\n    pass\n"
    assert "printed" not in lab.measure_own(silent, name="mine", runs=1, budget=0.02).conditions


HALF_WRITTEN = {
    "no PROBE": ("x = 1\n", "needs PROBE"),
    "no literal": ("PROBE = dict(name=1)\n", "mine.py: "),
    "a field missing": ("PROBE = {'name': 'mine'}\n", "PROBE lacks 'title'"),
    "no Python": ("def\n", "mine.py: "),
    "another name": (
        "PROBE = {'name': 'fork', 'title': '', 'times': '', 'unit': 'ns', 'params': {},"
        " 'baseline': '', 'needs': []}\n", "must be the file's, 'mine'"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "says"), HALF_WRITTEN.values(), ids=HALF_WRITTEN)
def test_a_half_written_probe_file_is_named(tmp_path, text, says):
    path = tmp_path / "mine.py"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"^mine\.py: ") as caught:
        probe_files.from_file(path)
    assert says in str(caught.value)


def test_a_value_that_goes_only_with_another_one_is_refused_without_it(tmp_path):
    path = tmp_path / "mine.py"
    only = {"b": {"one": ["x"]}}, {"": {"one": ["x", "z"]}}
    path.write_text(
        "PROBE = {'name': 'mine', 'title': '', 'times': '', 'unit': 'ns', 'baseline': '',"
        " 'needs': [], 'params': {"
        "'one': {'type': 'choice', 'default': 'y', 'choices': ['x', 'y', 'z']},"
        f" 'two': {{'type': 'choice', 'default': 'a', 'choices': ['a', 'b'], 'only': {only[0]}}},"
        f" 'more': {{'type': 'int', 'default': 0, 'min': 0, 'max': 9, 'only': {only[1]}}}}}}}\n"
    )
    info = probe_files.from_file(path)
    assert info.complete({"two": "b", "one": "x", "more": 3})["two"] == "b"
    with pytest.raises(ValueError, match=r"^two='b': goes only with one='x', got one='y'"):
        info.complete({"two": "b"})
    with pytest.raises(ValueError, match=r"^more=1: goes only with one='x' or 'z', got one='y'"):
        info.complete({"more": 1})


@pytest.mark.parametrize("packages, site", [("", False), (", 'packages': ['numpy']", True)])
def test_a_probe_that_imports_packages_gets_a_worker_that_finds_them(tmp_path, packages, site):
    path = tmp_path / "mine.py"
    path.write_text(
        "PROBE = {'name': 'mine', 'title': '', 'times': '', 'unit': 'ns', 'params': {},"
        f" 'baseline': '', 'needs': []{packages}}}\n"
    )
    variant = variants.Variant("x", probe_files.from_file(path), {})
    assert variant.request(variants.Options()).site == site


def test_two_probes_of_one_name_are_refused(tmp_path, monkeypatch):
    for topic in ("one", "two"):
        (tmp_path / topic).mkdir()
        (tmp_path / topic / "_mine.py").touch()
        (tmp_path / topic / "mine.py").touch()
    monkeypatch.setattr(probe_files, "FOLDER", tmp_path)
    with pytest.raises(ValueError, match=r"^one/mine\.py and two/mine\.py: two probes of one name"):
        probe_files.catalogue.__wrapped__()


def test_a_whole_life_that_a_probe_does_not_have_is_refused_by_name():
    info = probe_files.probe("fork")
    param = replace(info.params["timed"], choices=("call",))
    with pytest.raises(ValueError, match="timed='whole'"):
        replace(info, params={"timed": param}).complete({"timed": "whole"})


@pytest.mark.parametrize("call", [
    lambda: lab.measure("empty", budget=10**5000),
    lambda: lab.measure("empty", runs=10**5000),
    lambda: lab.measure("fork", ballast_mb=10**5000),
    lambda: lab.measure("empty", python=["x"] * 100_000),
    lambda: lab.measure_own("def body(state, loops): pass", budgt=1),
    lambda: lab.measure_own("def body(state, loops): pass", name="class"),
])  # fmt: skip
def test_a_refusal_is_short_and_names_the_argument(call):
    with pytest.raises((ValueError, TypeError), match=r"^\w+=") as caught:
        call()
    assert len(str(caught.value)) < 300


@pytest.mark.worker
def test_a_probe_that_asks_for_a_name_of_the_notebook_is_told_why_it_has_none():
    with pytest.raises(WorkerError, match="sees only what its own cell defines"):
        lab.measure_own("def body(state, loops):\n    copy", budget=0.05, runs=1)
