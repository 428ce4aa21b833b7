"""One mapping that a parent and its forked children hold together, looked at from outside.

The parent is a child of the observer, so that it may end before its own children do. Each of them does
its work in the C library (a read or a write of a range), notes that it has done it, and waits. What
they have is read from that one mapping alone: of all else a Python has, they share a part too.
"""

import ctypes
import mmap
import os
import select

from . import _accounts, _ballast, _libc, _proc, _refuse, _regions, _rent_model, _watching

MB = 2**20
LOOK = 0.001
NOTES = 2  # numbers that each process leaves behind: its pid, and whether it has done its work
PID, READY = 0, 1
SCALES = ("rss", "pss", "uss", "faults")


class House:
    """A parent with so many MB, and children that each rewrite or read some of it."""

    def __init__(self, size_mb, rewrites, reads=False):
        """Start all of them, and return when each has done its work.

        Args:
            size_mb: of the mapping; rewrites: MB that each process rewrites, by name, the parent
                first; reads: whether each child reads every byte of it.
        """
        self.size, self.rewrites, self.reads = size_mb, rewrites, reads
        self.living = list(rewrites)
        count = NOTES * len(rewrites) + 1
        self._notes = (ctypes.c_int64 * count).from_buffer(mmap.mmap(-1, 8 * count))
        self.children = _watching.Children()
        self.children.fork(self.living[0], self._be_parent)
        while not all(self._note(number, READY) for number in range(len(rewrites))):
            if self.children.ended(LOOK):
                raise RuntimeError("the parent has ended before all was ready")
        self._lives = {name: life(self.pid(name)) for name in self.living}

    def pid(self, name):
        """Return the pid of one of them."""
        return self._note(list(self.rewrites).index(name), PID)

    @property
    def start(self):
        """Where the mapping begins: at the same address in all of them."""
        return self._notes[NOTES * len(self.rewrites)]

    def _note(self, number, which):
        return self._notes[NOTES * number + which]

    # What the processes do -----------------------------------------------------------------------
    def _be_parent(self):
        """Fill the mapping, fork the children one after another, and live on as they do."""
        _accounts.small_pages_only()
        self._pause, fork = _libc.function("pause"), _libc.function("fork")
        ballast = _ballast.Ballast(self.size)
        self._notes[NOTES * len(self.rewrites)] = _ballast.address_of(ballast.memory)
        for number in range(1, len(self.rewrites)):
            pid = fork()
            if pid < 0:
                raise _libc.failed("fork")
            if pid == 0:
                self._live(number)
            while not self._note(number, READY):
                os.sched_yield()
        self._live(0)

    def _live(self, number):
        """Do one's work, note that it is done, and wait in the C library for the end."""
        if self.reads and number:
            self._read_all()
        self._rewrite(number)
        self._notes[NOTES * number + PID] = os.getpid()
        self._notes[NOTES * number + READY] = 1
        while True:
            self._pause()

    def _read_all(self):
        """Compare each byte with the next one: they are equal, so it goes through to the end."""
        pointer = ctypes.c_void_p
        compare = _libc.function("memcmp", ctypes.c_int, pointer, pointer, ctypes.c_size_t)
        if compare(self.start, self.start + 1, self.size * MB - 1):
            raise RuntimeError("the memory does not hold what was written to it")

    def _rewrite(self, number):
        """Write to one's part: those before have the parts before it."""
        counts = list(self.rewrites.values())
        ctypes.memset(self.start + sum(counts[:number]) * MB, 2, counts[number] * MB)

    # What the observer does -----------------------------------------------------------------------
    def figures(self, name):
        """Return a process's figures; ``None`` for each if it is gone.

        They are rss, pss and uss of the one mapping, in kB, and its page faults so far.

        Raises:
            Unavailable: Linux does not show it.
        """
        if name not in self.living:
            return dict.fromkeys(SCALES)
        first, last = self.start, self.start + self.size * MB
        parts = _regions.parse(smaps(self.pid(name)))
        ours = [each for each in parts if first <= each["start"] < last]
        if sum(each["end"] - each["start"] for each in ours) != self.size * MB:
            raise _refuse.Unavailable("Linux has joined the mapping with another one here")
        sums = {key: sum(each[key] for each in ours) // 1024 for key in ("rss", "pss")}
        own = sum(each["private_clean"] + each["private_dirty"] for each in ours) // 1024
        stat = _proc.parse_stat(_accounts.read(f"/proc/{self.pid(name)}/stat"))
        return {**sums, "uss": own, "faults": stat["minor_faults"]}

    def end(self, name):
        """End one of them, and wait until it has given back its memory."""
        import signal

        fd, poll = self._lives.pop(name)
        signal.pidfd_send_signal(fd, signal.SIGKILL)
        poll.poll()
        os.close(fd)
        self.living.remove(name)

    def close(self):
        """End all that live, and collect them; return how many are left."""
        pids = [self.pid(name) for name in self.rewrites]
        for name in list(self.living):
            self.end(name)
        self.children.kill()  # the parent; its children have come to us with its end
        for pid in pids[1:]:
            try:
                os.waitpid(pid, 0)
            except ChildProcessError:  # another process adopts the orphans here
                pass
        return sum(os.path.exists(f"/proc/{pid}") for pid in pids)


def life(pid):
    """Return a descriptor of a process's life, and a poll object that says when it has ended."""
    fd = _refuse.require(os, "pidfd_open")(pid)
    poll = select.poll()
    poll.register(fd, select.POLLIN)
    return fd, poll


def smaps(pid):
    """Return the text of a process's ``smaps``.

    Raises:
        Unavailable: it is not there, or may not be read.
    """
    try:
        return _accounts.read(f"/proc/{pid}/smaps")
    except (FileNotFoundError, PermissionError) as error:
        raise _refuse.Unavailable(f"/proc/{pid}/smaps: {error.strerror}") from None


def watch(house, ends, tell):
    """End them one after another; return each one's figures at each step, and what came back.

    Args:
        ends: names, in the order of their ends; tell: where to say what happens.

    Returns:
        Facts: ``figures`` (by scale and name, a value for each step), ``ends``, ``in_ram_kb``
        (the memory really behind the mapping at each step) and ``back_kb`` (what the machine's own
        count of such memory fell by, with each end).
    """
    seen = [{name: house.figures(name) for name in house.rewrites}]
    back = []
    for name in ends:
        before = _accounts.machine()["anonymous"]
        house.end(name)
        back.append(before - _accounts.machine()["anonymous"])
        tell.ending(name, "killed", by="pidfd")
        seen.append({each: house.figures(each) for each in house.rewrites})
    figures = {
        scale: {name: [step[name][scale] for step in seen] for name in house.rewrites}
        for scale in SCALES
    }
    sums = [sum(each["pss"] or 0 for each in step.values()) for step in seen]
    return {"figures": figures, "ends": list(ends), "in_ram_kb": sums, "back_kb": back}


def live(size_mb, rewrites, ends, tell, reads=False):
    """Let them live together and end in this order; return the facts."""
    tell.actor("observer", "process", os.getpid())
    house = House(size_mb, rewrites, reads)
    try:
        for name in rewrites:
            maker = "observer" if name == _rent_model.PARENT else _rent_model.PARENT
            tell.actor(name, "process", house.pid(name), maker=maker)
            tell.event(name, "waits", rewrote_mb=rewrites[name])
        facts = watch(house, ends, tell)
    finally:
        left = house.close()
    return {"names": list(rewrites), **facts, "left": left}
