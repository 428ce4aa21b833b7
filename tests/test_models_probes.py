"""Programs with many tasks, looked at from outside: how many threads, who stands still, which CPUs.

Go and greenlet are tried where they are installed (the ``models`` extra).
"""

import os
import platform
from pathlib import Path
from types import SimpleNamespace

import pytest

from conclib import lab
from conclib.models import building, toolchains
from conclib.probes import _beats, _os_threads, _refuse, _tasks_program, _tasks_watch
from conclib.probes.models import blocking_call, computing_tasks, waiting_tasks
from conclib.results import Observation

LACKS = {
    "go": not toolchains.candidates("go"),
    "greenlet": not toolchains.package_folders("greenlet"),
}


def with_runtime(name: str):
    """Return a runtime as a parameter of a test, skipped with a reason where it is missing."""
    lacks = pytest.mark.skipif(LACKS.get(name, False), reason=f"{name} is not installed here")
    return pytest.param(name, marks=lacks)


RUNTIMES = [with_runtime(name) for name in ("threads", "asyncio", "greenlet", "go")]
MANY, FEW = {"threads", "pthreads"}, {"asyncio", "greenlet"}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Return where programs are kept for all tests of this file: one build is enough."""
    return tmp_path_factory.mktemp("programs")


@pytest.fixture(autouse=True)
def kept(built, monkeypatch):
    """Keep what is built beyond one test."""
    monkeypatch.setenv("CONCLIB_PROGRAMS", str(built))
    assert building.cache() == built


def seen(probe: str, **params) -> Observation:
    """Observe, live; none of what was started is left."""
    item = lab.observe(probe, **params)
    assert item.source == "live"
    program = next(each for each in item.actors if each.name == "program")
    ending = next(each for each in item.endings if each.actor == "program")
    assert (ending.how, ending.code) == ("signalled", 9)
    assert not Path(f"/proc/{program.pid}").exists()
    return item


# Tasks that wait ----------------------------------------------------------------------------------
@pytest.mark.worker
@pytest.mark.parametrize("runtime", [*RUNTIMES, "pthreads"])
def test_behind_tasks_that_wait_linux_sees_as_many_threads_one_or_a_handful(runtime):
    facts = seen("waiting_tasks", runtime=runtime, tasks=300).facts
    more = facts["threads"] - facts["threads_before"]
    assert facts["tasks"] == 300 and facts["took_ns"] > 0
    if runtime in MANY:
        assert more == 300 and facts["linux_kb"] > 1
    elif runtime in FEW:
        assert facts["threads"] == facts["threads_before"] == 1
    else:
        assert facts["threads"] < 40 and facts["version"].startswith("go")


@pytest.mark.worker
@pytest.mark.slow
@pytest.mark.parametrize("runtime", [with_runtime("asyncio"), with_runtime("go")])
def test_a_hundred_thousand_tasks_take_little(runtime):
    facts = seen("waiting_tasks", runtime=runtime, tasks=100_000).facts
    assert facts["tasks"] == 100_000 and facts["threads"] < 40
    assert facts["took_ns"] < 10e9 and facts["rss_mb"] < 1000


def test_a_hundred_thousand_threads_are_refused_before_anything_starts():
    with pytest.raises(ValueError, match=r"tasks=100000.*at most 10,000 may be"):
        lab.observe("waiting_tasks", runtime="threads", tasks=100_000)


class Refusing(SimpleNamespace):
    """A program that starts fewer tasks than it was asked for."""

    pid = os.getpid()

    def tell(self, *_):
        """Take a command."""

    def answer(self, *_):
        """Answer."""
        return ["298"]

    def end(self):
        """Be killed."""
        return "signalled", 9


def test_fewer_threads_than_were_asked_for_are_no_result(monkeypatch):
    tell = SimpleNamespace(actor=lambda *_, **__: None, ending=lambda *_, **__: None)
    monkeypatch.setattr(waiting_tasks._tasks_program, "Program", lambda *_: Refusing())
    with pytest.raises(_refuse.Unavailable, match="only 298 of so many threads"):
        waiting_tasks.observe({"runtime": "pthreads", "tasks": 2000}, tell)


# A call that blocks -------------------------------------------------------------------------------
@pytest.mark.worker
@pytest.mark.parametrize("runtime", RUNTIMES)
def test_who_stands_still_while_one_task_reads(runtime):
    item = seen("blocking_call", runtime=runtime)
    facts = item.facts
    assert facts["came_back"] == 1 and facts["in_call"] == 1, facts["in_call_by"]
    assert facts["still"] == (list("ABCDEFGH") if runtime in FEW else [])
    if runtime in FEW:
        assert facts["threads_most"] == 1 and not any(facts["during"].values())
        assert facts["pause_ns"] >= 0.9 * facts["call_ns"]
    else:
        assert all(facts["during"].values()) and facts["heart_threads"] > 1
    beats = sum(len(each.data["times_ns"]) for each in item.events if each.what == "beats")
    assert beats == sum(facts["beats"].values())
    spans = [each.data for each in item.events if each.what == "in call"]
    reader = {each.what: each.t_ns for each in item.events if each.actor == "reader"}
    assert len(spans) == 1 and reader["calls"] < spans[0]["t0_ns"] < spans[0]["t1_ns"]


@pytest.mark.worker
@pytest.mark.parametrize("runtime", RUNTIMES)
@pytest.mark.parametrize("call", ["own read", "own sleep"])
def test_nobody_stands_still_where_the_runtime_knows_what_is_waited_for(runtime, call):
    facts = seen("blocking_call", runtime=runtime, call=call, readers=20, hold_ms=300).facts
    assert facts["still"] == [] and facts["came_back"] == 20
    assert facts["in_call"] == (20 if runtime in MANY else 0)
    if runtime not in MANY:
        assert facts["threads_most"] < 20


@pytest.mark.worker
@pytest.mark.parametrize("runtime", [with_runtime("go")])
def test_in_go_each_reader_takes_a_thread_whatever_gomaxprocs_is(runtime):
    facts = seen("blocking_call", runtime=runtime, readers=50, procs=1).facts
    assert facts["in_call"] == 50 and facts["threads_most"] >= 50 > facts["threads_before"]
    assert facts["still"] == []


@pytest.mark.worker
@pytest.mark.parametrize("runtime", RUNTIMES)
def test_a_task_that_never_gives_way_stops_those_whose_turn_the_program_gives(runtime):
    procs = {"procs": 1} if runtime == "go" else {}
    facts = seen("blocking_call", runtime=runtime, call="compute", **procs).facts
    assert facts["still"] == (list("ABCDEFGH") if runtime in FEW else [])
    assert facts["in_call"] is None


@pytest.mark.worker
def test_a_sleep_among_a_thousand_tasks_of_asyncio_and_its_mend():
    some = {"others": 1000, "hold_ms": 300}
    facts = seen("blocking_call", call="time.sleep", **some).facts
    assert len(facts["still"]) == 8 and facts["threads_most"] == 1
    mended = seen("blocking_call", call="helper thread", **some).facts
    assert mended["still"] == [] and mended["threads_most"] == 2 and mended["in_call"] == 1


@pytest.mark.worker
def test_without_a_reader_nobody_stands_still():
    facts = seen("blocking_call", readers=0, hold_ms=100).facts
    assert facts["still"] == [] and facts["call_ns"] is None and facts["readers"] == 0


@pytest.mark.parametrize(
    ("params", "says"),
    [
        ({"runtime": "threads", "procs": 1}, "procs=1: goes only with runtime='go'"),
        ({"runtime": "go", "call": "helper thread"}, "goes only with runtime='asyncio', got"),
        ({"runtime": "pthreads"}, "runtime='pthreads': runtime must be one of"),
        ({"readers": 1_000_000}, "readers=1000000: readers must be a whole number from 0 to 1,000"),
    ],
)
def test_what_does_not_go_together_is_refused(params, says):
    with pytest.raises(ValueError, match=says):
        lab.observe("blocking_call", **params)


def test_pauses_are_counted_to_the_end_of_the_call():
    hearts = {
        "A": [0, 10, 20, 30, 130, 140],
        "B": [5, 15, 25, 35, 45, 55, 65, 75, 85, 95, 105, 115],
    }
    facts = _tasks_watch.pauses(hearts, 32, 120, 88)
    assert facts["pauses_ns"] == {"A": 100, "B": 10} and facts["still"] == ["A"]
    assert facts["during"] == {"A": 0, "B": 9} and facts["usual_ns"] == 10
    silent = _tasks_watch.pauses({"A": []}, 32, 120, 88)
    assert silent["still"] == ["A"] and silent["pause_ns"] == 88 and silent["usual_ns"] == 0


@pytest.mark.parametrize(("by", "asked"), [(_os_threads.SYSCALL, {1, 5}), (_os_threads.WCHAN, {5})])
def test_where_linux_does_not_say_what_is_read_only_callers_are_looked_at(by, asked):
    """Others read from other pipes, such as the one that commands come from."""
    watch = _tasks_watch.Watch.__new__(_tasks_watch.Watch)
    watch.hearts, watch.on = {name: [] for name in _tasks_watch.HEARTS}, set()
    watch.told_at, watch.called = 1e12, True
    watch.stands_in, watch.callers, watch.looked_into = "read", range(8, 9), False
    watch.program = SimpleNamespace(
        pipe=0,
        check=lambda: None,
        beats=SimpleNamespace(news=lambda _: [], tid=lambda row: 5 if row == 8 else 1),
    )
    seen = []
    watch.threads = _os_threads.Threads.__new__(_os_threads.Threads)
    watch.threads.now, watch.threads.by = {1, 5}, by
    watch.threads.look, watch.threads.look_into = (
        lambda: None,
        lambda _, __, tids: seen.append(tids),
    )
    watch.look()
    assert seen == [asked]


@pytest.mark.parametrize(("quota", "cpus"), [(None, 4), (8.0, 4), (2.5, 2), (1.0, 1), (0.2, 1)])
def test_a_containers_limit_counts_as_cpus_that_may_be_used(monkeypatch, quota, cpus):
    monkeypatch.setattr(computing_tasks._cgroup, "quota", lambda: quota)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: range(4))
    assert computing_tasks.allowed() == cpus


def test_calls_that_follow_each_other_are_taken_one_by_one():
    hearts = {"A": [0, 10, 20, 80, 140, 200], "B": [0, 10, 20, 30, 40, 200]}
    facts = _tasks_watch.pauses(hearts, 20, 200, 60)  # three of 60, and a beat between
    assert facts["still"] == ["A", "B"] and facts["pause_ns"] == 160


@pytest.mark.parametrize(("seen", "says"), [((), "made its call"), ((_beats.FAULT,), "came back")])
def test_a_program_that_was_stopped_is_not_one_whose_hearts_stand_still(monkeypatch, seen, says):
    monkeypatch.setattr(blocking_call, "PATIENCE", 0.0)
    watch = SimpleNamespace(
        program=SimpleNamespace(tell=lambda *_: None, pipe=0),
        how="own_sleep",
        stands_in="",
        times=lambda which: [1] if which in seen else [],
        go_on=lambda _, enough=lambda: False: enough(),
    )
    with pytest.raises(RuntimeError, match=f"no task {says}"):
        blocking_call.hold(watch, {"readers": 1, "hold_ms": 100})


# Who stands in a call -----------------------------------------------------------------------------
def threads(monkeypatch, texts: dict[str, str]) -> _os_threads.Threads:
    """Return the observer of a process whose files say what is given; it has our descriptors."""

    def read(path):
        name = path.rpartition("/")[2]
        if name not in texts:
            raise PermissionError(1, "Operation not permitted")
        return texts[name]

    monkeypatch.setattr(_os_threads._accounts, "read", read)
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")
    found = _os_threads.Threads(os.getpid(), SimpleNamespace())
    found.now = {1}
    return found


@pytest.fixture
def pipe():
    """Three descriptors: of a pipe's end, of the same end once more, and of its other end."""
    read, write = os.pipe()
    ends = (read, os.dup(read), write)
    yield ends
    for end in ends:
        os.close(end)


@pytest.mark.parametrize(
    ("texts", "call", "stands"),
    [
        ({"syscall": "0 {0:#x} 0x7f 0x1"}, "read", 1),
        ({"syscall": "19 {1:#x} 0x7f 0x1"}, "read", 1),  # readv, of a descriptor of its own
        ({"syscall": "0 0xffff 0x7f 0x1"}, "read", 0),  # of something that is closed
        ({"syscall": "running"}, "read", 0),
        ({"syscall": "230 0x0 0x0"}, "nanosleep", 1),
        ({"syscall": "230 0x0 0x0"}, "read", 0),
        ({"wchan": "pipe_read"}, "read", 1),
        ({"wchan": "ep_poll"}, "read", 0),
        ({"wchan": "hrtimer_nanosleep"}, "nanosleep", 1),
    ],
)
def test_who_stands_in_a_call_is_read_from_what_linux_says(monkeypatch, pipe, texts, call, stands):
    texts = {name: text.format(*pipe) for name, text in texts.items()}
    found = threads(monkeypatch, texts)
    found.look_into(call, pipe[0], {1})
    assert found.most_in_call == stands and found.by.endswith(next(iter(texts)))


@pytest.mark.parametrize("texts", [{}, {"wchan": "0"}])
def test_where_linux_does_not_say_who_stands_in_a_call_there_is_a_reason(monkeypatch, texts):
    found = threads(monkeypatch, texts)
    found.look_into("read", 5, {1})
    assert not found.by and "Operation not permitted" in found.why and found.spans == {}


def test_signs_of_life_can_be_shared_without_a_memory_file_too(monkeypatch, tmp_path):
    monkeypatch.delattr(os, "memfd_create")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    fd = _tasks_program.shared_file()
    other = os.open(f"/proc/self/fd/{fd}", os.O_RDWR)  # as a program does that was built
    beats = [_beats.Beats(2, fd), _beats.Beats(2, other)]
    beats[0].note(1, _beats.COUNT, 7)
    assert beats[1].news(1) == [7] and list(tmp_path.iterdir()) == []
    for each in (fd, other):
        os.close(each)


# A program's answers ------------------------------------------------------------------------------
class Silent(_tasks_program.Program):
    """A program that is none: what it answers is written into a pipe."""

    def __init__(self, said: bytes):
        import select

        self._read, write = os.pipe()
        os.write(write, said)
        os.close(write)
        self.beats, self._heard = _beats.Beats(2), b""
        self._poll = select.poll()
        self._poll.register(self._read, select.POLLIN)
        self.children = SimpleNamespace(ended=lambda _: [("program", 1, "exited", 1)])

    def close(self):
        """Close what was opened."""
        os.close(self._read)


def test_a_program_that_shares_no_memory_notes_beats_in_lines():
    program = Silent(b"beat 0 7\nbeat 0 9\ncalls 1 11\nback 1 30\nbeating 1\n")
    assert program.answer("beating", 1.0) == ["1"]
    assert program.beats.news(0) == [7, 9]
    assert program.beats.fault(1) == 11 and program.beats.number(1, _beats.DONE) == 30
    with pytest.raises(RuntimeError, match="ended before its time: exited, 1"):
        program.check()
    program.close()


def test_a_program_that_cannot_run_says_why():
    program = Silent(b"unavailable no folder to run it from\nother 1\n")
    with pytest.raises(_refuse.Unavailable, match="no folder to run it from"):
        program.answer("up", 1.0)
    with pytest.raises(RuntimeError, match=r"was to answer 'up', and answered \['other', '1'\]"):
        program.answer("up", 1.0)
    program.close()


@pytest.mark.worker
def test_a_built_program_that_may_not_be_started_is_not_available_here(monkeypatch, tmp_path):
    from conclib.models import programs

    plain = tmp_path / "plain"
    plain.touch()
    monkeypatch.setattr(programs, "command", lambda name, stop: (str(plain),))
    monkeypatch.setattr("conclib.lab.observing._recorded", lambda _: None)
    with pytest.raises(
        lab.observing.Unavailable,
        match=r"plain cannot be started: Permission denied.*CONCLIB_PROGRAMS",
    ):
        lab.observe("waiting_tasks", runtime="go", tasks=10)


# Tasks that compute -------------------------------------------------------------------------------
@pytest.mark.worker
@pytest.mark.parametrize("runtime", [*RUNTIMES, "pthreads"])
def test_how_many_cpus_work_for_four_tasks_that_compute(runtime):
    facts = seen("computing_tasks", runtime=runtime, rounds=100).facts
    assert 0 < facts["cores"] <= facts["cpus"] + 0.2 and facts["cores"] <= facts["runnable"]
    assert set(facts["cpus_used"]) <= os.sched_getaffinity(0)
    if runtime == "threads":  # one lock: whoever works on a free-threaded Python sees another case
        assert facts["cores"] < 1.2 and facts["busy"] == 4
    elif runtime in FEW:
        assert facts["cores"] < 1.2 and facts["busy"] == 1 and facts["runnable"] < 1.2
    elif facts["cpus"] > 1:
        assert facts["runnable"] > 1.3


@pytest.mark.worker
def test_in_c_python_lets_go_of_its_lock_and_asyncio_has_one_thread_all_the_same():
    threads = seen("computing_tasks", work="hash in C", rounds=100).facts
    one = seen("computing_tasks", work="hash in C", rounds=100, runtime="asyncio").facts
    assert threads["runnable"] > 1.5 and threads["busy"] == 4
    assert one["runnable"] < 1.2 and one["busy"] == 1


@pytest.mark.worker
@pytest.mark.parametrize("runtime", [with_runtime("go")])
def test_gomaxprocs_bounds_how_many_run(runtime):
    facts = seen("computing_tasks", runtime=runtime, rounds=100, procs=1).facts
    assert facts["cores"] < 1.2 and facts["runnable"] < 1.5


def test_what_each_thread_did_is_what_it_has_more_than_before():
    watch = SimpleNamespace(
        rows=lambda: [
            {"tid": 2, "cpu_ns": 90_000_000, "waited_ns": 5_000_000, "cpus": [1]},
            {"tid": 1, "cpu_ns": 4_000_000, "waited_ns": 0, "cpus": [0]},
            {"tid": 3, "cpu_ns": 500, "waited_ns": 0, "cpus": []},
        ],
        threads=SimpleNamespace(most=3),
    )
    facts = computing_tasks.sums(watch, 100_000_000)
    assert (facts["cores"], facts["runnable"]) == (0.94, 0.99)
    assert facts["busy"] == 1 and facts["cpus_used"] == [1] and len(facts["threads"]) == 2


# asyncio's helpers --------------------------------------------------------------------------------
@pytest.mark.worker
def test_a_name_is_looked_up_only_when_a_helper_is_free():
    facts = seen("helper_pool", hold_ms=300).facts
    assert (facts["threads_before"], facts["threads_lookup"]) == (1, 2)
    cpus = os.cpu_count() or 1
    assert facts["helpers"] in (min(32, cpus + 4), min(32, facts["cpus"] + 4))
    assert facts["lookup_full_ns"] > 0.9 * facts["held_ns"]
    free = seen("helper_pool", sleepers=2, hold_ms=300).facts
    assert free["helpers"] in (2, 3) and free["lookup_full_ns"] < facts["lookup_full_ns"]
