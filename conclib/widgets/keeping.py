"""A prediction made with controls: what is chosen, the line of code that says the same, and Keep.

The shells that let a student draw a curve or press a decade share this: a reason, a button that
keeps the prediction, and a sentence that says which one stands. What is kept is kept as by
``cl.predict``, so the first prediction stands here, too, once a measurement has started. What then
stands chosen counts, whether the button was pressed or not (``lesson/predicting/pending.py``).
"""

from collections.abc import Sequence
from typing import Any

import ipywidgets

from conclib.lesson import texts
from conclib.lesson.code_lines import code_line
from conclib.lesson.predicting import pending, predictions
from conclib.lesson.predicting.forms import Prediction
from conclib.results import arguments
from conclib.widgets import parts

NOTHING = "Nothing is chosen yet, so nothing is kept. Choose first, then press the button again."
KEPT = "Kept. You may change it until you measure."
KEPT_LATE = "Kept. You may change it as long as you do not measure again."
FIRST_MEND = "Not kept: mend the number first."
UNTIL_THEN = "Until then the line of code below counts."
NOT_YET = "Not kept yet: press Keep, or measure."
MEASURED = "Not kept yet: press Keep."  # the answer was seen
LOCKED = "Locked: you have measured."
TOO_LATE = "Not kept: your earlier prediction was locked when you measured."


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
        self.status, self.code, self.message = parts.html(), parts.html(), parts.html()
        self.because.observe(lambda change: self.changed(), names="value")
        question = parts.html(parts.strong(item.question))
        button = ipywidgets.HBox([self.button, self.status], layout=parts.ROW)
        below = [self.because, button, self.message, self.code]
        self.box = parts.form(item.question, [question, *inside, *below])
        self.changed()
        self._show(item, aloud=bool(item.complaint))

    # What is chosen ---------------------------------------------------------------------------
    def given(self) -> dict[str, Any]:
        """Return the values by form, as ``predictions.keep`` takes them, with gaps in them."""
        raise NotImplementedError

    def wanted(self) -> Sequence[Any]:
        """Return the values that a kept prediction then has."""
        raise NotImplementedError

    def trouble(self) -> str:
        """Say what is wrong with what is typed, by the names that stand here; else nothing.

        Where that is not said beside what is typed it is said beside the button.

        What was chosen before, and was in order, is ``given`` and ``wanted`` until it is mended.
        """
        return ""

    def said(self) -> bool:
        """Tell whether what is wrong stands beside what is typed."""
        return False

    def changed(self) -> None:
        """Follow what is chosen now; what was said of something else goes."""
        pending.wait(self.id, self.measuring)
        named = self.given()
        place = named.pop("range", ())
        reason = {"because": self.because.value} if self.because.value.strip() else {}
        line = code_line("predict", self.id, *place, **named, **reason)
        kept = predictions.standing(self.id) is not None and not self.wanted()
        self.code.value = "" if kept else parts.code(line)  # gaps would say that nothing is kept
        self._show_status()
        self._show_standing()

    def _differs(self, kept: Prediction | None) -> bool:
        """Tell whether something is chosen that is not kept."""
        if kept is None or not self.wanted():
            return bool(self.wanted())
        reason = texts.given(self.because.value.strip() or None)
        return tuple(kept.values) != tuple(self.wanted()) or reason not in (None, kept.because)

    # Keeping ----------------------------------------------------------------------------------
    def keep_now(self) -> Prediction:
        """Keep what is chosen; return the prediction that stands, or raise what goes wrong."""
        if not self.wanted():
            self.message.value = parts.announced(NOTHING)
            return predictions.recall_prediction(self.id)
        if self.trouble():
            raise ValueError(self.trouble())
        return self._keep()

    def _keep(self) -> Prediction:
        kept = predictions.keep(self.id, self.given(), self.because.value.strip() or None)
        self._show_status()
        self._show(kept, aloud=True)
        return kept

    def measuring(self) -> None:
        """Keep what is chosen, if it was not: a measurement is about to lock the prediction."""
        if self._differs(predictions.standing(self.id)) and predictions.is_open(self.id):
            self._keep()
        self._show_status(measuring=True)

    def close(self) -> None:
        """Take the panel off the page; it keeps nothing any more."""
        pending.forget(self.id, self.measuring)
        super().close()

    def _pressed(self) -> None:
        try:
            self.keep_now()
        except Exception as error:  # it is said, and the button can be pressed again
            if self.trouble():  # which is said already
                self.status.value = parts.announced(self._mend())
                return
            self.message.value = parts.announced(f"Not kept: {error}")

    # Showing ----------------------------------------------------------------------------------
    def _show_status(self, measuring: bool = False) -> None:
        """Say beside the button whether what is chosen is kept."""
        kept = predictions.standing(self.id)
        locked = kept is not None and (kept.locked or measuring)
        if self.trouble() and not locked:
            text = self._mend()
        elif not self._differs(kept):
            text = self._stands(kept, locked)
        elif locked:
            text = TOO_LATE
        else:
            text = NOT_YET if not measuring and predictions.is_open(self.id) else MEASURED
        self.status.value = parts.paragraph(text)
        (self.box.add_class if locked else self.box.remove_class)(parts.LOCKED)

    def _mend(self) -> str:
        first = FIRST_MEND if self.said() else f"Not kept: {self.trouble()}."
        return f"{first} {UNTIL_THEN}" if self.wanted() else first

    @staticmethod
    def _stands(kept: Prediction | None, locked: bool) -> str:
        """Say of what is chosen that it is what is kept."""
        if kept is None:
            return ""
        return LOCKED if locked else KEPT_LATE if kept.late else KEPT

    def _show_standing(self) -> None:
        """Show what is kept, and that it is not what is chosen, if it is not."""
        kept = predictions.standing(self.id)
        if kept and self._differs(kept) and not kept.locked:
            self.message.value = parts.paragraph(f"Kept so far: {kept.in_words}.")
        else:
            self.message.value = parts.announced(kept.answer(), aloud=False) if kept else ""

    def _show(self, item: Prediction, aloud: bool) -> None:
        """Show what stands, and what is wrong with what was given."""
        paragraphs = [item.answer() if item.filled else "", texts.not_taken(item.complaint)]
        text = "\n\n".join(filter(None, paragraphs))
        self.message.value = parts.announced(text, aloud) if text else ""
