"""What a switch costs in a simulation: the student's own measurement where there is one.

Which measurement stands for which cost is written here, and nothing of how it is found.
"""

from dataclasses import dataclass
from typing import NamedTuple

from conclib.models.case import cost_ns
from conclib.results import Measurement
from conclib.results.quantity import TIME


class Measured(NamedTuple):
    """Which probe's result a cost is: its parameters are the defaults; ``parts``: its share."""

    probe: str
    pinned: bool
    parts: int


USER, LINUX = "user_switch_us", "linux_switch_us"  # as they are asked for
PROBES = {
    USER: Measured("user_switch", True, 1),
    LINUX: Measured("thread_switch", True, 2),  # there and back
}
WORDS = {USER: "a switch by the program", LINUX: "a switch by Linux"}


@dataclass(frozen=True)
class Cost:
    """What one kind of switch costs, and who says so.

    Attributes:
        name: ``"user_switch_us"`` or ``"linux_switch_us"``.
        ns: what it costs.
        origin: where and when it was measured, or that it was given.
    """

    name: str
    ns: int
    origin: str

    @property
    def text(self) -> str:
        """The cost in words: ``'a switch by Linux 1.94 µs (measured here)'``."""
        return f"{WORDS[self.name]} {TIME.write(self.ns)} ({self.origin})"


def given(name: str, us: object) -> Cost:
    """Return a cost that was asked for, in µs.

    Raises:
        TypeError, ValueError: no number, below zero, or more than a second.
    """
    return Cost(name, cost_ns(name, us), "given")


def measured(name: str, item: Measurement | None) -> Cost:
    """Return a cost as it was measured.

    Where nobody has measured it, or it came out below resolution, it costs nothing, and its origin
    says so.
    """
    probe, pinned, parts = PROBES[name]
    if item is None or item.net is None:
        cpu = ', cpu="one"' if pinned else ""
        return Cost(name, 0, f'left out, not measured yet: cl.measure("{probe}"{cpu})')
    return Cost(name, round(item.net / parts), item.origin)
