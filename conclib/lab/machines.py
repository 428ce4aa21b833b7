"""This machine: the record that goes with every result, and the doubts its state raises."""

import os
import platform
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from conclib.inspecting import memory
from conclib.results import Machine

TICKS_MATTER = 3  # clock ticks (10 ms each) taken by the host before we mention it
NAMES = {"cpython": "CPython", "pypy": "PyPy"}


def _hardware() -> dict[str, Any]:
    release = ".".join(platform.release().split("-")[0].split(".")[:2])
    return {
        "os": f"{platform.system()} {release}".strip(),
        "cpu": _cpu_model(),
        "cpus": os.cpu_count() or 1,
        "memory_mb": memory.machine_mb("total"),
    }


@cache
def _cpuinfo() -> str:
    return Path("/proc/cpuinfo").read_text()


def _cpu_model() -> str:
    """Return the processor's own name; what cannot be read now is asked for again next time.

    (``platform.processor`` would start a program for it, and only a worker may do that.)
    """
    try:
        lines = _cpuinfo().splitlines()
    except OSError:
        lines = []
    for line in lines:
        name, _, value = line.partition(":")
        if name.strip() in ("model name", "Model"):
            return " ".join(value.split())
    return platform.machine() or "unknown processor"


def record(python: str | None = None) -> Machine:
    """Return this machine's record; ``python`` is the worker's, this one if not given."""
    return Machine(**_hardware(), python=python or f"{_own_name()} {platform.python_version()}")


@cache
def host() -> str:
    """Return the key of this host, which stays the same when its system is brought up to date."""
    return record().host


def _own_name() -> str:
    return NAMES.get(platform.python_implementation().lower(), platform.python_implementation())


def implementation(conditions: Mapping[str, Any]) -> str:
    """Return the worker's implementation, spelled as its makers do."""
    name = conditions.get("implementation", "python")
    return NAMES.get(name, name)


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
