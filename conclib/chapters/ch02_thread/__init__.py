"""Chapter 02: what do threads share, and what is their own?"""

from pathlib import Path
from typing import TYPE_CHECKING

from conclib.chapters.ch02_thread import checks, judges, practice, rules
from conclib.chapters.ch02_thread.side_rooms import new_user, records, stack_again
from conclib.chapters.ch02_thread.verbs import (
    deeper,
    forked,
    overwritten,
    place,
    readers,
    reading_on,
    sharing,
    signed,
    thumbnails,
    uncover,
    waiting,
)
from conclib.lesson import registry

if TYPE_CHECKING:
    from conclib.chapters.ch02_thread.explorer import Explorer
    from conclib.lesson.showing.looked import Looked

__all__ = [
    "CHAPTER",
    "deeper",
    "explore",
    "forked",
    "new_user",
    "overwritten",
    "place",
    "readers",
    "reading_on",
    "records",
    "sharing",
    "signed",
    "stack_again",
    "thumbnails",
    "tried",
    "uncover",
    "waiting",
]


def explore() -> "Explorer":
    """Show a panel: choose a thing, who changes it and who looks; press Try it."""
    from conclib.chapters.ch02_thread.explorer import Explorer  # brings in ipywidgets

    return Explorer()


def tried(thing: str, *, changes: str = "parent", looks: str = "thread") -> "Looked":
    """Do the same in text, ``thread.tried("umask", changes="thread", looks="parent")``.

    Args:
        thing: what is changed, such as ``"memory"``; an unknown one is refused with all there are.
        changes, looks: two of ``"parent"``, ``"thread"``, ``"forked child"``, ``"stranger"``.
    """
    from conclib.chapters.ch02_thread import explorer  # brings in ipywidgets
    from conclib.lesson.showing.shown import show

    found: Looked = show(explorer.tried(thing, changes=changes, looks=looks))
    return found


CHAPTER = registry.register(
    registry.read(
        Path(__file__).parent,
        checks=checks.CHECKS,
        rules=rules.RULES,
        judges=judges.JUDGES,
        practice=practice.PRACTICE,
    )
)
