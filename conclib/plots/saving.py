"""A picture as a file: PNG for a page, SVG and PDF for print. No date, so the same bytes each time.

The PNG is the one that a notebook shows. SVG and PDF are drawn from the same figure, letters and
all, so that they look alike where the course's font is not installed; both carry the picture's
facts in words. matplotlib reads how to save from global settings, a student's own among them: they
are put aside while a file is made.
"""

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conclib.results import reading
from conclib.results.arguments import shown

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SUFFIXES = (".png", ".svg", ".pdf")
SETTINGS = {
    "savefig.dpi": "figure",
    "savefig.bbox": None,
    "savefig.transparent": False,
    "svg.fonttype": "path",
    "svg.hashsalt": "conclib",  # else the names inside are random
    "svg.image_inline": True,
    "pdf.fonttype": 42,
    "pdf.compression": 6,
    "pdf.use14corefonts": False,
    "pdf.inheritcolor": False,
}


def target(path: str | Path) -> Path:
    """Return where a picture is to be saved.

    Raises:
        TypeError: neither a str nor a Path.
        ValueError: another suffix than .png, .svg or .pdf, a folder that is not there, or a name
            that a folder has.
    """
    file = reading.checked_path(path)
    given = f"path={shown(str(file))}"
    if file.suffix.lower() not in SUFFIXES:
        raise ValueError(f"{given}: path must end in {', '.join(SUFFIXES)}, as in 'picture.svg'")
    if not file.parent.is_dir():
        raise ValueError(f"{given}: there is no folder {shown(str(file.parent))}; make it first")
    if file.is_dir():
        raise ValueError(f"{given}: is a folder; path must name a file")
    return file


def drawn(figure: "Figure", kind: str, alt: str) -> bytes:
    """Return a figure as a file's content.

    Args:
        kind: ``"svg"`` or ``"pdf"``.
        alt: its facts in words, which the file holds, too.
    """
    from matplotlib import rc_context

    about: dict[str, Any] = {
        "svg": {"Date": None, "Description": alt},
        "pdf": {"CreationDate": None, "Subject": alt},
    }[kind]
    file = BytesIO()
    with rc_context(SETTINGS):
        figure.savefig(file, format=kind, metadata=about, facecolor=figure.get_facecolor())
    return file.getvalue()
