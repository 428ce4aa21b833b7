"""Chapter 04: what does it cost to start a process or a thread?"""

from pathlib import Path

from conclib.chapters.ch04_creation import checks, pictures, practice, rules
from conclib.chapters.ch04_creation.crossing import where_true
from conclib.chapters.ch04_creation.verbs import clone_dial
from conclib.lesson import registry

__all__ = ["CHAPTER", "clone_dial", "where_true"]

CHAPTER = registry.register(
    registry.read(
        Path(__file__).parent,
        checks=checks.CHECKS,
        judges=rules.JUDGES,
        pictures=pictures.PICTURES,
        practice=practice.PRACTICE,
    )
)
