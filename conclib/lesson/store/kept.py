"""Every live result, kept for the last chapter, and found again for a verdict."""

from collections.abc import Sequence
from typing import TypeVar

from conclib.lesson import store
from conclib.results import Host, Measurement, Observation, Runtime, recordings
from conclib.results.arguments import Params

Item = TypeVar("Item", Measurement, Observation, Measurement | Observation)


def keep(measurements: list[Measurement]) -> None:
    """Add live measurements to the student's results; called whenever some have been made."""
    live = [item for item in measurements if item.source == "live"]
    if live:
        store.append(store.RESULTS, *(item.to_json() for item in live))


def keep_observation(item: Observation) -> None:
    """Add a live observation to the student's results."""
    store.append(store.RESULTS, item.to_json())


def observations(probe: str | None = None) -> list[Observation]:
    """Return what was observed and kept, oldest first, by one probe or by all."""
    kept = store.read(store.RESULTS)
    return [x for x in kept if isinstance(x, Observation) and probe in (None, x.probe)]


def results(probe: str | None = None) -> list[Measurement]:
    """Return what was measured and kept, oldest first, of one probe or of all."""
    kept = store.read(store.RESULTS)
    return [x for x in kept if isinstance(x, Measurement) and probe in (None, x.probe)]


def latest(
    probe: str, params: Params, host: Host, runtime: Runtime, *, pinned: bool = False
) -> Measurement | None:
    """Return the last result of exactly this probe and parameters, or ``None``.

    Args:
        probe, params: what was measured, all parameters, defaults included.
        host, runtime: where, and under which Python.
        pinned: whether one is wanted that was kept on one CPU. One with the same pin is
            preferred; a note says so if there is only the other.

    What was kept comes before what was recorded: a recorded sweep has its own machine's ruler.
    """
    for known in (results(probe)[::-1], recordings.recorded(Measurement)):
        found = recordings.preferred(from_here(known, host, runtime), probe, params, pinned)
        if found:
            return found
    return None


def from_here(items: Sequence[Item], host: Host, runtime: Runtime) -> list[Item]:
    """Return those of ``items`` that come from a host and a Python."""
    return [item for item in items if (item.host, item.runtime) == (host, runtime)]
