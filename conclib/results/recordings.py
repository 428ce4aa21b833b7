"""Results that were recorded on a named machine, for what cannot be measured here.

The same records as live ones, made by ``conclib record`` and kept in ``data/recorded/``. A
recording takes the place of a live record only if probe and parameters are exactly the same.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from conclib.results import encoding, files
from conclib.results.measurement import Measurement
from conclib.results.observation import Observation


@cache
def _all() -> tuple[Measurement | Observation, ...]:
    paths = sorted(files.data_path("recorded").glob("*.json"))
    return tuple(item for path in paths for item in encoding.load(path))


def find(probe: str, params: Mapping[str, Any]) -> Measurement | None:
    """Return the recorded measurement of exactly this probe and parameters, or ``None``."""
    return _matching(everything(), probe, params)


def find_observation(probe: str, params: Mapping[str, Any]) -> Observation | None:
    """Return the recorded observation of exactly this probe and parameters, or ``None``."""
    return _matching(observations(), probe, params)


def _matching(items: tuple, probe: str, params: Mapping[str, Any]) -> Any:
    fitting = (each for each in items if each.probe == probe and dict(each.params) == dict(params))
    return next(fitting, None)


def everything() -> tuple[Measurement, ...]:
    """Return all recorded measurements."""
    return tuple(item for item in _all() if isinstance(item, Measurement))


def observations() -> tuple[Observation, ...]:
    """Return all recorded observations."""
    return tuple(item for item in _all() if isinstance(item, Observation))
