"""Opening the box: a probe's source, what is timed first and the rest on a click."""

import ast
from dataclasses import dataclass

from conclib.lesson.showing.shown import MONO, Shown, preformatted, show
from conclib.results.tables import folded

MAIN = ("body", "story", "report", "observe")  # what a probe is about: the first of these it has


@dataclass(frozen=True, repr=False)
class Source(Shown):
    """A probe's source: its metadata is left out. Or that of a program, in whatever language.

    Attributes:
        name: the probe's, or the program's file name; ``code`` the whole file.
    """

    name: str
    code: str

    @property
    def main(self) -> str:
        """The function that the probe is about; empty if it has none of them."""
        if not of_python(self.name):
            return ""
        found = {n.name: n for n in ast.parse(self.code).body if isinstance(n, ast.FunctionDef)}
        node = next((found[name] for name in MAIN if name in found), None)
        return (ast.get_source_segment(self.code, node) or "") if node else ""

    def text(self) -> str:
        """Return the source."""
        return self.code

    def html(self) -> str:
        """Return the function that matters, and the whole file folded."""
        if not self.main:
            return highlighted(self.code, self.name)
        return highlighted(self.main) + folded("The whole file", highlighted(self.code))


def of_python(name: str) -> bool:
    """Tell whether a name is that of a probe or of a file beside one: those have no ending."""
    return "." not in name


def highlighted(code: str, name: str = "") -> str:
    """Return code as HTML, marked by weight and slant only: it reads in every theme.

    Args:
        code: the text; name: a file name, whose ending tells the language. Without one: Python.
    """
    try:
        from pygments import highlight, lexers
        from pygments.formatters import HtmlFormatter
        from pygments.util import ClassNotFound
    except ImportError:
        return preformatted(code)
    try:
        lexer = lexers.get_lexer_for_filename("x.py" if of_python(name) else name)
    except ClassNotFound:
        return preformatted(code)
    html: str = highlight(
        code,
        lexer,
        HtmlFormatter(style="bw", noclasses=True, nobackground=True, prestyles=MONO),
    )
    return html


def show_source(name: str) -> Source:
    """Open the box: show the source of a probe, as the measuring process runs it.

    Args:
        name: the probe's name, or that of a file that it names beside it, which begins with ``_``,
            or of a program that it looks at, such as ``"tasks.go"``; an unknown one is refused
            with the nearest.
    """
    from conclib import lab

    code = lab.source(name)
    return show(Source(name, without_metadata(code) if of_python(name) else code))


def without_metadata(code: str) -> str:
    """Return a probe's source with the literal after ``PROBE =`` cut down to three dots."""
    lines = code.splitlines()
    for node in ast.parse(code).body:
        named = isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "PROBE"
        if named:
            lines[node.lineno - 1 : node.end_lineno] = ["PROBE = {...}  # title, parameters, caps"]
            break
    return "\n".join(lines) + "\n"
