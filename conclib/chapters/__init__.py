"""The chapters of the course, each in a package of its own: its words and what goes with them.

Importing a chapter registers it with the engine (``conclib.lesson.registry``). What is here reads
the words of all of them without importing any: for looking up an id, for the recordings, for the
doctor and for the index.
"""

from functools import cache
from importlib import import_module
from pathlib import Path

from conclib.lesson import registry

FOLDER = Path(__file__).resolve().parent


@cache
def folders() -> dict[str, Path]:
    """Return the folder of each chapter by number."""
    found = sorted(FOLDER.glob("ch[0-9][0-9]_*/chapter.toml"))
    return {registry.number_of(file.parent): file.parent for file in found}


def known() -> dict[str, registry.Words]:
    """Return the words of every chapter by number: ``known()["04"]["title"]``."""
    return {number: registry.words_in(folder) for number, folder in folders().items()}


def open_chapter(number: str) -> None:
    """Import a chapter, so that it registers with the engine.

    Args:
        number: one of those in :func:`known`; another one raises a KeyError.
    """
    import_module(f"{__name__}.{folders()[number].name}")
