"""A scheduler with a fixed number of threads as a panel: threads, readers, Run, Stop.

A thin shell over the probe ``scheduler_in_python``, which a test runs without any widget.
"""

import threading
from typing import Any

import ipywidgets

from conclib.chapters.ch11_models import fixed
from conclib.lesson.showing.looked import recorded
from conclib.results import Cancelled, Observation
from conclib.widgets import controls, parts
from conclib.widgets.pictures import image
from conclib.widgets.running import Running

THREADS, READERS = (1, 2, 3, 4), (3, 5, 8)
FIRST = (3, 5)
READY = "Choose how many threads it has, and up to how many tasks read. Then press Run."
STOPPED = "Stopped. Nothing of it is left."


class FixedPanel(Running):
    """The panel on the page."""

    def __init__(self) -> None:
        super().__init__()
        self.sentence = (
            "A scheduler with a fixed number of threads: choose how many, then press Run. In text: "
            "models.as_many_readers(3)."
        )
        self._guard = threading.RLock()
        self.threads = _choice("threads of Linux", THREADS, FIRST[0])
        self.readers = _choice("readers, up to", READERS, FIRST[1])
        self.run = parts.button("Run", "run it with more and more readers", self.begin, "primary")
        self.stop = parts.button("Stop", "end the process that runs it", self.end)
        self.message, self.plot = parts.html(parts.announced(READY, aloud=False)), parts.html()
        row = lambda *items: ipywidgets.HBox(items, layout=parts.ROW)  # noqa: E731
        self.box = parts.form(
            "a fixed number of threads",
            [row(self.threads, self.readers), row(self.run, self.stop), self.message, self.plot],
        )

    def begun(self) -> None:
        """Say that it runs."""
        self.message.value = parts.announced("Running, with one reader more each time.")

    def run_now(self, stop: Any = None) -> Observation:
        """Run it with more and more readers, and show the pauses; raises what goes wrong."""
        from conclib import lab

        try:
            item = lab.observe(
                "scheduler_in_python", stop=stop, on_event=lambda _: None,
                kernel_threads=self.threads.value, most_readers=self.readers.value,
            )  # fmt: skip
        except Cancelled:
            self.say(STOPPED)
            raise
        except Exception as error:
            self.say(f"Not done: {error}")
            raise
        with self._guard:
            self.plot.value = image(fixed.picture(item))
        self.say(f"{fixed.sentence(item)}{recorded({'own': item})}")
        return item


def _choice(label: str, options: tuple[int, ...], value: int) -> "ipywidgets.Dropdown":
    return ipywidgets.Dropdown(
        options=options, value=value, description=label, style=controls.WORDS, tooltip=label,
        layout={"width": "auto"},
    )  # fmt: skip
