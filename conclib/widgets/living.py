"""A panel that looks at a living process again and again, and says what has changed.

It only reads. What it looks at is a process that is there already, or one that a *run* brings
along: then Run begins it, and what the run tells of it (it was stopped, it goes on) is shown as it
happens. How a process is read and how that is drawn is handed in, as plain functions.

    Run  -> reader thread: run(see, stop) --tells--> see(event)
                           refresher: read(pid), view(now, before), every quarter of a second
    Stop -> sets the event; both threads end, and the last look stays on the page
"""

import threading
import time
from collections.abc import Callable
from typing import Any

import ipywidgets

from conclib.results import Actor, Cancelled, Ending, Event
from conclib.widgets import parts, words
from conclib.widgets.running import Running

EVERY = 0.25  # seconds between two looks
LIMIT = 120.0  # seconds after which nobody is taken to look on
MOST = 6  # events that stay on the page
LOOKING, STOPPED, OVER = "Looking.", "Stopped.", "Nothing has been asked for long: stopped looking."
Read = Callable[[int], Any]
View = Callable[[Any, Any], str]
Run = Callable[[Callable[[object], None], threading.Event], str]


class LivePanel(Running):
    """What is kept of a process, looked at again and again, with Run and Stop.

    Args:
        label: what it shows, for those who do not see it; ``sentence``: the same for a page
            without it.
        read: returns what is kept of a process, given its number; ``None`` if there is nothing
            (more), and then the last look stays.
        view: returns that as HTML, given it and the look before (``None`` at first).
        pid: whose; ``None`` where ``run`` brings a process along.
        run: does something with a process: is given a function to tell actors, events and endings
            to, and an event that asks it to end; returns a sentence about what was seen.
        who: the name of the actor to look at, in what ``run`` tells.
    """

    def __init__(
        self,
        label: str,
        sentence: str,
        *,
        read: Read,
        view: View,
        pid: int | None = None,
        run: Run | None = None,
        who: str = "",
    ) -> None:
        super().__init__()
        self.sentence, self.pid = sentence, pid
        self._read, self._view, self._run, self._who = read, view, run, who
        self._last: Any = None
        self._begun = 0
        self._told: list[tuple[str, str]] = []
        self._guard = threading.RLock()
        self.record, self.happened, self.message = parts.html(), parts.html(), parts.html()
        begin = "begin, and look" if run else "look at it again and again"
        self.start = parts.button("Run", begin, self.begin, "primary")
        self.stop = parts.button("Stop", "end looking", self.end)
        row = ipywidgets.HBox([self.start, self.stop], layout=parts.ROW)
        self.box = parts.form(label, [row, self.message, self.record, self.happened])
        if pid is not None:
            self.look()

    # Looking ----------------------------------------------------------------------------------
    def look(self) -> None:
        """Read the process now, and show what there is and what has changed."""
        with self._guard:
            if self.pid is None:
                return
            now = self._read(self.pid)
            if now is None or now == self._last:  # what changed last stays marked
                return
            shown = self._view(now, self._last)
            self.record.value = f"<div style='line-height:1.4'>{shown}</div>"
            self._last = now

    def see(self, told: object) -> None:
        """Take what a run tells, and look at once."""
        if isinstance(told, Actor) and told.name == self._who:
            with self._guard:
                self.pid, self._last = told.pid, None
        elif isinstance(told, Event | Ending) and told.actor == self._who:
            self._note(told)
        if not isinstance(told, Ending):  # after its end there is nothing left to look at
            self.look()

    def _note(self, told: Event | Ending) -> None:
        text = told.text if isinstance(told, Ending) else _in_words(told)
        with self._guard:
            self._begun = self._begun or told.t_ns
            after = f"{(told.t_ns - self._begun) / 1e9:.1f} s"
            self._told = [*self._told, (after, text)][-MOST:]
            self.happened.value = parts.table([("after", f"the {self._who}"), *self._told])

    # Running ----------------------------------------------------------------------------------
    def begun(self) -> None:
        """Say that it is followed now."""
        self.message.value = parts.paragraph(LOOKING)

    def run_now(self, stop: threading.Event | None = None) -> str:
        """Run in this thread until the end; return what is said then, or raise what goes wrong."""
        stop, text = stop or threading.Event(), STOPPED
        try:
            text = self._run_beside(stop) if self._run else self._refresh(stop, LIMIT)
        except Cancelled:
            return text
        except Exception as error:
            text = words.failure(error)
            raise
        finally:
            self.message.value = parts.announced(text)
        return text

    def _run_beside(self, stop: threading.Event) -> str:
        """Run, and refresh in a thread beside it until the run has ended."""
        assert self._run is not None
        with self._guard:
            self._told, self.pid, self._last, self._begun = [], None, None, 0
        done = threading.Event()
        beside = threading.Thread(
            target=self._refresh, args=(done, LIMIT), name="conclib refresher", daemon=True
        )
        beside.start()
        try:
            return self._run(self.see, stop)
        finally:
            done.set()
            beside.join()

    def _refresh(self, stop: threading.Event, limit: float) -> str:
        end = time.monotonic() + limit
        while not stop.wait(EVERY):
            self.look()
            if time.monotonic() > end:
                return OVER
        return STOPPED

    def close(self) -> None:
        """Stop what runs, and take the panel off the page."""
        self.background.close()  # its thread may be showing something
        with self._guard:
            super().close()


def _in_words(event: Event) -> str:
    known = {name: value for name, value in event.data.items() if value is not None}
    data = ", ".join(f"{name} {_written(value)}" for name, value in known.items())
    return f"{event.what}{f' ({data})' if data else ''}"


def _written(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)
