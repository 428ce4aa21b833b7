"""Guessing a ratio or a time by decades: press one, widen it until you are sure enough.

A decade reaches from a third of its number to three times it, on the grid 1, 3, 10, 30, and so on:
for a first guess nothing finer is meant. The boxes beside it take any number.
"""

import math
from typing import Any

import ipywidgets

from conclib.lesson.predicting.forms import MAX_GUESS, Prediction
from conclib.results.quantity import RATIO, TIME
from conclib.widgets import keeping, parts
from conclib.widgets.numbers import NumberBox, written

RATIOS = (1, 10, 100, 1000)
TIMES = tuple(10.0**power for power in range(1, 10))  # 10 ns to 1 s
MIN_STEP, MAX_STEP = -4, 26  # the grid's ends, half decades: 0.01 to 10**13
SIZE = "Press the size that you would bet on; then make it wider until you are 80 % sure:"
BOX = {"style": {"description_width": "initial"}, "layout": {"width": "10em"}}


def grid(step: int) -> float:
    """Return a number of the grid 1, 3, 10, 30, ...; ``grid(0)`` is 1, ``grid(-1)`` is 0.3."""
    return round((3 if step % 2 else 1) * 10.0 ** (step // 2), 6)


def nearest(value: float) -> int:
    """Return the step of the grid that is nearest to a number greater than 0."""
    return min(range(MIN_STEP, MAX_STEP + 1), key=lambda step: abs(grid(step) - value) / grid(step))


def decade(value: float) -> tuple[float, float]:
    """Return the decade around a power of ten: ``decade(10)`` is ``(3, 30)``."""
    return grid(nearest(value) - 1), grid(nearest(value) + 1)


def widened(low: float, high: float, steps: int) -> tuple[float, float]:
    """Return a range with each end moved outwards by ``steps`` of the grid, inwards if negative.

    A range that is too narrow for the grid keeps the middle half of its logarithm.
    """
    first, last = nearest(low) - steps, nearest(high) + steps
    if last <= first:
        inwards = (high / low) ** 0.25
        return float(f"{low * inwards:.2g}"), float(f"{high / inwards:.2g}")
    return grid(max(first, MIN_STEP)), grid(min(last, MAX_STEP))


def unit_for(low: float) -> str:
    """Return the unit in which a time in ns reads best."""
    return TIME.best_unit(low)[0]


class Guess(keeping.Keeper):
    """Buttons for decades, two boxes, wider and narrower."""

    def __init__(self, item: Prediction) -> None:
        entry = keeping.question(item.id, ["ratio", "range"])
        self.ratio = entry["form"] == "ratio"
        self.unit = ""
        self.low, self.high = (NumberBox(1, *self._limits(), **BOX) for _ in range(2))
        self._setting = False
        self._last: tuple[float, float, str] | None = None  # in order, as it stood last
        for box in (self.low, self.high):
            box.observe(self._typed, names=["value", "complaint"])
        self.boxes = ipywidgets.HBox(
            [
                self.low,
                self.high,
                parts.button("wider", "both ends outwards", lambda: self.widen(1)),
                parts.button("narrower", "both ends inwards", lambda: self.widen(-1)),
            ],
            layout={**parts.ROW, "align_items": "flex-start", "display": "none"},
        )
        self.sizes = self._sizes()
        self.decades = list(self.sizes.buttons.values())
        decades = ipywidgets.HBox([self.sizes.box], layout=parts.ROW)
        super().__init__(item, [parts.html(parts.paragraph(SIZE)), decades, self.boxes])

    @property
    def chosen(self) -> bool:
        """Whether a decade has been pressed."""
        return self.boxes.layout.display != "none"

    def _sizes(self) -> parts.Options:
        """Return a button for each decade; its tooltip says what it sets."""
        self._values = {self._name(value): value for value in (RATIOS if self.ratio else TIMES)}
        reach = [map(self._name, decade(value)) for value in self._values.values()]
        made = parts.Options(
            list(self._values), self._press, tooltips=list(map(" to ".join, reach))
        )
        made.box.layout.flex_flow, made.box.layout.grid_gap = "row wrap", "2px 14px"
        return made

    def _name(self, value: float) -> str:
        return (RATIO if self.ratio else TIME).plain(value)

    def _press(self, name: str) -> None:
        self.set(*decade(self._values[name]))

    def _limits(self) -> tuple[float, float]:
        """Return the least and the most that a box takes, in its unit."""
        if self.ratio:
            return 1e-9, MAX_GUESS
        return 1e-6, MAX_GUESS / TIME.units[self.unit or TIME.unit]

    @property
    def range(self) -> tuple[float, float]:
        """The range as it stands now: ratios, or times in ns."""
        size = 1 if self.ratio else TIME.units[self.unit]
        return self.low.value * size, self.high.value * size

    def said(self) -> bool:
        """Tell whether what is wrong stands below a box."""
        return bool(self.low.complaint or self.high.complaint)

    def set(self, low: float, high: float) -> None:
        """Set the range: ratios, or times in ns."""
        self.unit = "" if self.ratio else unit_for(low)
        size = 1 if self.ratio else TIME.units[self.unit]
        self._setting = True
        for box, word, end in ((self.low, "from", low), (self.high, "to", high)):
            box.field.description = f"{word} ×" if self.ratio else f"{word} ({self.unit})"
            box.set(float(f"{end / size:.6g}"), *self._limits())
        self._setting = False
        self.boxes.layout.display = "flex"
        self.changed()

    def _typed(self, _change: Any) -> None:
        if not self._setting:
            self.changed()

    def trouble(self) -> str:
        """Say which box holds no number, or that from is above to."""
        for word, box in (("from", self.low), ("to", self.high)):
            if box.complaint:
                return f"“{word}”: {box.complaint}"
        low, high = written(self.low.value), written(self.high.value)
        if self.low.value <= self.high.value:
            return ""
        return f"from {low} to {high}: from must not be above to; write from {high} to {low}"

    def widen(self, steps: int) -> None:
        """Move both ends outwards by steps of the grid, inwards if negative."""
        if self.trouble():
            why = "mend the number first" if self.said() else self.trouble()
            self.message.value = parts.announced(f"Not changed: {why}.")
        else:
            self.set(*widened(*self.range, steps))

    def changed(self) -> None:
        """Mark the decade that the range is, and show the code for it."""
        if self.chosen and not self.trouble():
            self._last = self.low.value, self.high.value, self.unit
        self.sizes.mark(next(filter(self._is, self._values), None))
        super().changed()

    def _is(self, name: str) -> bool:
        ends = zip(self.wanted(), decade(self._values[name]), strict=False)
        return self.chosen and all(math.isclose(*pair) for pair in ends)

    def given(self) -> dict[str, Any]:
        """Return the range by its form, gaps where nothing is chosen."""
        low, high, unit = self._last or (..., ..., ...)
        ends = tuple(each if each is ... else _plain(each) for each in (low, high))
        return {"ratio": ends} if self.ratio else {"range": (*ends, unit)}

    def wanted(self) -> tuple[float, ...]:
        """Return the values that a kept prediction then has."""
        low, high, unit = self._last or (0.0, 0.0, "")
        size = TIME.units[unit] if unit else 1
        return (low * size, high * size) if self._last else ()


def _plain(value: float) -> int | float:
    return int(value) if value == int(value) else value
