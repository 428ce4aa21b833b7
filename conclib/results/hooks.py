"""Telling others what a measurement is doing, without knowing who listens.

``lab`` and ``worker`` fire these hooks, ``lesson`` listens: a prediction locks, a result is kept,
a bar stands under a cell that takes long. None of them imports the other, which keeps the
direction of the house.
"""

from collections.abc import Callable
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


on_start = Hook()  # with a list of the probes' names: a measurement is about to start
on_progress = Hook()  # with a lab.Progress, where the caller does not want it for itself
on_wait = Hook()  # with nothing, up to 20 times a second: somebody waits for a worker's answer
on_finish = Hook()  # with a list of live measurements: they have been made
on_observed = Hook()  # with a live observation: it has been made
on_end = Hook()  # with nothing: the measurement is over, whatever became of it
on_notice = Hook()  # with a sentence that the user should see; nothing has failed because of it
