"""Start, load, drain: something that lives longer than a measured moment, phase by phase.

A few workers are started; then each gives signs of life; then they are asked to end by SIGTERM and
collected. Each phase has a deadline of its own. The measuring process tells when a phase begins;
that it does not last too long is seen to from outside.
"""

import os
import signal
import time

from .. import _beats, _watching

PROBE = {
    "name": "phases",
    "title": "A life in three phases",
    "times": "nothing: it reports what happened in each phase",
    "unit": "facts",
    "facts": {"beats": "dict[str, int]", "order": "list[str]"},
    "phases": {"start": 5.0, "load": 2.0, "drain": 2.0},
    "params": {
        "workers": {
            "type": "int",
            "default": 2,
            "min": 1,
            "max": 8,
            "help": "how many processes it starts",
        },
        "load_ms": {
            "type": "int",
            "default": 100,
            "min": 10,
            "max": 60000,
            "unit": "ms",
            "help": "how long they are kept busy",
        },
        "overrun": {
            "type": "choice",
            "default": "no",
            "choices": ["no", "start", "load", "drain"],
            "help": "which phase takes longer than it may",
        },
    },
    "takes": {"processes": "workers"},
    "baseline": "none",
    "needs": ["fork"],
}
EVERY = 0.010  # seconds between two signs of life
FOREVER = 3600  # seconds; a phase that overruns is ended from outside


def serve(beats, actor):
    """Be a worker: beat until SIGTERM asks for the end."""
    asked = []
    signal.signal(signal.SIGTERM, lambda *_: asked.append(True))
    beats.begin(actor, os.getpid())
    while not asked:
        beats.beat(actor)
        time.sleep(EVERY)


class Life:
    """The three phases, in order; ``overrun`` names one that does not end by itself."""

    def __init__(self, params, tell):
        self.params, self.tell = params, tell
        self.names = [f"worker {number + 1}" for number in range(params["workers"])]
        self.children, self.beats = _watching.Children(), _beats.Beats(len(self.names))
        self.pids = []

    def enter(self, phase):
        self.tell.phase(phase)
        if self.params["overrun"] == phase:
            time.sleep(FOREVER)

    def start(self):
        for actor, name in enumerate(self.names):
            pid = self.children.fork(name, lambda actor=actor: serve(self.beats, actor))
            self.tell.actor(name, "process", pid)
            self.pids.append(pid)
        while not all(self.beats.tid(actor) for actor in range(len(self.names))):
            time.sleep(0.001)

    def load(self):
        self.beats.open()
        until = time.monotonic() + self.params["load_ms"] / 1000
        while time.monotonic() < until:
            time.sleep(EVERY)
            self.tell_beats()

    def drain(self):
        for name, pid in zip(self.names, self.pids):  # noqa: B905 -- also before Python 3.10
            os.kill(pid, signal.SIGTERM)
            self.tell.event(name, "SIGTERM")
        while self.children:
            for name, _, how, code in self.children.ended(1.0):
                self.tell.ending(name, how, by="waitid", code=code)
        self.tell_beats()

    def tell_beats(self):
        for actor, name in enumerate(self.names):
            self.tell.beats(name, self.beats.news(actor))


def observe(params, tell):
    """Live through the phases."""
    life = Life(params, tell)
    for phase in PROBE["phases"]:
        life.enter(phase)
        getattr(life, phase)()
    counts = {name: life.beats.count(actor) for actor, name in enumerate(life.names)}
    return {"beats": counts, "order": list(PROBE["phases"])}
