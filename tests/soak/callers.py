"""Faults around a worker: Stop at any moment, a caller that is killed, and bad input."""

import math
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from random import Random

from conclib import lab
from conclib.results import Cancelled, ConclibError, RecordError, load
from conclib.worker import Worker
from tests import fault_probes, leaks
from tests.soak.outcomes import Fault, Wrong, is_live, raises, require, stopped_after

ROOT = Path(__file__).parents[2]
PROBES = {
    "fork": {"ballast_mb": 16}, "pthread": {}, "mp_spawn": {}, "mp_forkserver": {},
    "pool_task": {"pool": "process"}, "python_spawn": {}, "empty": {},
}  # fmt: skip
LENGTH = 0.4  # seconds within which the moment of an interrupt lies


def interrupt(chance: Random) -> None:
    """Stop is pressed once or twice, at any moment."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    alarm = signal.signal(signal.SIGALRM, lambda *_: signal.raise_signal(signal.SIGINT))
    again = chance.choice([0.0, 0.005])
    probe = chance.choice(list(PROBES))
    try:
        signal.setitimer(signal.ITIMER_REAL, chance.uniform(1e-4, LENGTH), again)
        try:
            item = lab.measure(probe, budget=0.05, runs=2, **PROBES[probe])
            require(item.source == "live", item.source)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    except KeyboardInterrupt:
        pass
    finally:
        signal.signal(signal.SIGALRM, alarm)
        signal.signal(signal.SIGINT, before)


def stop(chance: Random) -> None:
    """Stop in a panel: an event, from another thread."""
    probe = chance.choice(list(PROBES))
    with stopped_after(chance.uniform(0.0, LENGTH)) as event:
        try:
            lab.measure(probe, budget=0.05, runs=2, stop=event, **PROBES[probe])
        except Cancelled:
            pass


CALLER = """
import sys
from conclib import lab
from conclib.lab import sampling
sampling.TARGET = 0.0  # never sure, so it goes on
print("begun", flush=True)
{call}
"""


def killed(chance: Random) -> None:
    """The caller is killed outright; the next one finds what that one could not remove."""
    kind = chance.random()
    if kind < 0.2:
        container = chance.choice(["executor", "spawned process", "supervised", "thread pool"])
        call, text = f"lab.crash('endless sleep', {container!r})", ""
    elif kind < 0.6:
        probe = chance.choice(list(PROBES))
        call, text = f"lab.measure({probe!r}, budget=30, runs=1, **{PROBES[probe]!r})", ""
    else:
        call = "lab.measure_own(sys.stdin.read(), budget=30, runs=1)"
        text = chance.choice([*fault_probes.HANGS.values(), fault_probes.HANGING_PARENT])
    with tempfile.TemporaryDirectory(prefix="") as folder:
        _kill(chance, call, text, folder)
        _next_use(folder)
        left = [path.name for path in Path(folder).iterdir()]
        require(not left, f"in the temporary folder: {left}")


def _kill(chance: Random, call: str, text: str, folder: str) -> None:
    environment = {**os.environ, "TMPDIR": folder}
    with subprocess.Popen(
        [sys.executable, "-c", CALLER.format(call=call)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, cwd=ROOT,
    ) as caller:  # fmt: skip
        caller.stdin.write(text.encode())
        caller.stdin.close()
        caller.stdout.readline()
        try:
            caller.wait(chance.uniform(0.0, LENGTH))
        except subprocess.TimeoutExpired:
            caller.kill()


def _next_use(folder: str) -> None:
    """Measure as a fresh notebook kernel would that has the same temporary folder."""
    program = "from conclib import lab; print(lab.measure('empty', budget=0.01, runs=1).source)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT,
        env={**os.environ, "TMPDIR": folder}, check=False,
    )  # fmt: skip
    require((done.stdout, done.stderr) == ("live\n", ""), done.stdout + done.stderr)
    gone = leaks.wait_until(lambda: not leaks.processes(folder), 3)
    require(gone, f"processes: {leaks.processes(folder)}")


BAD: list[tuple[type[Exception], Callable[[], object]]] = [
    (ValueError, lambda: lab.measure("fork", budget=0)),
    (ValueError, lambda: lab.measure("fork", budget=math.nan)),
    (TypeError, lambda: lab.measure("fork", budget=None)),
    (TypeError, lambda: lab.measure("fork", ballast_mb=True)),
    (ValueError, lambda: lab.measure("fork", ballast_mb=10**9)),
    (TypeError, lambda: lab.measure("fork", ballast_mb="4")),
    (ValueError, lambda: lab.measure("fork", ballast_mb=-1)),
    (ValueError, lambda: lab.measure("frok")),
    (TypeError, lambda: lab.measure(lambda: None)),
    (TypeError, lambda: lab.measure("fork", size=3)),
    (ValueError, lambda: lab.measure("fork", runs=0)),
    (ValueError, lambda: lab.measure("fork", python="/no/such/python")),
    (ValueError, lambda: lab.sweep("fork", ballast_mb=[])),
    (ValueError, lambda: lab.measure_own("this is no Python")),
    (ValueError, lambda: lab.measure_own("x = 1")),
]


def bad_input(chance: Random) -> None:
    """What is refused is refused before anything has started."""
    kind, call = chance.choice(BAD)
    started, start = [], Worker.start
    Worker.start = started.append
    try:
        with raises(kind):
            call()
    finally:
        Worker.start = start
    require(not started, "a worker was started for it")


def bad_file(chance: Random) -> None:
    """A file that is no recording: cut off, foreign, endless, a pipe."""
    with tempfile.TemporaryDirectory(prefix="") as name:
        path = Path(name, "file.json")
        kind = chance.choice(["cut", "pickle", "pipe", "endless", "nested"])
        if kind == "pipe":
            os.mkfifo(path)
        elif kind == "endless":
            path = Path("/dev/zero")
        else:
            path.write_bytes(
                {"cut": b'{"schema": 1', "pickle": b"\x80\x04", "nested": b"[" * 10**6}[kind]
            )
        with raises(RecordError):
            load(path)


def threads(chance: Random) -> None:
    """Measured from a thread that ends; and another measurement is refused meanwhile."""
    found: list[object] = []
    thread = threading.Thread(target=lambda: found.append(_outcome()))
    thread.start()
    try:
        is_live()
    except ConclibError as error:
        require("under way" in str(error), str(error))
    thread.join()
    require(found[0] in ("live", "busy"), str(found))


def _outcome() -> str:
    try:
        return lab.measure("empty", budget=0.01, runs=1).source
    except ConclibError as error:
        if "under way" in str(error):
            return "busy"
        raise Wrong(str(error)) from error


FAULTS = [
    Fault("Stop at any moment", "15, 16", interrupt),
    Fault("Stop from a panel", "15", stop),
    Fault("the caller is killed", "18, 19, 27", killed),
    Fault("bad input", "43–48", bad_input),
    Fault("a file that is no recording", "49, 69", bad_file),
    Fault("a thread that measures and ends", "24", threads),
]
