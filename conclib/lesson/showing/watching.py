"""A bar under a cell that takes long: what is being done, how far it is, and how to stop it.

Most measurements are over before anybody wonders, and then nothing is shown. The first sign of
life comes after ``PATIENCE`` seconds, from what ``lab`` tells about its progress, or simply from
time going by while a worker does not answer. When the measurement ends, the bar goes.
"""

import threading
import time
from collections.abc import Callable
from html import escape

from conclib.lesson.showing import shown
from conclib.results.hooks import Progress

PATIENCE = 1.5  # seconds of silence that need no explanation
EVERY = 0.5  # seconds between two updates: each of them is work for the browser
STOP = "To stop it: the ■ button above, or press I twice outside a cell."
GONE = {"text/plain": "", "text/html": ""}


class Watch:
    """One measurement after another, as seen from the cell that waits for it.

    Args:
        put: puts a page part (a dict by MIME type) on the page and returns a function that
            replaces it.
        clock: seconds, monotonic.
    """

    def __init__(
        self,
        put: Callable[[dict[str, str]], Callable[[dict[str, str]], None]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._put, self._clock = put, clock
        self._forget()

    def progressed(self, progress: Progress) -> None:
        """Hear of progress."""
        if self._news is None:
            self._begun = self._clock()
        if self._news is None or (progress.phase, progress.run) != self._step:
            self._since = self._clock()
        self._news, self._step = progress, (progress.phase, progress.run)
        self.waited()

    def waited(self) -> None:
        """Notice that time goes by; show or renew the bar when it is due."""
        now = self._clock()
        if self._news is None or now < self._begun + PATIENCE or now < self._last + EVERY:
            return
        self._last = now
        part = page_part(self._news, now - self._since)
        if self._replace is None:
            self._replace = self._put(part)
        else:
            self._replace(part)

    def ended(self) -> None:
        """Take the bar away."""
        replace = self._replace
        self._forget()
        if replace is not None:
            replace(GONE)

    def _forget(self) -> None:
        self._news: Progress | None = None
        self._step: tuple[str, int] | None = None
        self._begun = self._since = 0.0
        self._last = float("-inf")
        self._replace: Callable[[dict[str, str]], None] | None = None


def page_part(progress: Progress, seconds: float) -> dict[str, str]:
    """Return what stands under the cell, as text and as HTML.

    Args:
        progress: the last news.
        seconds: how long its phase has lasted.
    """
    words = f"Measuring {progress.label}, {progress.words}"
    if seconds >= 2 * PATIENCE:
        words += f", for {seconds:.0f} s now (given up after {progress.limit:.0f} s)"
    bar = (
        f'<progress max="1" value="{progress.fraction:.2f}" aria-label="how far it is"></progress>'
    )
    return {
        "text/plain": f"{words} ({progress.fraction:.0%}). {STOP}",
        "text/html": f"<p>{bar} {escape(words)}.<br><small>{escape(STOP)}</small></p>",
    }


def _put_under_cell(part: dict[str, str]) -> Callable[[dict[str, str]], None]:
    from IPython.display import display

    handle = display(part, raw=True, display_id=True)
    return lambda other: handle.update(other, raw=True)


_watch = Watch(_put_under_cell)


def hear(news: str, *progress: Progress) -> None:
    """Hand news on to the bar under a running cell.

    Panels measure in another thread, and tell it themselves.

    Args:
        news: ``"progressed"``, ``"waited"`` or ``"ended"``; ``progress`` is what goes with it.
    """
    if in_a_cell():
        getattr(_watch, news)(*progress)


def in_a_cell() -> bool:
    """Tell whether a cell of a notebook runs this: no console, no script, no panel's thread."""
    here = threading.current_thread() is threading.main_thread()
    return here and getattr(shown.running_shell(), "kernel", None) is not None
