"""What a prediction can be: its four forms, the record, and what is refused as none."""

from dataclasses import dataclass, field
from typing import Any

from conclib.lesson import texts
from conclib.lesson.showing.shown import Shown
from conclib.results import arguments
from conclib.results.quantity import RATIO, TIME

MAX_GUESS = 1e15  # no time in ns (eleven days) and no ratio beyond it is meant
POINTS = 5


@dataclass(frozen=True, repr=False)
class Prediction(Shown):
    """One prediction, as it was first made.

    Attributes:
        id: which question it answers; ``question`` holds its words.
        form: ``"range"``, ``"ratio"``, ``"order"``, ``"shape"``; ``""`` while unfilled.
        values: (low, high) in ns or as ratios; the labels; a name or five heights.
        because: the reason given, or ``None``.
        unit: the unit a range was given in.
        made: when, ISO 8601; ``attempt`` counts from 1.
        locked: a measurement that answers it has started.
        late: it was made after the answer had been seen, so it counts as no prediction.
        fill_in: what to do where it is unfilled.
        complaint: what is wrong with the values just given; ``""`` if nothing is.
    """

    id: str
    question: str
    form: str = ""
    values: tuple = ()
    because: str | None = None
    unit: str = ""
    made: str = ""
    attempt: int = 1
    locked: bool = False
    late: bool = False
    fill_in: str = ""
    complaint: str = field(default="", compare=False)

    clickable = True

    @property
    def filled(self) -> bool:
        """Whether there is anything to compare with."""
        return bool(self.form)

    @property
    def in_words(self) -> str:
        """The values in words: ``'×2 to ×20'``, ``'10.0 µs to 1.00 ms'``."""
        if self.form == "range":
            return f"{TIME.write(self.values[0])} to {TIME.write(self.values[1])}"
        if self.form == "ratio":
            return f"{RATIO.write(self.values[0])} to {RATIO.write(self.values[1])}"
        if self.form == "order":
            return " < ".join(self.values)
        if self.form == "shape" and len(self.values) > 1:
            return "a drawn curve (" + ", ".join(f"{height:g}" for height in self.values) + ")"
        return self.values[0] if self.values else "no prediction"

    def text(self) -> str:
        """Return question, prediction and reason; the same text whenever it is shown."""
        sentence = f"{self.question}\n{self.answer()}"
        return "\n\n".join(filter(None, [sentence, texts.not_taken(self.complaint)]))

    def answer(self) -> str:
        """Return what is said below the question: what was predicted, or how to do it."""
        if not self.filled:
            return self.fill_in
        marks = [f"attempt {self.attempt}"] if self.attempt > 1 else []
        marks += ["made after the answer was there"] if self.late else []
        mark = f" ({', '.join(marks)})" if marks else ""
        reason = texts.quoted(self.because, "\nBecause")
        return f"You predict: {self.in_words}{mark}.{reason}"


# Is it a prediction at all? ---------------------------------------------------------------------
def _pair(
    values: Any, names: tuple[str, str], least: float, most: float = MAX_GUESS
) -> tuple[float, float]:
    if not isinstance(values, list | tuple) or len(values) != 2:
        raise TypeError(f"{names[0]}, {names[1]} = {values!r}: must be two numbers, low then high")
    for name, value in zip(names, values, strict=True):
        if isinstance(value, int | float) and value <= 0:
            raise ValueError(f"{name}={value!r}: must be above 0")
    low, high = (
        arguments.number(name, value, least, most)
        for name, value in zip(names, values, strict=True)
    )
    if low > high:
        raise ValueError(f"{names[0]}={low:g}, {names[1]}={high:g}: low must not be above high")
    return low, high


def _range(given: tuple, entry: dict) -> tuple[float, float]:
    low, high, unit = given
    if unit is None:
        raise ValueError(
            f"unit: it is missing; must be one of: {', '.join(TIME.units)}. For example: "
            f'{low!r}, {high!r}, "ms"'
        )
    if not isinstance(unit, str):
        raise TypeError(f"unit={unit!r}: unit must be one of: {', '.join(TIME.units)}")
    most = MAX_GUESS / TIME.stored(1, unit)
    low, high = _pair((low, high), ("low", "high"), 1e-6, most)
    return TIME.stored(low, unit), TIME.stored(high, unit)


def _ratio(given: Any, entry: dict) -> tuple[float, float]:
    return _pair(given, ("ratio[0]", "ratio[1]"), 1e-9)


def _order(given: Any, entry: dict) -> tuple[str, ...]:
    if not isinstance(given, list | tuple):
        raise TypeError(f"order={given!r}: order must be a list of: {', '.join(entry['options'])}")
    labels = tuple(arguments.choice("order", label, entry["options"]) for label in given)
    if sorted(labels) != sorted(entry["options"]):
        raise ValueError(
            f"order={list(labels)!r}: order must name each of these once: "
            + ", ".join(entry["options"])
        )
    return labels


def _shape(given: Any, entry: dict) -> tuple:
    if isinstance(given, str):
        return (arguments.choice("shape", given, entry["options"]),)
    if not isinstance(given, list | tuple) or len(given) != POINTS:
        raise TypeError(
            f"shape={given!r}: shape must be one of: {', '.join(entry['options'])}; "
            f"or a list of {POINTS} heights from 0 to 1"
        )
    return tuple(arguments.number("shape", height, 0, 1) for height in given)


CHECKS = {"range": _range, "ratio": _ratio, "order": _order, "shape": _shape}
