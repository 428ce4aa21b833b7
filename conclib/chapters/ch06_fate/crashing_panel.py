"""The crash lab as a panel: which fault, where, beside how many; Run, lanes that fill, Stop.

A thin shell over ``lab.crash``, which a test calls without any widget.
"""

import threading
from typing import Any

import ipywidgets

from conclib.lab import crashing
from conclib.lesson.showing.filling import Lanes
from conclib.lesson.showing.looked import as_sentence, recorded
from conclib.lesson.showing.shown import preformatted
from conclib.results import Cancelled, Observation
from conclib.results.tables import folded
from conclib.widgets import controls, parts
from conclib.widgets.pictures import image
from conclib.widgets.running import Running

READY = "Choose what goes wrong, where, and beside how many others. Then press Run."
STOPPED = "Stopped. All of them are gone."
FIRST = ("null pointer", "thread", 3)
TITLE = "One of them goes wrong"


class CrashPanel(Running):
    """The panel on the page."""

    def __init__(self) -> None:
        super().__init__()
        self.sentence = (
            "Crash lab: choose a fault, a container and how many siblings, then press Run. In "
            'text: cl.crash("null pointer", "thread", siblings=3).'
        )
        self._guard = threading.RLock()
        fault, container, siblings = FIRST
        self.fault = _choice("what goes wrong", list(crashing.all_faults()), fault)
        self.container = _choice("where", list(crashing.all_containers()), container)
        self.siblings = _choice("siblings", [1, 2, 3, 5, 7], siblings)
        self.about, self.plot, self.stacks = parts.html(), parts.html(), parts.html()
        for each in (self.fault, self.container):
            each.observe(lambda _: self.explain(), "value")
        self.explain()
        self.run = parts.button(
            "Run", "let it happen, far from this notebook", self.begin, "primary"
        )
        self.stop = parts.button("Stop", "end all of them", self.end)
        self.message = parts.html(parts.announced(READY, aloud=False))
        row = lambda *items: ipywidgets.HBox(items, layout=parts.ROW)  # noqa: E731
        self.box = parts.form(
            "crash lab",
            [row(self.fault, self.container, self.siblings), self.about,
             row(self.run, self.stop), self.message, self.plot, self.stacks],
        )  # fmt: skip

    def explain(self) -> None:
        """Show what the chosen fault and container are."""
        texts = (
            crashing.all_faults()[self.fault.value],
            crashing.all_containers()[self.container.value],
        )
        self.about.value = "".join(parts.paragraph(as_sentence(text.rstrip("."))) for text in texts)

    def begun(self) -> None:
        """Show that it runs."""
        with self._guard:
            self.plot.value = self.stacks.value = ""
            self.message.value = parts.announced("Running.")

    def run_now(self, stop: Any = None) -> Observation:
        """Let it happen, and show what came of it; raises what goes wrong."""
        from conclib import lab

        lanes = Lanes(TITLE, self._put)
        try:
            item = lab.crash(self.fault.value, self.container.value, on_event=lanes.saw, stop=stop,
                             siblings=self.siblings.value)  # fmt: skip
        except Cancelled:
            self.say(STOPPED)
            raise
        except Exception as error:
            self.say(f"Not done: {error}")
            raise
        finally:
            lanes.ended()
        with self._guard:
            self.stacks.value = stacks(item)
        summary = as_sentence(str(item.facts["summary"]).rstrip("."))
        self.say(f"{summary}{recorded({'crash': item})}")
        return item

    def _put(self, picture: Any) -> Any:
        """Put the lanes on the page; return what replaces them."""
        with self._guard:
            self.plot.value = image(picture)
        return self._put

    def say(self, text: str) -> None:
        """Show a message, and have it read out."""
        with self._guard:
            super().say(text)


def stacks(item: Observation) -> str:
    """Return as HTML what each thread of those left standing was doing, folded; or nothing."""
    dumps = [f"{name}:\n" + "\n".join(lines) for name, lines in item.facts["stacks"].items()]
    if not dumps:
        return ""
    return folded("Stack dumps of those who were left", preformatted("\n\n".join(dumps)))


def _choice(label: str, options: list[Any], value: Any) -> "ipywidgets.Dropdown":
    return ipywidgets.Dropdown(
        options=options, value=value, description=label, style=controls.WORDS,
        tooltip=label, layout={"width": "auto"},
    )  # fmt: skip
