"""Whom a call that blocks holds up in the simulator: to be held against what really ran."""

from conclib.models.bursts import programs
from conclib.models.case import case
from conclib.models.simulating import simulated

HEARTS = {f"heart {n}": "C0.1 " + "W5 C0.1 " * 40 for n in range(8)}


def held_up(model: str, readers: int, ms: float, **more: int) -> bool:
    """Tell whether, in the simulator, all hearts stand still while readers are in a call.

    Args:
        model: who schedules; readers: how many tasks make the call, which takes ``ms``.
        **more: as of ``case``.
    """
    reading = {f"reader {n}": f"C0.1 W30 B{ms} C0.1" for n in range(readers)}
    found = simulated(case(model, programs({**HEARTS, **reading}), **more))
    return min(found.longest_pause_ns(name) for name in HEARTS) > ms * 1e6 / 2
