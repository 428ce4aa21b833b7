"""Faults inside a worker: probes that die, fail, hang, flood, escape, or leave things behind."""

import os
import resource
import stat
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random

from conclib import lab
from conclib.results import Cancelled, ProtocolError, WorkerError, WorkerTimeout
from tests import fault_probes
from tests.fault_probes import own
from tests.soak.outcomes import Fault, is_live, raises, require, short_deadline, stopped_after

DEADLINE = 0.4  # seconds for a worker that hangs
HOG = """
import resource
def setup(params):
    resource.setrlimit(resource.RLIMIT_DATA, (200 * 2**20, 200 * 2**20))
    kept = []
    while True:
        kept.append(bytearray(2**20))
def body(state, loops):
    pass
"""


def dies(chance: Random) -> None:
    """A worker ends too early: by a signal, by an exit code, by success even."""
    text, words = chance.choice(list(fault_probes.DEATHS.values()))
    with raises(WorkerError, words):
        own(text)


def fails(chance: Random) -> None:
    """A probe fails, and its worker says so."""
    text, words = chance.choice(list(fault_probes.FAILURES.values()))
    with raises(WorkerError, words):
        own(text)


def hangs(chance: Random) -> None:
    """A worker hangs, and is killed at its deadline or stopped before."""
    text = chance.choice(list(fault_probes.HANGS.values()))
    _ends_by_force(chance, text)


def _ends_by_force(chance: Random, text: str) -> None:
    if chance.random() < 0.5:
        with short_deadline(DEADLINE), raises(WorkerTimeout, "still busy after"):
            own(text)
    else:
        with stopped_after(chance.uniform(0.0, DEADLINE)) as stop, raises(Cancelled):
            own(text, stop=stop)


ENDS = {"well": "pass", "raises": "1 / 0", "by force": "time.sleep(600)"}


def _ends_somehow(chance: Random, make: Callable[[str], str]) -> None:
    """Let a probe do something in its setup, and end well, by an error, or by force."""
    end = chance.choice(list(ENDS))
    text = make(ENDS[end])
    if end == "well":
        require(own(text).source == "live", "not live")
    elif end == "raises":
        with raises(WorkerError, "ZeroDivisionError"):
            own(text)
    else:
        _ends_by_force(chance, text)


def escapes(chance: Random) -> None:
    """A grandchild in a session of its own, in `/`, without its environment, undumpable, deaf."""
    then = chance.choice(list(fault_probes.ESCAPES.values()))
    _ends_somehow(chance, partial(fault_probes.escape, then))


def leaves_children(chance: Random) -> None:
    """Children and orphans, in the worker's group or in a session of their own."""
    kind = chance.choice(["GRANDCHILD", "OWN_SESSION", "ORPHAN", "WITHOUT_MARK"])
    text = getattr(fault_probes, kind)
    _ends_somehow(
        chance, lambda body: "import time\n" + text.replace("    pass\n", f"    {body}\n")
    )


def shared_memory(chance: Random) -> None:
    """A block of shared memory that nobody unlinks."""
    _ends_somehow(chance, lambda body: fault_probes.SHARED_MEMORY.format(body=body))


def folder(chance: Random) -> None:
    """What a probe can make of its own folder."""
    code = chance.choice(list(fault_probes.FOLDERS.values()))
    _ends_somehow(chance, lambda body: "import time\n" + fault_probes.folder_probe(code, body))


def floods(chance: Random) -> None:
    """Ten megabytes of print."""
    require(own(fault_probes.LOUD).source == "live", "not live")


def memory_hog(chance: Random) -> None:
    """All memory that a limit allows."""
    with raises(WorkerError, "MemoryError"):
        own(HOG)


def forks_badly(chance: Random) -> None:
    """A child that falls out of the body, and a fork or a thread that fails part-way."""
    text, words = chance.choice([
        (fault_probes.FALLS_OUT, "came back"),
        (fault_probes.FORK_FAILS, "after 1 that went well"),
        (fault_probes.THREAD_FAILS, "after 1 that went well"),
    ])  # fmt: skip
    with raises(WorkerError, words):
        own(text, budget=0.1)


def message(text: str) -> str:
    """Return code that sends a line."""
    return f"say({text.encode()!r} + b'\\n')"


GARBAGE = [
    message("Hello!"),
    message('{"type": "ready", "python": 3, "conditions": {}}'),
    message('{"type": "ready", "python": "3", "conditions": {"load": "high"}}'),
    message('{"type": "error", "kind": "E", "message": 7}'),
    message('{"type": "batch", "values": [' + "9" * 400 + "]}"),
    message("[" * 99_999),
    "say(b'half a line'); os._exit(0)",
    "say(b'\\x80\\x04\\x95\\n')",
    "say(b'x' * 20_000_000)",
]


def garbage(chance: Random) -> None:
    """An interpreter that is none, and says what is no protocol."""
    with tempfile.TemporaryDirectory(prefix="") as name:
        text = chance.choice(GARBAGE) + "; time.sleep(600)"
        python = fault_probes.fake_python(Path(name), text)
        with short_deadline(5), raises(ProtocolError):
            lab.measure("empty", budget=0.02, runs=1, python=python)


def odd_names(chance: Random) -> None:
    """Names that look like ours, in the temporary folder and in shared memory."""
    base = Path(chance.choice(["/dev/shm", tempfile.gettempdir()]))
    path = base / chance.choice(["conclib-worker-²-1-x", "conclib-worker-1-1-x", "conclib-worker-"])
    path.write_text("")
    try:
        is_live()
        require(path.exists(), "somebody else's file is gone")
    finally:
        path.unlink(missing_ok=True)


def odd_temporary(chance: Random) -> None:
    """TMPDIR is very long, or is a file, or may not be written."""
    before = tempfile.tempdir
    with tempfile.TemporaryDirectory(prefix="") as name:
        kinds = {"long": "x" * 100, "barred": "barred", "file": "file"}
        kind = chance.choice(list(kinds))
        path = Path(name, kinds[kind])
        path.write_text("") if kind == "file" else path.mkdir(0o500 if kind == "barred" else 0o700)
        tempfile.tempdir = str(path)
        try:
            is_live()
            lab.measure("mp_forkserver", budget=0.01, runs=1)
        finally:
            tempfile.tempdir = before
            path.chmod(stat.S_IRWXU)


def descriptors(chance: Random) -> None:
    """Hardly any descriptor is left."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    free = os.dup(0)
    os.close(free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (free + chance.randint(2, 14), hard))
    try:
        found = lab.measure("fork", budget=0.02, runs=1).source
        require(found in ("live", "recorded"), found)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


FAULTS = [
    Fault("a worker dies", "1, 3, 5, 9", dies),
    Fault("a probe fails", "23", fails),
    Fault("a worker hangs", "10–13", hangs),
    Fault("a grandchild tries to escape", "59", escapes),
    Fault("children are left", "14", leaves_children),
    Fault("shared memory is left", "58", shared_memory),
    Fault("a folder is spoiled", "57", folder),
    Fault("10 MB are printed", "21", floods),
    Fault("memory runs out under a limit", "8", memory_hog),
    Fault("a fork goes wrong", "17, 25", forks_badly),
    Fault("a worker talks nonsense", "22, 67", garbage),
    Fault("names that look like ours", "56", odd_names),
    Fault("a temporary folder that cannot be used", "63, 68", odd_temporary),
    Fault("descriptors run out", "63", descriptors),
]
