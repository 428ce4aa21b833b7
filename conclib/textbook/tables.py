"""One plain HTML table for this room: no script and no colour of its own, as in the cards."""

from collections.abc import Iterable, Sequence
from html import escape

_LEFT = "style='text-align:left'"


def table(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return an HTML table; the first cell of each row is that row's heading."""
    top = "".join(f"<th scope='col' {_LEFT}>{escape(name)}</th>" for name in head)
    return (
        f"<table><caption {_LEFT}><b>{escape(caption)}</b></caption>"
        + (f"<thead><tr>{top}</tr></thead>" if head else "")
        + "<tbody>"
        + "".join(_row(row) for row in rows)
        + "</tbody></table>"
    )


def _row(cells: Sequence[str]) -> str:
    first, *others = cells
    return (
        f"<tr><th scope='row' {_LEFT}>{escape(first)}</th>"
        + "".join(f"<td {_LEFT}>{escape(text)}</td>" for text in others)
        + "</tr>"
    )
