"""What probes declare to take, added over all that live, and held to what there is."""

import ast
import os
import re
import resource
import threading
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conclib import lab
from conclib.inspecting import limits
from conclib.lab import observing, probe_files, resources, takes

PARAMS = {"ballast_mb": 64, "after": "fork", "count": 7}


# Arithmetic ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("ballast_mb", 64),
        ("ballast_mb * (2 if after == 'fork' else 1)", 128),
        ("ballast_mb * (2 if after != 'fork' else 1)", 64),
        ("count // 2 + 1 - 2", 2),
        ("0 - count", 0),
        ("(count > 6) + (count >= 7) + (count < 8) + (count <= 6)", 3),
        ("12", 12),
    ],
)
def test_a_declaration_is_computed(text, value):
    assert takes.amount(takes.parse("mb", text, PARAMS), PARAMS) == value


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_it_is_pythons_own_arithmetic(count, other):
    node = takes.parse("mb", "(count + other) * 3 // other", {"count": 0, "other": 0})
    assert takes.amount(node, {"count": count, "other": other}) == (count + other) * 3 // other


@pytest.mark.parametrize(
    "text",
    [
        "unknown", "print(1)", "count.real", "count ** 9", "count[0]", "[1]", "1.5", "lambda: 1",
        "count if", "", 3, "__import__('os')", "1 < count < 3", "-count", "count / 2", "not count",
    ],
)  # fmt: skip
def test_anything_else_is_refused_when_the_file_is_read(text):
    """Row 45: nothing in it is ever run."""
    with pytest.raises(ValueError, match=r"^takes\.mb: "):
        takes.parse("mb", text, PARAMS)


def test_an_unknown_resource_is_refused():
    with pytest.raises(ValueError, match="takes: 'gold' must be one of: mb, processes, threads"):
        takes.parse("gold", "1", PARAMS)


def test_the_parameters_that_decide_are_named_with_their_values():
    node = takes.parse("mb", "ballast_mb * (2 if after == 'fork' else 1)", PARAMS)
    assert takes.used(node, PARAMS) == "ballast_mb=64, after='fork'"


def test_what_fills_memory_says_so():
    """Row 45: no probe has ballast that is not counted."""
    for info in probe_files.catalogue().values():
        assert ("ballast_mb" in info.params) <= ("mb" in info.takes), info.name
        assert all(isinstance(node, ast.expr) for node in info.takes.values())
    info = probe_files.probe("first_write")
    assert info.taken({"ballast_mb": 8, "after": "fork"})["mb"] == 16
    assert info.taken({"ballast_mb": 8, "after": "nothing"})["mb"] == 8


# Limits -------------------------------------------------------------------------------------------
@pytest.fixture
def plenty(monkeypatch):
    """A machine that has plenty of everything."""
    monkeypatch.setattr(limits, "free", lambda: iter([]))


@pytest.fixture
def nothing_starts(monkeypatch):
    """Fail the test if a worker is as much as made."""

    def refuse(*_args, **_more):
        raise AssertionError("a worker was started")

    monkeypatch.setattr(observing, "run_workers", refuse)


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"kind": "process", "count": 501}, "count=501, kind='process': 501 processes would be "
         "taken, and at most 500 may be: never more"),
        ({"kind": "process", "count": 10_000}, "10,000 processes would be taken, and at most 500"),
    ],
)  # fmt: skip
def test_more_than_the_cap_is_refused_before_anything_starts(nothing_starts, plenty, params, words):
    """Row 45."""
    with pytest.raises(ValueError) as caught:
        lab.observe("crowd", **params)
    assert words in str(caught.value)


def test_the_machine_lowers_the_caps(nothing_starts, monkeypatch):
    """Row 45."""
    monkeypatch.setattr(limits, "free", lambda: iter([("processes", 60, "60 tasks are free")]))
    assert resources.allowed()["processes"] == (
        30, "60 tasks are free, of which a lesson takes no more than half"
    )  # fmt: skip
    with pytest.raises(ValueError, match="at most 30 may be: 60 tasks are free, of which"):
        lab.observe("crowd", kind="process", count=31)


@pytest.mark.parametrize(
    ("kind", "count", "says"),
    [
        ("process", 300, "300 processes would be taken beside 300 that others here have"),
        ("thread", 6000, "6,000 threads would be taken beside 6,000 that others here have"),
    ],
)
def test_what_lives_now_is_added(plenty, nothing_starts, kind, count, says):
    """Row 45: the cap holds for the sum over live workers, and a refusal leaves nothing taken."""
    info = probe_files.probe("crowd", "facts")
    wanted = [(info, info.complete({"kind": kind, "count": count}))]
    with resources.reserved(wanted):
        with pytest.raises(ValueError, match=says):
            lab.observe("crowd", kind=kind, count=count)
        rest = {"process": 500, "thread": 10_000}[kind] - count
        with resources.reserved([(info, info.complete({"kind": kind, "count": rest}))]):
            pass
    with resources.reserved(wanted):
        assert len(resources._live) == 1
    assert resources._live == []


def test_the_machines_limits_are_read(tmp_path):
    (tmp_path / "sys/kernel").mkdir(parents=True)
    (tmp_path / "sys/kernel/threads-max").write_text("1000\n")
    (tmp_path / "loadavg").write_text("0.10 0.20 0.30 2/400 99\n")
    found = list(limits.free(str(tmp_path)))
    assert ("threads", 600, "600 tasks are free on this machine") in found
    assert ("processes", 600, "600 tasks are free on this machine") in found
    assert found[0][0] == "mb" and found[-1][0] in ("descriptors", "threads")
    (tmp_path / "loadavg").write_text("nothing\n")
    assert not any("on this machine" in why for name, _, why in limits.free(str(tmp_path))
                   if name != "mb")  # fmt: skip


@pytest.fixture
def few_tasks(monkeypatch) -> Iterator[int]:
    """A user who may have 100 tasks more than there are now; root, whom that does not bind, too."""
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    before = resource.getrlimit(resource.RLIMIT_NPROC)
    most = limits._tasks_of(os.getuid(), "/proc") + 100
    resource.setrlimit(resource.RLIMIT_NPROC, (most, before[1]))
    yield most
    resource.setrlimit(resource.RLIMIT_NPROC, before)


@pytest.mark.parametrize("kind", ["process", "thread"])
def test_what_the_user_has_already_lowers_the_caps(few_tasks, nothing_starts, kind):
    """Row 45: the limit is named, with what there is of it and what is taken."""
    user = rf"this user may have {few_tasks:,} tasks \(RLIMIT_NPROC\) and has ([\d,]+)"
    with pytest.raises(ValueError, match=user) as caught:
        lab.observe("crowd", kind=kind, count=500)
    found = re.search(rf"at most (\d+) may be: {user}", str(caught.value))
    allowed, there = found.groups()
    assert int(allowed) == max(few_tasks - int(there.replace(",", "")), 0) // 2


def test_the_tasks_of_a_user_are_counted_by_the_real_user(tmp_path):
    for pid, users, threads in [
        ("1", "0 0", 1),
        ("7", "5 0", 3),
        ("80", "0 5", 9),
        ("9", "5 5", 4),
    ]:
        (tmp_path / pid).mkdir()
        text = f"Name:\tUid 5\nUid:\t{users}\nThreads:\t{threads}\n"
        (tmp_path / pid / "status").write_text(text)
    (tmp_path / "33").mkdir()  # it has ended meanwhile
    assert limits._tasks_of(5, str(tmp_path)) == 7
    assert limits._tasks_of(6, str(tmp_path)) == 0


def test_each_thread_is_a_task_in_what_linux_shows(tmp_path):
    (tmp_path / "1").symlink_to("/proc/self")
    before, gate = limits._tasks_of(os.getuid(), str(tmp_path)), threading.Event()
    threads = [threading.Thread(target=gate.wait) for _ in range(20)]
    for thread in threads:
        thread.start()
    seen = limits._tasks_of(os.getuid(), str(tmp_path))
    gate.set()
    for thread in threads:
        thread.join()
    assert before >= 1 and seen == before + 20


# A crowd ------------------------------------------------------------------------------------------
@pytest.mark.worker
@pytest.mark.parametrize(("kind", "count"), [("process", 500), ("thread", 5000)])
def test_a_crowd_is_there_is_counted_and_is_gone(home, kind, count):
    """Row 45: as many as are allowed, all at the same time, and none of them afterwards."""
    item = lab.observe("crowd", kind=kind, count=count)
    if item.facts["refused"]:  # row 25: a limit that nobody could see from outside
        assert 0 < item.facts["there"] < count
    else:
        assert item.facts["there"] == count
    assert item.facts["left"] == 0 and item.facts["start_ns"] > 0
    counted = next(event for event in item.events if event.what == "counted")
    assert dict(counted.data) == {"there": item.facts["there"], "kind": kind}


@pytest.mark.worker
def test_a_crowd_is_gone_when_it_is_stopped(home):
    """Row 10, from Stop: the fixture finds what would be left."""
    from conclib.results import Actor, Cancelled

    stop, seen = threading.Event(), []

    def press(item) -> None:
        seen.append(item)
        if isinstance(item, Actor) and item.name == "process":
            stop.set()

    with pytest.raises(Cancelled):
        lab.observe("crowd", kind="thread", count=3000, on_event=press, stop=stop)
    assert seen
