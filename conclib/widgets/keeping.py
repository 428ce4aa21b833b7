"""A prediction made with controls: what is chosen, the line of code that says the same, and Keep.

The shells that let a student draw a curve or press a decade share this: a reason, a button that
keeps the prediction, and a sentence that says which one stands. What is kept is kept by
``cl.predict``, so the first prediction stands here, too, once a measurement has started.
"""

from collections.abc import Sequence
from typing import Any

import ipywidgets

from conclib.lesson import texts
from conclib.lesson.asking.code_lines import code_line
from conclib.lesson.predicting import predictions
from conclib.lesson.predicting.forms import Prediction
from conclib.results import arguments
from conclib.widgets import parts

NOTHING = "Nothing is chosen yet, so nothing is kept. Choose first, then press the button again."
STANDS = "Your earlier prediction stands: it was locked when the measuring started. "


def question(id: str, forms: Sequence[str]) -> dict[str, Any]:
    """Return the entry of a prediction that has one of ``forms``.

    Raises:
        TypeError, ValueError: no such prediction, or one of another form.
    """
    entry = texts.entry("predictions", id)
    fitting = [name for name, each in texts.entries("predictions").items() if each["form"] in forms]
    arguments.choice("prediction_id", id, fitting)
    return entry


def kept_sentence(kept: Prediction, wanted: Sequence[Any]) -> str:
    """Say which prediction stands now.

    Args:
        kept: the one that stands; ``wanted`` the values just given.
    """
    changed = kept.filled and kept.values != tuple(wanted)
    return (STANDS if changed else "") + kept.text().replace("\n", " ")


class Keeper(parts.Shell):
    """Base of the shells that make a prediction.

    Subclasses give ``given()``, what ``cl.predict`` is called with, with gaps while nothing is
    chosen, and ``wanted()``, the values that a prediction has then. They call ``changed`` whenever
    something else is chosen. Nothing is chosen at first: a value that stands there already would
    be a hint.
    """

    def __init__(self, id: str, entry: dict[str, Any], inside: Sequence[Any]) -> None:
        self.id, self.entry = id, entry
        self.sentence = f"Prediction panel for {id}: choose, press Keep this prediction."
        self.because = ipywidgets.Text(
            description="because", placeholder="your reason, in a few words",
            layout={"width": "32em"}, style={"description_width": "initial"},
        )  # fmt: skip
        self.button = parts.button(
            "Keep this prediction", "write it down", self._pressed, "primary"
        )
        self.code, self.message = parts.html(), parts.html()
        self.because.observe(lambda change: self.changed(), names="value")
        self.box = ipywidgets.VBox(
            [parts.html(parts.paragraph(entry["question"])), *inside, self.because, self.code,
             ipywidgets.HBox([self.button]), self.message]
        )  # fmt: skip
        self._show_standing()
        self.changed()

    def given(self) -> tuple[tuple, dict[str, Any]]:
        """Return what ``cl.predict`` is called with after the id: by place and by name."""
        raise NotImplementedError

    def wanted(self) -> Sequence[Any]:
        """Return the values that a kept prediction then has."""
        raise NotImplementedError

    def _call(self) -> tuple[tuple, dict[str, Any]]:
        given, named = self.given()
        reason = {"because": self.because.value} if self.because.value.strip() else {}
        return (self.id, *given), {**named, **reason}

    def changed(self) -> None:
        """Show the line of code for what is chosen now."""
        given, named = self._call()
        self.code.value = parts.code(code_line("predict", *given, **named))

    def keep_now(self) -> Prediction:
        """Keep what is chosen; return the prediction that stands, or raise what goes wrong."""
        given, named = self._call()
        if not self.wanted() and predictions.standing(self.id) is None:
            self.message.value = parts.announced(NOTHING)
            return predictions.recall_prediction(self.id)
        kept = predictions.predict(*given, **named)
        self.message.value = parts.announced(kept_sentence(kept, self.wanted()))
        return kept

    def _pressed(self) -> None:
        try:
            self.keep_now()
        except Exception as error:  # it is said, and the button can be pressed again
            self.message.value = parts.announced(f"Not kept: {error}")

    def _show_standing(self) -> None:
        standing = predictions.standing(self.id)
        if standing is not None:
            said = f"Kept so far: {standing.in_words}."
            self.message.value = parts.paragraph(said)
