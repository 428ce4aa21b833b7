"""The words of the lessons: questions, options, feedback, hints, as data in each chapter's folder.

Every entry has an id that is unique in the whole course, so that ``hint("slope")`` needs no
chapter, and a misspelt id is answered with the nearest one.
"""

from collections.abc import Mapping
from typing import Any

from conclib.lesson import registry
from conclib.results import arguments
from conclib.results.wording import listed


def chapters() -> dict[str, Mapping[str, Any]]:
    """Return every chapter's texts by number."""
    return registry.words()


def entries(kind: str) -> dict[str, dict[str, Any]]:
    """Return all entries of a kind by id, each with its ``chapter``.

    Raises:
        ValueError: two chapters use the same id.
    """
    found: dict[str, dict[str, Any]] = {}
    for number, chapter in chapters().items():
        for name, entry in chapter.get(kind, {}).items():
            if name in found:
                raise ValueError(f"{kind}: {name!r} stands in chapters {number} and another")
            found[name] = {**entry, "chapter": number}
    return found


def entry(kind: str, name: Any) -> dict[str, Any]:
    """Return one entry by its id.

    Raises:
        TypeError, ValueError: no such id; lists the known ones and the nearest. Without an id, it
            lists those of the open chapters.
    """
    known = entries(kind)
    if name == "":
        raise TypeError(_missing(known))
    return known[arguments.choice("id", name, known)]


def _missing(known: Mapping[str, Any]) -> str:
    opened = registry.opened_numbers()
    here = {name: each["chapter"] for name, each in known.items() if each["chapter"] in opened}
    names, numbers = list(here or known), sorted(set(here.values()))
    where = f"chapter {numbers[0]} has" if len(numbers) == 1 else (
        f"chapters {listed(numbers)} have" if numbers else "the course has"
    )  # fmt: skip
    example = f'. Write one of them in quotes, for example "{names[0]}"' if names else ""
    return f"id: it is missing; {where}: {', '.join(names) or 'none'}{example}"


def chapter(number: Any) -> Mapping[str, Any]:
    """Return a chapter's texts by its number, two digits; raises as :func:`entry` does."""
    known = chapters()
    return known[arguments.choice("chapter", number, known)]


def unfilled(*values: Any) -> bool:
    """Tell whether any value is a gap still to fill in: ``...`` or the text ``"..."``."""
    return any(
        value is ... or (isinstance(value, str) and value.strip() in ("...", "…"))
        or (isinstance(value, list | tuple) and unfilled(*value))
        for value in values
    )  # fmt: skip


def given(text: str | None, name: str = "because") -> str | None:
    """Return a reason as the student gave it, or ``None`` for a gap; ``name`` is its keyword.

    Raises:
        TypeError: not a text.
    """
    if text is None or text is ... or unfilled(text):
        return None
    if not isinstance(text, str):
        raise TypeError(f"{name}={text!r}: {name} must be a text, in quotes")
    return " ".join(text.split())[:500] or None


def ended(sentence: str) -> str:
    """Return a sentence with a full stop, where it does not end already."""
    return sentence if sentence.endswith((".", "!", "?", ".”", "!”", "?”")) else f"{sentence}."


def quoted(because: str | None, lead: str = "Your reason") -> str:
    """Return the sentence that gives a reason back, or nothing."""
    return ended(f"{lead}: “{because}”") if because else ""


def not_taken(complaint: str) -> str:
    """Say that an answer was none, and why; nothing where there is no complaint."""
    return ended(f"Not taken: {complaint}") if complaint else ""
