"""Programs with many tasks in Python: each is a child of the measuring process, and obeys commands.

``threads``: each task is a thread of Linux. ``pthreads``: so too, and no Python runs in them.
``asyncio``: all tasks on one thread, whose turns the event loop gives. ``greenlet``: so too, with a
loop of our own (``_tasks_of_greenlet.py``). What they obey is in ``_tasks_program.py``.
"""

import os
import sys
import threading
import time

from . import _beats

EVERY = 0.010  # seconds between two signs of life
ROUND = 10_000  # turns of a loop: about a millisecond
ZEROS = bytes(1 << 20)  # what is hashed in one round
LETTERS = 30_000  # of a text that one round shuffles
SMALL = 256 * 1024  # bytes of a thread's stack where there are thousands


def version(*words):
    """Return what a program answers when it is up."""
    return " ".join(("up", "Python", sys.version.split()[0], *words)).encode() + b"\n"


def commands(down):
    """Yield the words of each command that comes in."""
    with open(down, "rb", buffering=0, closefd=False) as lines:
        for line in lines:
            yield line.decode().split()


class Rows:
    """The rows of shared memory, given out one by one, and what a task notes in its own."""

    def __init__(self, beats):
        self.beats, self.taken = beats, 0

    def next(self):
        """Return the row of one more task."""
        self.taken += 1
        return self.taken - 1

    def beat(self, row):
        """Give a sign of life, and say on which thread."""
        self.beats.note(row, _beats.TID, threading.get_native_id())
        self.beats.beat(row)

    def calls(self, row):
        """Note that a task is about to make its call."""
        self.beats.note(row, _beats.TID, threading.get_native_id())
        self.beats.about_to_fault(row)

    def back(self, row):
        """Note that the call has come back."""
        self.beats.note(row, _beats.DONE, time.monotonic_ns())


def one_round(how):
    """Do the work of one round: in Python, or in C, which lets go of the lock meanwhile."""
    if how == "hash":
        from hashlib import sha256

        sha256(ZEROS).digest()
        return
    total = 0
    for number in range(ROUND):
        total += number


def compute_for(ns):
    """Compute for so long, without ever giving way."""
    until = time.monotonic_ns() + ns
    while time.monotonic_ns() < until:
        one_round("own")


# Threads of Linux, each of which runs Python ------------------------------------------------------
def threads(beats, down, up):
    """Obey commands with a thread for each task."""
    import _thread

    rows, never = Rows(beats), os.pipe()[0]
    _thread.stack_size(SMALL)

    def start(work, *args):
        _thread.start_new_thread(work, args)

    os.write(up, version())
    for what, *words in commands(down):
        count = int(words[0])
        if what == "wait":
            for _ in range(count):
                start(os.read, never, 1)
            os.write(up, b"waiting %d\n" % count)
        elif what == "hearts":
            for _ in range(count):
                start(heart, rows, rows.next())
            os.write(up, b"beating %d\n" % count)
        elif what == "call":
            for _ in range(count):
                start(call, rows, rows.next(), words[1], int(words[2]), int(words[3]))
        elif what == "compute":
            compute(start, count, int(words[1]), words[2])
            os.write(up, b"computed %d\n" % count)


def heart(rows, row):
    """Give a sign of life each 10 ms."""
    while True:
        rows.beat(row)
        time.sleep(EVERY)


def call(rows, row, how, ns, fd):
    """Make one call that takes a while."""
    rows.calls(row)
    if how in ("read", "own_read"):
        os.read(fd, 1)
    elif how == "compute":
        compute_for(ns)
    else:
        time.sleep(ns / 1e9)
    rows.back(row)


def compute(start, count, rounds, how):
    """Have so many threads do a fixed amount of work; they stay, so that they can be looked at."""
    done, all_done, never = [], threading.Lock(), threading.Lock()
    all_done.acquire()
    never.acquire()

    def work():
        for _ in range(rounds):
            one_round(how)
        done.append(1)
        if len(done) == count:
            all_done.release()
        never.acquire()

    for _ in range(count):
        start(work)
    all_done.acquire()


# Threads of Linux without any Python --------------------------------------------------------------
def pthreads(beats, down, up):
    """Obey commands with native threads, each of which runs one function of the C library."""
    from . import _native_threads

    os.write(up, version("and the C library"))
    for what, *words in commands(down):
        count = int(words[0])
        if what == "wait":
            threads = _native_threads.Threads(SMALL // 1024)
            os.write(up, b"waiting %d\n" % threads.fill(count))
        elif what == "compute":
            shuffle(count, int(words[1]))
            os.write(up, b"computed %d\n" % count)


def shuffle(count, rounds):
    """Have so many native threads run ``strfry``, which puts the letters of a text in random order."""
    import ctypes

    from . import _libc

    pointer = ctypes.c_void_p
    create = _libc.function("pthread_create", ctypes.c_int, pointer, pointer, pointer, pointer)
    join = _libc.function("pthread_join", ctypes.c_int, ctypes.c_ulong, pointer)
    program, threads = _libc.address("strfry"), [ctypes.c_ulong() for _ in range(count)]
    texts = [ctypes.create_string_buffer(b"x" * (LETTERS * rounds)) for _ in threads]
    for thread, text in zip(threads, texts):  # noqa: B905 -- also for Pythons before 3.10
        failed = create(ctypes.byref(thread), None, program, text)
        if failed:
            raise _libc.failed("pthread_create", failed)
    for thread in threads:
        join(thread, None)
