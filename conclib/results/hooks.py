"""Telling others what a measurement is doing, without knowing who listens.

``lab`` and ``worker`` fire these hooks, ``lesson`` listens: a prediction locks, a result is kept,
a bar stands under a cell that takes long. None of them imports the other, which keeps the
direction of the house.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any


class Hook:
    """The listeners to one kind of news."""

    def __init__(self) -> None:
        self.listeners: list[Callable[..., None]] = []

    def listen(self, listener: Callable[..., None]) -> None:
        """Call ``listener`` from now on; adding it again changes nothing."""
        if listener not in self.listeners:
            self.listeners.append(listener)

    def fire(self, *news: Any) -> None:
        """Tell all listeners."""
        for listener in list(self.listeners):
            listener(*news)


@dataclass(frozen=True)
class Start:
    """What is about to be measured.

    Attributes:
        specs: each probe with all its parameters.
        pinned: whether all of it is kept on one CPU.
        asked_by: who asks for it; see :func:`asking`.
    """

    specs: tuple[tuple[str, Mapping[str, Any]], ...]
    pinned: bool = False
    asked_by: str = "cell"


asked_by: ContextVar[str] = ContextVar("asked_by", default="cell")


@contextmanager
def asking(who: str) -> Iterator[None]:
    """Measure on behalf of somebody else than a cell: ``"panel"``, ``"cli"``, ``"engine"``."""
    token = asked_by.set(who)
    try:
        yield
    finally:
        asked_by.reset(token)


on_start = Hook()  # with a Start: a measurement is about to begin
on_progress = Hook()  # with a lab.Progress, where the caller does not want it for itself
on_wait = Hook()  # with nothing, up to 20 times a second: somebody waits for a worker's answer
on_finish = Hook()  # with a list of live measurements: they have been made
on_observed = Hook()  # with a live observation: it has been made
on_end = Hook()  # with nothing: the measurement is over, whatever became of it
on_notice = Hook()  # with a sentence that the user should see; nothing has failed because of it
