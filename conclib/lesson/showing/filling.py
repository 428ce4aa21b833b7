"""Lanes that fill under a cell while something is observed.

What a measuring process streams is drawn a few times a second, in the order in which it arrives,
and once more when all is over, whatever became of it: then the lanes stay. Facts alone have no
actors, so there is nothing to fill. Where no notebook shows this, nothing is drawn.
"""

import time
from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from conclib import lab, plots
from conclib.lab import crashing, probe_files
from conclib.lesson.showing import watching
from conclib.plots import lane_data
from conclib.results import Actor, Event, Observation, hooks

EVERY = 0.4  # seconds between two pictures: each of them is work for us and for the browser
Replace = Callable[[Any], None]


class Lanes:
    """The lanes of one observation that is under way.

    Args:
        title: what is observed.
        put: puts a picture on the page, and returns a function that replaces it.
        clock: seconds, monotonic.
    """

    def __init__(
        self,
        title: str,
        put: Callable[[Any], Replace],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.title, self._put, self._clock = title, put, clock
        self._seen: list[lane_data.Seen] = []
        self._drawn = 0  # how much of it the picture on the page shows
        self._due = float("-inf")
        self._replace: Replace | None = None

    def saw(self, item: lane_data.Seen) -> None:
        """Take what has arrived: an actor, an event or an ending."""
        self._seen.append(item)
        if not isinstance(item, Actor):  # who has met nothing yet has no lane
            self.waited()

    def waited(self) -> None:
        """Draw what is new, if it is time to."""
        if self._clock() >= self._due:
            self._draw()

    def ended(self) -> None:
        """Draw what has been seen in all."""
        self._draw()

    def _draw(self) -> None:
        if len(self._seen) == self._drawn or not lane_data.lanes_of(self._seen):
            return
        picture = plots.lanes(self._seen, title=self.title)
        if self._replace is None:
            self._replace = self._put(picture)
        else:
            self._replace(picture)
        self._drawn = len(self._seen)
        self._due = self._clock() + EVERY  # after drawing: that takes its time


@wraps(lab.observe)
def observe(probe: str, *, on_event: Any = None, **options: Any) -> Observation:
    """Observe; from a cell of a notebook lanes fill, unless the caller takes the events himself."""
    if on_event is not None or not watching.in_a_cell():
        return lab.observe(probe, on_event=on_event, **options)
    title = probe_files.probe(probe, "facts").title
    _draw_once()
    lanes = Lanes(title, _put_under_cell)
    with hooks.on_wait.heard_by(lanes.waited):
        try:
            return lab.observe(probe, on_event=lanes.saw, **options)
        finally:
            lanes.ended()


@wraps(lab.crash)
def crash(fault: str, container: str, **options: Any) -> Observation:
    """Let one of several go wrong; from a cell of a notebook lanes fill."""
    return observe(crashing.CRASH, **crashing.asked(fault, container, **options))


@cache
def _draw_once() -> None:
    """Draw something before anything runs: the first time takes half a second.

    While we draw nobody reads what the measuring process sends, and it would have to leave out
    signs of life.
    """
    plots.lanes([Actor("first", "process"), Event(0, "first", "start")]).png()


def _put_under_cell(picture: Any) -> Replace:
    from IPython.display import display

    return display(picture, display_id=True).update
