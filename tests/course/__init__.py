"""Two toy chapters: on them the engine's own tests run, and the first is the example to copy.

The fixture ``course`` of ``conftest.py`` makes them the whole course for one test, and
``claims.toml`` all that its textbook claims.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from conclib.textbook import Claim
from conclib.textbook.claims_file import parse_claims
from tests.course import ch90_counting, ch91_calling

CHAPTERS = (ch90_counting.CHAPTER, ch91_calling.CHAPTER)


@cache
def load_claims() -> Mapping[str, Claim]:
    """Return what the textbook of the toy course claims, by id."""
    return parse_claims(Path(__file__).with_name("claims.toml").read_text(encoding="utf-8"))
