"""The results of measuring panels that were made before, in this notebook kernel.

Whoever runs a panel's cell again gets a new panel. It begins with what the one before it held, if
both were made for the same probe and the same place.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conclib.results import Measurement
from conclib.widgets import words


@dataclass(frozen=True)
class Entry:
    """One result of a panel, numbered from 1 in the order of measuring."""

    number: int
    item: Measurement

    @property
    def label(self) -> str:
        """Its number and a short name."""
        return f"{self.number}. {words.label(self.item.probe, self.item.params)}"


@dataclass(frozen=True)
class Held:
    """What a panel holds: its last results, and how many it has made."""

    entries: tuple[Entry, ...] = ()
    made: int = 0


Key = tuple[Any, ...]
_panels: dict[Key, Held] = {}


def key(probe: str, where: Mapping[str, Any]) -> Key:
    """Return what two panels have in common of which one goes on with the other's results."""
    return probe, *sorted(where.items())


def of(panel: Key) -> Held:
    """Return what the last panel of a key held."""
    return _panels.get(panel, Held())


def keep(panel: Key, held: Held) -> None:
    """Keep what a panel holds for the one that comes after it."""
    _panels[panel] = held


def forget() -> None:
    """Forget what all panels held."""
    _panels.clear()
