"""The fixture that guards every test must itself be able to fail."""

import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests import leaks

pytestmark = pytest.mark.serial  # names in /dev/shm are the whole machine's

TOKEN = "conclib-test-of-leaks"
WAIT = [sys.executable, "-I", "-S", "-c", "import sys; print(flush=True); sys.stdin.read()"]


@pytest.fixture
def before():
    return leaks.snapshot(TOKEN)


def found(before) -> str:
    return "\n".join(leaks.difference(before, leaks.snapshot(TOKEN)))


def test_nothing_is_found_when_nothing_was_left(before):
    assert found(before) == ""


def test_a_child_is_found_alive_and_as_a_zombie_and_not_once_reaped(before):
    child = subprocess.Popen(WAIT, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    with child:
        assert f"process: {child.pid} " in found(before)
        child.stdin.close()
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        assert f"process: {child.pid} " in found(before)
    assert found(before) == ""


def test_an_orphan_in_a_session_of_its_own_is_found_by_its_token(before):
    """It is no descendant any more, and no process group leads to it."""
    starts = "import os, sys\nif os.fork(): os._exit(0)\nos.setsid()\n" + WAIT[-1]
    with subprocess.Popen(
        [*WAIT[:-1], starts],
        env={"TMPDIR": TOKEN},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as parent:
        parent.stdout.readline()  # the orphan is there
        parent.wait()
        orphans = leaks.processes(TOKEN) - before["process"]
        assert len(orphans) == 1
        assert "process: " in found(before)
        leaks.end(orphans)
    assert leaks.wait_until(lambda: not found(before))


def test_ending_spares_a_process_that_only_has_the_same_number():
    with subprocess.Popen(WAIT, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as child:
        pid, start, name = next(item for item in leaks.processes(TOKEN) if item[0] == child.pid)
        leaks.end([(pid, start - 1, name)])
        assert child.poll() is None


@pytest.mark.parametrize("daemon", [True, False])
def test_a_thread_is_found(before, daemon):
    go = threading.Event()
    thread = threading.Thread(target=go.wait, name="forgotten", daemon=daemon)
    thread.start()
    assert "thread: forgotten" in found(before)
    go.set()
    thread.join()
    assert found(before) == ""


def test_an_open_file_is_found(before):
    with Path("/proc/self/stat").open():
        assert "open file" in found(before)


def test_shared_memory_is_found(before):
    path = Path("/dev/shm/conclib-test-of-leaks")
    path.touch()
    assert "shared memory: conclib-test-of-leaks" in found(before)
    path.unlink()


def test_what_a_worker_of_another_living_caller_made_is_none_of_ours(before):
    def made(pid: int) -> bool:
        path = Path(f"/dev/shm/sem.conclib-worker-abcdef-{pid}-1-0a1b-test")
        path.touch()
        try:
            return f"shared memory: {path.name}" in found(before)
        finally:
            path.unlink()

    assert not made(os.getppid())
    assert made(os.getpid())
    assert made(4_194_304), "a caller that is gone may have been ours"


HOLD = """
import sys, mmap
file = open(sys.argv[1], "w+b")
file.truncate(4096)
block = mmap.mmap(file.fileno(), 4096)
if sys.argv[2] == "mapped":
    file.close()
print(flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("how", ["mapped", "open"])
@pytest.mark.parametrize("whose", ["another program's", "ours"])
def test_shared_memory_that_another_program_holds_is_none_of_ours(before, how, whose):
    """It is while nobody holds it, or one of ours does too."""
    path = Path(f"/dev/shm/conclib-test-of-leaks-{how}")
    words = [*WAIT[:-1], HOLD, str(path), how]
    between = "import os, sys\nif os.fork(): os._exit(0)\nos.execv(sys.argv[1], sys.argv[1:])"
    environment = {} if whose != "ours" else {"TMPDIR": TOKEN}
    with subprocess.Popen(  # an orphan, so that only its environment could make it ours
        [*WAIT[:-1], between, *words], env=environment,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as starter:  # fmt: skip
        starter.stdout.readline()
        starter.wait()
        try:
            assert ("shared memory" in found(before)) == (whose == "ours")
        finally:
            starter.stdin.close()
            starter.stdout.read()
            assert "shared memory" in found(before)
            path.unlink()
    assert leaks.wait_until(lambda: not found(before))


def test_a_temporary_entry_is_found(before):
    with tempfile.TemporaryDirectory(prefix="forgotten"):
        assert "temporary entry: forgotten" in found(before)


def test_what_is_set_for_the_whole_process_is_found(before, monkeypatch, tmp_path):
    low, high = resource.getrlimit(resource.RLIMIT_NOFILE)
    with ExitStack() as undo:
        undo.callback(signal.signal, signal.SIGUSR1, signal.getsignal(signal.SIGUSR1))
        undo.callback(signal.pthread_sigmask, signal.SIG_UNBLOCK, [signal.SIGUSR2])
        undo.callback(resource.setrlimit, resource.RLIMIT_NOFILE, (low, high))
        undo.callback(os.umask, os.umask(0o077))
        signal.signal(signal.SIGUSR1, lambda *_: None)
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR2])
        resource.setrlimit(resource.RLIMIT_NOFILE, (low - 1, high))
        monkeypatch.setenv("FORGOTTEN", "1")
        monkeypatch.delenv("CONCLIB_HOME")
        monkeypatch.chdir(tmp_path)
        text = found(before)
    for expected in (
        "signal handler: SIGUSR1",
        "signal handler: SIGUSR2 blocked",
        "limit: RLIMIT_NOFILE",
        "environment: FORGOTTEN 1",
        "environment, was: CONCLIB_HOME",
        "setting: working folder",
        "setting: umask 0077",
    ):
        assert expected in text


def test_what_is_about_to_end_is_waited_for(before):
    go = threading.Event()
    thread = threading.Thread(target=go.wait, args=(0.1,))
    thread.start()
    assert leaks.left_behind(before, TOKEN, limit=5) == []
    thread.join()


def test_what_stays_is_reported_after_the_wait(before):
    with Path("/proc/self/stat").open():
        assert leaks.left_behind(before, TOKEN, limit=0.02)


def test_every_test_has_a_home_of_its_own(home):
    assert os.environ["CONCLIB_HOME"] == str(home)
    assert list(home.iterdir()) == []


def test_the_guard_fails_a_test_that_leaves_something_and_ends_it(tmp_path):
    careless = tmp_path / "test_careless.py"
    careless.write_text(
        "import os, subprocess\n"
        "def test_careless():\n"
        "    os.environ['FORGOTTEN'] = '1'\n"
        f"    child = subprocess.Popen({WAIT}, stdin=subprocess.PIPE)\n"
        "    print('left', child.pid, 'end')\n"
        "def test_careful(): pass\n"
    )
    run = subprocess.run(
        f"{sys.executable} -m pytest -p tests.conftest -p no:cacheprovider -s -q -W ignore".split()
        + f"--rootdir {tmp_path} {careless}".split(),
        capture_output=True,
        text=True,
        cwd=Path(__file__).parent.parent,
        timeout=60,
    )
    pid = run.stdout.split("left ")[1].split()[0]
    assert run.returncode == 1
    assert f"process: {pid} " in run.stdout
    assert "environment: FORGOTTEN 1" in run.stdout
    assert not Path(f"/proc/{pid}").exists()
