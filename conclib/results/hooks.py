"""Telling others that a measurement starts, without knowing who listens.

``lab`` fires the hook, ``lesson`` listens (a prediction locks, a result is kept). Neither imports
the other, which keeps the direction of the house.
"""

from collections.abc import Callable, Iterable

_starting: list[Callable[[list[str]], None]] = []
_finished: list[Callable[[list], None]] = []


def on_start(listener: Callable[[list[str]], None]) -> None:
    """Call ``listener`` with the probes' names whenever a measurement is about to start."""
    if listener not in _starting:
        _starting.append(listener)


def on_finish(listener: Callable[[list], None]) -> None:
    """Call ``listener`` with a list of live measurements whenever some have been made."""
    if listener not in _finished:
        _finished.append(listener)


def starting(probes: Iterable[str]) -> None:
    """Fire the first hook; for ``lab`` alone."""
    for listener in list(_starting):
        listener(list(probes))


def finished(measurements: Iterable) -> None:
    """Fire the second hook; for ``lab`` alone."""
    for listener in list(_finished):
        listener(list(measurements))
