"""Chapter 01: what does the operating system keep for a running program?"""

from pathlib import Path

from conclib.chapters.ch01_process import checks, pictures, practice, rules
from conclib.chapters.ch01_process.ledgers import ledgers
from conclib.chapters.ch01_process.live_record import live
from conclib.chapters.ch01_process.picker import regions
from conclib.chapters.ch01_process.verbs import at_scale, freeze, leave_unasked, life, moves, shoot
from conclib.lesson import registry

__all__ = [
    "CHAPTER",
    "at_scale",
    "freeze",
    "leave_unasked",
    "ledgers",
    "life",
    "live",
    "moves",
    "regions",
    "shoot",
]

CHAPTER = registry.register(
    registry.read(
        Path(__file__).parent,
        checks=checks.CHECKS,
        rules=rules.RULES,
        pictures=pictures.PICTURES,
        practice=practice.PRACTICE,
    )
)
