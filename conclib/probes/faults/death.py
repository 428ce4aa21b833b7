"""One of four follows a null pointer. Who goes on living?

Four threads of one process, or four processes, give signs of life. In the middle one of them reads
from address 0. The measuring process has forked them and only looks: the beats and the moment of
the fault were noted by the actors themselves, the ends come from waitid and /proc.
"""

import ctypes
import os
import time

from .. import _beats, _precautions, _refuse, _watching

PROBE = {
    "name": "death",
    "title": "One null pointer among four",
    "times": "nothing: it reports who lived and who died",
    "unit": "facts",
    "facts": {"beats": "dict[str, int]", "faulty": "str", "notice_ns": "int"},
    "params": {
        "container": {
            "type": "choice",
            "default": "process",
            "choices": ["process", "thread"],
            "help": "whether they are processes, or threads of one",
        },
        "actors": {"type": "int", "default": 4, "min": 2, "max": 8, "help": "how many there are"},
        "beats": {
            "type": "int",
            "default": 16,
            "min": 4,
            "max": 200,
            "help": "how often each shows that it lives",
        },
    },
    "takes": {
        "processes": "actors if container == 'process' else 1",
        "threads": "0 if container == 'process' else actors",
    },
    "baseline": "none",
    "needs": ["fork"],
}
FAULTY = 1  # the second of them
EVERY = 0.010  # seconds between two beats
LOOK = 0.005  # seconds between two looks of the observer


def work(beats, actor, count, tid):
    """Beat; the faulty one reads from address 0 after half of its beats."""
    beats.begin(actor, tid)
    for number in range(count):
        beats.beat(actor)
        if actor == FAULTY and number == count // 2:
            _precautions.no_core_file()  # a lesson, not a fault
            beats.about_to_fault(actor)
            ctypes.string_at(0)
        time.sleep(EVERY)


def all_in_threads(beats, actors, count):
    """Be the one process whose threads do the work."""
    import threading

    def run(actor):
        work(beats, actor, count, threading.get_native_id())

    threads = [threading.Thread(target=run, args=(actor,)) for actor in range(actors)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def start(children, beats, params, tell):
    """Start them all; return each one's name, and the pid that it lives in."""
    count, actors = params["beats"], range(params["actors"])
    tell.actor("observer", "process", os.getpid())
    if params["container"] == "process":
        names = [f"process {actor + 1}" for actor in actors]
        pids = [
            children.fork(name, lambda actor=actor: work(beats, actor, count, os.getpid()))
            for actor, name in enumerate(names)
        ]
    else:
        names = [f"thread {actor + 1}" for actor in actors]
        whole = lambda: all_in_threads(beats, len(actors), count)  # noqa: E731
        pids = [children.fork("process", whole)] * len(actors)
        tell.actor("process", "process", pids[0], maker="observer")
        tell.event("process", "start")
    while not all(beats.tid(actor) for actor in actors):
        if children.ended(LOOK):
            raise RuntimeError("one of them ended before it had begun")
    for actor, name in enumerate(names):
        maker = "observer" if params["container"] == "process" else "process"
        tell.actor(name, params["container"], pids[actor], beats.tid(actor), maker)
    return dict(zip(names, pids))  # noqa: B905 -- also for Pythons before 3.10


def tell_news(beats, names, tell, told):
    """Hand on what the actors have noted since the last look."""
    for actor, name in enumerate(names):
        tell.beats(name, beats.news(actor))
        if beats.fault(actor) and name not in told:
            told[name] = beats.fault(actor)
            tell.event(name, "fault", told[name], "itself", address=0)


def tell_end(names, ended, tell):
    """Say how a process ended, and with it those threads that are gone from /proc."""
    who, pid, how, code = ended
    tell.ending(who, how, by="waitid", code=code)
    gone = [name for name in names if name != who and names[name] == pid]
    for name in gone if not _watching.tasks(pid) else []:
        tell.ending(name, how, by="/proc", code=code)


def observe(params, tell):
    """Start them, look until all have ended, and return how often each gave a sign of life."""
    _refuse.require_proc()
    children, beats = _watching.Children(), _beats.Beats(params["actors"])
    names, told, noticed = start(children, beats, params, tell), {}, 0
    beats.open()
    while children:
        for ended in children.ended(LOOK):
            tell_news(beats, names, tell, told)
            tell_end(names, ended, tell)
            noticed = noticed or (time.monotonic_ns() if ended[2] == "signalled" else 0)
        tell_news(beats, names, tell, told)
    faulty = list(names)[FAULTY]
    counts = {name: beats.count(actor) for actor, name in enumerate(names)}
    return {"beats": counts, "faulty": faulty, "notice_ns": noticed - told[faulty]}
