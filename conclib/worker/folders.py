"""A private temporary folder for each worker, and the sweep of those left by killed callers.

Some modules leave entries in TMPDIR when they are killed (multiprocessing's forkserver does). So
each worker has a folder of its own, removed after it. A caller that is itself killed cannot remove
anything; the folder's name therefore tells whose it was (pid and start time), and the next caller
removes folders whose owner is gone. The name is also the worker's id.

The same for names in shared memory: a probe that makes some puts the worker's id into them.
"""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from conclib.probes._proc import parse_stat

PREFIX = "conclib-worker-"
SHARED = Path("/dev/shm")


def _started(pid: int) -> str | None:
    """When a living process started, in clock ticks since boot; ``None`` if gone or unknown."""
    try:
        stat = parse_stat(Path(f"/proc/{pid}/stat").read_text())
    except (OSError, ValueError):
        return None
    return None if stat["state"] in "ZX" else str(stat["starttime"])  # a zombie owns nothing


def make() -> str:
    """Create a worker's private folder and return its path."""
    owner = os.getpid()
    folder = tempfile.mkdtemp(prefix=f"{PREFIX}{owner}-{_started(owner) or 0}-")
    Path(folder).chmod(0o700)  # whatever the caller's umask has left of it
    return folder


def remove(folder: str) -> None:
    """Remove a worker's folder with all that is in it, and its names in shared memory."""
    shutil.rmtree(folder, ignore_errors=True)
    _unlink(SHARED.glob(f"*{Path(folder).name}*"))


def _unlink(paths: Iterable[Path]) -> None:
    for path in paths:
        with contextlib.suppress(OSError):  # another user's, or gone meanwhile
            path.unlink()


def owner_gone(name: str) -> bool:
    """Tell whether the caller that a folder's name speaks of is gone; False where unknown."""
    parts = name.removeprefix(PREFIX).split("-")
    if not name.startswith(PREFIX) or len(parts) < 3 or not parts[0].isdigit():
        return False
    if not Path("/proc/self").exists():
        return False  # cannot tell, so leave it
    return _started(int(parts[0])) != parts[1]


def sweep_abandoned() -> None:
    """Remove the folders of callers that were killed before they could clean up."""
    for path in Path(tempfile.gettempdir()).glob(PREFIX + "*"):
        try:
            mine = not path.is_symlink() and path.stat().st_uid == os.getuid()
            if mine and owner_gone(path.name):
                remove(str(path))
        except OSError:
            continue
    shared = list(SHARED.glob(f"*{PREFIX}*"))
    _unlink(path for path in shared if owner_gone(path.name[path.name.index(PREFIX) :]))
