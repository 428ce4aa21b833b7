"""The end of a worker, living or crashed, and of all that it has started.

Whatever descends from a living worker can be found by its parents, for the worker adopts the
orphans among its descendants (``probes/_precautions.py``): no session of its own, no other user,
folder or environment hides a process from this. What a probe has made to descend from somebody
else, or a crashed worker has lost, is known by signs (``marks.py``). So the order is:

1. *stop* the worker and its group, and then, look after look, what else belongs to it, until two
   looks find the same and nothing of it runs: what is stopped starts nothing;
2. kill what was found, then the worker;
3. give multiprocessing's *resource tracker* a moment: a small process that unlinks the names in
   shared memory of a process that has ended without doing so. It waits for the end of a pipe, which
   comes when all of the others are gone;
4. kill what is left of the group, and unlink what no tracker knew of (``shared.py``).

What will not stop in time is killed as it is found; what cannot be killed is said. Until the caller
has collected the worker it stays a zombie, and keeps its number, which is its group's and its
session's too, from being used again.
"""

import itertools
import os
import signal
import time
from collections.abc import Callable, Iterable

from conclib.worker import marks, processes, shared
from conclib.worker.marks import Signs
from conclib.worker.processes import HALTED, OVER, WAITS, Process

TRACKER = b"multiprocessing.resource_tracker"
HALT = 0.5  # seconds in which all must have stopped: one that waits for a disk does so later
GONE = 0.2  # seconds for what was killed to be gone, and for the resource tracker to do its work
SURE = 2.0  # seconds before it is said that something could not be ended
WAIT = 0.1  # seconds after which one that cannot be stopped is past what it had just begun
LOOKS = 5  # in all cases: on a busy machine one can take half a second
PAUSE = 0.001
YOUNGEST = 10  # children, looked at so many times before all others are
TRIES = 10


class Family:
    """A worker and all that it has started.

    Args:
        pid: the worker's, which leads a session of its own. If it is no child of ours, or was
            collected by somebody, its number is nothing to us.
        signs: by what its children are known that do not descend from it.
    """

    def __init__(self, pid: int, signs: Signs) -> None:
        self.pid = pid
        self.ours = _uncollected(pid)
        self.signs = signs._replace(session=pid if self.ours else 0)
        self.found: list[Process] = []  # all but the worker, also what has ended
        self._seen: dict[tuple[int, int], Process] = {}  # by key: all that was ever found
        self._asked: dict[tuple[int, int], float] = {}  # by key: when it was first sent a signal
        self._spared: set[tuple[int, int]] = set()  # keys of those that get their moment

    def stop(self) -> None:
        """Stop the worker and its group, so that they notice no more; it takes no descriptor."""
        self._signal_group(signal.SIGSTOP)

    def end(self, since: float) -> str:
        """Kill all of it.

        Args:
            since: the moment before the worker was started (``time.time()``).

        Returns:
            What the user should know of what may be left; mostly nothing.
        """
        settled = _until(self._stopped, HALT)
        living = [each for each in self.found if each.alive]
        names = shared.held([*living, *self._itself()])
        trackers = [each for each in living if TRACKER in processes.read(each, "cmdline")]
        self._spared = {each.key for each in trackers}
        self._kill(each for each in living if each not in trackers)
        settled = settled or _until(self._killed, HALT)
        self._kill(self._itself())
        for each in trackers:
            processes.send(each, signal.SIGCONT)
        _until(self._gone, GONE)
        self._kill(trackers)
        self._signal_group(signal.SIGKILL)
        shared.unlink(names, since)
        return "" if settled and _until(self._gone, SURE) else self._left()

    def collect(self) -> None:
        """Collect what has become a child of this process, once the worker is gone.

        That is of all that was ever found: a zombie has no signs left, and a later look misses it.
        """
        for each in self._seen.values():
            processes.collect(each)

    # Signals ----------------------------------------------------------------------------------
    def _signal_group(self, number: int) -> None:
        try:
            if self.ours:
                os.killpg(self.pid, number)
        except (ProcessLookupError, PermissionError):
            pass  # only a zombie is left (macOS says EPERM for that)

    @staticmethod
    def _kill(those: Iterable[Process]) -> None:
        for each in those:
            processes.send(each, signal.SIGKILL)

    # Looks ------------------------------------------------------------------------------------
    def _itself(self) -> list[Process]:
        """Return the worker as it is now; nothing if it is gone, or cannot be seen."""
        now = processes.look(self.pid) if self.ours else None
        return [now] if now else []

    def _stopped(self) -> bool:
        if not all(self._obeys(each, HALTED) for each in self._itself()):
            self.stop()  # it was asked already, and takes its time; or something has let it go on
            return False
        return self._childless() or self._quiet(signal.SIGSTOP, HALTED)

    def _killed(self) -> bool:
        return self._quiet(signal.SIGKILL, OVER)

    def _gone(self) -> bool:
        return not any(map(processes.still, self.found))

    def _childless(self) -> bool:
        """Tell in a quick way whether a stopped worker has surely started nothing that is left."""
        return processes.newest() == self.pid and processes.children(self.pid) == []

    def _quiet(self, number: int, states: str) -> bool:
        """Look once, signal what is in none of these states; return whether all is quiet.

        That is so when a look has found nothing to signal, and nobody that the last one had not
        found: of those that fork and end at once only zombies are seen, others each time.
        """
        for _ in range(TRIES):
            if not self._catch(number, states):
                break
        before, self.found = {each.key for each in self.found}, self._look()
        self._seen.update((each.key, each) for each in self.found)
        busy = [each for each in self.found if not self._obeys(each, states)]
        for each in busy:
            processes.send(each, number)
        return not busy and before == {each.key for each in self.found} and self._complete()

    def _catch(self, number: int, states: str) -> bool:
        """Signal the worker's youngest at once, and theirs; return whether that had to be.

        Some fork and end in less time than a look at all takes.
        """
        waiting, caught = self._children()[-YOUNGEST:], False
        while waiting:
            child = processes.look(waiting.pop())
            if child and child.alive:
                if not self._obeys(child, states):
                    processes.send(child, number)
                    caught = True
                waiting += processes.children(child.pid) or []
        return caught

    def _children(self) -> list[int]:
        return (processes.children(self.pid) if self.ours else None) or []

    def _obeys(self, process: Process, states: str) -> bool:
        """Tell whether a process has done as it was asked, or has waited in Linux for a while."""
        if process.state in states or process.key in self._spared:
            return True
        asked = self._asked.setdefault(process.key, time.monotonic())
        return process.state == WAITS and time.monotonic() - asked > WAIT

    def _complete(self) -> bool:
        """Tell whether each child that Linux lists of a stopped worker was found."""
        return set(self._children()) <= {each.pid for each in self.found}

    def _look(self) -> list[Process]:
        """Return all that belongs to the worker now: what descends from it, or bears its signs."""
        children: dict[int, list[Process]] = {}
        ended = {each.pid: each for each in self.found if self._waits_for_us(each)}
        others = [each for each in processes.everything(ended) if each.pid != self.pid]
        for each in others:
            children.setdefault(each.parent, []).append(each)
        found: dict[int, Process] = {}
        if self.ours:
            _add(found, children.get(self.pid, []), children)
        start = min((each.start for each in self._itself()), default=0)
        for each in others:
            if each.pid not in found and each.start >= start and marks.belongs(each, self.signs):
                _add(found, [each], children)
        return list(found.values())

    def _waits_for_us(self, process: Process) -> bool:
        """Tell whether a process has ended, and the worker, which is stopped, has to collect it."""
        return self.ours and process.parent == self.pid and not process.alive

    def _left(self) -> str:
        left = [str(each.pid) for each in self.found if processes.still(each)]
        numbers = f" (process {', '.join(left[:5])})" if left else ""
        return f"Something that a probe has started could not be ended and may go on{numbers}."


def _uncollected(pid: int) -> bool:
    """Tell whether a number is that of a child of ours, living or not: then nobody else has it."""
    try:
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except AttributeError:  # macOS
        return pid > 1
    except OSError:
        return False
    return True


def _add(
    found: dict[int, Process], roots: list[Process], children: dict[int, list[Process]]
) -> None:
    """Add some processes, and all that descends from them, to those that are found."""
    while roots:
        found |= {each.pid: each for each in roots}
        below = [child for each in roots for child in children.get(each.pid, [])]
        roots = [each for each in below if each.pid not in found]


def _until(true: Callable[[], bool], seconds: float) -> bool:
    """Ask until it is true, for some seconds and at least a few times; return whether it was."""
    end_of_wait = time.monotonic() + seconds
    for asked in itertools.count(1):
        if true():
            return True
        if asked >= LOOKS and time.monotonic() >= end_of_wait:
            break
        time.sleep(PAUSE)
    return False
