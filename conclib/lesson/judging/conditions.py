"""What would have to be seen for an experiment to speak against an answer.

A comparison of two numbers, measured or reported, a fact, or an order of events; each is written
as a table of words in a chapter, tells whether it holds in what was seen, and gives what a sentence
may name in braces.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar

from conclib.lesson.judging import readings
from conclib.results import Measurements, Observation, arguments
from conclib.results.estimate import Estimate, Word
from conclib.results.quantity import COUNT, Quantity, of_unit

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
        object.__setattr__(self, "words", _some_words(self.words))
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

    def statistics(self, seen: Measurements) -> list[str]:
        """Name both numbers, as far as they are not those that the results stand for."""
        found = [readings.statistic(each, seen) for each in (self.other, self.one)]
        return list(filter(None, found))


def _some_words(words: Iterable[str]) -> tuple[str, ...]:
    """Return one or two words; none, or all of them, would say nothing."""
    found = tuple(words)
    for word in found:
        arguments.choice("words", word, WORDS)
    if not 0 < len(set(found)) < len(WORDS):
        raise ValueError(f"words={list(found)!r}: must be one or two of: {listed(WORDS)}")
    return found


@dataclass(frozen=True)
class ComparedFacts:
    """One number that was reported stands to ``factor`` times another by one of the words.

    ``one`` and ``other`` are the label of an observation and the path of its fact, ``"big:size"``;
    ``unit`` is that of both numbers, empty where they are counts; ``names`` what the two are called
    in a picture, the labels if not given.
    """

    one: str
    other: str
    words: tuple[str, ...]
    unit: str
    factor: float = 1.0
    names: tuple[str, ...] = ()

    NAMES: ClassVar = ("one", "other")

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", _some_words(self.words))
        object.__setattr__(self, "names", tuple(self.names))
        arguments.number("factor", self.factor, 0.001, 1000)
        if len(set(self.drawn_as)) != 2:
            raise ValueError(f"names={list(self.names)!r}: must be two, different ones")
        self.quantity  # noqa: B018 -- refuses a unit that there is not

    @property
    def drawn_as(self) -> tuple[str, ...]:
        """What the two are called in a picture."""
        return self.names or tuple(name.rpartition(":")[0] for name in (self.one, self.other))

    @property
    def quantity(self) -> Quantity:
        """What both numbers are numbers of."""
        return of_unit(self.unit) if self.unit else COUNT

    def check(self, labels: tuple[str, ...]) -> None:
        """Refuse a fact of an observation that has none of these labels."""
        for name in self.NAMES:
            label, _, path = str(getattr(self, name)).rpartition(":")
            arguments.choice(name, label, labels)
            if not path:
                raise ValueError(f"{name}={getattr(self, name)!r}: must name a fact, 'label:fact'")

    def estimates(self, seen: Mapping[str, Observation]) -> tuple[Estimate, Estimate]:
        """Return both numbers, to compare and to draw them."""
        first, second = (self._reading(name, seen) for name in (self.one, self.other))
        return first, second

    def _reading(self, name: str, seen: Mapping[str, Observation]) -> Estimate:
        """Return a fact as a number that is known exactly; without an interval if it is none."""
        label, _, path = name.rpartition(":")
        value = seen[label].fact(path)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return Estimate(None, None, self.quantity, label)
        stored = self.quantity.stored(value, self.unit)
        return Estimate(stored, (stored, stored), self.quantity, label)

    def holds(self, seen: Mapping[str, Observation]) -> bool:
        """Tell whether the comparison gives one of the words."""
        one, other = self.estimates(seen)
        return one.compare(other, self.factor) in self.words

    def shown(self, seen: Mapping[str, Observation]) -> dict[str, str]:
        """Return both numbers, in words."""
        both = zip(self.NAMES, self.estimates(seen), strict=True)
        return {name: each.value_text for name, each in both}


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


Condition = Compared | ComparedFacts | Fact | Before
KINDS: dict[str, type[Condition]] = {"one": Compared, "fact": Fact, "before": Before}


def parsed(given: Mapping[str, Any]) -> Condition:
    """Return the condition that a table of words describes.

    Raises:
        TypeError, ValueError: it describes none; the message names what is wrong.
    """
    kind = next((kind for key, kind in KINDS.items() if key in given), None)
    if "unit" in given:
        kind = ComparedFacts
    if kind is None:
        raise ValueError(f"judge={dict(given)!r}: must have one of: {listed(KINDS)}")
    for key in given:
        arguments.choice("key", key, [each.name for each in fields(kind)])
    return kind(**given)


def listed(items: Iterable[Any]) -> str:
    """Return a few things as text, with commas between them."""
    return ", ".join(map(str, items))
