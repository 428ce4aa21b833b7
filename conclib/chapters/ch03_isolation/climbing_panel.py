"""The staircase as a panel: two programs, a start, a lock; Run, and then climb what was really run.

A thin shell over :func:`run_all`, which a test calls without any widget.
"""

import threading
from typing import Any

import ipywidgets

from conclib.chapters.ch03_isolation.climbing import staircase_to_climb
from conclib.probes import _order_model
from conclib.results import Cancelled, Observation
from conclib.widgets import controls, parts
from conclib.widgets.running import Running

CHANGES = ("+1", "+2", "+5", "-1", "-4", "*2", "*3")
STARTS = (0, 1, 5, 10, 100)
READY = "Choose two programs and a lock, then press Run. All 20 orders are run then."
STOPPED = "Stopped. Not all orders were run, so nothing is shown."
DONE = "All {0} orders were really run by two threads, step by step. Climb them below."


def run_all(stop: Any = None, **params: Any) -> Observation:
    """Run two programs in every order of their steps.

    Args:
        stop: an event; when it is set the process is ended and ``Cancelled`` is raised.
        **params: of the probe ``staircase``: ``start``, ``a``, ``b``, ``lock``.
    """
    from conclib import lab

    return lab.observe("staircase", stop=stop, on_event=lambda _: None, **params)


class StairsPanel(Running):
    """The panel on the page."""

    def __init__(self) -> None:
        super().__init__()
        self.sentence = (
            "The staircase: choose what A and B do with the number, and which lock, then press Run."
        )
        self._guard = threading.RLock()
        self.start = _choice("the number is", [(str(each), each) for each in STARTS], 0)
        self.a, self.b = (_choice(f"{name} does", _written(), "+1") for name in "AB")
        self.lock = _choice("lock", [(each, each) for each in _order_model.LOCKS], "none")
        self.run = parts.button("Run", "run all orders", self.begin, "primary")
        self.stop = parts.button("Stop", "end the process that runs them", self.end)
        self.message, self.plot = parts.html(parts.announced(READY, aloud=False)), parts.html()
        row = lambda *items: ipywidgets.HBox(items, layout=parts.ROW)  # noqa: E731
        self.box = parts.form(
            "staircase",
            [row(self.start, self.a, self.b, self.lock), row(self.run, self.stop), self.message,
             self.plot],
        )  # fmt: skip

    def run_now(self, stop: Any = None) -> Observation:
        """Run all orders, in this thread, and show them; raises what goes wrong."""
        params = {"start": self.start.value, "a": self.a.value, "b": self.b.value,
                  "lock": self.lock.value}  # fmt: skip
        try:
            seen = run_all(stop, **params)
        except Cancelled:
            self.say(STOPPED)
            raise
        except Exception as error:
            self.say(f"Not done: {error}")
            raise
        drawn = staircase_to_climb(seen)
        with self._guard:
            self.plot.value = drawn.html
        self.say(DONE.format(len(seen.facts["orders"])))
        return seen

    def begun(self) -> None:
        """Say that it runs."""
        self.message.value = parts.paragraph("Running all orders.")


def _written() -> list[tuple[str, str]]:
    return [(each.replace("*", "×").replace("-", "−"), each) for each in CHANGES]


def _choice(label: str, options: list[tuple[str, Any]], value: Any) -> "ipywidgets.Dropdown":
    return ipywidgets.Dropdown(
        options=options, value=value, description=label, style=controls.WORDS, tooltip=label,
        layout={"width": "auto"},
    )  # fmt: skip
