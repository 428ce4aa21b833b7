"""Telling others what a measurement is doing, without knowing who listens.

``lab`` and ``worker`` fire these hooks, ``lesson`` listens: a prediction locks, a result is kept,
a bar stands under a cell that takes long. None of them imports the other, which keeps the
direction of the house.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, ParamSpec

from conclib.results.arguments import Params

if TYPE_CHECKING:
    from conclib.results.measurement import Measurement
    from conclib.results.observation import Observation

News = ParamSpec("News")
PHASES = {"setup": "setting up", "calibrate": "warming up", "measure": "measuring"}


class Hook(Generic[News]):
    """The listeners to one kind of news."""

    def __init__(self) -> None:
        self.listeners: list[Callable[News, None]] = []

    def listen(self, listener: Callable[News, None]) -> None:
        """Call ``listener`` from now on; adding it again changes nothing."""
        if listener not in self.listeners:
            self.listeners.append(listener)

    @contextmanager
    def heard_by(self, listener: Callable[News, None]) -> Iterator[None]:
        """Call ``listener`` for the length of a ``with`` block."""
        self.listeners.append(listener)
        try:
            yield
        finally:
            self.listeners.remove(listener)

    def fire(self, *news: News.args, **named: News.kwargs) -> None:
        """Tell all listeners."""
        for listener in list(self.listeners):
            listener(*news, **named)


@dataclass(frozen=True)
class Start:
    """What is about to be measured or observed.

    Attributes:
        specs: each probe with all its parameters.
        pinned: whether all of it is kept on one CPU.
        asked_by: who asks for it; see :func:`asking`.
    """

    specs: tuple[tuple[str, Params], ...]
    pinned: bool = False
    asked_by: str = "cell"


@dataclass(frozen=True)
class Progress:
    """What a measurement that is under way has to tell.

    Attributes:
        label, probe: which variant.
        phase: ``"setup"``, ``"calibrate"`` or ``"measure"``.
        run, runs: which fresh worker of how many.
        values: the new values in ns, baseline not subtracted.
        baseline: the worker's baseline so far, in ns.
        fraction: how much of the whole call's budget is used, 0 to 1.
        limit: seconds after which a worker is killed.
    """

    label: str
    probe: str
    phase: str
    run: int
    runs: int
    values: tuple[float, ...] = ()
    baseline: float = 0.0
    fraction: float = 0.0
    limit: float = 0.0

    @property
    def words(self) -> str:
        """What is being done, as ``'worker 2 of 3: warming up'``."""
        return f"process {self.run} of {self.runs}: {PHASES.get(self.phase, self.phase)}"


asked_by: ContextVar[str] = ContextVar("asked_by", default="cell")


@contextmanager
def asking(who: str) -> Iterator[None]:
    """Measure on behalf of somebody else than a cell: ``"panel"``, ``"cli"``, ``"engine"``."""
    token = asked_by.set(who)
    try:
        yield
    finally:
        asked_by.reset(token)


on_start: Hook[[Start]] = Hook()  # a measurement or an observation is about to begin
on_progress: Hook[[Progress]] = Hook()  # where the caller does not want it himself
on_wait: Hook[[]] = Hook()  # up to 20 times a second: somebody waits for a worker's answer
on_finish: "Hook[[list[Measurement]]]" = Hook()  # these live measurements have been made
on_observed: "Hook[[Observation]]" = Hook()  # this live observation has been made
on_end: Hook[[]] = Hook()  # the measurement is over, whatever became of it
on_notice: Hook[[str]] = Hook()  # a sentence for the user; nothing has failed because of it
