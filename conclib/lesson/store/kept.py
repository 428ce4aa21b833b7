"""Every live result, kept for the last chapter, and found again for a verdict."""

from conclib.lesson import store
from conclib.results import Measurement, Observation

AnyRecord = Measurement | Observation


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


def latest(probe: str, **params: object) -> Measurement | None:
    """Return the last kept result of a probe with these parameters, or ``None``."""
    for item in reversed(results(probe)):
        if all(item.params.get(name) == value for name, value in params.items()):
            return item
    return None


def cost(probe: str) -> float | None:
    """Return what a probe cost when it was last measured, in ns; ``None`` if that is not known."""
    item = latest(probe)
    return item.net if item else None


def same_machine(items: list[AnyRecord], like: AnyRecord) -> list[AnyRecord]:
    """Return those of ``items`` that come from the host and Python that ``like`` does."""
    here = like.host, like.runtime
    return [item for item in items if (item.host, item.runtime) == here]
