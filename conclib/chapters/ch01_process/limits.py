"""The limit's slider: set how large a stack may become, press Run, see how deep calls come.

The slider changes nothing by itself; only the button measures. It is a shell over
``cl.observe("stack_limit", limit_mb=...)``, the sentence of the choice and the picture of it.
"""

import threading
from typing import Any

import ipywidgets

from conclib.chapters.ch01_process import pictures, rules
from conclib.results import Cancelled, Observation
from conclib.widgets import controls, parts, words
from conclib.widgets import pictures as drawing
from conclib.widgets.running import Running

PROBE, PARAM = "stack_limit", "limit_mb"
SENTENCE = (
    "The stack's limit: set the largest of four limits, press Run, and see how deep calls come. In "
    'text: cl.observe("stack_limit", limit_mb=16).'
)
RUNNING = "Calling deeper and deeper. Press Stop to end it."


def told(seen: Observation) -> str:
    """Return what came out, in a sentence."""
    sentence = rules.ends_sentence(rules.facts_of(seen, PROBE))
    return f"{sentence[0].upper()}{sentence[1:]}{rules.recorded(seen)}."


class LimitPanel(Running):
    """A slider with a number box, Run, Stop, what came out."""

    def __init__(self) -> None:
        from conclib import lab

        super().__init__()
        self.sentence = SENTENCE
        param = lab.catalogue()[PROBE].params[PARAM]
        self.limit = int(param.default)
        self.slider = controls.make(controls.described(param), self.limit, self._chosen)
        self.start = parts.button("Run", "measure with this limit", self.begin, "primary")
        self.stop = parts.button("Stop", "end the measurement", self.end)
        self.message, self.plot = parts.html(), parts.html()
        row = ipywidgets.HBox([self.start, self.stop], layout=parts.ROW)
        self.box = parts.form("the stack's limit", [self.slider, row, self.message, self.plot])

    def _chosen(self, _name: str, value: Any) -> None:
        self.limit = int(value)

    def begun(self) -> None:
        """Say that it runs now."""
        self.message.value = parts.paragraph(RUNNING)

    def run_now(self, stop: threading.Event | None = None) -> str:
        """Measure in this thread; return what is said then, or raise what goes wrong."""
        from conclib import lab

        text = words.STOPPED
        try:
            seen = lab.observe(PROBE, stop=stop, limit_mb=self.limit)
            self.plot.value = drawing.image(pictures.depths(seen))
            text = told(seen)
        except Cancelled:
            return text
        except Exception as error:
            text = words.failure(error)
            raise
        finally:
            self.message.value = parts.announced(text)
        return text
