"""How several things are named in a sentence."""

from collections.abc import Sequence


def listed(names: Sequence[str]) -> str:
    """Return names as a sentence lists them: ``'a'``, ``'a and b'``, ``'a, b and c'``."""
    *firsts, last = names
    return f"{', '.join(firsts)} and {last}" if firsts else last


def printable(text: str) -> str:
    """Return a text that can be printed and stored anywhere.

    The name of a file may hold bytes that are no text, line breaks, and commands for a terminal:
    each is written as Python would, ``\\n``.
    """
    safe = text.encode("utf-8", "backslashreplace").decode()
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in safe)
