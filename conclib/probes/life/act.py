"""A process does one secret thing. What does that change in its map and in its record?

A seed picks the act (``_acts.py``); or it does all of those that leave a trace. The child first prepares all that it needs, so that nothing but
the act lies between the two looks. A second child does nothing: what one process does is its own.
"""

from __future__ import annotations  # a worker may be an older Python

import ctypes
import os
import signal
import time

from .. import _acts, _held, _libc, _looking, _record, _refuse

PROBE = {
    "name": "act",
    "title": "What did it do?",
    "times": "nothing: it reports map and record, before and after",
    "unit": "facts",
    "facts": {
        "act": "str",
        "before": "dict[str, str | int | None]",
        "after": "dict[str, str | int | None]",
        "changed": "list[str]",
        "beside": "list[str]",
        "apart": "bool",
    },
    "params": {
        "do": {
            "type": "choice",
            "default": "one",
            "choices": ["one", "all"],
            "help": "whether it does the one thing of its seed, or all that leave a trace",
        },
        "seed": {
            "type": "int",
            "default": 1,
            "min": 1,
            "max": 1_000_000_000,
            "help": "which act: the same number, the same act",
        },
    },
    "takes": {"processes": "2", "threads": "3", "descriptors": "12", "mb": "64"},
    "baseline": "none",
    "needs": ["fork"],
}
NOT_DONE = "the process could not do that here, and has ended"
RARE = ("libanl.so.1", "libBrokenLocale.so.1", "libresolv.so.2", "libutil.so.1", "libnsl.so.1")
OF_THE_LIBRARY = 32  # from this number on the C library may take signals for its own threads
NO_FILE = ("anonymous", "thread stack", "guard", "reserved", "bss", "shared memory")
PROGRAM = ("text", "read-only data", "data")
COMPARE = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)


# What the child can do ----------------------------------------------------------------------------
class Doing:
    """All acts, prepared: after this, each of them does itself and nothing else."""

    def __init__(self):
        pointer = ctypes.c_void_p
        self._malloc = _libc.function("malloc", pointer, ctypes.c_size_t)
        self._setenv = _libc.function("setenv", ctypes.c_int, ctypes.c_char_p, ctypes.c_char_p,
                                      ctypes.c_int)  # fmt: skip
        self._sort = _libc.function("qsort", None, pointer, ctypes.c_size_t, ctypes.c_size_t,
                                    COMPARE)  # fmt: skip
        self._open = _libc.function("dlopen", pointer, ctypes.c_char_p, ctypes.c_int)
        self._create = _libc.function("pthread_create", ctypes.c_int, pointer, pointer, pointer,
                                      pointer)  # fmt: skip
        self._pause = _libc.address("pause")
        self._attributes, self._thread = ctypes.create_string_buffer(64), ctypes.c_ulong()
        _libc.function("pthread_attr_init", ctypes.c_int, pointer)(self._attributes)
        set_stack = _libc.function("pthread_attr_setstacksize", ctypes.c_int, pointer,
                                   ctypes.c_size_t)  # fmt: skip
        set_stack(self._attributes, _acts.THREAD_STACK)
        self._pair = (ctypes.c_char * 2)(b"b", b"a")
        self._compare, self._left = COMPARE(self._next), 0
        os.chdir(_acts.BEFORE)
        os.umask(_acts.UMASK)
        for name in ("small", "deep"):
            self.do(name, 1)

    def do(self, name, amount):
        """Do one of the acts."""
        getattr(self, name)(amount)

    def small(self, amount):
        for _ in range(amount):
            self._ask(_acts.REQUEST)

    def large(self, amount):
        self._ask(amount * _acts.MB)

    def _ask(self, size):
        """Ask for memory; what was refused was not done, and must not pass for it."""
        if not self._malloc(size):
            raise _refuse.Unavailable("this process was refused the memory that it asked for")

    def deep(self, amount):
        """Sort two letters; comparing them sorts them again, and so on: calls within C."""
        self._left = amount
        self._sort(self._pair, 2, 1, self._compare)

    def _next(self, _one, _other):
        self._left -= 1
        if self._left > 0:
            self._sort(self._pair, 2, 1, self._compare)
        return 0

    def library(self, _amount):
        mapped = _looking.read("self", "maps")
        for name in RARE:
            if name not in mapped and self._open(name.encode(), os.RTLD_NOW):
                return
        raise _refuse.Unavailable("no library is found here that is not loaded already")

    def thread(self, amount):
        for _ in range(amount):
            code = self._create(ctypes.addressof(self._thread), self._attributes, self._pause, None)
            if code:
                raise _libc.failed("pthread_create", code)

    def file(self, amount):
        for _ in range(amount):
            os.open("/proc/self/stat", os.O_RDONLY)

    def directory(self, _amount):
        os.chdir(_acts.AFTER)

    def signal(self, amount):
        signal.signal(amount, lambda *_: None)

    def cpu(self, amount):
        end = time.process_time() + amount / 1000
        while time.process_time() < end:
            pass

    def niceness(self, amount):
        os.nice(amount)

    def umask(self, amount):
        os.umask(amount)

    def environment(self, _amount):
        self._setenv(b"CONCLIB_ACT", b"1", 1)

    def nothing(self, _amount):
        pass


def live(todo, ready, go, done):
    """Be the child that acts: prepare, wait, act, wait to be looked at again."""
    doing = Doing()
    ready.open()
    go.wait()
    for name, amount in todo:
        doing.do(name, amount)
    done.open()
    go.wait()


# What the observer sees ---------------------------------------------------------------------------
def look(pid):
    """Return every row of a process, as ``_acts.ROWS`` names them."""
    regions, fields = _looking.regions(pid) or [], _looking.stat(pid)
    if not fields:
        raise _refuse.Unavailable("the record of a process could not be read here")
    status = _record.keyed(_looking.read(pid, "status") or "")
    caught = [
        _acts.SIGNALS.get(number, str(number))
        for number in _record.in_mask(status.get("SigCgt", "0"))
        if number < OF_THE_LIBRARY
    ]

    def size(kinds):
        return sum(each["end"] - each["start"] for each in regions if each["kind"] in kinds)

    return {
        "program": sum(each["kind"] in PROGRAM for each in regions),
        "heap": size(("heap",)),
        "memory of no file": size(NO_FILE),
        "libraries": len({x["path"] for x in regions if x["kind"] == "shared library"}),
        "stack": size(("stack",)),
        "CPU time": _looking.cpu_ms(pid),
        "open files": _looking.open_files(pid),
        "directory": directory(pid),
        "signals caught": ", ".join(caught) or "none",
        "niceness": int(fields[19]),
        "umask": status.get("Umask"),
        "threads": int(fields[20]),
    }


def directory(pid):
    """Return a process's directory; ``None`` if it cannot be read."""
    try:
        return os.readlink(f"/proc/{pid}/cwd")
    except OSError:
        return None


def observe(params, tell):
    _refuse.require_proc()
    todo = _acts.all_seen() if params["do"] == "all" else [_acts.act(params["seed"])]
    ready, go, done, never = (_held.Gate() for _ in range(4))
    work = lambda: live(todo, ready, go, done)  # noqa: E731
    with _held.Child(work, "process") as child, _held.Child(never.wait, "neighbour") as beside:
        for each in (child, beside):
            tell.actor(each.name, "process", each.pid)
            tell.event(each.name, "start")
        child.wait_for(ready, NOT_DONE)
        before, beside_before = look_when_quiet(child), look_when_quiet(beside)
        tell.event("process", "look")
        go.open()
        child.wait_for(done, NOT_DONE)
        rows, beside_rows = look_when_quiet(child), look_when_quiet(beside)
        tell.event("process", "look")
    changed, moved = _acts.changed(before, rows), _acts.changed(beside_before, beside_rows)
    return {
        "act": ", ".join(name for name, _ in todo),
        "before": before,
        "after": rows,
        "changed": changed,
        "beside": moved,
        "apart": bool(changed) and not moved,
    }


def look_when_quiet(child):
    """Look at a process once it waits."""
    _looking.until(child.pid, "S")
    return look(child.pid)
