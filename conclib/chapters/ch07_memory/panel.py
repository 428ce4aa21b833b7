"""The ladder as a panel: how many threads, which stack, how much touched; Run, progress, Stop.

A thin shell over :func:`climb`, which a test calls without any widget.
"""

import threading
from collections.abc import Callable
from typing import Any

import ipywidgets

from conclib.chapters.ch07_memory import climbing, pictures
from conclib.chapters.ch07_memory.sizes import KB
from conclib.lesson.showing.looked import recorded
from conclib.results import Cancelled, Event, Observation
from conclib.results.quantity import BYTES
from conclib.widgets import controls, parts
from conclib.widgets.pictures import image
from conclib.widgets.running import Running

COUNTS = (100, 1000, 5000, 10_000)
STACKS = (64, 512, 8192, 65_536)  # kB
TOUCHED = (0, 16, 64)  # kB: with more, thousands of them would fill the machine
THEN = ("nothing", "wait", "give back")
OnStep = Callable[[int], None]
READY = "Choose, then press Run. Nothing is measured before that."
STOPPED = "Stopped. The process that had the threads is gone, and they with it."


def climb(on_step: OnStep, stop: Any = None, **params: Any) -> Observation:
    """Climb the ladder; tell at each step how many threads there are.

    Args:
        on_step: called with the number of threads.
        stop: an event; when it is set the process is ended and ``Cancelled`` is raised.
        **params: of the probe ``more_threads``.
    """
    from conclib import lab

    def heard(seen: object) -> None:
        if isinstance(seen, Event) and seen.what == "threads":
            on_step(int(seen.data["there"]))

    return lab.observe("more_threads", on_event=heard, stop=stop, **params)


class LadderPanel(Running):
    """The panel on the page."""

    def __init__(self) -> None:
        super().__init__()
        self.sentence = (
            "Ladder of threads: choose how many, which stack, and how much of it is touched, then "
            "press Run. In text: memory.ladder(1000, stack_kb=512)."
        )
        self._guard = threading.RLock()
        self.rows: list[tuple[str, ...]] = []
        self.count = _choice("threads", [(f"{n:,}", n) for n in COUNTS], 1000)
        self.stack = _choice("stack asked for", _sizes(STACKS), 8192)
        self.touched = _choice("of it touched", _sizes(TOUCHED), 0)
        self.then = _choice("then", [(each, each) for each in THEN], THEN[0])
        self.run = parts.button("Run", "start the threads, step by step", self.begin, "primary")
        self.stop = parts.button("Stop", "end the process that has them", self.end)
        self.doing, self.message = parts.html(), parts.html(parts.announced(READY, aloud=False))
        self.plot, self.table = parts.html(), parts.html()
        row = lambda *items: ipywidgets.HBox(items, layout=parts.ROW)  # noqa: E731
        self.box = parts.form(
            "ladder of threads",
            [row(self.count, self.stack, self.touched, self.then),
             row(self.run, self.stop, self.doing), self.message, self.plot, self.table],
        )  # fmt: skip

    # Running ----------------------------------------------------------------------------------
    def run_now(self, stop: Any = None) -> Observation:
        """Climb in this thread, and show what came out; raises what goes wrong."""
        params = {"count": self.count.value, "stack_kb": self.stack.value,
                  "touched_kb": self.touched.value, "then": self.then.value}  # fmt: skip
        try:
            item = climb(lambda there: self._progress(there, params["count"]), stop, **params)
        except Cancelled:
            self.say(STOPPED)
            raise
        except Exception as error:
            self.say(f"Not done: {error}")
            raise
        self._show(item)
        return item

    def begun(self) -> None:
        """Show an empty bar."""
        self._progress(0, self.count.value)

    # Showing ----------------------------------------------------------------------------------
    def _progress(self, there: int, count: int) -> None:
        with self._guard:
            self.doing.value = parts.progress(there / count, f"{there:,} of {count:,} threads")

    def say(self, text: str) -> None:
        """Show a message in the bar's place, and have it read out."""
        with self._guard:
            self.doing.value, self.message.value = "", parts.announced(text)

    def _show(self, item: Observation) -> None:
        """Show what came out; the sentence last, for with it the panel looks ready for more."""
        self.rows.append(_row(item))
        drawn = image(pictures.ladder(item)) if item.facts["steps"] else ""
        with self._guard:
            self.plot.value = drawn
            self.table.value = parts.table([HEAD, *self.rows])
        self.say(climbing.ladder_sentence(item) + recorded({"ladder": item}))


HEAD = ("threads", "stack", "touched", "reserved, each", "resident, each", "then, each")


def _row(item: Observation) -> tuple[str, ...]:
    each, size = item.facts["each_mb"], BYTES.write
    found = ["–" if each[name] is None else size(each[name] * 2**20) for name in ("virtual", "rss")]
    asked = (size(item.params[name] * KB) for name in ("stack_kb", "touched_kb"))
    then = item.facts["then_kb"]
    after = "–" if then is None else f"{size(max(then, 0) * KB)} ({item.params['then']})"
    return (f"{item.facts['there']:,}", *asked, *found, after)


def _sizes(options: tuple[int, ...]) -> list[tuple[str, int]]:
    return [(BYTES.plain(kb * KB) if kb else "nothing", kb) for kb in options]


def _choice(label: str, options: list[tuple[str, Any]], value: Any) -> "ipywidgets.Dropdown":
    return ipywidgets.Dropdown(
        options=options, value=value, description=label, style=controls.WORDS,
        tooltip=label, layout={"width": "auto"},
    )  # fmt: skip
