"""What does Linux keep of a process beside its map?

A child does what changes its record, step by step, and its record is read before and after: it uses
CPU time, opens a file, makes itself less urgent, asks for memory, is stopped. Each of the textbook's
fields is looked for where Linux shows it.
"""

from __future__ import annotations  # a worker may be an older Python

import mmap
import os
import signal
import time

from .. import _refuse, _sacrifice, _watching

PROBE = {
    "name": "record_fields",
    "title": "The record of a process, field by field",
    "times": "nothing: it reports what each field holds before and after",
    "unit": "facts",
    "facts": {
        "before": "dict[str, str | None]",
        "after": "dict[str, str | None]",
        "sources": "dict[str, str]",
        "changed": "dict[str, bool]",
        "not_read": "list[str]",
        "all_read": "bool | None",
    },
    "params": {},
    "takes": {"processes": "1"},
    "baseline": "none",
    "needs": ["fork"],
}
SOURCES = {  # the textbook's fields, and where Linux shows each
    "number": "status: Pid",
    "state": "status: State",
    "registers": "syscall: the last two numbers",
    "memory": "status: VmSize",
    "open files": "fd: how many",
    "scheduling": "stat: field 19, niceness",
    "accounting": "stat: fields 14 and 15, CPU time",
    "rights": "status: Uid",
    "parent": "status: PPid",
}
BUSY = 0.1  # seconds of CPU time


def live(gate):
    """In the child: wait, change what it can, and stand still."""
    _sacrifice.prepare()
    os.read(gate, 1)
    kept = [mmap.mmap(-1, 2**20), os.open("/", os.O_RDONLY)]
    os.nice(1)
    end = time.process_time() + BUSY
    while time.process_time() < end:
        pass
    _sacrifice.stand_still()
    del kept


def text(pid, name):
    """Return the text of a file of a process; None where it may not be read."""
    try:
        with open(f"/proc/{pid}/{name}") as file:
            return file.read()
    except OSError:
        return None


def line(status, key):
    """Return what stands behind a key of the status file; empty if it has no such line."""
    if status is None:
        return None
    found = [each for each in status.splitlines() if each.startswith(key + ":")]
    return found[0].partition(":")[2].strip() if found else ""


def fields(pid):
    """Return each field of a process as text.

    None where its file may not be read; empty where it was read, and the field is not in it.
    """
    status, stat, call = (text(pid, name) for name in ("status", "stat", "syscall"))
    numbers = (stat or "").rpartition(")")[2].split()
    try:
        files = str(len(os.listdir(f"/proc/{pid}/fd")))
    except OSError:
        files = None
    registers = " ".join(call.split()[-2:] if len(call.split()) > 2 else []) if call else call
    return {
        "number": line(status, "Pid"),
        "state": line(status, "State"),
        "registers": registers,
        "memory": line(status, "VmSize"),
        "open files": files,
        "scheduling": numbers[16] if numbers else None,
        "accounting": str(int(numbers[11]) + int(numbers[12])) if numbers else None,
        "rights": line(status, "Uid"),
        "parent": line(status, "PPid"),
    }


def asleep(pid):
    """Wait until a process waits for something."""
    end = time.monotonic() + 5
    while not (line(text(pid, "status"), "State") or "").startswith("S"):
        if time.monotonic() > end:
            raise RuntimeError("the child did not come to wait")
        time.sleep(0.001)


def all_read(found):
    """Return whether Linux keeps all of it; ``None`` where it did not let us look."""
    return None if None in found.values() else all(found.values())


def report(params):
    _refuse.require_proc()
    gate, opener = os.pipe()
    pid = _watching.fork(lambda: live(gate))
    try:
        asleep(pid)
        before = fields(pid)
        os.write(opener, b"g")
        info = os.waitid(os.P_PID, pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
        if info.si_code != os.CLD_STOPPED:
            raise _refuse.Unavailable("the process that was looked at has ended before its time")
        after = fields(pid)
    finally:
        os.kill(pid, signal.SIGKILL)  # ours, and not collected yet
        os.waitpid(pid, 0)
        os.close(gate)
        os.close(opener)
    return {
        "before": before,
        "after": after,
        "sources": SOURCES,
        "changed": {name: before[name] != after[name] for name in SOURCES},
        "not_read": [name for name, value in after.items() if value is None],
        "all_read": all_read(after),
    }
