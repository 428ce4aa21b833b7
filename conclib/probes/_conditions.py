"""What could disturb a measurement, read from inside the worker that makes it.

Every file here may be missing (another system, a container). Then its entry is missing too, and
its name stands in ``not_known``.
"""

import os
import sys

from . import _cgroup, _proc


def _text(path):
    try:
        with open(path) as file:
            return file.read()
    except OSError:
        return None


def allowed():
    """How many CPUs this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def steal():
    """Clock ticks that the host took from this machine's CPUs so far; None if not known."""
    text = _text("/proc/stat")
    return None if text is None else _proc.steal_ticks(text)


def load():
    """How many tasks ran or wanted to, on average over a minute; None if not known."""
    try:
        return os.getloadavg()[0]
    except OSError:
        return None


def resident_mb():
    """Resident memory of this process in MB; None if not known."""
    text = _text("/proc/self/statm")
    return None if text is None else _proc.resident_bytes(text, os.sysconf("SC_PAGE_SIZE")) / 2**20


def threads():
    """OS threads of this process; None if not known."""
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:
        return None


def read(pinned=None):
    """Return all conditions that can be read here, as plain data."""
    thp = _text("/sys/kernel/mm/transparent_hugepage/enabled")
    governor = _text("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")
    gil = getattr(sys, "_is_gil_enabled", lambda: True)()
    found = {
        "cpus_allowed": allowed(),
        "pinned": pinned,
        "quota_cpus": _cgroup.quota(),
        "governor": governor and governor.strip(),
        "load": load(),
        "thp": thp and _proc.bracketed(thp),
        "python": "{}.{}.{}".format(*sys.version_info[:3]),
        "implementation": sys.implementation.name,
        "gil": gil,
        "build": getattr(sys, "abiflags", "") or None,  # t: free-threaded, d: debug
        "rss_mb": resident_mb(),
        "threads": threads(),
    }
    unasked = {"pinned", "quota_cpus", "build"}  # None there means that there is none
    missing = [name for name, value in found.items() if value is None and name not in unasked]
    found["not_known"] = ", ".join(missing) or None
    return {name: value for name, value in found.items() if value is not None}
