"""One plain HTML table for every package: no script, and no colour of its own.

So it reads in the dark theme, on a code-hosting site and by a screen reader, and in a notebook
that is not trusted. Everything is aligned left: most cells are words.
"""

from collections.abc import Iterable, Sequence
from html import escape

_LEFT = "style='text-align:left'"


def table(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return an HTML table; the first cell of each row is that row's heading.

    Args:
        caption: what the table is about; an empty one is left out.
        head: the columns' names; none leaves the head out.
        rows: the cells, as plain text.
    """
    top = "".join(f"<th scope='col' {_LEFT}>{escape(name)}</th>" for name in head)
    return (
        "<table>"
        + (f"<caption {_LEFT}><b>{escape(caption)}</b></caption>" if caption else "")
        + (f"<thead><tr>{top}</tr></thead>" if head else "")
        + "<tbody>"
        + "".join(_row(row) for row in rows)
        + "</tbody></table>"
    )


def folded(summary: str, html: str) -> str:
    """Return HTML that a reader opens if wanted: it shows a line, and all of it on a click.

    Args:
        summary: the line, as plain text; ``html`` what is folded.
    """
    return f"<details><summary>{escape(summary)}</summary>{html}</details>"


def _row(cells: Sequence[str]) -> str:
    first, *others = cells
    return (
        f"<tr><th scope='row' {_LEFT}>{escape(first)}</th>"
        + "".join(f"<td {_LEFT}>{escape(text)}</td>" for text in others)
        + "</tr>"
    )
