"""Chapter 03: can one task touch another's memory?"""

from pathlib import Path

from conclib.chapters.ch03_isolation import checks, judges, practice, rules
from conclib.chapters.ch03_isolation.verbs import (
    aim,
    astray,
    climb,
    climb_others,
    every_order,
    every_python,
    four_runs,
    frames,
    grid_panel,
    million,
    one_byte,
    page_grids,
    pages_for,
    read_wait_write,
    same_address,
    two_switches,
    whose_lock,
    with_leave,
)
from conclib.lesson import registry

__all__ = [
    "CHAPTER",
    "aim",
    "astray",
    "climb",
    "climb_others",
    "every_order",
    "every_python",
    "four_runs",
    "frames",
    "grid_panel",
    "million",
    "one_byte",
    "page_grids",
    "pages_for",
    "read_wait_write",
    "same_address",
    "two_switches",
    "whose_lock",
    "with_leave",
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
