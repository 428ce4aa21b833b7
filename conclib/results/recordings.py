"""Results that were recorded on a named machine, for what cannot be measured here.

The same records as live ones, made by ``conclib record`` and kept in ``data/recorded/``. A
recording takes the place of a live record only if probe and parameters are exactly the same. One
with the same pin is preferred; one that was kept on one CPU, or was not, where the other was asked
for says so. What is recorded on another Python, because it differs there, lies apart and is asked
for by that Python's version.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TypeVar

from conclib.results import encoding, files
from conclib.results.arguments import Params
from conclib.results.measurement import Measurement
from conclib.results.observation import Observation

Item = TypeVar("Item", bound=Measurement | Observation)
OTHER_PIN = {
    True: "made without keeping it on one CPU, which was asked for",
    False: "made on one CPU, which was not asked for",
}


def folder(version: str = "") -> Path:
    """Return where recordings lie: those made on another Python, ``"3.9"``, in a folder inside."""
    recorded = files.data_path("recorded")
    return recorded / f"python{version}" if version else recorded


@cache
def _all() -> tuple[Measurement | Observation, ...]:
    return _in(folder())


@cache
def _elsewhere(version: str) -> tuple[Measurement | Observation, ...]:
    return _in(folder(version)) if folder(version).exists() else ()


def _in(place: Path) -> tuple[Measurement | Observation, ...]:
    # Not by glob: from Python 3.13 on it finds nothing where the folder cannot be opened.
    paths = sorted(p for p in place.iterdir() if p.suffix == ".json")
    return tuple(item for path in paths for item in encoding.load_all(path))


def recorded(kind: type[Item], version: str = "") -> tuple[Item, ...]:
    """Return all recorded measurements, or all observations.

    Args:
        kind: ``Measurement`` or ``Observation``.
        version: those that were made on purpose on another Python, ``"3.9"``, and no others.
    """
    known = _elsewhere(version) if version else _all()
    return tuple(item for item in known if isinstance(item, kind))


def find(
    kind: type[Item], probe: str, params: Params, pinned: bool = False, *, version: str = ""
) -> Item | None:
    """Return the recording of exactly this probe and parameters, or ``None``.

    Args:
        kind: ``Measurement`` or ``Observation``.
        pinned: whether it was to be kept on one CPU; a note says so if the recording differs.
        version: one that was made on purpose on another Python, ``"3.9"``.
    """
    return preferred(recorded(kind, version), probe, params, pinned)


def preferred(items: Sequence[Item], probe: str, params: Params, pinned: bool) -> Item | None:
    """Return the first of these with exactly this probe and parameters, or ``None``.

    One with the same pin goes before those with the other, which get a note that says so.
    """
    alike = [each for each in items if (each.probe, each.params) == (probe, dict(params))]
    for best in sorted(alike, key=lambda each: each.pinned != pinned):
        differs = () if best.pinned == pinned else (OTHER_PIN[pinned],)
        return replace(best, notes=(*best.notes, *differs))
    return None
