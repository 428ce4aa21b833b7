"""Houses that fill while their programs run: what has been seen so far, a few times a second.

Under a cell of a notebook only. Once all is over the picture goes, and the one that can be stepped
through takes its place; what is recorded fills nothing.
"""

import time
from collections.abc import Callable
from typing import Any

from conclib.chapters.ch11_models import house_data, houses, words
from conclib.lesson.showing import watching
from conclib.plots import Picture
from conclib.results import Observation

EVERY = 0.4  # seconds between two pictures: each of them is work for us and for the browser
Put = Callable[[Any], Callable[[Any], None]]


class Filling:
    """The houses of programs that run one after another.

    Args:
        title: the question that the picture answers.
        put: puts a picture on the page, and returns a function that replaces it.
        clock: seconds, monotonic.
    """

    def __init__(self, title: str, put: Put, clock: Callable[[], float] = time.monotonic) -> None:
        self.title, self._put, self._clock = title, put, clock
        self._done: list[house_data.House] = []
        self._seen: list[Any] = []
        self._name = ""
        self._due = float("-inf")
        self._replace: Callable[[Any], None] | None = None

    def begins(self, runtime: str) -> None:
        """Take what comes from now on for another program's."""
        self._name, self._seen = words.NAMES[runtime], []

    def saw(self, item: Any) -> None:
        """Take what has arrived: an actor, an event or an ending; draw if it is time to."""
        self._seen.append(item)
        if self._clock() >= self._due:
            self._draw(house_data.so_far(self._name, self._seen))

    def over(self, item: Observation) -> None:
        """Take a program that has ended, with all that was seen of it."""
        self._done.append(house_data.house(item))

    def ended(self) -> None:
        """Take the picture away."""
        if self._replace is not None:
            self._replace(watching.GONE)

    def _draw(self, running: house_data.House | None) -> None:
        if running is None:
            return
        found = [*self._done, running]
        figure = houses.Layout(found).scene().to_figure(self.title)
        picture = Picture(figure, f"{self.title} {running.name} is running.")
        if self._replace is None:
            self._replace = self._put(picture)
        else:
            self._replace(picture)
        self._due = self._clock() + EVERY  # after drawing: that takes its time


def observe(probe: str, runtimes: tuple[str, ...], title: str) -> dict[str, Observation]:
    """Observe one program after another; under a cell their houses fill meanwhile.

    Args:
        probe: which one; it is asked with its defaults.
        runtimes: who runs the tasks, one after the other.
        title: the question that the picture answers.
    """
    from conclib import lab

    if not watching.in_a_cell():
        return {each: lab.observe(probe, runtime=each) for each in runtimes}
    filling, seen = Filling(title, _put_under_cell), {}
    try:
        for each in runtimes:
            filling.begins(each)
            seen[each] = lab.observe(probe, runtime=each, on_event=filling.saw)
            filling.over(seen[each])
    finally:
        filling.ended()
    return seen


def _put_under_cell(picture: Any) -> Callable[[Any], None]:
    from IPython.display import display

    handle = display(picture, display_id=True)

    def replace(other: Any) -> None:
        handle.update(other, raw=isinstance(other, dict))

    return replace
