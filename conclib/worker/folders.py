"""A private temporary folder for each worker, and the sweep of those left by killed callers.

Some modules leave entries in TMPDIR when they are killed (multiprocessing's forkserver does). So
each worker has a folder of its own, removed after it. A caller that is itself killed cannot remove
anything; the folder's name therefore tells whose it was (pid and start time), and the next caller
removes folders whose owner is gone.
"""

import os
import shutil
import tempfile
from pathlib import Path

from conclib.probes._proc import parse_stat

PREFIX = "conclib-worker-"


def _started(pid: int) -> str | None:
    """When a process started, in clock ticks since boot; ``None`` if it is gone or unknown."""
    try:
        return str(parse_stat(Path(f"/proc/{pid}/stat").read_text())["starttime"])
    except (OSError, ValueError):
        return None


def make() -> str:
    """Create a worker's private folder and return its path."""
    owner = os.getpid()
    return tempfile.mkdtemp(prefix=f"{PREFIX}{owner}-{_started(owner) or 0}-")


def remove(folder: str) -> None:
    """Remove a worker's folder with all that is in it."""
    shutil.rmtree(folder, ignore_errors=True)


def _abandoned(path: Path) -> bool:
    parts = path.name.removeprefix(PREFIX).split("-")
    if len(parts) < 3 or not parts[0].isdigit() or path.is_symlink():
        return False
    if not Path("/proc/self").exists():
        return False  # cannot tell, so leave it
    mine = path.stat().st_uid == os.getuid()
    return mine and _started(int(parts[0])) != parts[1]


def sweep_abandoned() -> None:
    """Remove the folders of callers that were killed before they could clean up."""
    for path in Path(tempfile.gettempdir()).glob(PREFIX + "*"):
        try:
            if _abandoned(path):
                remove(str(path))
        except OSError:
            continue
