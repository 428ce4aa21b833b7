"""Results that were recorded on a named machine, for what cannot be measured here.

The same records as live ones, made by ``conclib record`` and kept in ``data/recorded/``. A
recording takes the place of a live record only if probe and parameters are exactly the same. One
with the same pin is preferred; one that was kept on one CPU, or was not, where the other was asked
for says so.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any, TypeVar

from conclib.results import encoding, files
from conclib.results.measurement import Measurement
from conclib.results.observation import Observation

Item = TypeVar("Item", Measurement, Observation)
OTHER_PIN = {
    True: "recorded without keeping it on one CPU, which was asked for",
    False: "recorded on one CPU, which was not asked for",
}


@cache
def _all() -> tuple[Measurement | Observation, ...]:
    paths = sorted(files.data_path("recorded").glob("*.json"))
    return tuple(item for path in paths for item in encoding.load(path))


def find(probe: str, params: Mapping[str, Any], pinned: bool = False) -> Measurement | None:
    """Return the recorded measurement of exactly this probe and parameters, or ``None``.

    Args:
        pinned: whether it was to be kept on one CPU; a note says so if the recording differs.
    """
    return _matching(everything(), probe, params, pinned)


def find_observation(
    probe: str, params: Mapping[str, Any], pinned: bool = False
) -> Observation | None:
    """Return the recorded observation of exactly this probe and parameters, as :func:`find`."""
    return _matching(observations(), probe, params, pinned)


def _matching(
    items: Iterable[Item], probe: str, params: Mapping[str, Any], pinned: bool
) -> Item | None:
    fitting = [each for each in items if (each.probe, each.params) == (probe, dict(params))]
    if not fitting:
        return None
    best: Item = min(fitting, key=lambda each: each.pinned != pinned)
    if best.pinned == pinned:
        return best
    return replace(best, notes=(*best.notes, OTHER_PIN[pinned]))


def everything() -> tuple[Measurement, ...]:
    """Return all recorded measurements."""
    return tuple(item for item in _all() if isinstance(item, Measurement))


def observations() -> tuple[Observation, ...]:
    """Return all recorded observations."""
    return tuple(item for item in _all() if isinstance(item, Observation))
