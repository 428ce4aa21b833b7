"""What a verb of this chapter gives back: observations by label, a picture and a sentence."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conclib.lab.observing import NOT_HERE
from conclib.lesson.showing.shown import Shown, paragraphs, show, table_html, table_text
from conclib.results import Observation, tables

Rows = tuple[tuple[str, ...], ...]  # the first one is the head


@dataclass(frozen=True, repr=False)
class Looked(Shown):
    """What was observed for one question.

    Attributes:
        seen: the observations by label; their ``facts`` are all that was reported.
        sentence: what came out, in words.
        rows: the same as a table, its head first; empty where a picture has one.
        picture: the same as a picture, with a table below it.
        folded: what is clicked on to open the table; empty where it is open.
    """

    seen: Mapping[str, Observation]
    sentence: str
    rows: Rows = ()
    picture: Any = None
    folded: str = ""

    def text(self) -> str:
        """Return table and sentence, and where the numbers come from if not from here."""
        table = table_text(list(self.rows)) if self.rows else ""
        return "\n\n".join(filter(None, [table, self._said()]))

    def html(self) -> str:
        """Return the same, with the table as one."""
        table = table_html(list(self.rows)) if self.rows else ""
        said = paragraphs(self._said()) if self._said() else ""
        return said + tables.folded(self.folded, table) if self.folded else table + said

    def _said(self) -> str:
        return f"{self.sentence}{recorded(self.seen)}".strip()

    @property
    def only(self) -> Observation:
        """The one observation, where there is one."""
        (item,) = self.seen.values()
        return item


def looked(
    seen: Mapping[str, Observation],
    sentence: str,
    picture: Any = None,
    *,
    rows: Rows = (),
    folded: str = "",
) -> Looked:
    """Show what was observed, and return it."""
    found: Looked = show(Looked(seen, sentence, rows, picture, folded))
    return found


def recorded(seen: Mapping[str, Observation]) -> str:
    """Say which observations are not from here, or nothing."""
    found = [item for item in seen.values() if item.source != "live"]
    origins = sorted({item.origin for item in found})
    reasons = [note for item in found for note in item.notes if note.startswith(NOT_HERE)][:1]
    return f" (Not from this machine: {'; '.join([*origins, *reasons])}.)" if origins else ""


def observe(probe: str, **params: Any) -> Observation:
    """Observe without lanes under the cell; the picture of this chapter comes after."""
    from conclib import lab

    return lab.observe(probe, **params)
