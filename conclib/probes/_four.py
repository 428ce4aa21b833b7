"""Threads that wait within ftw, each in its own call with its own file, and a look at all of them.

All of this happens in a child of the measuring process, which has no thread of its own beside it.
Each thread has set its own niceness and blocks its own signal: what Linux keeps for each.
"""

from __future__ import annotations  # a worker may be an older Python

import ctypes
import os
import signal
import time

from . import _accounts, _ftw, _libc, _looking, _own_stack, _record, _refuse, _regions

NAMES = "ABCDEFGH"
SIZE = 1111  # bytes of the first thread's file; the second's is twice as large, and so on
BLOCKED = ("SIGUSR1", "SIGUSR2", "SIGHUP", "SIGTERM", "SIGINT", "SIGQUIT", "SIGWINCH", "SIGURG")
PATIENCE = 3.0  # seconds that all may take until they wait
PR_SET_NAME = 15
FIELDS = {"switches": "voluntary_ctxt_switches", "taken_off": "nonvoluntary_ctxt_switches",
          "mask": "SigBlk", "process": "Tgid", "name": "Name"}  # fmt: skip


def look(folder, count, depth):
    """Return what a child is to do: start threads, wait until they wait, report on them."""
    paths = [_ftw.file_of(folder, name, SIZE * number)
             for number, name in enumerate(NAMES[:count], start=1)]  # fmt: skip

    def work(report):
        _accounts.small_pages_only()
        report(Four(paths, depth).facts())

    return work


class Waiter:
    """A thread that goes into ftw, and waits there at each level until it is let deeper."""

    def __init__(self, number, path, depth):
        import _thread

        self.number, self.path, self.depth = number, path, depth
        self.name, self.size = NAMES[number], SIZE * (number + 1)
        self.records, self.stack, self.tid = [], (0, 0), 0
        self.globals = self.function = 0
        self._wait, self._go = os.pipe()
        _thread.start_new_thread(self._run, ())

    def deeper(self):
        """Let it go on."""
        os.write(self._go, b"!")

    def _run(self):
        """Make this thread differ from the others in what is its own, then go into ftw."""
        self.tid = _refuse.require(__import__("threading"), "get_native_id")()
        _libc.function("prctl", ctypes.c_int, ctypes.c_int, ctypes.c_char_p)(
            PR_SET_NAME, f"thread {self.name}".encode()
        )
        os.setpriority(os.PRIO_PROCESS, self.tid, self.number + 1)
        signal.pthread_sigmask(signal.SIG_BLOCK, [getattr(signal, BLOCKED[self.number])])
        self.stack = _own_stack.bounds()
        self.globals, self.function = address_of_global(), _libc.address("ftw").value
        _ftw.walk(self.path, self._visit)

    def _visit(self, record):
        """Be called by ftw: note where its record is, wait, and call ftw again, if still to do."""
        self.records.append(record)
        os.read(self._wait, 1)
        if len(self.records) < self.depth:
            _ftw.walk(self.path, self._visit)
        os.read(self._wait, 1)  # for ever: the whole process ends


def address_of_global():
    """Return the address of a global variable of the C library; 0 where it is not visible."""
    try:
        return ctypes.addressof(ctypes.c_void_p.in_dll(_libc.C, "environ"))
    except ValueError:
        return 0


class Four:
    """All of them, and what is seen of them while they wait."""

    def __init__(self, paths, depth):
        self.threads = [Waiter(number, path, depth) for number, path in enumerate(paths)]
        self.levels = []
        for level in range(1, depth + 1):
            self.levels.append(self._seen_at(level))
            if level < depth:
                for each in self.threads:
                    each.deeper()

    def _seen_at(self, level):
        """Wait until all wait at this level; return where each stands."""
        end = time.monotonic() + PATIENCE
        while not self._all_wait(level):
            if time.monotonic() > end:
                raise _refuse.Unavailable("the threads did not all come to rest here")
            time.sleep(0.001)
        return [_own_stack.standing(each.tid) for each in self.threads]

    def _all_wait(self, level):
        """Tell whether all are in one system call, or, where that cannot be read, asleep."""
        if any(len(each.records) < level for each in self.threads):
            return False
        if any(_own_stack.state(each.tid) != "S" for each in self.threads):
            return False
        calls = [_own_stack.standing(each.tid)["call"] for each in self.threads]
        return len(set(calls)) == 1

    def facts(self):
        """Return all that is reported."""
        offset = self._offset()
        spots = [each.records[-1] + (offset or 0) for each in self.threads]
        values = [_ftw.number_at(spot) for spot in spots]  # the main thread reads; they all wait
        regions, last = _own_stack.regions(), self.levels[-1]
        instruction = last[0]["instruction"]
        return {
            "pid": os.getpid(),
            "threads": {
                each.name: {**self._card(each, stands), **place(each, regions),
                            "local": spot, "value": value}
                for each, stands, spot, value in zip(self.threads, last, spots, values)
            },
            "local_at": {x.name: [r + (offset or 0) for r in x.records] for x in self.threads},
            "stack_pointer_at": {
                each.name: [level[number]["stack_pointer"] for level in self.levels]
                for number, each in enumerate(self.threads)
            },
            "addresses": self._addresses(last, spots),
            "values": values,
            "from_top": [each.stack[1] - spot for each, spot in zip(self.threads, spots)],
            "waits_in": _own_stack.function_at(instruction),
            "waits_file": _own_stack.file_at(regions, instruction),
            "size_offset": offset,
            "why": "" if instruction else "Linux does not show here where a thread stands",
        }  # fmt: skip

    def _offset(self):
        """Return where in a record the size lies, if all of them agree."""
        found = {_ftw.place_of_size(x.records[-1], x.size) for x in self.threads}
        return found.pop() if len(found) == 1 else None

    def _addresses(self, last, spots):
        """Return how many different addresses there are of each thing; ``None`` if unknown."""
        found = {
            "function": [each.function for each in self.threads],
            "instruction": [each["instruction"] for each in last],
            "global": [each.globals for each in self.threads],
            "local": spots,
            "stack pointer": [each["stack_pointer"] for each in last],
        }
        return {name: len(set(each)) if all(each) else None for name, each in found.items()}

    def _card(self, each, stands):
        """Return what Linux keeps of a thread, as far as it shows it."""
        status = _record.keyed(_looking.read("self", f"task/{each.tid}/status") or "")
        fields = _record.stat_fields(_looking.read("self", f"task/{each.tid}/stat") or "")
        numbers = {"process", "switches", "taken_off"}
        kept = {
            ours: int(status[name]) if ours in numbers and name in status else status.get(name)
            for ours, name in FIELDS.items()
        }
        return {"tid": each.tid, "state": fields[3], "niceness": int(fields[19]), **kept,
                "instruction": stands["instruction"], "stack_pointer": stands["stack_pointer"],
                "function": each.function, "global": each.globals or None,
                "blocks": blocked(status.get("SigBlk"))}  # fmt: skip


def blocked(mask):
    """Return the names of the signals in a mask, as text; ``None`` if the mask is unknown."""
    if mask is None:
        return None
    return ", ".join(signal.Signals(number).name for number in _record.in_mask(mask)) or "none"


def place(each, regions):
    """Return where a thread's stack lies, how much of it is in memory, and the fence below."""
    low, high = each.stack
    region = _regions.locate(regions, high - 1) or {}
    fence = _own_stack.fence_below(regions, region.get("start", low))
    exact = (region.get("start"), region.get("end")) == (low, high)
    return {
        "stack_start": low,
        "stack_end": high,
        "resident": region.get("rss") if exact else None,
        "fence_start": fence and fence["start"],
        "fence_end": fence and fence["end"],
    }
