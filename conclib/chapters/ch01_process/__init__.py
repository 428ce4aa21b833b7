"""Chapter 01: what does the operating system keep for a running program?"""

from pathlib import Path
from typing import TYPE_CHECKING

from conclib.chapters.ch01_process import checks, pictures, practice, rules
from conclib.chapters.ch01_process.ledgers import ledgers
from conclib.chapters.ch01_process.live_record import live
from conclib.chapters.ch01_process.picker import regions
from conclib.chapters.ch01_process.side_rooms import adopter, at_scale, promised, pushed
from conclib.chapters.ch01_process.verbs import freeze, leave_unasked, life, moves, shoot
from conclib.lesson import registry

if TYPE_CHECKING:
    from conclib.chapters.ch01_process.limits import LimitPanel

__all__ = [
    "CHAPTER",
    "adopter",
    "at_scale",
    "freeze",
    "leave_unasked",
    "ledgers",
    "life",
    "limit_panel",
    "live",
    "moves",
    "promised",
    "pushed",
    "regions",
    "shoot",
]


def limit_panel() -> "LimitPanel":
    """Show a slider for the limit of the stack; Run lets a program call deeper until it dies."""
    from conclib.chapters.ch01_process.limits import LimitPanel  # ipywidgets only where wanted

    return LimitPanel()


CHAPTER = registry.register(
    registry.read(
        Path(__file__).parent,
        checks=checks.CHECKS,
        rules=rules.RULES,
        pictures=pictures.PICTURES,
        practice=practice.PRACTICE,
    )
)
