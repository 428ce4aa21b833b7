"""Threads that wait within ftw, each in its own call with its own file, and a look at all of them.

All of this happens in a child of the measuring process, which has no thread of its own beside it.
Each thread has set its own niceness and blocks its own signal: what Linux keeps for each.
"""

from __future__ import annotations  # a worker may be an older Python

import contextlib
import ctypes
import os
import signal
import time

from . import _accounts, _ftw, _libc, _looking, _own_stack, _record, _refuse, _regions

NAMES = "ABCDEFGH"
SIZE = 1111  # bytes of the first thread's file; the second's is twice as large, and so on
BLOCKED = ("SIGUSR1", "SIGUSR2", "SIGHUP", "SIGTERM", "SIGINT", "SIGQUIT", "SIGWINCH", "SIGURG")
PATIENCE = 8.0  # seconds that all may take until they wait
PR_SET_NAME = 15
LAST_NICE = 19
TEXTS = {"name": "Name", "mask": "SigBlk"}  # what we call them, and what /proc does
NUMBERS = {
    "process": "Tgid",
    "switches": "voluntary_ctxt_switches",
    "taken_off": "nonvoluntary_ctxt_switches",
}
NOT_SHOWN = "Linux does not show here where a thread stands"


def look(folder, count, depth):
    """Return what a child is to do: start threads, wait until they wait, report on them."""
    wanted = {name: SIZE * number for number, name in enumerate(NAMES[:count], start=1)}
    sizes = {_ftw.file_of(folder, name, size): size for name, size in wanted.items()}

    def work(report):
        _accounts.small_pages_only()
        report(Four(sizes, depth).facts())

    return work


class Waiter:
    """A thread that goes into ftw, and waits there at each level until it is let deeper."""

    def __init__(self, number, path, depth):
        import _thread

        self.number, self.path, self.depth = number, path, depth
        self.name, self.size = NAMES[number], SIZE * (number + 1)
        self.records, self.stands, self.stack, self.fence, self.tid = [], [], (0, 0), 0, 0
        self.globals = self.function = self.errno = 0
        self.error = None
        self._wait, self._go = os.pipe()
        _thread.start_new_thread(self._live, ())

    def deeper(self):
        """Let it go on."""
        os.write(self._go, b"!")

    def _live(self):
        """Be the thread; what goes wrong in it, the main thread raises."""
        try:
            self._run()
        except Exception as error:
            self.error = error

    def _run(self):
        """Make this thread differ from the others in what is its own, then go into ftw."""
        self.tid = _refuse.require(__import__("threading"), "get_native_id")()
        _libc.function("prctl", ctypes.c_int, ctypes.c_int, ctypes.c_char_p)(
            PR_SET_NAME, f"thread {self.name}".encode()
        )
        be_nicer(self.tid, self.number + 1)
        signal.pthread_sigmask(signal.SIG_BLOCK, [getattr(signal, BLOCKED[self.number])])
        self.stack, self.fence = _own_stack.bounds(), _own_stack.fence()
        self.globals, self.function = address_of_global(), _libc.address("ftw").value
        self.errno = address_of_errno()
        _ftw.walk(self.path, self._visit)

    def _visit(self, record):
        """Be called by ftw: note where its record is, wait, and call ftw again, if still to do."""
        self.records.append(record)
        os.read(self._wait, 1)
        if len(self.records) < self.depth:
            _ftw.walk(self.path, self._visit)
        os.read(self._wait, 1)  # for ever: the whole process ends


def be_nicer(tid, steps):
    """Make a thread nicer than it is by some steps, as far as Linux lets it be.

    Never less nice: only root may, and a notebook may have been started with some niceness.
    """
    wanted = os.getpriority(os.PRIO_PROCESS, tid) + steps
    with contextlib.suppress(OSError):  # then the card shows what it has, as always
        os.setpriority(os.PRIO_PROCESS, tid, min(wanted, LAST_NICE))


def address_of_global():
    """Return the address of a global variable of the C library; 0 where it is not visible."""
    try:
        return ctypes.addressof(ctypes.c_void_p.in_dll(_libc.C, "environ"))
    except ValueError:
        return 0


def address_of_errno():
    """Return where the calling thread has its errno, which is *thread-local*; 0 if not known."""
    try:
        return _libc.function("__errno_location", ctypes.c_void_p)() or 0
    except _refuse.Unavailable:
        return 0


class Four:
    """All of them, and what is seen of them while they wait."""

    def __init__(self, sizes, depth):
        self.offset = _ftw.size_offset(sizes)
        self.threads = [Waiter(number, path, depth) for number, path in enumerate(sizes)]
        for level in range(1, depth + 1):
            self._wait_until_all_wait(level)
            for each in self.threads:
                each.stands.append(_own_stack.standing(each.tid))
            for each in self.threads if level < depth else ():
                each.deeper()

    def _wait_until_all_wait(self, level):
        end = time.monotonic() + PATIENCE
        while not self._all_wait(level):
            for each in self.threads:
                if each.error:
                    raise each.error
            if time.monotonic() > end:
                raise _refuse.Unavailable("the threads did not all come to rest here")
            time.sleep(0.001)

    def _all_wait(self, level):
        """Tell whether all are in one system call, or, where that cannot be read, asleep."""
        if any(len(each.records) < level for each in self.threads):
            return False
        if any(_own_stack.state(each.tid) != "S" for each in self.threads):
            return False
        return len({_own_stack.standing(each.tid)["call"] for each in self.threads}) == 1

    def local(self, each):
        """Return the address of a thread's local number, of its last call of ftw."""
        return each.records[-1] + self.offset

    def facts(self):
        """Return all that is reported. The main thread reads, while all the others wait."""
        regions, threads = _own_stack.regions(), self.threads
        instruction = threads[0].stands[-1]["instruction"]
        return {
            "pid": os.getpid(),
            "threads": {each.name: self._of(each, regions) for each in threads},
            "local_at": {x.name: [r + self.offset for r in x.records] for x in threads},
            "stack_pointer_at": {x.name: [s["stack_pointer"] for s in x.stands] for x in threads},
            "addresses": self._addresses(),
            "values": [_ftw.number_at(self.local(each)) for each in threads],
            "from_top": [each.stack[1] - self.local(each) for each in threads],
            "waits_in": _own_stack.function_at(instruction),
            "waits_file": _own_stack.file_at(regions, instruction),
            "size_offset": self.offset,
            "why": "" if instruction else NOT_SHOWN,
        }

    def _of(self, each, regions):
        """Return all that is known of one thread."""
        local = self.local(each)
        own = {"local": local, "value": _ftw.number_at(local)}
        return {**card(each), **place(each, regions), **own}

    def _addresses(self):
        """Return how many different addresses there are of each thing; ``None`` if unknown."""
        found = {
            "function": [each.function for each in self.threads],
            "instruction": [each.stands[-1]["instruction"] for each in self.threads],
            "global": [each.globals for each in self.threads],
            "local": [self.local(each) for each in self.threads],
            "errno": [each.errno for each in self.threads],
            "tid": [each.tid for each in self.threads],
            "stack pointer": [each.stands[-1]["stack_pointer"] for each in self.threads],
        }
        return {name: len(set(each)) if all(each) else None for name, each in found.items()}


def card(each):
    """Return what Linux keeps of a thread, as far as it shows it."""
    status = _record.keyed(_looking.read("self", f"task/{each.tid}/status") or "")
    fields = _record.stat_fields(_looking.read("self", f"task/{each.tid}/stat") or "")
    texts = {ours: status.get(name) for ours, name in TEXTS.items()}
    numbers = {
        ours: int(status[name]) if name in status else None for ours, name in NUMBERS.items()
    }
    return {
        "tid": each.tid,
        "state": fields[3],
        "niceness": int(fields[19]),
        **texts,
        **numbers,
        "blocks": blocked(texts["mask"]),
        "instruction": each.stands[-1]["instruction"],
        "stack_pointer": each.stands[-1]["stack_pointer"],
        "function": each.function,
        "global": each.globals or None,
        "errno": each.errno or None,
    }


def blocked(mask):
    """Return the names of the signals in a mask, as text; ``None`` if the mask is unknown."""
    if mask is None:
        return None
    return ", ".join(signal.Signals(number).name for number in _record.in_mask(mask)) or "none"


def place(each, regions):
    """Return where a thread's stack lies, how much of it is in memory, and the fence below."""
    low, high = each.stack
    region = _regions.locate(regions, high - 1) or {}
    alone = region.get("end") == high and region["start"] in (low, low - each.fence)
    return {
        "stack_start": low,
        "stack_end": high,
        "resident": region.get("rss") if alone else None,
        "fence_start": low - each.fence if each.fence else None,
        "fence_end": low if each.fence else None,
        "fence_rights": _own_stack.rights(regions, low - 1) if each.fence else None,
    }
