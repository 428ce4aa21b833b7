"""The package that starts, bounds, talks to and reaps: what it promises when nothing goes wrong."""

import json
import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from conclib import lab, worker
from conclib.results import Unavailable, WorkerError
from conclib.worker import Request, Worker, endings, forms, run_workers, session
from tests import fault_probes, leaks

ROOT = Path(__file__).parent.parent
started = pytest.mark.worker


def facts(text: str, **fields) -> object:
    """Run a text that has a ``report(params)`` in a worker, and return what it reports."""

    def use(workers: list[Worker]) -> object:
        workers[0].send_request()
        workers[0].answer(forms.Ready)
        return workers[0].answer(forms.Facts).data

    return run_workers([Request("own", {}, text=text, **fields)], use, deadline=20)


SELF = """
import os, sys, signal, threading
def report(params):
    return {
        "modules": sorted(sys.modules), "path": sys.path,
        "flags": [sys.flags.isolated, sys.flags.no_site],
        "environment": dict(os.environ), "cwd": os.getcwd(),
        "pid": os.getpid(), "group": os.getpgrp(), "session": os.getsid(0),
        "parent": os.getppid(),
        "threads": len(os.listdir("/proc/self/task")),
        "fds": {name: os.readlink("/proc/self/fd/" + name) for name in os.listdir("/proc/self/fd")
                if os.path.exists("/proc/self/fd/" + name)},
        "sigint": signal.getsignal(signal.SIGINT) == signal.SIG_DFL,
        "dumpable": open("/proc/self/environ").read() != "",
        "affinity": sorted(os.sched_getaffinity(0)),
    }
"""


@pytest.fixture(scope="module")
def itself() -> dict:
    """What a worker sees of itself."""
    return facts(SELF)


# What a worker is ---------------------------------------------------------------------------------
@started
def test_a_worker_is_isolated_lean_and_standard_library_only(itself):
    assert itself["flags"] == [1, 1]
    assert not any("site-packages" in path for path in itself["path"])
    names = {name.split(".")[0] for name in itself["modules"]} - {"probes"}
    assert names <= set(sys.stdlib_module_names) | {"__main__"}
    assert not {"pathlib", "asyncio", "numpy", "psutil", "conclib"} & names


@started
def test_a_worker_leads_its_own_session_and_group(itself):
    assert itself["pid"] == itself["group"] == itself["session"]
    assert itself["parent"] == os.getpid()


@started
def test_a_worker_has_one_thread_and_dies_of_sigint(itself):
    assert itself["threads"] == 1
    assert itself["sigint"]


@started
def test_a_worker_may_be_observed_by_its_own_user(itself):
    """It stays dumpable: else /proc would show nothing of it to anybody but root."""
    assert itself["dumpable"]


@started
def test_a_worker_inherits_no_file_of_ours(itself):
    kinds = sorted(target.split(":")[0] for target in itself["fds"].values())
    assert kinds == ["/dev/null", *["pipe"] * 5]  # output, errors, request, report, lifeline


@started
def test_a_worker_gets_a_folder_and_hardly_any_environment(itself):
    kept = {*session.KEPT, "LANG", "TMPDIR", "CONCLIB_WORKER", "LC_CTYPE"}
    assert set(itself["environment"]) <= kept
    assert itself["cwd"] == itself["environment"]["TMPDIR"]
    assert Path(itself["cwd"]).name == itself["environment"]["CONCLIB_WORKER"]
    assert not Path(itself["cwd"]).exists(), "it is removed afterwards"


@started
def test_a_site_worker_sees_installed_packages():
    assert facts(SELF, site=True)["flags"] == [1, 0]


@started
def test_a_worker_is_pinned_where_asked(itself):
    cpu = itself["affinity"][-1]
    assert facts(SELF, cpu=cpu)["affinity"] == [cpu]


def test_a_request_for_a_probe_names_its_module():
    assert json.loads(Request("fork", {}).to_json())["probe"] == "create.fork"


def test_a_request_is_one_line_of_json():
    request = Request("own", {"ballast_mb": 8}, text="a\nb", cpu=1)
    line = request.to_json()
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    assert json.loads(line) == {
        "protocol": 2, "probe": "own", "params": {"ballast_mb": 8}, "text": "a\nb", "cpu": 1,
        "program": [],
    }  # fmt: skip


# What run_workers promises ------------------------------------------------------------------------
@started
def test_the_result_of_use_is_returned_and_all_are_gone():
    seen = []

    def use(workers: list[Worker]) -> str:
        seen.extend(item._process.pid for item in workers)
        return "what use returned"

    requests = [Request("empty", {}), Request("fork_twice", {})]
    assert run_workers(requests, use, deadline=20) == "what use returned"
    assert len(seen) == 2
    assert not any((Path("/proc") / str(pid)).exists() for pid in seen)


@started
def test_an_error_in_use_ends_them_too():
    def use(workers: list[Worker]) -> None:
        raise LookupError("in use")

    with pytest.raises(LookupError, match="in use"):
        run_workers([Request("empty", {})] * 2, use, deadline=20)


@started
def test_when_one_cannot_be_started_the_others_are_ended(monkeypatch, tmp_path):
    used = []
    requests = [Request("empty", {}), Request("empty", {}, python=str(tmp_path / "none"))]
    with pytest.raises(worker.session.WorkerError, match="no measuring process could be started"):
        run_workers(requests, used.append, deadline=20)
    assert used == []


@started
def test_when_ending_one_fails_the_others_are_ended(monkeypatch):
    """The failure is told, after the last one was ended."""
    end, ended = Worker.end, []

    def failing(item: Worker) -> None:
        end(item)
        ended.append(item.id)
        if len(ended) == 1:
            raise OSError("odd")

    monkeypatch.setattr(Worker, "end", failing)
    with pytest.raises(OSError, match="odd"):
        run_workers([Request("empty", {})] * 2, lambda workers: None, deadline=20)
    assert len(ended) == 2


@started
def test_the_thread_that_started_a_worker_may_end():
    """Row 24: a worker lives on (PR_SET_PDEATHSIG would have killed it)."""
    item = Worker(Request("noise", {"rounds": 20}), 20, None)
    thread = threading.Thread(target=item.start)
    thread.start()
    thread.join()
    try:
        item.send_request()
        item.answer(forms.Ready)
        assert len(item.answer(forms.Facts).data["rounds_ns"]) == 20
    finally:
        item.end()


def test_a_worker_that_was_never_started_has_nothing_to_tell():
    item = Worker(Request("noise", {"rounds": 20}), 20, None)
    try:
        with pytest.raises(WorkerError, match="noise: its measuring process does not run"):
            item.printed()
    finally:
        item.end()


@started
def test_workers_may_be_used_from_another_thread():
    """A panel measures in a thread, where no signal handler can be set."""
    found = []
    thread = threading.Thread(
        target=lambda: found.append(lab.measure("empty", budget=0.01, runs=1).source)
    )
    thread.start()
    thread.join()
    assert found == ["live"]


def test_without_posix_it_says_so(monkeypatch):
    monkeypatch.setattr(session.os, "name", "nt")
    try:
        with pytest.raises(Unavailable, match="POSIX"):
            Worker(Request("empty", {}), 1, None)
    finally:
        monkeypatch.undo()


# Systems that lack something ----------------------------------------------------------------------
@started
@pytest.mark.parametrize("absent", ["waitid", "pidfd_open"])
def test_a_system_without_the_newer_calls(monkeypatch, absent):
    """macOS has neither. The status is then collected by the look itself."""
    monkeypatch.delattr(os, absent)
    assert lab.measure("empty", budget=0.01, runs=1).source == "live"
    text, words = fault_probes.DEATHS["killed"]
    with pytest.raises(session.WorkerError, match=words):
        lab.measure_own(text, budget=0.01, runs=1)


@started
def test_a_caller_that_collects_every_child_itself():
    """SIGCHLD ignored: Linux collects the worker before we can look. Nothing else may be lost."""
    program = (
        "import signal; signal.signal(signal.SIGCHLD, signal.SIG_IGN)\n"
        "from conclib import lab; print(lab.measure('empty', budget=0.01, runs=1).source)"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert (done.stdout, done.stderr) == ("live\n", "")


# How a process ended ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("code", "words"),
    [
        (None, "went on"),
        (0, "exit code 0 before it had answered: what it ran must not exit, it returns$"),
        (7, "exit code 7"),
        (-9, "SIGKILL .killed from outside, perhaps out of memory"),
        (-11, "SIGSEGV$"),
        (-40, "signal 40$"),
    ],
)
def test_the_end_in_words(code, words):
    assert re.search(words, endings.ended_how(code))


@started
@pytest.mark.parametrize(("do", "code"), [("exit 3", 3), ("kill -9 $$", -9)])
def test_looking_at_an_end_does_not_collect_it(do, code):
    child = subprocess.Popen(["/bin/sh", "-c", do])
    assert leaks.wait_until(lambda: endings.ending(child) is not None)
    assert endings.ending(child) == code
    assert child.wait() == code, "it is still there to be collected"
