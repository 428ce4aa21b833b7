"""A parent, a thread of it, its forked child and a fresh program: four tasks that do as they are told.

Between two orders each of them is blocked in ``read``, so only one works at a time, and what one does
is done before another looks. The measuring process gives the orders and takes no part: a folder or
a signal is never changed in itself.

    measuring process -----> parent ("maker") ---------> forked child ("child")
            |                     | \\
            |                     |  thread ("thread")
            +------------------> fresh program ("stranger")

The parent forks before it starts its thread: a fork beside a thread can hang.
"""

from __future__ import annotations  # a worker may be an older Python

import contextlib
import errno
import os
import signal
import sys

from . import _errands, _light, _looking, _record, _refuse, _watching

MAKER, THREAD, CHILD, STRANGER = NAMES = ("maker", "thread", "child", "stranger")
PROGRAM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "_fresh.py")
LIMIT = 15  # seconds after which Linux ends each of the processes
LOOK = 0.1  # seconds after which we look whether there is still somebody to answer
PIECE = 65536
NUMBERS = 256  # descriptors that a process must be allowed to have
TOLD, ANSWERS = 198, 199  # descriptors by which the fresh program is told and answers


class Cast:
    """The tasks of one trial; leaving the ``with`` block ends and collects all of them."""

    def __init__(self):
        require_numbers()
        self._told = {name: os.pipe() for name in NAMES}
        self._answers = {name: os.pipe() for name in NAMES}
        self._pids = {}

    def __enter__(self):
        self._pids[MAKER] = _watching.fork(self._be_maker)
        return self

    def __exit__(self, *_):
        self._end()
        for pair in (*self._told.values(), *self._answers.values()):
            for fd in pair:
                os.close(fd)

    # Who there is -------------------------------------------------------------------------------
    def fork(self):
        """Have the parent fork its child."""
        self._pids[CHILD] = self.tell(MAKER, "fork")

    def start_thread(self):
        """Have the parent start its thread."""
        self.tell(MAKER, "thread")

    def start_fresh(self):
        """Start the fresh program, which has nothing to do with the parent."""
        actions = [(os.POSIX_SPAWN_DUP2, self._told[STRANGER][0], TOLD),
                   (os.POSIX_SPAWN_DUP2, self._answers[STRANGER][1], ANSWERS)]  # fmt: skip
        command = [sys.executable, "-I", "-S", PROGRAM]
        environment = {**os.environ, "CONCLIB_LIMIT": str(LIMIT)}
        pid = os.posix_spawn(sys.executable, command, environment, file_actions=actions)
        self._pids[STRANGER] = pid

    def start(self, *names):
        """Start those of the three others that are wanted, in the order that is safe."""
        for name, begin in ((STRANGER, self.start_fresh), (CHILD, self.fork),
                            (THREAD, self.start_thread)):  # fmt: skip
            if name in names:
                begin()

    # Orders -------------------------------------------------------------------------------------
    def tell(self, name, order, *details):
        """Have a task do something (``_errands.py``) and return its answer.

        Raises:
            OSError: Linux refused it to the task, or it has no such thing.
            RuntimeError: the task has ended before it answered.
        """
        os.write(self._told[name][1], _light.dumps([order, *details]).encode() + b"\n")
        answer = _light.loads(self._heard(name))
        if "refused" in answer:
            raise OSError(answer["refused"], os.strerror(answer["refused"]))
        return answer["got"]

    def said(self, name, order, *details):
        """Do what :meth:`tell` does, but return the error's name where it is refused: ``EBADF``."""
        try:
            return self.tell(name, order, *details)
        except OSError as error:
            return errno.errorcode.get(error.errno, str(error.errno))

    def _heard(self, name):
        text = b""
        while not text.endswith(b"\n"):
            if not (piece := self._read(name)):
                raise RuntimeError(f"{name} has ended before its time")
            text += piece
        return text

    def _read(self, name):
        """Wait for an answer; look now and then whether there is still somebody to give it."""
        import select

        fd = self._answers[name][0]
        while not select.select([fd], [], [], LOOK)[0]:
            pid = self._pids[MAKER if name == THREAD else name]
            if name != CHILD and os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                return b""
            if name == CHILD and has_ended(pid):
                return b""
        return os.read(fd, PIECE)

    # In the parent, its child and its thread ------------------------------------------------------
    def _be_maker(self):
        _watching.limit(LIMIT)
        own = {"fork": self._forked, "thread": self._threaded}
        self._serve(MAKER, {**_errands.ERRANDS, **own})

    def _forked(self):
        return _watching.fork(self._be_child)

    def _be_child(self):
        _watching.limit(LIMIT)
        self._serve(CHILD, _errands.ERRANDS)

    def _threaded(self):
        import _thread

        _thread.start_new_thread(self._serve, (THREAD, _errands.ERRANDS))

    def _serve(self, name, errands):
        serve(self._told[name][0], self._answers[name][1], errands)

    def _end(self):
        """End and collect all of them: the child first, which is ours when its parent has ended."""
        for name in (CHILD, MAKER, STRANGER):
            if name in self._pids:
                with contextlib.suppress(
                    ProcessLookupError
                ):  # an orphan that another has collected
                    os.kill(self._pids[name], signal.SIGKILL)
        for name in (MAKER, STRANGER, CHILD):
            if name in self._pids:
                _collect(self._pids[name])


def has_ended(pid):
    """Tell whether a process that is not our child has ended: gone, or a zombie.

    By its state, which everybody may read: much else of it is closed to others once it has changed
    its user.
    """
    text = _looking.read(pid, "stat")
    return text is None or _record.stat_fields(text)[3] in "ZX"


def require_numbers():
    """Refuse where a process may not number its open files as high as it is done here."""
    import resource

    most = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if 0 <= most < NUMBERS:
        text = f"a process may have {most} files open here, and {NUMBERS} are needed"
        raise _refuse.Unavailable(text)


def _collect(pid):
    with contextlib.suppress(ChildProcessError):  # an orphan that another process has adopted
        os.waitpid(pid, 0)


def serve(told, answers, errands):
    """Be a task: do what comes in on ``told`` and say on ``answers`` what came of it."""
    while line := os.read(told, PIECE):  # one order at a time: a read brings a whole one
        order, *details = _light.loads(line)
        try:
            answer = {"got": errands[order](*details)}
        except OSError as error:
            answer = {"refused": error.errno}
        os.write(answers, _light.dumps(answer).encode() + b"\n")
