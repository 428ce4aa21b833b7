"""The coroner as a panel: a case really happens, pieces of evidence are bought, a cause is named.

What is said is computed in ``inquest.py``, without any widget.
"""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import ipywidgets

from conclib.chapters.ch06_fate import heartbeats, inquest, practice
from conclib.chapters.ch06_fate.signatures import CAUSES
from conclib.results import Cancelled
from conclib.widgets import controls, parts
from conclib.widgets.pictures import image
from conclib.widgets.running import Running

READY = "Press Next case. Something will happen to one of four."
NO_CASE = "There is no case yet: press Next case."
STOPPED = "Stopped. There is no case."
TITLE = "Something happened to one of four: what was it?"


class CoronerPanel(Running):
    """The panel on the page.

    Args:
        seed: of the case that comes first.
    """

    def __init__(self, seed: int = 1) -> None:
        super().__init__()
        self.sentence = (
            "The coroner: press Next case, buy as little evidence as you can, and name the cause. "
            'In text: cl.practise("the-coroner").'
        )
        self.seed, self.case = seed - 1, None
        self._guard = threading.RLock()
        self.next = parts.button("Next case", "let something happen", self.begin, "primary")
        self.stop = parts.button("Stop", "end what happens", self.end)
        self.pieces = [
            parts.button(name, f"buy this piece: {name}", self._pressed(piece))
            for piece, name in inquest.NAMES.items()
        ]
        self.causes = ipywidgets.Dropdown(
            options=[each.text for each in CAUSES], description="it was", tooltip="it was",
            style=controls.WORDS, layout={"width": "auto"},
        )  # fmt: skip
        self.name = parts.button("Name it", "say that this was the cause", self.accuse)
        self.message = parts.html(parts.announced(READY, aloud=False))
        self.plot, self.known = parts.html(), parts.html()
        row = lambda *items: ipywidgets.HBox(items, layout=parts.ROW)  # noqa: E731
        self.box = parts.form(
            "the coroner",
            [row(self.next, self.stop), self.plot, self.known, row(*self.pieces),
             row(self.causes, self.name), self.message],
        )  # fmt: skip

    def _pressed(self, piece: str) -> Callable[[], None]:
        return partial(self.buy, piece)

    # A case -----------------------------------------------------------------------------------
    def begun(self) -> None:
        """Show that something happens."""
        with self._guard:
            self.plot.value = self.known.value = ""
            self.message.value = parts.announced("It happens now.")

    def run_now(self, stop: Any = None) -> inquest.Inquest:
        """Let the next case happen, and show its lines; raises what goes wrong."""
        self.case = None
        try:
            found = inquest.case(self.seed + 1, stop)
        except Cancelled:
            self.say(STOPPED)
            raise
        except Exception as error:
            self.say(f"Not done: {error}")
            raise
        self.seed += 1
        self.case = found
        with self._guard:
            self.plot.value = image(picture(found))
        self._show(found.still)
        return found

    def buy(self, piece: str) -> None:
        """Buy a piece of evidence, and say what is still possible."""
        if self.case is None:
            self.say(NO_CASE)
            return
        self.case.buy(piece)
        self._show(self.case.still)

    def accuse(self) -> None:
        """Say whether the cause that is chosen is the right one."""
        self.say(NO_CASE if self.case is None else self.case.accuse(self.causes.value))

    def _show(self, text: str) -> None:
        lines = self.case.known if self.case else []
        with self._guard:
            self.known.value = "".join(map(parts.paragraph, [f"Case {self.seed}.", *lines]))
        self.say(text)

    def say(self, text: str) -> None:
        """Show a message, and have it read out."""
        with self._guard:
            super().say(text)


def picture(case: inquest.Inquest) -> Any:
    """Draw the lines of a case, under its letters."""
    facts = case.item.facts
    others = iter([name for name in facts["fates"] if name != facts["faulty"]])
    names = {
        facts["faulty"] if letter == case.letter else next(others): letter
        for letter in practice.LETTERS
    }
    return heartbeats.flat_lines(case.item, names, title=TITLE)
