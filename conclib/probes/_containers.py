"""Containers: where the actors of a crew live, and so what they have in common.

Each function in ``STARTS`` starts one kind of container from the observer, which is single-threaded
and outlives it. What starts others itself (a pool, a supervisor) is a process of its own, the *host*.
"""

import json
import os
import sys

from . import _beats, _crew, _crew_hosts, _refuse

CONTAINERS = {
    "main thread": "the main thread of a process; the others are threads beside it",
    "thread": "one of several threads of a process; its main thread waits for them",
    "process": "one of several processes, forked by one parent",
    "spawned process": "one of several processes, each a fresh Python, started by one parent",
    "executor": "one worker of a ProcessPoolExecutor; each worker has one task",
    "thread pool": "one thread of a ThreadPoolExecutor; each thread has one task",
    "supervised": "one of several processes that a supervisor starts anew when they end badly",
    "lock holder": "one of several processes that take turns by a lock in shared memory; it holds it",
    "file lock holder": "one of several processes that take turns by the lock of a file; it holds it",
    "groups": "one of up to eight, A to H, which live in processes as you group them: ``ACDG B E F H``",
}
GROUPS = "groups"
KINDS = {"main thread": "thread", "thread": "thread", "thread pool": "thread"}
PREFIX = {"executor": "worker", "thread pool": "worker"}
INSIDE = {  # the process around them, whose children or threads they are
    "main thread": "process",
    "thread": "process",
    "thread pool": "process",
    "executor": "executor",
    "supervised": "supervisor",
}
LIVES = 4  # of one job: a supervisor starts it anew three times
FRESH = """
import json, sys, types
package = types.ModuleType("probes")
package.__path__ = [sys.argv[1]]
sys.modules["probes"] = package
from probes import _containers
_containers.fresh(json.loads(sys.argv[2]))
"""


def places(params):
    """Return each actor's name, kind and the process around it (empty: it is one itself), by row."""
    container = params["container"]
    if container == GROUPS:
        return grouped(params["groups"])
    prefix = PREFIX.get(container, KINDS.get(container, "process"))
    names = [f"{prefix} {number + 1}" for number in range(params["siblings"] + 1)]
    if container == "main thread":
        names[0] = "main thread"
    if container == "supervised":
        names += [f"{names[1]}, life {life}" for life in range(2, LIVES + 1)]
    kind, inside = KINDS.get(container, "process"), INSIDE.get(container, "")
    return [(name, kind, inside) for name in names]


def grouped(groups):
    """Return the same for actors named by letters, each word of them a process."""
    found = {}
    for group in groups.split():
        alone = len(group) == 1
        place = ("process", "") if alone else ("thread", f"process {group}")
        found.update({letter: (letter, *place) for letter in group})
    if len(found) < len(groups.replace(" ", "")):
        raise ValueError(f"groups={groups!r}: each letter may be there once")
    return [found[letter] for letter in sorted(found)]


def faulty(params):
    """Return the row of the one that goes wrong: the second, the main thread, or who is named."""
    if params["container"] == GROUPS:
        names = [name for name, _, _ in grouped(params["groups"])]
        if params["who"] not in names:
            raise ValueError(f"who={params['who']!r}: must be one of those in groups")
        return names.index(params["who"])
    return 0 if params["container"] == "main thread" else 1


def first_lives(params):
    """Return how many rows are first lives; those of later lives come behind them."""
    return (
        len(grouped(params["groups"])) if params["container"] == GROUPS else params["siblings"] + 1
    )


# How each is started: watch is the observer (_crew_watch.Watch) -----------------------------------
def main_thread(watch):
    """Fork one process; its main thread is one of the actors."""

    def work():
        _crew.in_threads(watch.crew, watch.rows[1:])
        watch.crew.play(0)

    watch.fork("process", work)


def threads(watch):
    """Fork one process whose threads do the work."""
    one_of_threads(watch, "process", watch.rows)


def one_of_threads(watch, name, rows):
    """Fork a process whose threads do the work of these rows; its main thread waits for them."""

    def work():
        for thread in _crew.in_threads(watch.crew, rows):
            thread.join()

    watch.fork(name, work)


def groups(watch):
    """Fork a process for each group; whoever is alone in it is its main thread."""
    for inside in dict.fromkeys(each.inside for each in watch.seen if each.inside):
        rows = [each.row for each in watch.seen if each.inside == inside]
        one_of_threads(watch, inside, rows)
    for each in watch.seen:
        if not each.inside:
            watch.fork(each.name, lambda row=each.row: watch.crew.play(row))


def processes(watch):
    """Fork a process for each."""
    for row in watch.rows:
        watch.fork(watch.crew.names[row], lambda row=row: watch.crew.play(row))


def lock_holder(watch):
    """Fork a process for each; they take turns by a lock, a number in memory that they share."""
    import multiprocessing

    try:
        watch.crew.turn = multiprocessing.get_context("fork").Lock()
    except OSError as error:
        raise _refuse.Unavailable(f"no lock in shared memory: {error.strerror}") from None
    processes(watch)


def file_lock_holder(watch):
    """Fork a process for each; they take turns by a file's lock, which Linux keeps."""
    watch.crew.turn = _crew.FileTurn(os.path.join(os.environ["TMPDIR"], f"turn-{id(watch)}"))
    processes(watch)


def host(serve):
    """Return how a process is started that is host to the others."""
    return lambda watch: watch.fork(
        INSIDE[watch.container], lambda: serve(watch.crew, watch.rows, watch.stacks)
    )


def spawned(watch):
    """Start a fresh Python for each; it maps the shared memory anew."""
    spawn = _refuse.require(os, "posix_spawn")
    given = {**watch.params, "names": watch.crew.names}
    fds = {"memory": watch.memory, "report": watch.write, "stacks": watch.stacks}
    for fd in fds.values():
        os.set_inheritable(fd, True)
    try:
        for row in watch.rows:
            text = json.dumps({**given, **fds, "row": row})
            line = [sys.executable, "-I", "-S", "-c", FRESH, os.path.dirname(__file__), text]
            watch.add(watch.crew.names[row], spawn(sys.executable, line, os.environ))
    finally:
        for fd in fds.values():
            os.set_inheritable(fd, False)


def fresh(given):
    """Be one of those fresh Pythons."""
    beats = _beats.Beats(len(given["names"]), given["memory"])
    crew = _crew.Crew(beats, given["names"], given, given["report"])
    _crew.live(lambda: crew.play(given["row"]), crew, given["stacks"])


STARTS = {
    "main thread": main_thread,
    "thread": threads,
    "process": processes,
    "spawned process": spawned,
    "executor": host(_crew_hosts.executor),
    "thread pool": host(_crew_hosts.thread_pool),
    "supervised": host(_crew_hosts.supervised),
    "lock holder": lock_holder,
    "file lock holder": file_lock_holder,
    "groups": groups,
}
