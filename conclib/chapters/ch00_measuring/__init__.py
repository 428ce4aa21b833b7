"""Chapter 00: can I trust a number from my own machine?"""

from pathlib import Path

from conclib.chapters.ch00_measuring import checks, practice
from conclib.chapters.ch00_measuring.verbs import same_work, three_numbers
from conclib.lesson import registry

__all__ = ["CHAPTER", "same_work", "three_numbers"]

CHAPTER = registry.register(
    registry.read(Path(__file__).parent, checks=checks.CHECKS, practice=practice.PRACTICE)
)
