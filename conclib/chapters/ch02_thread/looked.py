"""What a verb of this chapter gives back: observations by label, a picture and a sentence."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conclib.lab.observing import NOT_HERE
from conclib.lesson.showing.shown import Shown, show
from conclib.results import Observation

UNKNOWN = "not known"


@dataclass(frozen=True, repr=False)
class Looked(Shown):
    """What was observed for one question.

    Attributes:
        seen: the observations by label; their ``facts`` are all that was reported.
        sentence: what came out, in words.
        picture: the same as a picture, with a table below it.
    """

    seen: Mapping[str, Observation]
    sentence: str
    picture: Any = None

    def text(self) -> str:
        """Return the sentence, and where the facts come from if not from here."""
        return f"{self.sentence}{recorded(self.seen)}"

    @property
    def only(self) -> Observation:
        """The one observation, where there is one."""
        (item,) = self.seen.values()
        return item


def looked(seen: Mapping[str, Observation], sentence: str, picture: Any = None) -> Looked:
    """Show what was observed, and return it."""
    found: Looked = show(Looked(seen, sentence, picture))
    return found


def recorded(seen: Mapping[str, Observation]) -> str:
    """Say which observations are not from here, or nothing."""
    found = [item for item in seen.values() if item.source != "live"]
    origins = sorted({item.origin for item in found})
    reasons = [note for item in found for note in item.notes if note.startswith(NOT_HERE)][:1]
    return f" (Not from this machine: {'; '.join([*origins, *reasons])}.)" if origins else ""


def observed(result: Any, probe: str) -> list[Observation]:
    """Return the observations of one probe in a result of this chapter, or in a tuple of results.

    Raises:
        TypeError: there is none; says what is needed.
    """
    results = result if isinstance(result, tuple | list) else [result]
    items: list[Any] = []
    for each in results:
        items += each.seen.values() if isinstance(each, Looked) else [each]
    found = [each for each in items if isinstance(each, Observation) and each.probe == probe]
    if not found:
        kind = type(result).__name__
        raise TypeError(f"result={kind}: this question needs what was seen of {probe}")
    return found


def origin(item: Observation) -> str:
    """Return where an observation comes from if not from here and now; else nothing."""
    return "" if item.source == "live" else item.origin


def in_words(value: Any) -> str:
    """Write a fact, or that it is not known."""
    return UNKNOWN if value is None else f"{value:,}" if isinstance(value, int) else str(value)


def as_sentence(reason: str) -> str:
    """Return a reason with a capital letter in front and a full stop behind it."""
    return f"{reason[:1].upper()}{reason[1:]}." if reason else ""
