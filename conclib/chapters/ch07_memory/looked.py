"""What a verb of this chapter gives back: observations by label, a picture and a sentence."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conclib.lab.observing import NOT_HERE
from conclib.lesson.showing.shown import Shown, show
from conclib.results import Observation
from conclib.results.quantity import BYTES

KB, MB = 2**10, 2**20
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
        """Return the sentence, and where the numbers come from if not from here."""
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


def in_mb(value: float | None) -> str:
    """Write a number of MB, or that it is not known."""
    return UNKNOWN if value is None else BYTES.write(value * MB)


def in_kb(value: float | None) -> str:
    """Write a number of kB, or that it is not known."""
    return UNKNOWN if value is None else BYTES.write(value * KB)
