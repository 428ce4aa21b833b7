"""Small records to keep in a test, and what is kept."""

from typing import Any

from conclib.lesson import store
from conclib.results import Measurement
from tests import made_up


def note(text: str = "x") -> store.Record:
    """Return the smallest event there is."""
    return {"schema": 1, "event": "revealed", "id": text}


def measured(**fields: Any) -> Measurement:
    """Return a small live result."""
    return made_up.measurement([1, 2, 3, 4, 5, 6, 7], date="2026-01-01", **fields)


def saving() -> bool:
    """Tell whether what is kept reaches the disk: not while something waits for that."""
    return store.home() not in store._failing


def ids(name: str = store.PREDICTIONS) -> list[str]:
    """Return the ids of what is kept in a file of events, oldest first."""
    return [record["id"] for record in store.read(name)]
