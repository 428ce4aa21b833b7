"""The keeper: starts the maker, counts from outside, has the clock, and ends it all.

It is a worker, so what holds for every worker holds here: it dies with the caller, adopts the
orphans among its descendants, and is itself ended with its family. What it reports are its own
counts and what the code printed; nothing that the code could have made up.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from typing import Any

from conclib.probes import _driver, _light
from conclib.worker import processes
from conclib.worker.guard import counting, trial
from conclib.worker.guard.limits import Limits

START = os.path.join(os.path.dirname(os.path.abspath(__file__)), "_start.py")
LOOK = 15  # milliseconds between two counts
READY = 10.0  # seconds that the maker may take
GONE = 3.0  # seconds in which all must have ended; after the first the keeper kills, too
TRIES = 3  # where this user's other programs come in between
NEAR = 2  # tasks: a user's other programs start and end some meanwhile
TRIAL = "trial"  # the request that has no code of its own
# By the last two it is found after the keeper's own death, as everything of a worker is.
KEPT = ("PATH", "HOME", "LANG", "LD_LIBRARY_PATH", "TMPDIR", "CONCLIB_WORKER")
EXITED, SIGNALLED, TASKS, TIME, MEMORY, OUTPUT, LOST = (
    "exited", "signalled", "tasks", "time", "memory", "output", "lost",
)  # fmt: skip


class Refused(Exception):
    """The guard cannot be set up here; the text says why."""


class Crowded(Refused):
    """This user's other programs took what the victim was to have, while its limits were set."""


class Keeper:
    """One run of code behind the guard.

    Args:
        code: what the victim runs.
        limits: what it may use up.
    """

    def __init__(self, code: str, limits: Limits) -> None:
        self.limits = limits
        self.began = time.monotonic()
        self.since: float | None = None  # the victim runs
        self.landlock = 0
        self.allowed = limits.tasks
        self.ended = ""
        self.code: int | None = None
        self.most = {"tasks": 0, "memory": 0}
        self._text, self._heard = bytearray(), bytearray()
        self._start(code)

    # Start ------------------------------------------------------------------------------------
    def _start(self, code: str) -> None:
        job, self._job = os.pipe()
        self._status, status = os.pipe()
        self._output, printed = os.pipe()
        environment = {name: os.environ[name] for name in KEPT if name in os.environ}
        self._maker = subprocess.Popen(
            [sys.executable, "-I", "-S", START, str(job), str(status)],
            stdin=subprocess.DEVNULL, stdout=printed, stderr=printed,
            pass_fds=(job, status), start_new_session=True, env=environment, cwd="/",
        )  # fmt: skip
        for fd in (job, status, printed):
            os.close(fd)
        line = json.dumps({"code": code, "limits": self.limits._asdict()}).encode() + b"\n"
        while line:
            line = line[os.write(self._job, line) :]

    # Watch ------------------------------------------------------------------------------------
    def run(self) -> dict[str, Any]:
        """Watch it to its end, end all of it, and return what was counted, as plain data.

        Raises:
            Refused: the guard cannot be set up here.
        """
        if not processes.listed():
            raise Refused("there is no /proc here in which a keeper could count")
        poll = select.poll()
        for fd in (self._output, self._status):
            poll.register(fd, select.POLLIN)
        while not self.ended:
            for fd, _ in poll.poll(LOOK):
                if not self._take(fd):
                    poll.unregister(fd)
            self._count()
        over = time.monotonic()
        clean = self._end()
        return self._report(over - (self.since or over), clean)

    def _take(self, fd: int) -> bool:
        """Read what is there, and return whether there may be more."""
        piece = os.read(fd, 65536)
        if fd == self._output:
            self._text += piece
        else:
            self._heard += piece
            self._hear(over=not piece)
        return bool(piece)

    def _hear(self, over: bool) -> None:
        """Take what the maker says, and that the victim is ready, said before it ran anything."""
        while b"\n" in self._heard:
            line, _, rest = self._heard.partition(b"\n")
            self._heard = bytearray(rest)
            said = json.loads(line)
            if "refused" in said:
                self._end()
                raise (Crowded if "crowded" in said else Refused)(said["refused"])
            if "ready" in said:
                self.since = time.monotonic()
                self.landlock, self.allowed = said["ready"], said["tasks"]
            if "end" in said:
                self.code = said["end"]
                self.ended = SIGNALLED if said["end"] < 0 else EXITED
        if over and not self.ended:
            self.ended = LOST
            if self.since is None:
                self._end()
                last = bytes(self._text[-300:]).decode(errors="replace")
                raise Refused(last or "it ended before it was ready")

    def _count(self) -> None:
        """Count tasks and memory, and end it where more is used than may be."""
        those = counting.below(self._maker.pid)
        tasks, memory = counting.tasks_and_memory(those)
        if memory > self.limits.memory:  # what is shared was counted for each that shares it
            memory = counting.fairly(those)
        self.most = {
            "tasks": max(self.most["tasks"], tasks),
            "memory": max(self.most["memory"], memory),
        }
        if self.since is None:
            return self._wait_for_maker()
        waited = time.monotonic() - self.since
        reached = {
            TASKS: tasks > trial.TOO_MANY * self.allowed,
            MEMORY: memory > self.limits.memory,
            OUTPUT: len(self._text) > self.limits.output,
            TIME: waited > self.limits.seconds,
        }
        self.ended = self.ended or next((name for name, true in reached.items() if true), "")

    def _wait_for_maker(self) -> None:
        if time.monotonic() - self.began > READY:
            self._end()
            raise Refused(f"the guard was not ready after {READY:g} s")

    # End --------------------------------------------------------------------------------------
    def _end(self) -> bool:
        """End all of it; return whether nothing is left, by Linux's own word."""
        os.close(self._job)  # the maker ends all that it has started, and leaves
        until, clean = time.monotonic() + GONE, False
        while not clean and time.monotonic() < until:
            clean = _collected()
            if not clean and time.monotonic() > until - GONE + 1:
                for process in counting.below(os.getpid()):
                    processes.send(process, signal.SIGKILL)
        self._read_rest()
        os.close(self._status)
        os.close(self._output)
        return clean

    def _read_rest(self) -> None:
        os.set_blocking(self._output, False)
        try:
            while len(self._text) <= self.limits.output:
                piece = os.read(self._output, 65536)
                if not piece:
                    return
                self._text += piece
        except OSError:  # nothing more is there
            return

    def _report(self, seconds: float, clean: bool) -> dict[str, Any]:
        shown = bytes(self._text[: self.limits.output])
        return {
            "ended": self.ended,
            "code": self.code,
            "seconds": seconds,
            "output": shown.decode(errors="replace"),
            "cut": len(self._text) > self.limits.output,
            "tasks": self.most["tasks"],
            "memory": self.most["memory"],
            "allowed_tasks": self.allowed,
            "at_task_limit": self.most["tasks"] >= self.allowed - NEAR,
            "clean": clean,
            "landlock": self.landlock,
            "python": ".".join(map(str, sys.version_info[:3])),
        }


def patiently(code: str, limits: Limits) -> dict[str, Any]:
    """Run code behind the guard; begin again where others took what it was to have.

    Raises:
        Refused: the guard cannot be set up here.
    """
    for _ in range(TRIES - 1):
        try:
            return Keeper(code, limits).run()
        except Crowded:
            continue
    return Keeper(code, limits).run()


def _collected() -> bool:
    """Collect one child that has ended, or wait a moment; return whether there is no child left."""
    try:
        if os.waitpid(-1, os.WNOHANG)[0] == 0:
            time.sleep(0.001)
    except ChildProcessError:
        return True
    return False


def main() -> None:
    """Do what the one request says, report it, and wait to be ended by the caller."""
    asked, said, lifeline = map(int, sys.argv[1:4])
    _driver.prepare(asked, said, lifeline)
    send, requests = _driver.reporter(said), _driver.lines(asked)
    request = next(requests, None)
    if request is None:
        os._exit(0)
    wanted = _light.loads(request)
    limits = Limits(**wanted["params"])
    try:
        if wanted["probe"] == TRIAL:
            data = trial.held(lambda code: patiently(code, limits))
        else:
            data = patiently(wanted["text"], limits)
        send("facts", data=data)
    except (Refused, OSError) as error:
        send("unavailable", reason=_driver.readable(str(error)))
    except Exception as error:
        send("error", **_driver.explain(error))
    _driver.stay(requests)
