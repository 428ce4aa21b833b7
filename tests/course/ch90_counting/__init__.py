"""Chapter 90, a toy: what does it cost to count? Copy this folder to begin a chapter."""

from pathlib import Path

from conclib.lesson import registry

from . import checks, practice, rules

CHAPTER = registry.register(
    registry.read(
        Path(__file__).parent,
        checks=checks.CHECKS,
        rules=rules.RULES,
        judges=rules.JUDGES,
        practice=practice.PRACTICE,
    )
)
