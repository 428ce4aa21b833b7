"""How a lesson shows what it has to say: at once, once, and in plain text too.

In a notebook a cell shows only its last value, and a lesson often says two things in one cell (a
picture, then a question). So everything shown here puts itself on the page when it is made, and
stays silent when it then is the cell's last value. In a later cell it shows again. Outside a
notebook nothing is shown; ``repr`` is the text.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from html import escape
from itertools import groupby
from typing import Any, TypeVar

from conclib.results.tables import table

VIEW = "application/vnd.jupyter.widget-view+json"  # the MIME type of a widget on the page
BUTTONS = "Run this cell for its buttons and your answers."


def running_shell() -> Any:
    """Return the running IPython shell, or ``None``; without importing IPython."""
    import sys

    if "IPython" not in sys.modules:
        return None
    return sys.modules["IPython"].get_ipython()


def _no_face(_: Any) -> dict[str, Any]:
    return {}


_face: Callable[[Any], dict[str, Any]] = _no_face


def face_with(make: Callable[[Any], dict[str, Any]]) -> None:
    """Let this function give questions their controls, as MIME parts; widgets are above us."""
    global _face  # noqa: PLW0603  one page for each notebook kernel
    _face = make


class Shown:
    """Base of all that a lesson says.

    Subclasses give ``text()`` and may give ``html()`` (default: the text as paragraphs) and
    ``picture`` (shown first; anything IPython can display). Questions are ``clickable``: where
    there is a notebook they show their controls, and text and HTML stand where none can run.
    """

    clickable: bool = False
    picture: Any = None
    _cell: int | None = None

    def text(self) -> str:
        """Return it as plain text."""
        raise NotImplementedError

    def html(self) -> str:
        """Return it as HTML; its facts are those of :meth:`text`."""
        return paragraphs(self.text())

    def __repr__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        return self.html()

    def _ipython_display_(self) -> None:
        shell = running_shell()
        if shell is None or self._cell != shell.execution_count:
            self._put_on_page()

    def _put_on_page(self) -> None:
        from IPython.display import display

        if self.picture is not None:
            display(self.picture)
        display(self._parts(), raw=True)

    def _parts(self) -> dict[str, Any]:
        """Return text, HTML and, for a question, its controls; the page shows one of them."""
        face = _face(self) if self.clickable else {}
        text, html = self.text(), self.html()
        if face:  # the text stands in their place once nothing runs behind the page
            text, html = f"{text}\n\n{BUTTONS}", html + paragraphs(BUTTONS)
        return {"text/plain": text, "text/html": html, **face}


def show(item: Any) -> Any:
    """Put anything on the page at once, wherever it stands in a cell, and return it.

    A result that is not a cell's last value would stay unseen; ``cl.show(run)`` shows it.
    """
    shell = running_shell()
    if shell is None:
        return item
    if isinstance(item, Shown):
        object.__setattr__(item, "_cell", shell.execution_count)
        item._put_on_page()
    else:
        from IPython.display import display

        display(item)
    return item


Question = TypeVar("Question", bound=Shown)


def refused(question: Question, error: TypeError | ValueError) -> Question:
    """Answer what cannot be an answer: the question stays on the page, the complaint below it.

    Outside a notebook there is no page, so the error is raised, as for any other argument.

    Args:
        question: a dataclass with a field ``complaint``.
    """
    if running_shell() is None:
        raise error
    bare: Any = question
    return show(replace(bare, complaint=str(error)))


MONO = "font-family:var(--jp-code-font-family,monospace)"  # an exported page's own is none


def preformatted(code: str) -> str:
    """Return code as HTML, line by line as it stands."""
    return f"<pre style='{MONO}'>{escape(code)}</pre>"


LETTERED = re.compile(r"\s+[a-z]\) .*")  # letters to answer with: JupyterLab would number a list
LISTS = (  # an indented line of plain text, and the list that it belongs to on a page
    (re.compile(r"\s+\d+\. (.*)"), "<ol>", "</ol>"),
    (re.compile(r"\s+(\S.*)"), "<ul>", "</ul>"),
)


def paragraphs(text: str) -> str:
    """Return plain text as HTML: paragraphs, and a list for lines that start with two spaces.

    Lines whose words are aligned in columns are a table and stay as they are; ``*word*`` is
    emphasis, ``**word**`` strong emphasis.
    """
    return "".join(_block(block.splitlines()) for block in text.split("\n\n"))


def _block(lines: list[str]) -> str:
    indented = [line.startswith("  ") for line in lines]
    if any("  " in line.strip() for line in lines) and any(indented):
        style = f"text-align:left;white-space:pre;{MONO}"
        return f"<pre style='{style}'>{escape(chr(10).join(lines))}</pre>"
    parts = []
    for deep, group in groupby(lines, key=lambda line: line.startswith("  ")):
        some = list(group)
        parts.append(_list(some) if deep else f"<p>{'<br>'.join(map(inline, some))}</p>")
    return "".join(parts)


def _list(lines: list[str]) -> str:
    if all(map(LETTERED.fullmatch, lines)):
        return f"<p>{'<br>'.join(inline(line.strip()) for line in lines)}</p>"
    for pattern, begin, end in LISTS:
        found = [pattern.fullmatch(line) for line in lines]
        if all(found):
            return begin + "".join(f"<li>{inline(match[1])}</li>" for match in found) + end
    return f"<p>{'<br>'.join(map(inline, lines))}</p>"


def inline(text: str) -> str:
    """Return a line of plain text as HTML, with its emphasis."""
    strong = re.sub(r"\*\*([^*]+)\*\*", r"<b>\1</b>", escape(text, quote=False))
    return re.sub(r"(?<!\w)\*([^*\s][^*]*)\*(?!\w)", r"<i>\1</i>", strong)


def table_text(rows: list[tuple[str, ...]]) -> str:
    """Return rows as aligned plain text; the first row is the head."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    )
    return "\n".join("  " + line.rstrip() for line in lines)


def table_html(rows: list[tuple[str, ...]]) -> str:
    """Return rows as an HTML table; the first row is the head, the first column names the row."""
    return table("", rows[0], rows[1:])
