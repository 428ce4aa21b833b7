"""A few fields of a control block on systems without ``/proc``, as far as psutil knows them."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from conclib.inspecting.control_files import DENIED, GONE, NO_PROC

if TYPE_CHECKING:
    import psutil

Value = str | int | float | tuple[str, ...]


def read(pid: int) -> tuple[str, dict[str, Value]]:
    """Return a process's condition, and what is known of it by the names of its fields."""
    import psutil

    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return "zombie", {"pid": pid, "parent": process.ppid(), "state": "zombie"}
    except psutil.NoSuchProcess:
        return "gone", {}
    except psutil.AccessDenied:
        return "denied", {"pid": pid}
    found: dict[str, Value] = {"pid": pid}
    for name, ask in _questions(process).items():
        try:
            found[name] = ask()
        except (psutil.Error, AttributeError, OSError):  # not known here, or not to us
            continue
    return "living", found


def _questions(process: "psutil.Process") -> dict[str, Callable[[], Value]]:
    return {
        "parent": process.ppid,
        "name": process.name,
        "program": process.exe,
        "user": lambda: process.uids().real,
        "state": process.status,
        "niceness": process.nice,
        "CPU time": lambda: int(sum(process.cpu_times()[:2]) * 1e9),
        "threads": process.num_threads,
        "open files": process.num_fds,
        "directory": process.cwd,
        "resident memory": lambda: process.memory_info().rss,
        "virtual memory": lambda: process.memory_info().vms,
    }


def reason(condition: str) -> str:
    """Return why a field has no value."""
    return {"gone": GONE, "denied": DENIED}.get(condition, NO_PROC)
