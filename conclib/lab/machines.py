"""This machine: the record that goes with every result, and the doubts its state raises."""

import os
import platform
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from conclib.results import Machine

TICKS_MATTER = 3  # clock ticks (10 ms each) taken by the host before we mention it
CGROUP = Path("/sys/fs/cgroup")
MEMORY_LIMITS = (  # cgroup 2, then cgroup 1
    ("memory.max", "memory.current"),
    ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes"),
)
NAMES = {"cpython": "CPython", "pypy": "PyPy"}


@cache
def _hardware() -> dict[str, Any]:
    release = ".".join(platform.release().split("-")[0].split(".")[:2])
    return {
        "os": f"{platform.system()} {release}".strip(),
        "cpu": _cpu_model(),
        "cpus": os.cpu_count() or 1,
        "memory_mb": _memory_mb("total"),
    }


def _memory_mb(what: str) -> int:
    """Return ``"total"`` or ``"available"`` memory in MB; a system without ``/proc`` has both."""
    import psutil

    try:
        return getattr(psutil.virtual_memory(), what) // 2**20
    except OSError:
        name = {"total": "SC_PHYS_PAGES", "available": "SC_AVPHYS_PAGES"}[what]
        return os.sysconf(name) * os.sysconf("SC_PAGE_SIZE") // 2**20


def _cpu_model() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    for line in lines:
        name, _, value = line.partition(":")
        if name.strip() in ("model name", "Model"):
            return " ".join(value.split())
    return platform.processor() or platform.machine() or "unknown processor"


def record(python: str | None = None) -> Machine:
    """Return this machine's record; ``python`` is the worker's, this one if not given."""
    return Machine(**_hardware(), python=python or f"{_own_name()} {platform.python_version()}")


def _own_name() -> str:
    return NAMES.get(platform.python_implementation().lower(), platform.python_implementation())


def implementation(conditions: Mapping[str, Any]) -> str:
    """Return the worker's implementation, spelled as its makers do."""
    name = conditions.get("implementation", "python")
    return NAMES.get(name, name)


def available_mb() -> int:
    """Return the memory that may be used now without swapping, in MB, in a container its own."""
    return min(_memory_mb("available"), _container_room_mb())


def _container_room_mb() -> float:
    for limit, used in MEMORY_LIMITS:
        try:
            room = int((CGROUP / limit).read_text()) - int((CGROUP / used).read_text())
        except (OSError, ValueError):  # not there, or "max"
            continue
        return max(room // 2**20, 0)
    return float("inf")


def allowed_cpus() -> set[int]:
    """Return the CPUs that this process may use."""
    try:
        return os.sched_getaffinity(0)
    except AttributeError:
        return set(range(os.cpu_count() or 1))


def can_pin() -> bool:
    """Return whether this system can keep a process on one CPU."""
    return hasattr(os, "sched_setaffinity")


def merged_conditions(ends: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Put the conditions of several runs together: the last one's, but counts added up."""
    merged = dict(ends[-1])
    for name in ("throttled", "steal_ticks"):
        counts = [end[name] for end in ends if name in end]
        if counts:
            merged[name] = sum(counts)
    return merged


def doubts(conditions: Mapping[str, Any]) -> list[str]:
    """Return reasons to doubt a result that lie in the machine's state while it was made."""
    found = []
    if conditions.get("throttled", 0) > 0:
        found.append("the CPU quota was used up and this group was stopped meanwhile")
    if conditions.get("steal_ticks", 0) >= TICKS_MATTER:
        found.append("the host of this virtual machine took its CPUs away meanwhile")
    if conditions.get("load", 0.0) > conditions.get("cpus_allowed", 1) + 1:
        found.append(f"the machine was busy (load {conditions['load']:.1f})")
    return found
