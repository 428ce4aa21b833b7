"""Observe: from a probe's name to a frozen observation, by way of one fresh worker.

While the worker runs, what it sees is streamed: actors first, then events and endings, each handed
to ``on_event`` as it arrives, so that a picture can fill. A probe may declare named phases; each
has a deadline of its own that holds here, on the caller's side, whatever the worker does.

If something cannot be observed here, also where this machine has too little left for it, a
recording with exactly the same parameters takes its place, and a note says why.
"""

import datetime
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from conclib.lab import fact_forms, machines, probe_files, resources
from conclib.lab.alone import CROWDED, alone, crowded
from conclib.lab.running import SETUP
from conclib.lab.variants import Options
from conclib.models import programs
from conclib.results import (
    Actor,
    Ending,
    Event,
    Observation,
    ProtocolError,
    Unavailable,
    WorkerError,
    arguments,
    hooks,
    recordings,
)
from conclib.results.arguments import Params
from conclib.results.events import PHASE
from conclib.worker import Request, Worker, run_workers

if TYPE_CHECKING:
    from conclib.worker.forms import Facts, Ready

MAX_MESSAGES = 100_000  # actors, events and endings of one observation
NOT_HERE = "not observed here"  # and why
WORKER = "measuring process"  # the actor whose phases are events
Seen = Actor | Event | Ending
T = TypeVar("T", Actor, Event, Ending)
OfActor = TypeVar("OfActor", Event, Ending)
OnEvent = Callable[[Seen], None]


def observe(
    probe: str,
    *,
    cpu: int | str | None = None,
    python: str | None = None,
    on_event: OnEvent | None = None,
    stop: threading.Event | None = None,
    **params: object,
) -> Observation:
    """Run a probe that reports what it sees, and return all of it; a live one is kept.

    ``cl.observe("fork_twice")`` shows who printed what; ``.facts``, ``.events`` and ``.endings`` of
    what it returns hold that as data, and ``.to_frame()`` as a table.

    Args:
        probe: its name, one whose unit is facts; ``conclib list`` says "gives facts" of these.
        cpu: pin the worker, and all that it starts, to this CPU; ``"one"`` takes any that is
            allowed, and pins nothing where the system cannot.
        python: path of another Python to run the probe in. Nothing recorded takes its place, it
            is not kept, and it answers nothing that you were asked about this Python.
        on_event: called with each :class:`Actor`, :class:`Event` and :class:`Ending` as it
            arrives, which may be later than events that happened after it. Without one,
            ``cl.observe`` draws them under the cell, as lanes that fill.
        stop: an event; when it is set the worker is ended and :class:`Cancelled` is raised.
        **params: the probe's own parameters.

    Returns:
        An :class:`Observation`; recorded, and labelled so, where this machine cannot do it.

    Raises:
        TypeError, ValueError: a bad argument, before anything has started; also more than this
            machine allows, where no recording of exactly that exists.
        Unavailable: it is not available here and no exact recording exists.
        ConclibError: another measurement is under way in this notebook.
        WorkerError, WorkerTimeout, ProtocolError, Cancelled: it was started and failed. A
            WorkerTimeout names the phase that took too long.
    """
    options = Options(cpu=cpu, python=python, stop=stop)
    if python is not None:
        with hooks.asking("engine"):
            return _observed(probe, options, on_event, params)
    found = _observed(probe, options, on_event, params)
    if found.source == "live":
        hooks.on_observed.fire(found)
    return found


def observed(probe: str, *, python: str | None = None, **params: object) -> Observation:
    """Observe for the course itself: it is not kept, and answers nothing that a student asks.

    Args:
        probe, python, **params: as for :func:`observe`, which also names what is raised.
    """
    with hooks.asking("engine"):
        return _observed(probe, Options(python=python), None, params)


def _observed(
    probe: str,
    options: Options,
    on_event: OnEvent | None,
    params: Mapping[str, object],
) -> Observation:
    info = probe_files.probe(probe, "facts")
    if on_event is not None and not callable(on_event):
        raise TypeError(f"on_event={arguments.shown(on_event)}: must be a function or None")
    watch = _Watch(info, on_event or (lambda _: None))
    site = bool(info.packages)
    complete = info.complete(params)
    request = Request(probe, complete, cpu=options.pin, site=site, python=options.python)
    try:
        with resources.reserved([(info, request.params)]):
            return alone(lambda: _live(_with_program(request, info, options), watch, options.stop))
    except (Unavailable, WorkerError, resources.TooMuch) as failure:
        elsewhere = _of_this_machine(failure) and options.python is None
        found = _recorded(request) if elsewhere else None
        if found is None:
            raise
        return replace(found, notes=(*found.notes, f"{NOT_HERE}: {failure}"))


def _with_program(request: Request, info: probe_files.ProbeInfo, options: Options) -> Request:
    """Return the request with the command of the program that the probe looks at, if it needs one.

    Raises:
        Unavailable: it is not here, and cannot be built here.
    """
    name = info.program(request.params)
    return replace(request, program=programs.command(name, stop=options.stop)) if name else request


def _of_this_machine(failure: Exception) -> bool:
    """Whether it may be possible elsewhere: not what broke the rules, or is too much anywhere."""
    if isinstance(failure, resources.TooMuch):
        return failure.here
    return not isinstance(failure, ProtocolError)


def _recorded(request: Request) -> Observation | None:
    try:
        pinned = request.cpu is not None
        return recordings.find(Observation, request.probe, request.params, pinned)
    except OSError:  # no descriptor is left to open it with
        return None


def _live(request: Request, watch: "_Watch", stop: threading.Event | None) -> Observation:
    specs = ((request.probe, request.params),)
    hooks.on_start.fire(hooks.Start(specs, request.cpu is not None, hooks.asked_by.get()))
    beside = crowded()
    found = run_workers([request], watch, deadline=SETUP, stop=stop)
    return replace(found, notes=(*found.notes, CROWDED)) if beside or crowded() else found


@dataclass
class _Watch:
    """Takes what a worker streams, until its last message. Called with the started worker."""

    info: probe_files.ProbeInfo
    on_event: OnEvent
    actors: list[Actor] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    endings: list[Ending] = field(default_factory=list)

    def __call__(self, workers: list[Worker]) -> Observation:
        from conclib.worker import forms

        worker = workers[0]
        worker.send_request()
        ready = worker.answer(forms.Ready)
        facts = self._facts(worker)
        worker.answer(forms.Done)
        return self._record(worker.request.params, ready, facts)

    def _facts(self, worker: Worker) -> "Facts":
        """Take what is streamed, until the facts come."""
        from conclib.worker import forms

        streamed = (forms.Actor, forms.Event, forms.Ending, forms.Entered)
        while True:
            match worker.answer(*streamed, forms.Facts):
                case forms.Facts() as facts:
                    return facts
                case forms.Entered(name=name, t_ns=t_ns):
                    self._entered(name, t_ns, worker)
                case forms.Actor() as form:
                    self._actor(form.record())
                case forms.Event() as form:
                    self._happened(self.events, form.record())
                case forms.Ending() as form:
                    self._happened(self.endings, form.record())

    def _actor(self, actor: Actor) -> None:
        if actor.name in self._names():
            raise ProtocolError(f"the measuring process named actor {actor.name!r} twice")
        self._add(self.actors, actor)

    def _entered(self, name: str, t_ns: int, worker: Worker) -> None:
        """Give the phase its deadline, and note it as an event of the worker's."""
        if name not in self.info.phases:
            raise ProtocolError(
                f"the measuring process entered phase {name!r}, and {self.info.name} declares: "
                f"{', '.join(self.info.phases) or 'none'}"
            )
        worker.enter(name, self.info.phases[name])
        if WORKER not in self._names():
            self._add(self.actors, Actor(WORKER, "process"))
        self._add(self.events, Event(t_ns, WORKER, PHASE, {"name": name}))

    def _names(self) -> set[str]:
        return {actor.name for actor in self.actors}

    def _happened(self, items: list[OfActor], item: OfActor) -> None:
        if item.actor not in self._names():
            raise ProtocolError(f"the measuring process sent an event of {item.actor!r}, not named")
        self._add(items, item)

    def _add(self, items: list[T], item: T) -> None:
        if len(self.actors) + len(self.events) + len(self.endings) >= MAX_MESSAGES:
            raise ProtocolError(f"the measuring process sent more than {MAX_MESSAGES:,} events")
        items.append(item)
        self.on_event(item)

    def _record(self, params: Params, ready: "Ready", facts: "Facts") -> Observation:
        conditions = ready.conditions.plain()
        left_out = f"{facts.thinned:,} beats left out: they came faster than they were read"
        return Observation(
            probe=self.info.name,
            title=self.info.title,
            params=params,
            host=machines.host(),
            runtime=machines.runtime(ready.python, conditions),
            facts=fact_forms.checked(self.info.name, self.info.facts, facts.data),
            actors=tuple(self.actors),
            events=tuple(self.events),
            endings=tuple(self.endings),
            conditions=conditions,
            date=datetime.date.today().isoformat(),
            notes=(left_out,) if facts.thinned else (),
        )
