"""Results that were recorded on a named machine, for what cannot be measured here.

The same records as live ones, made by ``conclib record`` and kept in ``data/recorded/``. A
recording takes the place of a measurement only if probe and parameters are exactly the same.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from conclib.results import encoding, files
from conclib.results.machine import Machine
from conclib.results.measurement import Measurement


@cache
def _all() -> tuple[Measurement, ...]:
    paths = sorted(files.data_path("recorded").glob("*.json"))
    return tuple(item for path in paths for item in encoding.load(path))


def find(probe: str, params: Mapping[str, Any]) -> Measurement | None:
    """Return the recording of exactly this probe and these parameters, or ``None``."""
    for item in _all():
        if item.probe == probe and dict(item.params) == dict(params):
            return item
    return None


def find_facts(probe: str, params: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return what a facts probe reported when it was recorded, with a label, or ``None``.

    The label stands under ``"recorded"``: whoever shows the facts shows it too.
    """
    path = files.data_path("recorded", "facts", f"{probe}.json")
    if not path.is_file():
        return None
    entry = encoding.parse(encoding.read(path))
    if entry.get("schema") != encoding.SCHEMA or entry["params"] != dict(params):
        return None
    machine = Machine.from_json(entry["machine"])
    return {**entry["data"], "recorded": f"recorded on {machine.label}, {entry['date']}"}


def everything() -> tuple[Measurement, ...]:
    """Return all recordings."""
    return _all()
