"""A file of the course that is to be read: folded, with its first lines open."""

import ast
from dataclasses import dataclass

from conclib.lesson.showing.shown import Shown, paragraphs, show
from conclib.lesson.showing.sources import highlighted
from conclib.results.probe_texts import FOLDER
from conclib.results.tables import folded


@dataclass(frozen=True, repr=False)
class Reading(Shown):
    """A module's text; what its docstring says is open, the rest is opened by a click.

    Attributes:
        code: the whole file.
    """

    code: str

    def text(self) -> str:
        """Return the whole file."""
        return self.code

    def html(self) -> str:
        """Return what it is about, and the file folded."""
        about = (ast.get_docstring(ast.parse(self.code)) or "").partition("\n")[0]
        lines = self.code.count("\n")
        return paragraphs(about) + folded(f"Read it: {lines} lines", highlighted(self.code))


def of_probes(name: str) -> Reading:
    """Show a file that the probes share, to be read; ``name`` is the file's."""
    found: Reading = show(Reading((FOLDER / name).read_text(encoding="utf-8")))
    return found
