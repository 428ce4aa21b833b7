"""The four runs as a panel: set two switches, and press Run.

The table is filled run by run; :func:`switches.run` does each of them, and a test calls it without
any widget.
"""

import threading
from collections.abc import Mapping
from typing import Any

import ipywidgets

from conclib.chapters.ch03_isolation import switches
from conclib.results import Cancelled, Observation
from conclib.widgets import parts
from conclib.widgets.running import Running

READY = "Set the two switches, say what will become of B, then press Run."
STOPPED = "Stopped. A and B are gone."


class SwitchPanel(Running):
    """The panel on the page."""

    def __init__(self) -> None:
        super().__init__()
        self.sentence = (
            "Two switches: is A alive, has B a page of its own there? Set them and press Run. In "
            'text: cl.observe("astray", neighbour="gone", own_page="yes").'
        )
        self._guard = threading.RLock()
        self.seen: dict[switches.Switches, Observation] = {}
        self.neighbour = _switch("A", switches.NEIGHBOURS)
        self.own = _switch("B", switches.OWN)
        self.run = parts.button("Run", "let B write at A's address", self.begin, "primary")
        self.stop = parts.button("Stop", "end A and B", self.end)
        self.message = parts.html(parts.announced(READY, aloud=False))
        self.table = parts.html(parts.table(switches.table({})))
        row = lambda *items: ipywidgets.HBox(items, layout=parts.ROW)  # noqa: E731
        self.box = parts.form(
            "two switches",
            [row(self.neighbour, self.own), row(self.run, self.stop), self.message, self.table],
        )

    def run_now(self, stop: Any = None) -> Observation:
        """Run in this thread, and show what came out; raises what goes wrong."""
        try:
            item = switches.run(self.neighbour.value, self.own.value, stop)
        except Cancelled:
            self.say(STOPPED)
            raise
        except Exception as error:
            self.say(f"Not done: {error}")
            raise
        self._show(item)
        return item

    def _show(self, item: Observation) -> None:
        """Show what came out; the sentence last, for with it the panel looks ready for more."""
        self.seen[switches.switches(item)] = item
        with self._guard:
            self.table.value = parts.table(switches.table(self.seen))
        self.say(f"{switches.outcome(item)}. {switches.sentence(self.seen)}")


def _switch(label: str, options: Mapping[str, str]) -> "ipywidgets.Dropdown":
    return ipywidgets.Dropdown(
        options=[(name, value) for value, name in options.items()], description=label,
        tooltip=label, style={"description_width": "initial"}, layout={"width": "auto"},
    )  # fmt: skip
