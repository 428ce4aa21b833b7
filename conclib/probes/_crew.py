"""A crew: actors that do the same work side by side, until one of them goes wrong.

Each adds one to a number of its own and gives a sign of life, again and again. The numbers of one
process's threads lie side by side in its memory, as the data of threads do. One of the actors goes
wrong after a third of its work. Whatever an actor has to say it writes into shared memory or, as a
line of JSON, into a pipe: it has left the process before the actor goes on.

Nothing here looks at anybody: that is the observer's, see ``_crew_watch.py``.
"""

import ctypes
import os
import sys
import time
from contextlib import nullcontext

from . import _faults, _light, _precautions

EVERY = 0.010  # seconds between two signs of life
MAX_TEXT = 1000  # characters of an error's text


class Crew:
    """What all actors of a crew share, wherever they live.

    Attributes:
        beats: their rows in shared memory; names: what they are called, by row.
        fault, faulty: what goes wrong, and in which row; code: the exit code of a wanted exit.
        count: how often each shows that it lives; lives: in how many lives of its job one faults.
        sums: a number for each row, in the memory of this process alone.
        turn: what each must have for a step of its work: a lock, or nothing.
    """

    def __init__(self, beats, names, params, report_fd):
        self.beats, self.names, self._report_fd = beats, names, report_fd
        self.fault, self.code = params["fault"], params["code"]
        self.count, self.lives = params["beats"], params["lives"]
        self.faulty = params["faulty"]
        self.sums = (ctypes.c_int64 * len(names))()
        self.turn = nullcontext()

    def report(self, **said):
        """Say something to the observer, in one piece."""
        os.write(
            self._report_fd, _light.dumps({"t_ns": time.monotonic_ns(), **said}).encode() + b"\n"
        )

    def play(self, row, life=1, job=None):
        """Do the work of one actor, or of one life of a job, from its first sign of life to its last."""
        job = row if job is None else job
        Part(self, row, job == self.faulty and life <= self.lives).play()


class Part:
    """One actor's part: which row it writes, and whether it goes wrong."""

    def __init__(self, crew, row, goes_wrong):
        self.crew, self.row, self.goes_wrong = crew, row, goes_wrong

    def play(self):
        """Work; what ends this early is noted, and goes on upwards as it would anywhere."""
        import threading

        crew, beats = self.crew, self.crew.beats
        beats.begin(self.row, threading.get_native_id())
        try:
            for number in range(crew.count):
                with crew.turn:
                    self.step(number)
                time.sleep(EVERY)
            beats.finish(self.row, crew.sums[self.row])
        except BaseException as error:
            crew.report(actor=crew.names[self.row], raised=in_words(error), trace=trace(error))
            raise
        finally:
            beats.last_words(self.row)

    def step(self, number):
        """Add one, give a sign of life, and go wrong when it is time to."""
        self.crew.sums[self.row] += 1
        self.crew.beats.beat(self.row)
        if self.goes_wrong and number == self.crew.count // 3:
            self.crew.beats.about_to_fault(self.row)
            _faults.commit(self.crew.fault, self)

    def signal_sent(self):
        """Whether the observer has sent its signal."""
        from . import _beats

        return self.crew.beats.number(self.row, _beats.SENT)


def in_words(error):
    """Return an exception as Python's last line has it: ``"ZeroDivisionError: division by zero"``."""
    text = str(error)
    return (type(error).__name__ + (f": {text}" if text else ""))[:MAX_TEXT]


def trace(error):
    """Return the calls that an exception went up through, innermost first, a few of them."""
    found, step = [], error.__traceback__
    while step is not None and len(found) < 10:
        code = step.tb_frame.f_code
        found.insert(
            0, f"{code.co_name}, line {step.tb_lineno} of {os.path.basename(code.co_filename)}"
        )
        step = step.tb_next
    return found


# A process of the crew ----------------------------------------------------------------------------
def live(work, crew, stacks_fd):
    """Be a process that runs ``work()``, and end as a Python does that ends by itself.

    A forked child has the middle of its parent's program behind it, so what an interpreter does at
    its end is done here: an exception's text, the exit code, the wait for other threads.
    """
    import threading

    prepare(crew.fault, stacks_fd)
    code = 1
    try:
        work()
        code = 0
    except SystemExit as leaving:
        code = exit_code(leaving)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        try:
            threading._shutdown()  # waits for all threads but daemons
        finally:
            os._exit(code)


def exit_code(leaving):
    """Return the exit code that Python makes of a SystemExit."""
    if leaving.code is None:
        return 0
    return leaving.code & 0xFF if isinstance(leaving.code, int) else 1


def prepare(fault, stacks_fd):
    """In a process of the crew: no file after a crash, an answer to SIGTERM, stacks when asked."""
    import faulthandler
    import signal

    _precautions.no_core_file()
    faulthandler.register(signal.SIGUSR1, stacks_fd, all_threads=True)
    if fault == "SIGTERM handled":
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    elif fault == "SIGTERM ignored":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)


def in_threads(crew, rows):
    """Start a thread for each of these rows; return the threads."""
    import threading

    threads = [threading.Thread(target=crew.play, args=(row,)) for row in rows]
    for thread in threads:
        try:
            thread.start()
        except RuntimeError as error:  # "can't start new thread"
            crew.report(**{"no more": str(error)})
            raise
    return threads


class FileTurn:
    """A lock of Linux on a file, which each process opens for itself each time."""

    def __init__(self, path):
        self.path, self._fd = path, None

    def __enter__(self):
        import fcntl

        self._fd = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(self._fd, fcntl.LOCK_EX)

    def __exit__(self, *_):
        os.close(self._fd)  # and with it goes the lock
