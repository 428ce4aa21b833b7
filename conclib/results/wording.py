"""How several things are named in a sentence."""

from collections.abc import Sequence


def listed(names: Sequence[str]) -> str:
    """Return names as a sentence lists them: ``'a'``, ``'a and b'``, ``'a, b and c'``."""
    *firsts, last = names
    return f"{', '.join(firsts)} and {last}" if firsts else last
