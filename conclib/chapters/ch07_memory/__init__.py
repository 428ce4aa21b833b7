"""Chapter 07: what does one more cost?"""

from pathlib import Path

from conclib.chapters.ch07_memory import checks, judges, practice, rules
from conclib.chapters.ch07_memory.fits import how_many_fit
from conclib.chapters.ch07_memory.renting import rent
from conclib.chapters.ch07_memory.side_rooms import (
    collector,
    huge_pages,
    page_tables,
    python_threads,
)
from conclib.chapters.ch07_memory.verbs import (
    asked_and_touched,
    few_addresses,
    fewer_reads,
    ladder,
    ladder_panel,
    more_than_there_is,
    one_in,
    one_thread,
    same_loop,
    shared,
    waiting_and_reading,
)
from conclib.lesson import registry

__all__ = [
    "CHAPTER",
    "asked_and_touched",
    "collector",
    "few_addresses",
    "fewer_reads",
    "how_many_fit",
    "huge_pages",
    "ladder",
    "ladder_panel",
    "more_than_there_is",
    "one_in",
    "one_thread",
    "page_tables",
    "python_threads",
    "rent",
    "same_loop",
    "shared",
    "waiting_and_reading",
]

CHAPTER = registry.register(
    registry.read(
        Path(__file__).parent,
        checks=checks.CHECKS,
        rules=rules.RULES,
        judges=judges.JUDGES,
        practice=practice.PRACTICE,
    )
)
