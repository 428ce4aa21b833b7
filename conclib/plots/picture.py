"""A picture that can be read as well as looked at.

What a notebook stores for it, and why:

* ``text/html`` holds an ``<img>`` with alt text and the PNG inside it. JupyterLab prefers
  ``text/html`` to ``image/png``, and for a notebook that is not trusted it strips scripts, styles
  and frames from it but keeps the image, its alt text and the table below it. A bare
  ``image/png`` would be shown without alt text.
* ``image/png`` is for what shows no HTML: an export to PDF, some viewers of stored notebooks.
* ``text/plain`` is the alt text: a terminal or a screen reader gets the same facts.

nbval would compare a PNG within ``text/html``, whose bytes differ from one release of matplotlib to
the next: ``tests/nbval.cfg`` takes it out, and the alt text is compared.

The paper is white and painted, so the dark theme does not swallow black text.
"""

from base64 import b64encode
from dataclasses import dataclass
from html import escape
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conclib.plots import saving
from conclib.results.tables import folded, table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

OVERSAMPLING = 1.5  # pixels for each pixel of the page, so that it is sharp on a fine screen
READABLE = 520  # pixels: what is narrower is scrolled
COLOURS = 96  # a drawing needs few: a palette makes the file a third as large


@dataclass(frozen=True)
class Table:
    """The facts of a picture as rows of text, under named columns.

    ``title`` is what is clicked on to open it; it names the picture where another table is near.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str = "The same as a table"

    def to_html(self) -> str:
        """Return a plain HTML table, without scripts or colours."""
        return table("", self.columns, self.rows)


@dataclass(frozen=True, eq=False, repr=False)
class Picture:
    """A figure with its text equivalent.

    Who wants another look changes the figure; the picture then shows and saves what it is now::

        picture = cl.plot(run).picture
        picture.figure.axes[0].set_xlabel("time for one fork")
        picture.save("fork.pdf")

    Attributes:
        figure: the matplotlib figure, finished; its first axes are ``figure.axes[0]``.
        alt: the same facts in full sentences.
        table: the same facts as a table, or ``None``.

    Raises:
        ValueError: ``alt`` is empty; a picture without words leaves somebody out.
    """

    figure: "Figure"
    alt: str
    table: Table | None = None

    def __post_init__(self) -> None:
        if not self.alt.strip():
            raise ValueError("alt: a picture needs its facts in words too")

    def png(self) -> bytes:
        """Return the picture as it is now, as a PNG file."""
        return render(self.figure)

    def save(self, path: str | Path) -> Path:
        """Write the picture to a file, in place of one that is there already.

        Args:
            path: its name, which ends in ``.png``, ``.svg`` or ``.pdf``; the folder must exist.
                The same picture gives the same bytes each time.

        Returns:
            The file's path.

        Raises:
            TypeError, ValueError: no such path, another suffix, or no such folder.
            OSError: the file cannot be written.

        Example:
            ``cl.plot(run).picture.save("fork.svg")``
        """
        file = saving.target(path)
        kind = file.suffix.lower().removeprefix(".")
        content = self.png() if kind == "png" else saving.drawn(self.figure, kind, self.alt)
        file.write_bytes(content)
        return file

    @property
    def width(self) -> int:
        """How wide it is on the page, in pixels."""
        return round(self.figure.get_figwidth() * self.figure.dpi / OVERSAMPLING)

    def to_img(self, css_class: str = "") -> str:
        """Return an HTML ``<img>``, for a widget or a page, with the picture's text."""
        return image_tag(self.png(), self.alt, self.width, css_class)

    def to_html(self) -> str:
        """Return the image and, folded under it, the table."""
        return self._html(self.png())

    def _html(self, png: bytes) -> str:
        return image_tag(png, self.alt, self.width) + as_table(self.table)

    def __repr__(self) -> str:
        return self.alt

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        png = self.png()
        return bundle(self._html(png), self.alt, png, self.width)


def image_tag(png: bytes, alt: str, width: int, css_class: str = "") -> str:
    """Return an ``<img>`` that carries its PNG within itself, and fits a narrower column.

    In a column as narrow as a phone its letters would be too small to read: there it keeps
    ``READABLE`` pixels and is scrolled sideways in its place.
    """
    name = f' class="{escape(css_class)}"' if css_class else ""
    data = _text(png)
    fit = f'style="max-width:100%;min-width:{min(width, READABLE)}px;height:auto"'
    head = f'<img{name} alt="{escape(alt)}" width="{width}" {fit}'
    return f'<div style="overflow-x:auto">{head} src="data:image/png;base64,{data}"></div>'


def _text(png: bytes) -> str:
    return b64encode(png).decode("ascii")


def as_table(table: Table | None) -> str:
    """Return a table that opens on a click, or nothing where there is none."""
    if table is None:
        return ""
    return folded(table.title, table.to_html())


def bundle(html: str, alt: str, png: bytes, width: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what a notebook stores for a picture, and its metadata (see the module)."""
    data = {"text/html": html, "text/plain": alt, "image/png": _text(png)}
    return data, {"image/png": {"alt": alt, "width": width}}


def render(figure: "Figure") -> bytes:
    """Draw a figure into a PNG with a palette, the same bytes each time.

    pyplot and ``savefig`` are not used: both read global settings, and a widget's callback may
    run on another thread at the same moment.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image

    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    pixels = bytes(canvas.buffer_rgba())
    image = Image.frombytes("RGBA", canvas.get_width_height(), pixels).convert("RGB")
    file = BytesIO()
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(file, "PNG")
    return file.getvalue()
