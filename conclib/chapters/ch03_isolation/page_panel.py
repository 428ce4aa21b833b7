"""The page grid as a panel: how many bytes, where they lie, who writes; Run forks and writes.

The slider only chooses. What is shown was really done, by :func:`write`, which a test calls without
any widget.
"""

import threading
from typing import Any

import ipywidgets

from conclib.chapters.ch03_isolation import grid
from conclib.results import Cancelled, Observation
from conclib.widgets import controls, parts
from conclib.widgets.numbers import NumberBox
from conclib.widgets.pictures import image
from conclib.widgets.running import Running
from conclib.widgets.slider import Slider

MOST = 256 * 4096  # bytes: all there are
POWERS = MOST.bit_length() - 1  # the slider goes from 1 byte to all, twice as many at each step
SPREADS = ("side by side", "spread")
WHO = ("child", "parent", "both")
START = 1000  # bytes
READY = "Choose how many bytes are written and where, then press Run. Guess first: how many pages?"
KEPT = " The parent wrote last: the old pages were its own by then, so it needed no copies."
STOPPED = "Stopped. Parent and child are gone."
RUNS = "A parent forks a child, and then the bytes are written."
HEAD = ("bytes", "they lie", "who writes", "pages written to", "pages copied")


def write(count: int, spread: str = SPREADS[0], who: str = WHO[0], stop: Any = None) -> Observation:
    """Fork a child and write so many bytes; return what was seen of each page.

    Args:
        count: 0 to 1,048,576 bytes.
        spread: ``"side by side"``, or ``"spread"``: each in another page.
        who: ``"child"``, ``"parent"``, or ``"both"``: the child first.
        stop: an event; when it is set the processes are ended and ``Cancelled`` is raised.
    """
    from conclib import lab

    return lab.observe("page_copies", stop=stop, bytes=count, spread=spread, who=who)


def row(item: Observation) -> tuple[str, ...]:
    """Return a run as the row of a table."""
    asked, facts = item.params, item.facts
    recorded = grid.RECORDED if item.source != "live" else ""
    pages = str(len(facts["written"]))
    count = f"{asked['bytes']:,}"
    return (count, asked["spread"], asked["who"], pages, f"{facts['copied']}{recorded}")


def sentence(item: Observation) -> str:
    """Say what was written, and what was copied because of it."""
    asked, origin = item.params, grid.of(item).origin
    scattered = (
        "each in another page" if asked["bytes"] <= item.facts["pages"] else "over all pages"
    )
    lie = asked["spread"] if asked["spread"] == SPREADS[0] else scattered
    who = "the child and then the parent" if asked["who"] == "both" else f"the {asked['who']}"
    many = f"{asked['bytes']:,} byte{'s' * (asked['bytes'] != 1)}"
    from_where = f" ({origin})" if origin else ""
    alone = grid.ALONE in grid.of(item).letters["parent"]
    both = KEPT if asked["who"] == "both" and alone else ""
    return f"{who.capitalize()} wrote {many}, {lie}. {grid.said(item)}{both}{from_where}"


class GridPanel(Running):
    """The panel on the page."""

    def __init__(self) -> None:
        super().__init__()
        self.sentence = (
            "Page grid: choose how many bytes are written, whether they lie side by side, and who "
            'writes, then press Run. In text: cl.observe("page_copies", bytes=1000, '
            'spread="side by side").'
        )
        self._guard = threading.RLock()
        self.rows: list[tuple[str, ...]] = []
        self.bytes = NumberBox(
            START, 0, MOST, whole=True, then=controls.THEN, description="bytes written",
            style=controls.WORDS, layout={"width": "14em"},
        )  # fmt: skip
        self.slider = Slider(
            value=START.bit_length() - 1, min=0, max=POWERS, step=1,
            label="bytes written: each step to the right is twice as many",
        )  # fmt: skip
        self.slider.observe(self._slid, names="value")
        self.bytes.observe(self._typed, names="value")
        self.spread = _choice("they lie", SPREADS)
        self.who = _choice("who writes", WHO)
        self.run = parts.button("Run", "fork a child, and write", self.begin, "primary")
        self.stop = parts.button("Stop", "end parent and child", self.end)
        self.doing, self.message = parts.html(), parts.html(parts.announced(READY, aloud=False))
        self.plot, self.table = parts.html(), parts.html()
        line = lambda *items: ipywidgets.HBox(items, layout=parts.ROW)  # noqa: E731
        self.box = parts.form(
            "page grid",
            [line(self.bytes, self.slider, self.spread, self.who),
             line(self.run, self.stop, self.doing), self.message, self.plot, self.table],
        )  # fmt: skip

    # Choosing ---------------------------------------------------------------------------------
    def _slid(self, change: Any) -> None:
        """Take the slider's power of two, unless it only follows the box."""
        power = int(change["new"])
        if power != _power(self.bytes.value):
            self.bytes.value = 2**power

    def _typed(self, change: Any) -> None:
        self.slider.value = _power(change["new"])

    # Running ----------------------------------------------------------------------------------
    def run_now(self, stop: Any = None) -> Observation:
        """Write in this thread, and show what came out; raises what goes wrong."""
        try:
            item = write(self.bytes.value, self.spread.value, self.who.value, stop)
        except Cancelled:
            self.say(STOPPED)
            raise
        except Exception as error:
            self.say(f"Not done: {error}")
            raise
        self._show(item)
        return item

    def begun(self) -> None:
        """Say that it runs."""
        with self._guard:
            self.doing.value = parts.paragraph(RUNS)

    def say(self, text: str) -> None:
        """Show a message in place of what was being done, and have it read out."""
        with self._guard:
            self.doing.value, self.message.value = "", parts.announced(text)

    def _show(self, item: Observation) -> None:
        """Show what came out; the sentence last, for with it the panel looks ready for more."""
        self.rows.append(row(item))
        drawn = image(grid.grid(item))
        with self._guard:
            self.plot.value = drawn
            self.table.value = parts.table([HEAD, *self.rows])
        self.say(sentence(item))


def _power(count: float) -> int:
    """Return the slider's place for so many bytes."""
    return max(int(count), 1).bit_length() - 1


def _choice(label: str, options: tuple[str, ...]) -> "ipywidgets.Dropdown":
    return ipywidgets.Dropdown(
        options=options, description=label, style=controls.WORDS, tooltip=label,
        layout={"width": "auto"},
    )  # fmt: skip
