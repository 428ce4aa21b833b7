"""What a test could leave behind, and how it is found.

``snapshot`` looks at everything that outlives a careless test: processes, threads, open files,
names in ``/dev/shm`` and in the temporary folder, and what is set for the whole process (signal
handlers, limits, environment, working folder). ``left_behind`` compares two snapshots, and waits a
moment for what is about to end. The fixture in ``conftest.py`` uses both around every test.

**Whose process is it?** Descendants are found by their parent. A child that was orphaned, or that
made a session of its own, is no descendant any more, but it has inherited the environment: each
test session has a token, which stands in ``TMPDIR``, so it stands in the environment of whatever
the session started. Linux only, as the course's measuring is.
"""

import gc
import os
import re
import resource
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

Snapshot = dict[str, frozenset]

# Processes that last for many tests, and start and end others as they like: a browser's.
lasting_roots: set[int] = set()
servers: set[int] = set()  # pids of JupyterLabs that serve a whole session: no test leaves them

# Threads that a library keeps for the life of the process, with the reason.
LASTING_THREADS = {
    "IPythonHistorySavingThread": "IPython's history writer, started by its first shell",
    "IOPub": "ipykernel's output thread; a kernel's, not ours",
}
# Files that a library keeps open for the life of the process: matplotlib's fonts, once drawn with.
LASTING_FILES = ("/mpl-data/fonts/",)
SHM = "/dev/shm"
# Names there that belong to other programs on the machine.
WORKERS = re.compile(r"(?:sem\.)?conclib-worker-[a-z]{6}-(\d+)-")  # with the caller's number
FOREIGN_SHM = (".org.chromium.", ".com.google.", "pulse-shm-")
# Our own temporary folder holds these for the whole session.
LASTING_TEMPORARY = ("pytest-of-",)
SIGNALS = {item: item.name for item in signal.Signals}
# Set by pytest itself around each phase of a test.
FOREIGN_VARIABLES = {"PYTEST_CURRENT_TEST"}


def _read(path: str) -> bytes:
    """Return a file's bytes; nothing where it is gone, or another user's."""
    try:
        return Path(path).read_bytes()
    except OSError:
        return b""


def _status(pid: int) -> tuple[int, int, str] | None:
    """Return parent, start time in clock ticks and name of a process, or ``None`` if it is gone."""
    text = _read(f"/proc/{pid}/stat").decode(errors="replace")
    if not text:
        return None
    name = text[text.index("(") + 1 : text.rindex(")")]
    fields = text[text.rindex(")") + 2 :].split()
    return int(fields[1]), int(fields[19]), name


def _with_children(roots: set[int], parents: dict[int, int]) -> set[int]:
    """Return ``roots`` and all that descends from them."""
    found, new = set(roots), set(roots)
    while new:
        new = {pid for pid, parent in parents.items() if parent in new} - found
        found |= new
    return found


_looked: dict[str, tuple[bytes, frozenset]] = {}  # by token: the forks at the last look, and what


def processes(token: str) -> frozenset[tuple[int, int, str]]:
    """Return (pid, start, name) of our descendants, and of all that hold ``token``.

    Reading all of ``/proc`` takes 6 ms, thousands of times in a run. So it is read only where Linux
    has started anything since the last look: what was not there then has to be started first.
    """
    forks = next(line for line in _read("/proc/stat").split(b"\n") if line.startswith(b"processes"))
    before, found = _looked.get(token, (b"", frozenset()))
    if forks != before:
        found = _all_processes(token)
        _looked[token] = (forks, found)
    return frozenset(item for item in found if (_status(item[0]) or (0, 0))[1] == item[1])


def _all_processes(token: str) -> frozenset[tuple[int, int, str]]:
    me = os.getpid()
    pids = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]
    known = {pid: _status(pid) for pid in pids}
    known = {pid: status for pid, status in known.items() if status}
    mark, born = token.encode(), known[me][1]
    marked = {
        pid
        for pid, (_, start, _) in known.items()
        if start >= born and mark in _read(f"/proc/{pid}/environ")
    }
    parents = {pid: status[0] for pid, status in known.items()}
    ours = _with_children({me} | marked, parents) - _with_children(lasting_roots, parents)
    ours -= {me, *servers}
    return frozenset((pid, known[pid][1], known[pid][2]) for pid in ours)


def threads() -> frozenset[str]:
    """Return every Python thread, daemons included, but for the lasting ones."""
    foreign = "asyncio_" if lasting_roots else "-"  # of the event loop that drives the browser
    return frozenset(
        f"{thread.name} ({thread.ident})"
        for thread in threading.enumerate()
        if thread.name not in LASTING_THREADS and not thread.name.startswith(foreign)
    )


def open_files() -> frozenset[str]:
    """Return every open file descriptor with what it leads to."""
    found = set()
    for path in Path("/proc/self/fd").iterdir():
        try:
            target = str(path.readlink())
        except OSError:  # the listing's own descriptor, closed by now
            continue
        if not any(part in target for part in LASTING_FILES):
            found.add(f"{path.name} -> {target}")
    return frozenset(found)


def _names(folder: str, foreign: tuple[str, ...]) -> frozenset[str]:
    paths = Path(folder).iterdir() if Path(folder).is_dir() else ()
    return frozenset(path.name for path in paths if not path.name.startswith(foreign))


def shared_memory() -> frozenset[str]:
    """Return the names of shared memory on this machine, without other programs'."""
    return _names(SHM, FOREIGN_SHM)


def held_by_others(name: str, ours: set[int]) -> bool:
    """Tell whether shared memory is another program's: others hold it, and nobody of ours does.

    A name of a worker's tells its caller, who may be another test run on this machine.

    What nobody holds is taken for ours: that is how a block looks that somebody of ours has left.

    Args:
        name: as it stands in ``/dev/shm``.
        ours: the processes that are ours.
    """
    path = f"{SHM}/{name}"
    try:
        if os.getuid() not in (0, os.lstat(path).st_uid):
            return True  # another user's, into whose processes we cannot look
    except OSError:
        return True  # gone by now, so nobody has left it
    caller = WORKERS.match(name)
    if caller and int(caller[1]) not in ours and Path(f"/proc/{caller[1]}").exists():
        return True  # it says itself whose it is, and that process lives
    pids = {int(each.name) for each in Path("/proc").iterdir() if each.name.isdigit()}
    holders = {pid for pid in pids if _holds(pid, path)}
    return bool(holders) and not holders & ours


def _holds(pid: int, path: str) -> bool:
    """Tell whether a process has a path mapped, open, or in its environment (a worker's folder)."""
    texts = [_read(f"/proc/{pid}/maps"), _read(f"/proc/{pid}/environ")]
    whole = re.compile(re.escape(path.encode()) + rb"(?![\w.-])")
    if any(map(whole.search, texts)):
        return True
    try:
        return any(_target(each) == path for each in Path(f"/proc/{pid}/fd").iterdir())
    except OSError:
        return False


def _target(link: Path) -> str:
    try:
        return str(link.readlink())
    except OSError:  # closed by now
        return ""


def temporary() -> frozenset[str]:
    """Return the names in the session's temporary folder, which nobody else uses."""
    return _names(tempfile.gettempdir(), LASTING_TEMPORARY)


def environment() -> frozenset[tuple[str, str]]:
    """Return the environment's variables."""
    return frozenset(item for item in os.environ.items() if item[0] not in FOREIGN_VARIABLES)


def handlers() -> frozenset[tuple[str, str]]:
    """Return what each signal does, and which are blocked in this thread."""
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    does = {(name, repr(signal.getsignal(item))) for item, name in SIGNALS.items()}
    return frozenset(does | {(SIGNALS[item], "blocked") for item in blocked if item in SIGNALS})


def limits() -> frozenset[tuple[str, str]]:
    """Return the limits of this process."""
    names = [name for name in dir(resource) if name.startswith("RLIMIT_")]
    return frozenset((name, str(resource.getrlimit(getattr(resource, name)))) for name in names)


def settings() -> frozenset[tuple[str, str]]:
    """Return what else is set for the whole process."""
    umask = next(line for line in _read("/proc/self/status").split(b"\n") if b"Umask" in line)
    hidden = sys.modules.get("multiprocessing")
    method = hidden.get_start_method(allow_none=True) if hidden else None
    return frozenset(
        {
            ("working folder", str(Path.cwd())),
            ("umask", umask.decode().split()[1]),
            ("start method", str(method)),
            ("sys.path", str(sys.path)),
        }
    )


APPEARS: dict[str, Callable[[], frozenset]] = {
    "thread": threads,
    "open file": open_files,
    "shared memory": shared_memory,
    "temporary entry": temporary,
}
CHANGES: dict[str, Callable[[], frozenset]] = {
    "environment": environment,
    "signal handler": handlers,
    "limit": limits,
    "setting": settings,
}


def snapshot(token: str) -> Snapshot:
    """Look at everything once; takes a few milliseconds."""
    found = {kind: look() for kind, look in (APPEARS | CHANGES).items()}
    return found | {"process": processes(token)}


def difference(before: Snapshot, after: Snapshot) -> list[str]:
    """Return in words what stands in ``after`` and not in ``before``, and what was changed."""
    found = []
    ours = {os.getpid(), *(pid for pid, *_ in after["process"])}
    for kind, items in after.items():
        new = sorted(items - before[kind])
        if kind == "shared memory":
            new = [name for name in new if not held_by_others(name, ours)]
        found += [f"{kind}: {_words(item)}" for item in new]
        if kind in CHANGES:
            found += [f"{kind}, was: {_words(item)}" for item in sorted(before[kind] - items)]
    return found


def _words(item: object) -> str:
    return " ".join(map(str, item)) if isinstance(item, tuple) else str(item)


def wait_until(true: Callable[[], object], limit: float = 5.0) -> bool:
    """Ask ``true`` every few milliseconds until it holds; return whether it did in ``limit`` s."""
    end, pause = time.monotonic() + limit, threading.Event()
    while not true():
        if time.monotonic() > end:
            return False
        pause.wait(0.005)
    return True


def left_behind(before: Snapshot, token: str, limit: float = 1.0) -> list[str]:
    """Return what was left since ``before``, once ``limit`` seconds have not made it go."""
    found = difference(before, snapshot(token))
    if found:
        gc.collect()  # a file in a reference cycle is closed by the collector, not by the test
        wait_until(lambda: not difference(before, snapshot(token)), limit)
        found = difference(before, snapshot(token))
    return found


def end(items: Iterable[tuple[int, int, str]]) -> None:
    """Kill processes that a snapshot found, if they are still the same ones, and reap our own."""
    for pid, start, _ in items:
        status = _status(pid)
        if status and status[1] == start:
            os.kill(pid, signal.SIGKILL)
            if status[0] == os.getpid():
                os.waitpid(pid, 0)
