"""Chapter 02: what do threads share, and what is their own?"""

from pathlib import Path

from conclib.chapters.ch02_thread import checks, rules
from conclib.lesson import registry

CHAPTER = registry.register(
    registry.read(Path(__file__).parent, checks=checks.CHECKS, rules=rules.RULES)
)
