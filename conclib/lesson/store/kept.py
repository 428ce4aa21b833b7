"""Every live result, kept for the last chapter, and found again for a verdict."""

from typing import TypeVar

from conclib.lesson import store
from conclib.results import Host, Measurement, Observation, Runtime, recordings

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


def latest(probe: str, host: Host, runtime: Runtime) -> Measurement | None:
    """Return the last result of a probe on this host under this Python, or ``None``.

    What was kept comes before what was recorded: a recorded sweep has its own machine's ruler.
    """
    known = [*recordings.recorded(Measurement), *results()]
    alike = from_here([item for item in known if item.probe == probe], host, runtime)
    return alike[-1] if alike else None


def cost(probe: str, host: Host, runtime: Runtime) -> float | None:
    """Return what a probe cost when it was last measured there, in ns; ``None``: not known."""
    item = latest(probe, host, runtime)
    return item.net if item else None


def from_here(items: list[Item], host: Host, runtime: Runtime) -> list[Item]:
    """Return those of ``items`` that come from a host and a Python."""
    return [item for item in items if (item.host, item.runtime) == (host, runtime)]
