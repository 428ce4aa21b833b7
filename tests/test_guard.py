"""The guard for code that nobody trusts: each bad idea does no harm, leaves nothing, and is told.

What must come to no harm is looked at before and after: a process, files in a home folder that all
may write to (so that only the guard protects them, for root too), a server and a socket.
"""

import ctypes
import os
import re
import resource
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from conclib.lab import guarding, sacrificing
from conclib.results import Unavailable
from conclib.worker import processes
from conclib.worker.guard import trial
from tests.guard_cases import CASES, TASKS, Case, starts_guards

IPC_RMID, GETVAL = 0, 12
C = ctypes.CDLL(None, use_errno=True)
C.shmat.restype = ctypes.c_void_p
SHORT, LONG = 0.4, 10.0  # seconds: of what has to be ended, and of all others


class Outside:
    """What must come to no harm."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.canary = subprocess.Popen(["/bin/sleep", "600"], start_new_session=True)
        self.server = socket.create_server(("127.0.0.1", 0))
        self.path = str(home / "socket")
        self.sockets = [self._bound(self.path), self._bound(f"\0guard-abstract-{self.canary.pid}")]
        # Its number is enough to reach it, whatever its user, so that only the guard protects it.
        self.shm, self.sem = C.shmget(0, 4096, 0o1666), C.semget(0, 1, 0o1666)
        self.memory = C.shmat(self.shm, None, 0)
        ctypes.memmove(self.memory, b"precious", 8)
        (home / "canary").mkdir()
        (home / ".ssh").mkdir()
        (home / "canary/file").write_text("precious")
        (home / ".ssh/secret").write_text("s3cret")
        for path in (home, *home.rglob("*")):
            path.chmod(0o777 if path.is_dir() else 0o666)

    @staticmethod
    def _bound(name: str) -> socket.socket:
        made = socket.socket(socket.AF_UNIX)
        made.bind(name)
        made.listen()
        made.setblocking(False)
        return made

    def code(self, case: Case) -> str:
        """Return a case's text with the names of what is outside."""
        named = {"%(pid)d": str(self.canary.pid), "%(unix)r": repr(self.path)}
        named |= {"%(shm)d": str(self.shm), "%(sem)d": str(self.sem)}
        named["%(port)d"] = str(self.server.getsockname()[1])
        return re.sub(r"%\(\w+\)[dr]", lambda found: named[found.group()], case.code)

    def state(self) -> dict[str, object]:
        """Return all that must stay as it is."""
        seen: dict[str, object] = {
            str(path): (path.lstat().st_mode, path.read_text() if path.is_file() else "")
            for path in sorted((self.home, *self.home.rglob("*")))
        }
        pid = self.canary.pid
        seen["ended"] = self.canary.poll()
        stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        seen["stopped"] = stat[0] in "Tt"
        seen["nice"] = os.getpriority(os.PRIO_PROCESS, pid)
        seen["limit"] = resource.prlimit(pid, resource.RLIMIT_CORE)
        seen["traced"] = "TracerPid:\t0\n" in Path(f"/proc/{pid}/status").read_text()
        seen["memory"] = ctypes.string_at(self.memory, 8)
        seen["semaphore"] = C.semctl(self.sem, 0, GETVAL)
        seen["shared"] = Path("/dev/shm/big").exists()
        seen["reached"] = [_reached(each) for each in (self.server, *self.sockets)]
        seen["strays"] = [
            each.pid for each in processes.everything()
            if f"31.{pid}".encode() in processes.read(each, "cmdline")
        ]  # fmt: skip
        return seen

    def close(self) -> None:
        """End and close it all."""
        self.canary.kill()
        self.canary.wait()
        for each in (self.server, *self.sockets):
            each.close()
        C.shmdt(ctypes.c_void_p(self.memory))
        C.shmctl(self.shm, IPC_RMID, None)
        C.semctl(self.sem, 0, IPC_RMID)


def _reached(server: socket.socket) -> bool:
    server.setblocking(False)
    try:
        server.accept()[0].close()
    except BlockingIOError:
        return False
    return True


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> Iterator[Outside]:
    """A home folder of the test's own, a process and servers, none of which may be harmed."""
    beside = Path(tempfile.gettempdir()).parent
    with tempfile.TemporaryDirectory(prefix="ct-", dir=beside) as name:
        monkeypatch.setenv("HOME", name)
        made = Outside(Path(name))
        yield made
        made.close()


@pytest.fixture(scope="module")
def guarded() -> None:
    """Skip where no guard holds: what is said then is tested below."""
    try:
        guarding.guard()
    except Unavailable as failure:
        pytest.skip(str(failure))


@starts_guards
@pytest.mark.usefixtures("guarded")
@pytest.mark.parametrize("name", CASES)
def test_a_bad_idea_harms_nobody_and_its_end_is_told(name, outside):
    case = CASES[name]
    before = outside.state()
    seconds = SHORT if "time" in case.ends else LONG
    found = sacrificing.sacrifice(outside.code(case), seconds=seconds, may_read=True)
    assert outside.state() == before
    assert found.clean
    ended = found.code if found.ended in ("exited", "signalled") else found.ended
    assert ended in case.ends, found.text
    assert case.words == TASKS or case.words in found.output
    assert found.at_task_limit == (case.words == TASKS) or name == "hydra"
    # As an ordinary user others end meanwhile, and leave room for a few more.
    assert found.tasks <= found.allowed_tasks * (1 if os.geteuid() == 0 else trial.TOO_MANY)
