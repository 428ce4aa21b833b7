"""Chapter 03: can one task touch another's memory?"""

from pathlib import Path

from conclib.chapters.ch03_isolation import checks, judges, rules
from conclib.chapters.ch03_isolation.verbs import (
    aim,
    astray,
    every_order,
    four_runs,
    frames,
    million,
    one_byte,
    read_wait_write,
    same_address,
    whose_lock,
    with_leave,
)
from conclib.lesson import registry

__all__ = [
    "CHAPTER",
    "aim",
    "astray",
    "every_order",
    "four_runs",
    "frames",
    "million",
    "one_byte",
    "read_wait_write",
    "same_address",
    "whose_lock",
    "with_leave",
]

CHAPTER = registry.register(
    registry.read(
        Path(__file__).parent,
        checks=checks.CHECKS,
        rules=rules.RULES,
        judges=judges.JUDGES,
    )
)
