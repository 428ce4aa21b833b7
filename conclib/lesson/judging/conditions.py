"""What would have to be seen for an experiment to speak against an answer.

A comparison of two numbers, a fact, or an order of events; each is written as a table of words in
a chapter, tells whether it holds in what was seen, and gives what a sentence may name in braces.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar

from conclib.lesson.judging import readings
from conclib.results import Measurements, Observation, arguments
from conclib.results.estimate import Word

WORDS: tuple[Word, ...] = ("lower", "higher", "overlapping")


@dataclass(frozen=True)
class Compared:
    """One number stands to ``factor`` times another by one of the words.

    ``one`` and ``other`` are readings (see ``readings.py``), the words those of
    ``Estimate.compare``.
    """

    one: str | float
    other: str | float
    words: tuple[str, ...]
    factor: float = 1.0

    NAMES: ClassVar = ("one", "other")  # what its sentences may name in braces

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", tuple(self.words))
        for word in self.words:
            arguments.choice("words", word, WORDS)
        if not 0 < len(set(self.words)) < len(WORDS):
            raise ValueError(f"words={list(self.words)!r}: must be one or two of: {listed(WORDS)}")
        arguments.number("factor", self.factor, 0.001, 1000)
        if not isinstance(self.one, str) and not isinstance(self.other, str):
            raise ValueError(f"one={self.one!r}, other={self.other!r}: one must name a result")

    def check(self, labels: tuple[str, ...]) -> None:
        """Refuse a number that results with these labels do not have."""
        for name in self.NAMES:
            readings.checked(name, getattr(self, name), labels)

    def holds(self, seen: Measurements) -> bool:
        """Tell whether the comparison gives one of the words."""
        one, other = readings.both(self.one, self.other, seen)
        return one.compare(other, self.factor) in self.words

    def shown(self, seen: Measurements) -> dict[str, str]:
        """Return both numbers, in words."""
        found = readings.both(self.one, self.other, seen)
        return {name: each.value_text for name, each in zip(self.NAMES, found, strict=True)}


@dataclass(frozen=True)
class Fact:
    """A fact of what was observed equals a value."""

    fact: str
    equals: Any

    NAMES: ClassVar = ("seen",)

    def holds(self, seen: Observation) -> bool:
        """Tell whether it does."""
        return bool(seen.fact(self.fact) == self.equals)

    def shown(self, seen: Observation) -> dict[str, str]:
        """Return the fact, in words."""
        value = seen.fact(self.fact)
        return {"seen": listed(value) if isinstance(value, list) else str(value)}


@dataclass(frozen=True)
class Before:
    """The first event of one kind came before the last of another; a kind is ``actor.what``."""

    before: tuple[str, str]

    NAMES: ClassVar = ()

    def __post_init__(self) -> None:
        kinds = tuple(self.before)
        if len(kinds) != 2 or not all("." in kind for kind in kinds):
            raise ValueError(f'before={list(kinds)!r}: must be two, such as "ann.print"')
        object.__setattr__(self, "before", kinds)

    def holds(self, seen: Observation) -> bool:
        """Tell whether it did; not where one of the two never happened."""
        happened = [(each.t_ns, f"{each.actor}.{each.what}") for each in seen.events]
        happened += [(each.t_ns, f"{each.actor}.exit") for each in seen.endings]
        first, last = ([t for t, kind in happened if kind == wanted] for wanted in self.before)
        return bool(first and last) and min(first) < max(last)

    def shown(self, seen: Observation) -> dict[str, str]:
        """Return nothing: the story tells what happened."""
        return {}


Condition = Compared | Fact | Before
KINDS: dict[str, type[Condition]] = {"one": Compared, "fact": Fact, "before": Before}


def parsed(given: Mapping[str, Any]) -> Condition:
    """Return the condition that a table of words describes.

    Raises:
        TypeError, ValueError: it describes none; the message names what is wrong.
    """
    kind = next((kind for key, kind in KINDS.items() if key in given), None)
    if kind is None:
        raise ValueError(f"judge={dict(given)!r}: must have one of: {listed(KINDS)}")
    for key in given:
        arguments.choice("key", key, [each.name for each in fields(kind)])
    return kind(**given)


def listed(items: Iterable[Any]) -> str:
    """Return a few things as text, with commas between them."""
    return ", ".join(map(str, items))
