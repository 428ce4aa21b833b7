"""Native threads that only wait: started by the C library, without any Python in them.

Each of them runs one C function, ``sem_wait``, on a semaphore that nobody ever opens. They have a
stack of a given size. What is *touched* of it is written by the thread that starts them: a page does
not know who wrote to it first, and what counts is only that it was written to.
"""

import ctypes

from . import _libc

ATTRIBUTES, SEMAPHORE = 64, 32  # bytes; Linux's C libraries need 56 and 32 at most
IN_USE = 16 * 1024  # bytes at the top of a stack that its thread may be using; not written to
MADV_DONTNEED, MADV_HUGEPAGE = 4, 14
HUGE = 2 * 2**20  # bytes of a huge page
pointer, size_t = ctypes.c_void_p, ctypes.c_size_t


class Threads:
    """Threads of this process that wait for ever, with stacks of ``stack_kb``."""

    def __init__(self, stack_kb, touched_kb=0, huge=False):
        """Prepare; start none.

        Args:
            stack_kb: how large each stack is to be; touched_kb: how much of it is written to.
            huge: whether Linux is asked to put huge pages behind what is touched.
        """
        create = _libc.function("pthread_create", ctypes.c_int, pointer, pointer, pointer, pointer)
        self._attributes = ctypes.create_string_buffer(ATTRIBUTES)
        _libc.function("pthread_attr_init", ctypes.c_int, pointer)(self._attributes)
        sized = _libc.function("pthread_attr_setstacksize", ctypes.c_int, pointer, size_t)
        if sized(self._attributes, stack_kb * 1024):
            raise _libc.failed("pthread_attr_setstacksize")
        self._closed = ctypes.create_string_buffer(SEMAPHORE)
        unsigned = (ctypes.c_int, ctypes.c_uint)
        _libc.function("sem_init", ctypes.c_int, pointer, *unsigned)(self._closed, 0, 0)
        self._program, self._thread = _libc.address("sem_wait"), ctypes.c_ulong()
        self._create = create
        self._touched = touched_kb * 1024
        self._stacks = _Stacks(huge) if touched_kb else None
        self.started = 0
        self.refused = 0

    def fill(self, count):
        """Start threads until there are ``count``; return how many there are then."""
        thread = ctypes.byref(self._thread)
        while self.started < count and not self.refused:
            self.refused = self._create(thread, self._attributes, self._program, self._closed)
            if not self.refused:
                self.started += 1
                if self._stacks:
                    self._stacks.touch(self._thread, self._touched)
        return self.started

    def give_back(self):
        """Tell Linux that what was touched of each stack is needed no more; return for how many."""
        return self._stacks.give_back() if self._stacks else 0


class _Stacks:
    """Where the stacks of threads lie, and writing to them."""

    def __init__(self, huge):
        self._huge = huge
        self._ask = _libc.function("pthread_getattr_np", ctypes.c_int, ctypes.c_ulong, pointer)
        self._where = _libc.function(
            "pthread_attr_getstack", ctypes.c_int, pointer, pointer, pointer
        )
        self._forget = _libc.function("pthread_attr_destroy", ctypes.c_int, pointer)
        self._advise = _libc.function("madvise", ctypes.c_int, pointer, size_t, ctypes.c_int)
        self._attributes = ctypes.create_string_buffer(ATTRIBUTES)
        self._low, self._size = pointer(), size_t()
        self._touched = []

    def touch(self, thread, size):
        """Write to the ``size`` bytes below what a thread has in use."""
        if self._ask(thread, self._attributes):
            raise _libc.failed("pthread_getattr_np")
        self._where(self._attributes, ctypes.byref(self._low), ctypes.byref(self._size))
        self._forget(self._attributes)
        low, high = self._low.value, self._low.value + self._size.value
        start = max(low, (high - IN_USE - size) // 4096 * 4096)
        if self._huge:
            # A huge page begins at a multiple of its size; where none fits, Linux gives small ones.
            start = min((low + HUGE - 1) // HUGE * HUGE, start)
            self._advise(low, self._size.value, MADV_HUGEPAGE)
        ctypes.memset(start, 1, size)
        self._touched.append((start, size))

    def give_back(self):
        """Advise Linux to take back what was touched."""
        for start, size in self._touched:
            if self._advise(start, size, MADV_DONTNEED):
                raise _libc.failed("madvise")
        return len(self._touched)
