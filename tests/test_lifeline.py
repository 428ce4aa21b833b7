"""The caller is killed outright, and its workers are gone: nobody had to run any code for it.

A small program of its own is the caller here. It measures, is killed with SIGKILL in the middle,
and whatever carried its temporary folder in the environment must be gone three seconds later.
"""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from conclib import lab, worker
from tests import fault_probes, leaks

pytestmark = pytest.mark.worker
LIMIT = 3.0  # seconds
ROOT = Path(__file__).parent.parent

CALLER = """
import sys
from conclib import lab
from conclib.lab import sampling
sampling.TARGET = 0.0  # never sure, so it goes on
def tell(progress):
    if progress.phase == "measure":
        print("measuring", flush=True)
{call}
"""
MEASURE = "lab.measure({probe!r}, budget=30, runs=1, on_progress=tell, **{params!r})"
OBSERVE = """
lab.observe("fork_lock", on_event=lambda each: print(getattr(each, "what", ""), flush=True))
"""
OWN = "lab.measure_own(sys.stdin.read(), budget=30, runs=1)"


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short-named temporary folder for the caller; its name is in its workers' environment."""
    with tempfile.TemporaryDirectory(prefix="") as name:
        yield Path(name)


@pytest.fixture
def start(folder: Path) -> Iterator[Callable[..., subprocess.Popen]]:
    """Start a caller; whatever of it is left after the test is ended."""
    callers = []

    def begin(call: str, text: str = "") -> subprocess.Popen:
        caller = subprocess.Popen(
            [sys.executable, "-c", CALLER.format(call=call)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "TMPDIR": str(folder)},
            cwd=ROOT,
        )
        callers.append(caller)
        caller.stdin.write(text.encode())
        caller.stdin.close()
        return caller

    yield begin
    for caller in callers:
        caller.kill()
        caller.wait()
        caller.stdout.close()
    leaks.end(leaks.processes(str(folder)))


def workers(folder: Path, caller: subprocess.Popen) -> list[int]:
    """Return the pids of the caller's workers, their children not among them."""
    return [pid for pid, *_ in leaks.processes(str(folder)) if _is_worker(pid, caller.pid)]


def _is_worker(pid: int, parent: int) -> bool:
    """Tell whether a process runs the driver, as a child of ``parent``; one that is gone: no."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False
    return b"_start.py" in command and f"PPid:\t{parent}\n" in status


def kill(caller: subprocess.Popen) -> None:
    """Kill the caller in the way that lets it run nothing more."""
    caller.kill()
    assert caller.wait() == -signal.SIGKILL, "the caller had ended before it was killed"


def nothing_left(folder: Path) -> bool:
    """Tell whether all that carries the folder's name is gone within the limit."""
    return leaks.wait_until(lambda: not leaks.processes(str(folder)), LIMIT)


MEASURED = {
    "fork": {"ballast_mb": 64},
    "python_thread": {},
    "mp_spawn": {},
    "mp_forkserver": {},
    "first_write": {"ballast_mb": 32, "after": "fork"},
}


@pytest.mark.parametrize("probe", MEASURED)
def test_a_killed_callers_worker_goes_with_it(start, folder, probe):
    caller = start(MEASURE.format(probe=probe, params=MEASURED[probe]))
    assert caller.stdout.readline() == b"measuring\n"
    assert workers(folder, caller), "there must be something that could be left"
    kill(caller)
    assert nothing_left(folder), leaks.processes(str(folder))


def test_so_does_a_child_that_waits_for_a_lock_that_nobody_gives_back(start, folder):
    caller = start(OBSERVE)
    while caller.stdout.readline() != b"ask\n":
        pass
    assert len(leaks.processes(str(folder))) == 4, "caller, worker, parent, child"
    kill(caller)
    assert nothing_left(folder), leaks.processes(str(folder))


def test_also_a_worker_that_is_stopped(start, folder):
    caller = start(MEASURE.format(probe="fork", params={"ballast_mb": 64}))
    assert caller.stdout.readline() == b"measuring\n"
    (pid,) = workers(folder, caller)
    os.kill(pid, signal.SIGSTOP)
    status = Path(f"/proc/{pid}/status")
    assert leaks.wait_until(lambda: "State:\tT" in status.read_text())
    kill(caller)
    assert nothing_left(folder), leaks.processes(str(folder))


def inside(folder: Path) -> bool:
    """Tell whether a hanging probe of ``fault_probes`` has been entered."""
    return any(folder.glob("conclib-worker-*/inside"))


@pytest.mark.parametrize("hang", ["sleep", "spin", "gil", "blocked", "ignoring", "stopped"])
def test_also_a_worker_that_can_run_no_code_for_it(start, folder, hang):
    """Asleep, spinning, holding the GIL in C, with every signal blocked, stopped by itself."""
    caller = start(OWN, fault_probes.HANGS[hang])
    assert leaks.wait_until(lambda: inside(folder))
    assert workers(folder, caller)
    kill(caller)
    assert nothing_left(folder), leaks.processes(str(folder))


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become another user")
def test_also_a_worker_that_became_another_user(start, folder):
    text = fault_probes.HANGS["sleep"].replace("mark()\n    time", "mark(); os.setuid(12345); time")
    caller = start(OWN, text)
    assert leaks.wait_until(lambda: inside(folder))
    kill(caller)
    assert nothing_left(folder), leaks.processes(str(folder))


def test_a_caller_that_dies_before_the_worker_is_armed_is_noticed(tmp_path):
    """The other end is closed already when the lifeline is armed: the worker leaves at once."""
    driver = worker.request.START
    request, ask = os.pipe()
    answers, report = os.pipe()
    lifeline, ours = os.pipe()
    os.close(ours)
    pids = (request, report, lifeline)
    started = subprocess.Popen(
        [sys.executable, "-I", "-S", driver, *map(str, pids)],
        pass_fds=pids,
        start_new_session=True,
    )
    assert started.wait(timeout=10) == 1
    os.set_blocking(answers, False)
    with pytest.raises(BlockingIOError):
        os.read(answers, 1)
    for fd in (request, ask, answers, report, lifeline):
        os.close(fd)


# What the lifeline cannot reach -------------------------------------------------------------------
@pytest.mark.serial  # any other caller would sweep it
def test_what_had_left_the_group_is_swept_at_next_use(start, folder, monkeypatch):
    """A child in a session of its own outlives the killed caller; the next caller finds it.

    Its mark says whose worker's it was. A caller that lives keeps its own.
    """
    caller = start(OWN, fault_probes.HANGING_PARENT)
    assert leaks.wait_until(lambda: inside(folder))
    assert len(leaks.processes(str(folder))) == 3  # caller, worker, child
    sweep_as_at_first_use(monkeypatch, folder)
    assert len(leaks.processes(str(folder))) == 3, "a living caller's worker was swept"
    kill(caller)
    assert leaks.wait_until(lambda: len(leaks.processes(str(folder))) == 1, LIMIT)
    sweep_as_at_first_use(monkeypatch, folder)
    assert nothing_left(folder)
    assert list(folder.glob("conclib-worker-*")) == []


@pytest.mark.serial  # any other caller would sweep them
def test_so_are_names_in_shared_memory(start, folder, monkeypatch):
    """A pool of processes has named semaphores, and who is killed cannot remove them."""
    caller = start(MEASURE.format(probe="pool_task", params={"pool": "process"}))
    assert caller.stdout.readline() == b"measuring\n"
    kill(caller)
    assert nothing_left(folder)
    (ours,) = folder.glob("conclib-worker-*")
    assert list(worker.folders.SHARED.glob(f"*{ours.name}*")), "there must be something to sweep"
    sweep_as_at_first_use(monkeypatch, folder)
    assert list(worker.folders.SHARED.glob(f"*{ours.name}*")) == []


def sweep_as_at_first_use(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Measure something as a fresh notebook kernel would that has the same temporary folder."""
    with monkeypatch.context() as patch:
        patch.setattr(worker, "_swept", False)
        patch.setattr(tempfile, "tempdir", str(folder))
        assert lab.measure("empty", budget=0.01, runs=1).source == "live"
