"""This machine: the host and the Python that go with every result, and doubts its state raises."""

import os
import platform
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from conclib.inspecting import memory
from conclib.results import Host, Runtime

TICKS_MATTER = 3  # clock ticks (10 ms each) taken by the host before we mention it
NAMES = {"cpython": "CPython", "pypy": "PyPy"}


def host() -> Host:
    """Return this host."""
    release = ".".join(platform.release().split("-")[0].split(".")[:2])
    total = memory.machine_mb("total")
    return Host(platform.system(), _cpu_model(), os.cpu_count() or 1, release, total)


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


def own_runtime() -> Runtime:
    """Return the Python that runs this notebook kernel."""
    gil = getattr(sys, "_is_gil_enabled", lambda: True)()
    build = getattr(sys, "abiflags", "")
    version = ".".join(map(str, sys.version_info[:3]))
    return Runtime(_spelled(sys.implementation.name), version, gil, build)


def runtime(version: str, conditions: Mapping[str, Any]) -> Runtime:
    """Return a worker's Python, from its version and from the conditions that it reported."""
    name = _spelled(conditions.get("implementation", "python"))
    return Runtime(name, version, conditions.get("gil", True), conditions.get("build", ""))


def label() -> str:
    """Return this host and this Python in one line."""
    return f"{host().label}, {own_runtime().label}"


def _spelled(implementation: str) -> str:
    """Return an implementation's name as its makers spell it."""
    return NAMES.get(implementation, implementation)


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
