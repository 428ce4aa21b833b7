"""Pages of a chapter that are only read: the case file and the glossary.

A published figure in them is written ``{cited:ID}`` in the data, and put in place here with its
source, so that no number stands in a text without one.
"""

import re
from dataclasses import dataclass

from conclib.lesson import texts
from conclib.lesson.showing.shown import Shown, paragraphs, show, table_html, table_text
from conclib.results.tables import folded

CITED = re.compile(r"\{cited:([\w-]+)\}")


@dataclass(frozen=True, repr=False)
class Page(Shown):
    """A text with its sources."""

    title: str
    words: str
    sources: tuple[str, ...] = ()

    def text(self) -> str:
        """Return title, words and sources."""
        words = self.words.replace("*", "").strip()
        listed = "\n".join(f"[{n}] {source}" for n, source in enumerate(self.sources, start=1))
        return "\n\n".join(filter(None, [self.title, words, listed]))

    def html(self) -> str:
        """Return the same with its stresses and links."""
        first, *more = self.words.strip().split("\n\n")
        more += [f"[{n}] {source}" for n, source in enumerate(self.sources, start=1)]
        begin = linked(paragraphs(f"**{self.title}**\n\n{first}"))
        return begin + folded("Read on", linked(paragraphs("\n\n".join(more)))) if more else begin


def linked(html: str) -> str:
    """Return escaped text with its addresses turned into links."""
    return re.sub(
        r"(?:&lt;)?(https?://[^\s<>&]+[^\s<>&.,;)])(?:&gt;)?",
        r'<a href="\1" style="overflow-wrap:anywhere">\1</a>',
        html,
    )


def case_file(chapter: str) -> Page:
    """Show a chapter's true incident, and what it means for the photo-thumbnail service.

    Args:
        chapter: the number, ``"04"``.

    Raises:
        ValueError: no such chapter, or one without a case file.
    """
    case = texts.chapter(chapter).get("case")
    if case is None:
        raise ValueError(f"chapter={chapter!r}: has no case file")
    words, sources = with_sources(case["text"].strip() + "\n\n" + case["service"].strip())
    return show(Page(case["title"], words, sources))


def with_sources(words: str) -> tuple[str, tuple[str, ...]]:
    """Put published figures in place; return the text and its numbered sources."""
    from conclib import textbook

    sources: list[str] = []

    def put(found: re.Match) -> str:
        item = textbook.cited_figure(found.group(1))
        quoted = "" if item.opened == "yes" else f" ({item.opened})"
        source = f"{item.source}{quoted}"
        if source not in sources:
            sources.append(source)
        return f"{item.text} ({item.condition}) [{sources.index(source) + 1}]"

    return CITED.sub(put, words), tuple(sources)


@dataclass(frozen=True, repr=False)
class Glossary(Shown):
    """The terms of a chapter."""

    terms: dict[str, str]

    def text(self) -> str:
        """Return one line a term."""
        return table_text([("term", "meaning"), *self.terms.items()])

    def html(self) -> str:
        """Return the same as a table, folded: a reader looks up a term, and not all of them."""
        table = table_html([("term", "meaning"), *self.terms.items()])
        return folded(f"Glossary: {len(self.terms)} terms", table)


def glossary(chapter: str) -> Glossary:
    """Show the terms that a chapter introduced; ``chapter`` is its number, ``"04"``."""
    return show(Glossary(texts.chapter(chapter).get("glossary", {})))
