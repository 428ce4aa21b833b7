"""A prediction made with controls: what is chosen, the line of code that says the same, and Keep.

The shells that let a student draw a curve or press a decade share this: a reason, a button that
keeps the prediction, and a sentence that says which one stands. What is kept is kept as by
``cl.predict``, so the first prediction stands here, too, once a measurement has started.
"""

from collections.abc import Sequence
from typing import Any

import ipywidgets

from conclib.lesson import texts
from conclib.lesson.code_lines import code_line
from conclib.lesson.predicting import predictions
from conclib.lesson.predicting.forms import Prediction
from conclib.results import arguments
from conclib.widgets import parts

NOTHING = "Nothing is chosen yet, so nothing is kept. Choose first, then press the button again."


def question(id: str, forms: Sequence[str]) -> dict[str, Any]:
    """Return the entry of a prediction that has one of ``forms``.

    Raises:
        TypeError, ValueError: no such prediction, or one of another form.
    """
    entry = texts.entry("predictions", id)
    fitting = [name for name, each in texts.entries("predictions").items() if each["form"] in forms]
    arguments.choice("prediction_id", id, fitting)
    return entry


class Keeper(parts.Shell):
    """Base of the shells that make a prediction.

    Subclasses give ``given()``, the values by form, with gaps while nothing is chosen, and
    ``wanted()``, the values that a prediction has then. They call ``changed`` whenever
    something else is chosen. Nothing is chosen at first: a value that stands there already would
    be a hint.
    """

    def __init__(self, item: Prediction, inside: Sequence[Any]) -> None:
        self.id = item.id
        self.sentence = f"Prediction {item.id}: choose, press Keep this prediction."
        self.because = parts.reason(item.because)
        self.button = parts.button(
            "Keep this prediction", "write it down", self._pressed, "primary"
        )
        self.code, self.message = parts.html(), parts.html()
        self.because.observe(lambda change: self.changed(), names="value")
        question = parts.html(parts.strong(item.question))
        button = ipywidgets.HBox([self.button])
        below = [self.because, button, self.message, self.code]
        self.box = parts.form(item.question, [question, *inside, *below])
        self._show(item, aloud=bool(item.complaint))
        self.changed()

    def given(self) -> dict[str, Any]:
        """Return the values by form, as ``predictions.keep`` takes them, with gaps in them."""
        raise NotImplementedError

    def wanted(self) -> Sequence[Any]:
        """Return the values that a kept prediction then has."""
        raise NotImplementedError

    def changed(self) -> None:
        """Show the line of code for what is chosen now."""
        named = self.given()
        place = named.pop("range", ())
        reason = {"because": self.because.value} if self.because.value.strip() else {}
        self.code.value = parts.code(code_line("predict", self.id, *place, **named, **reason))

    def keep_now(self) -> Prediction:
        """Keep what is chosen; return the prediction that stands, or raise what goes wrong."""
        if not self.wanted():
            self.message.value = parts.announced(NOTHING)
            return predictions.recall_prediction(self.id)
        kept = predictions.keep(self.id, self.given(), self.because.value.strip() or None)
        self._show(kept, aloud=True)
        return kept

    def _pressed(self) -> None:
        try:
            self.keep_now()
        except Exception as error:  # it is said, and the button can be pressed again
            self.message.value = parts.announced(f"Not kept: {error}")

    def _show(self, item: Prediction, aloud: bool) -> None:
        """Show what stands, and what is wrong with what was given."""
        paragraphs = [item.answer() if item.filled else "", texts.not_taken(item.complaint)]
        text = "\n\n".join(filter(None, paragraphs))
        self.message.value = parts.announced(text, aloud) if text else ""
