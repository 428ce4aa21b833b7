"""A program with many tasks, as a child of the measuring process, which looks at it from outside.

The program is one of ours, in Python (``_tasks_of_python.py``), or one that was built (``tasks.go``
and its like). All of them obey the same commands, a line of words each on their standard input:

    (when it runs)          -> up VERSION
    wait N                  -> waiting N       N tasks wait for ever
    hearts N                -> beating N       N tasks give a sign of life each 10 ms
    call N HOW NS FD                           N tasks make one call that takes a while
    compute N ROUNDS HOW    -> computed N      N tasks have done a fixed amount of work

and write signs of life into shared memory as ``_beats.py`` lays it out: hearts have the first rows,
callers those that follow. A program that cannot share memory says the same in lines instead:
``beat ROW T_NS``, ``calls ROW T_NS``, ``back ROW T_NS``. The program ends when its input does, or is killed.
"""

import os
import select
import time

from . import _beats, _precautions, _refuse, _watching

NAME = "program"
READY = 15.0  # seconds for a program to come up
NOTES = {"beat": _beats.COUNT, "calls": _beats.FAULT, "back": _beats.DONE}
OF_PYTHON = ("threads", "pthreads", "asyncio", "greenlet")  # these need no other program


class Program:
    """A running program with tasks.

    Attributes:
        pid: its process number; version: what its runtime calls itself.
        beats: the rows of its tasks; ``pipe``: a descriptor that callers can be given to read from,
            and ``feed`` its other end.
    """

    def __init__(self, runtime, built, rows=1, settings=None):
        """Start it, and wait until its runtime runs.

        Args:
            runtime: which one.
            built: the command that starts it, a list; of greenlet, the folder that it lies in.
            rows: how many tasks at most give signs of life.
            settings: environment variables that the program gets beside the worker's.
        """
        self.children = _watching.Children()
        self._memory = shared_file()
        self.beats = _beats.Beats(rows, self._memory)
        down, self._write = os.pipe()
        self._read, up = os.pipe()
        self.pipe, self.feed = os.pipe()
        theirs, ours = (down, up, self.pipe, self._memory), (self._write, self._read, self.feed)

        def in_the_child():
            _precautions.die_with_parent()
            _precautions.no_core_file()
            for fd in ours:
                os.close(fd)
            if runtime in OF_PYTHON:
                serve(runtime, self.beats, down, up, built)
            else:
                become(built, theirs, settings or {})

        self.pid = self.children.fork(NAME, in_the_child)
        os.close(down)
        os.close(up)
        self._heard = b""
        self._poll = select.poll()
        self._poll.register(self._read, select.POLLIN)
        self.ended = None
        self.version = " ".join(self.answer("up", READY))

    def tell(self, *words):
        """Give a command."""
        try:
            os.write(self._write, " ".join(map(str, words)).encode() + b"\n")
        except BrokenPipeError:
            raise RuntimeError(self._early()) from None

    def answered(self, seconds=0.0):
        """Return the words of the next answer; None if none has come within so long."""
        until = time.monotonic() + seconds
        while True:
            while b"\n" not in self._heard:
                if not self._hear(max(until - time.monotonic(), 0)):
                    return None
            line, _, self._heard = self._heard.partition(b"\n")
            words = line.decode().split() or ["nothing"]
            if words[0] == "unavailable":
                raise _refuse.Unavailable(" ".join(words[1:]))
            if words[0] not in NOTES:
                return words
            self.beats.note(int(words[1]), NOTES[words[0]], int(words[2]))

    def _hear(self, seconds):
        """Take what has come in; return whether there was anything."""
        if not self._poll.poll(seconds * 1000):
            return False
        piece = os.read(self._read, 65536)
        if not piece:
            raise RuntimeError(self._early())
        self._heard += piece
        return True

    def check(self):
        """Raise if the program has ended before its time."""
        self.answered()

    def answer(self, expected, seconds):
        """Wait for an answer; return what follows its first word.

        Raises:
            RuntimeError: none has come, another one, or the program has ended.
        """
        words = self.answered(seconds)
        if words is None or words[0] != expected:
            raise RuntimeError(f"the program was to answer {expected!r}, and answered {words!r}")
        return words[1:]

    def _early(self):
        ended = self.children.ended(1.0)
        how = f": {ended[0][2]}, {ended[0][3]}" if ended else ""
        return f"the program has ended before its time{how}"

    def end(self):
        """Kill and collect it, and close what was opened; return how it ended, and its code."""
        ended = self.children.kill()
        for fd in (self._write, self._read, self.pipe, self.feed, self._memory):
            os.close(fd)
        return ended[0][2:] if ended else ("exited", None)


def shared_file():
    """Return a descriptor of a file that others can map too, and that has no name any more."""
    try:
        return os.memfd_create("beats")
    except (AttributeError, OSError):  # some builds of Python do not have it, some systems bar it
        path = os.path.join(os.environ["TMPDIR"], f"beats-{time.monotonic_ns()}")
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        os.unlink(path)
        return fd


def serve(runtime, beats, down, up, folder):
    """In the child: be the program, obey each command that comes in on ``down``; end when it ends.

    ``folder`` is where an installed package lies, alone in a list, or empty.
    """
    try:
        kind(runtime)(beats, down, up, *(folder or ()))
    except (_refuse.Unavailable, RuntimeError) as error:  # the latter: no more threads are allowed
        os.write(up, f"unavailable {error}\n".encode())


def kind(runtime):
    """Return the function that is the program of a runtime."""
    from . import _tasks_of_python

    if runtime == "asyncio":
        from . import _tasks_of_asyncio

        return _tasks_of_asyncio.run
    if runtime == "greenlet":
        from . import _tasks_of_greenlet

        return _tasks_of_greenlet.run
    return {"threads": _tasks_of_python.threads, "pthreads": _tasks_of_python.pthreads}[runtime]


def become(command, theirs, settings):
    """In the child: become the built program, with these descriptors; never returns."""
    down, up, pipe, memory = theirs
    os.dup2(down, 0)
    os.dup2(up, 1)
    for fd in (pipe, memory):
        os.set_inheritable(fd, True)
    environment = {**os.environ, **settings}
    try:
        os.execve(command[0], [*command, f"/proc/self/fd/{memory}"], environment)
    except OSError as error:  # a folder in which nothing may be started, say
        why = f"{command[0]} cannot be started: {error.strerror}"
        if len(command) == 1:  # one that was built
            why += "; CONCLIB_PROGRAMS can name another folder for it"
        os.write(up, f"unavailable {why}\n".encode())


def wait_until(true, seconds, pause=0.0005):
    """Ask until it is true, for so long; return whether it was."""
    until = time.monotonic() + seconds
    while not true():
        if time.monotonic() > until:
            return False
        time.sleep(pause)
    return True
