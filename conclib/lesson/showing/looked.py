"""What a verb gives back when it has observed something: observations and what they say."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conclib.lab.observing import NOT_HERE
from conclib.lesson.showing.shown import Shown, paragraphs, show, table_html, table_text
from conclib.results import Observation, tables
from conclib.results.wording import listed

UNKNOWN = "not known"
Rows = tuple[tuple[str, ...], ...]  # the first one is the head


@dataclass(frozen=True, repr=False)
class Looked(Shown):
    """What was observed for one question.

    Attributes:
        seen: the observations by label; their ``facts`` are all that was reported.
        sentence: what came out, in words.
        picture: the same as a picture, with a table below it.
        rows: the same as a table, its head first; empty where a picture has one.
        folded: what is clicked on to open the table; empty where it is open.
    """

    seen: Mapping[str, Observation]
    sentence: str
    picture: Any = None
    rows: Rows = ()
    folded: str = ""

    def text(self) -> str:
        """Return table and sentence, and where the facts come from if not from here."""
        table = table_text(list(self.rows)) if self.rows else ""
        return "\n\n".join(filter(None, [table, self._said()]))

    def html(self) -> str:
        """Return the same, with the table as one."""
        table = table_html(list(self.rows)) if self.rows else ""
        said = paragraphs(self._said()) if self._said() else ""
        return said + tables.folded(self.folded, table) if self.folded else table + said

    @property
    def only(self) -> Observation:
        """The one observation, where there is one."""
        (item,) = self.seen.values()
        return item

    def _said(self) -> str:
        return f"{self.sentence}{recorded(self.seen)}".strip()


def looked(
    seen: Mapping[str, Observation],
    sentence: str,
    picture: Any = None,
    *,
    rows: Rows = (),
    folded: str = "",
) -> Looked:
    """Show what was observed, and return it; the arguments are those of :class:`Looked`."""
    found: Looked = show(Looked(seen, sentence, picture, rows, folded))
    return found


def observe(probe: str, **params: Any) -> Observation:
    """Observe without lanes under the cell: a picture of the chapter's own comes after."""
    from conclib import lab

    return lab.observe(probe, **params)


def observed(result: Any, probe: str, **params: Any) -> list[Observation]:
    """Return the observations of a probe in what verbs gave back, in their order.

    Args:
        result: what a verb gave back, an observation, or several of these in a tuple or list.
        **params: parameters that the observations must have.

    Raises:
        TypeError: there is none; says what is needed.
    """
    items: list[Any] = []
    for each in result if isinstance(result, tuple | list) else [result]:
        items += each.seen.values() if isinstance(each, Looked) else [each]
    of_probe = [each for each in items if isinstance(each, Observation) and each.probe == probe]
    found = [each for each in of_probe if params.items() <= each.params.items()]
    if not found:
        given = "".join(f", {name}={value!r}" for name, value in params.items())
        kind = type(result).__name__
        raise TypeError(f"result={kind}: this question needs what was seen of {probe}{given}")
    return found


def facts_of(result: Any, probe: str, **params: Any) -> Mapping[str, Any]:
    """Return the facts of the first of what :func:`observed` returns."""
    return observed(result, probe, **params)[0].facts


def recorded(seen: Mapping[str, Observation]) -> str:
    """Say which observations are not from here, if not all, and why; or nothing."""
    found = {label: item for label, item in seen.items() if item.source != "live"}
    if not found:
        return ""
    which = f", {listed(list(found))}" if len(found) < len(seen) else ""
    origins = sorted({item.origin for item in found.values()})
    notes = [note for item in found.values() for note in item.notes if note.startswith(NOT_HERE)]
    text = "; ".join([*origins, *notes[:1]])
    return f" (Not from this machine{which}: {text}.)"


def origin(item: Observation) -> str:
    """Return where an observation comes from if not from here and now; else nothing."""
    return "" if item.source == "live" else item.origin


def in_words(value: Any) -> str:
    """Write a fact, or that it is not known."""
    return UNKNOWN if value is None else f"{value:,}" if isinstance(value, int) else str(value)


def as_sentence(reason: str) -> str:
    """Return a reason with a capital letter in front and a full stop behind it."""
    return f"{reason[:1].upper()}{reason[1:]}." if reason else ""
