"""How much memory may this process, with all that it starts, still take?

The machine's free memory is one answer; the limit of a container is another, and often far below
it. The smaller counts. A limit may stand in any group of the tree above this process (see
``probes/_cgroup.py``).

A group's *usage* includes cached files, which Linux drops before it kills anybody: those not used
lately (``inactive_file``) are not counted as used.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from conclib.probes import _cgroup
from conclib.probes._proc import key_numbers

MB = 2**20
# what limits, what is used, and the cached files in memory.stat: of version 2 twice, of version 1
FILES = (
    ("memory.max", "memory.current", "inactive_file"),
    ("memory.high", "memory.current", "inactive_file"),
    ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
)


@dataclass(frozen=True)
class Room:
    """Memory that may still be taken, and what sets that bound; all in MB of 2**20 bytes.

    Attributes:
        free: what may be taken now without swapping and without anybody being killed.
        limit: the container's limit where that is what counts, else ``None``.
    """

    free: int
    limit: int | None = None

    @property
    def text(self) -> str:
        """What bounds it, in words: ``'this container is limited to 200 MB'``."""
        if self.limit is None:
            return f"{self.free} MB are free on this machine"
        return (
            f"the container (control group) that this runs in is limited to {self.limit} MB, "
            f"and {self.free} MB of that are free"
        )


def room(proc: str = _cgroup.PROC) -> Room:
    """Return how much memory may be taken now, by the machine or by the group, as it is less.

    Args:
        proc: the process's folder under ``/proc``; another one for tests.
    """
    found = [Room(machine_mb("available"))]
    for folder in _cgroup.folders("memory", proc):
        found += [_group_room(folder, *names) for names in FILES]
    return min(filter(None, found), key=lambda each: each.free)


def _group_room(folder: str, limit: str, used: str, cached: str) -> Room | None:
    allowed, taken = _cgroup.number(folder, limit), _cgroup.number(folder, used)
    if allowed is None or taken is None:
        return None
    try:
        dropped = key_numbers(Path(folder, "memory.stat").read_text()).get(cached, 0)
    except OSError:
        dropped = 0
    free = allowed - taken + min(dropped, taken)
    return Room(max(free // MB, 0), allowed // MB)


def machine_mb(what: str) -> int:
    """Return the machine's ``"total"`` or ``"available"`` memory in MB.

    Where ``/proc`` cannot be read (another system, no descriptor left), free memory is what was
    never used: less than what is available.
    """
    try:
        import psutil

        return getattr(psutil.virtual_memory(), what) // MB
    except (OSError, ImportError):
        name = {"total": "SC_PHYS_PAGES", "available": "SC_AVPHYS_PAGES"}[what]
        return os.sysconf(name) * os.sysconf("SC_PAGE_SIZE") // MB
