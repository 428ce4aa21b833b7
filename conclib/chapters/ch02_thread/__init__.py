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
    reading_on,
    readers,
    sharing,
    signed,
    thumbnails,
    uncover,
    waiting,
)
from conclib.lesson import registry

if TYPE_CHECKING:
    from conclib.chapters.ch02_thread.explorer import SharingExplorer

__all__ = [
    "CHAPTER",
    "deeper",
    "explorer",
    "forked",
    "new_user",
    "overwritten",
    "place",
    "reading_on",
    "readers",
    "records",
    "sharing",
    "signed",
    "stack_again",
    "thumbnails",
    "uncover",
    "waiting",
]


def explorer() -> "SharingExplorer":
    """Show a panel: choose a thing, who changes it and who looks; press Run."""
    from conclib.chapters.ch02_thread.explorer import SharingExplorer  # brings in ipywidgets

    return SharingExplorer()


CHAPTER = registry.register(
    registry.read(
        Path(__file__).parent,
        checks=checks.CHECKS,
        rules=rules.RULES,
        judges=judges.JUDGES,
        practice=practice.PRACTICE,
    )
)
