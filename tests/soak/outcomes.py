"""What a run does, and what must come of it."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random

from conclib import lab
from conclib.lab import running


class Wrong(Exception):
    """Something else came of it than what the list of faults promises."""


@dataclass(frozen=True)
class Fault:
    """One fault: its name, the rows of the list that it belongs to, and how to provoke it.

    ``provoke`` gets a source of chance and returns if all came as promised; else it raises.
    """

    name: str
    rows: str
    provoke: Callable[[Random], None]


@contextmanager
def raises(kind: type[BaseException], words: str = "") -> Iterator[None]:
    """Promise an error of exactly this kind, with these words (a regular expression) in it."""
    try:
        yield
    except kind as error:
        if type(error) is not kind or not re.search(words, str(error)):
            raise Wrong(f"{type(error).__name__}: {error}") from error
    else:
        raise Wrong(f"no {kind.__name__}")


def require(true: object, what: str) -> None:
    """Promise something."""
    if not true:
        raise Wrong(what)


def is_live(**options: object) -> None:
    """Promise that a plain measurement succeeds."""
    item = lab.measure("empty", budget=0.01, runs=1, **options)
    require(item.source == "live", f"{item.source}: {item.notes}")


@contextmanager
def short_deadline(seconds: float) -> Iterator[None]:
    """Give workers only so long, beside their budget."""
    before, running.SETUP = running.SETUP, seconds
    try:
        yield
    finally:
        running.SETUP = before


@contextmanager
def stopped_after(seconds: float) -> Iterator[threading.Event]:
    """Give an event that is set from another thread after some time."""
    stop = threading.Event()
    timer = threading.Timer(seconds, stop.set)
    timer.start()
    try:
        yield stop
    finally:
        timer.cancel()
        timer.join()
