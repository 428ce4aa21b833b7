"""A box for a number that says what is wrong with what was typed, and turns it into nothing else.

A browser's own number box makes 15 of "1,5" and, like ipywidgets', moves what is out of range to
the nearest end, without a word. Here the text stays as it was typed, a sentence below it says what
is wrong, and the number of before counts until that is mended.
"""

import math
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import ipywidgets
import traitlets

from conclib.widgets import parts

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
COMMA = re.compile(r"([+-]?\d+),(\d+)", re.ASCII)
THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+", re.ASCII)
LONGEST = 30  # characters of what was typed that are said again
WIDEST = "16em"  # a complaint goes on in the next line: what stands beside it is not moved away

Number = int | float


def written(value: Number) -> str:
    """Return a number as a box shows it: ``3``, ``0.25``, no thousands, ``0.000001``."""
    if value == int(value) and abs(value) < 1e16:
        return str(int(value))
    return f"{Decimal(repr(float(value))):f}"


def read(text: str, low: Number, high: Number, whole: bool = False) -> Number:
    """Return the number that a text is.

    Args:
        text: what was typed; space around it does not matter.
        low, high: the least and the most that are allowed.
        whole: only whole numbers are allowed.

    Raises:
        ValueError: it is none, or it is out of range; the message is for below the box.
    """
    text = text.strip()
    shown = text if len(text) <= LONGEST else f"{text[:LONGEST]}..."
    if not NUMBER.fullmatch(text):
        raise ValueError(_no_number(text, shown, low, whole))
    value = float(text)
    if value > high:
        most = written(high)
        raise ValueError(f"{shown} is above {most}, the most that is allowed: write {most} or less")
    if value < low:
        least = written(low)
        raise ValueError(
            f"{shown} is below {least}, the least that is allowed: write {least} or more"
        )
    if whole and value != int(value):
        below = math.floor(value)
        raise ValueError(f"{shown} is no whole number: write {below} or {below + 1}")
    return int(value) if whole else value


def _no_number(text: str, shown: str, low: Number, whole: bool) -> str:
    """Say what to write in place of a text that is no number."""
    if not text:
        return f"nothing stands here: write a number, for example {written(max(low, 1))}"
    first = NUMBER.match(text)
    if THOUSANDS.fullmatch(text):
        point = "" if whole or text.count(",") > 1 else f" or {text.replace(',', '.')}"
        return f"{shown} is no number: write {text.replace(',', '')}{point}"
    if COMMA.fullmatch(text) and not whole:
        return f"{shown} is no number: write {text.replace(',', '.')}"
    if first and re.fullmatch(r"\s*[^\d.,\s+-]*", text[first.end() :]):
        return f"{shown} is no number: write {first.group()} alone, without a unit"
    example = written(max(low, 1)) if whole else "1.5"
    kind = "whole number" if whole else "number"
    return f"{shown} is no {kind}: write digits alone, for example {example}"


class NumberBox(ipywidgets.VBox):  # type: ignore[misc]  # ipywidgets has no types for mypy
    """A field for a number, with the complaint about what was typed below it.

    Args:
        value: what it shows first.
        low, high: the least and the most that are allowed; both may be changed.
        whole: only whole numbers are allowed.
        below: whether the complaint stands below the box; else who made it shows it.
        then: what is said after a complaint; ``{}`` is the number that still counts.
        **more: of the field, as ``ipywidgets.Text`` takes it.

    Attributes:
        value: the number that counts.
        complaint: what is wrong with what was typed; ``""`` if nothing is.
        field: where it is typed.
    """

    value = traitlets.Any(0)
    complaint = traitlets.Unicode("")

    def __init__(
        self, value: Number, low: Number, high: Number, *, whole: bool = False,
        below: bool = True, then: str = "", **more: Any,
    ) -> None:  # fmt: skip
        self.low, self.high, self.whole, self.then = low, high, whole, then
        self.field = ipywidgets.Text(value=written(value), continuous_update=False, **more)
        self.answer = parts.html(margin="0")
        inside = [self.field, self.answer] if below else [self.field]
        super().__init__(inside, layout={"max_width": WIDEST})
        self.value = value
        self.observe(self._write, names="value")
        self.observe(self._say, names="complaint")
        self.field.observe(self._typed, names="value")

    def close(self) -> None:
        """Close the box, and where the complaint would stand, also if that is shown nowhere."""
        if self.answer not in self.children:
            parts.close_all(self.answer)
        super().close()

    def set(self, value: Number, low: Number, high: Number) -> None:
        """Show a number, with other limits; what was typed before it goes."""
        self.low, self.high = low, high
        self.value = value
        self._write()

    @traitlets.validate("value")
    def _checked(self, proposal: Mapping[str, Any]) -> Number:
        value: Number = proposal["value"]
        if not self.low <= value <= self.high:
            allowed = f"{written(self.low)} to {written(self.high)}"
            raise traitlets.TraitError(f"value={value!r}: must be a number from {allowed}")
        return value

    def _typed(self, change: Mapping[str, Any]) -> None:
        """Take what was typed, or say what is wrong with it."""
        try:
            self.value = read(change["new"], self.low, self.high, self.whole)
        except ValueError as error:
            self.complaint = str(error)
            return
        self._write()

    def _write(self, _change: Any = None) -> None:
        """Show the number that counts; nothing is wrong with it."""
        self.field.value = written(self.value)
        self.complaint = ""

    def _say(self, _change: Any) -> None:
        then = f" {self.then.format(written(self.value))}" if self.then else ""
        self.answer.value = parts.announced(f"{self.complaint}.{then}") if self.complaint else ""
