"""A probe's parameters: the type of each, and what is allowed.

A probe's literal holds whole numbers (``"type": "int"``, with ``min`` and ``max``), choices
(``"type": "choice"``, with ``choices``), or texts of a form of their own (``"type": "text"``, with
a ``pattern`` for the whole of it, and ``allowed``, which says the same in words).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from conclib.results import arguments, axis
from conclib.results.arguments import Value


@dataclass(frozen=True)
class Param:
    """One parameter of a probe: its type and what is allowed."""

    name: str
    type: str
    default: Value
    low: int = 0
    high: int = 0
    choices: tuple[str, ...] = ()
    pattern: str = ""  # what a text must match, from its first letter to its last
    words: str = ""  # the same in words
    unit: str = ""
    needs: str = ""  # another parameter that must be set for this one to be set
    # which value goes only with which values of other parameters; "": any but the default
    only: Mapping[Value, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    help: str = ""  # what it means, in a few words
    title: str = ""  # what to write beside an axis

    def check(self, value: object) -> Value:
        """Return the value if it is allowed; raise TypeError or ValueError naming it."""
        if self.type == "choice":
            return arguments.choice(self.name, value, self.choices)
        if self.type == "text":
            return arguments.text(self.name, value, self.pattern, self.allowed)
        return arguments.integer(self.name, value, self.low, self.high, self.unit)

    def goes_with(self, value: Value) -> Mapping[str, tuple[str, ...]]:
        """Return the values that other parameters must have beside this one's, by name."""
        if value in self.only:
            return self.only[value]
        return self.only.get("", {}) if value != self.default else {}

    @property
    def allowed(self) -> str:
        """What is allowed, in words."""
        if self.type == "text":
            return f"{self.words}, such as {self.default!r}"
        return " | ".join(self.choices) or f"{self.low} to {self.high} {self.unit}"

    @property
    def example(self) -> list[Value]:
        """Two values that are allowed, as a sweep may list them."""
        if self.type == "text":
            return [self.default]
        return [*self.choices[:2]] or [self.low, min(self.low + 64, self.high)]

    def axis(self, values: Iterable[Value]) -> axis.Axis | None:
        """Return the axis of a sweep over these values; ``None`` where they are no numbers."""
        numbers = [value for value in values if not isinstance(value, str)]
        return axis.of_params(self.name, numbers, self.title, self.unit) if numbers else None


def param(name: str, entry: Mapping[str, Any]) -> Param:
    """Return a parameter as a probe's literal describes it.

    Raises:
        KeyError: the literal lacks what its type needs.
        ValueError: the pattern of a text is none, or its default does not match it.
    """
    choices = tuple(entry.get("choices", ()))
    numbers = entry["type"] not in ("choice", "text")
    made = Param(
        name=name,
        type=entry["type"],
        default=entry["default"],
        low=entry["min"] if numbers else 0,
        high=entry["max"] if numbers else 0,
        choices=choices,
        pattern=entry["pattern"] if entry["type"] == "text" else "",
        words=entry["allowed"] if entry["type"] == "text" else "",
        unit=entry.get("unit", ""),
        needs=entry.get("with", ""),
        only=entry.get("only", {}),
        help=entry.get("help", name.replace("_", " ")),
        title=entry.get("title", entry.get("help", "")),
    )
    return _with_a_pattern(made)


def _with_a_pattern(made: Param) -> Param:
    """Return it; a pattern that is none, or that its own default does not match, is refused."""
    if made.type == "text":
        try:
            re.compile(made.pattern)
        except re.error as error:
            raise ValueError(f"{made.name}: pattern {made.pattern!r}: {error}") from None
        made.check(made.default)
    return made
