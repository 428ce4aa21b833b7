"""The runs: each draws a fault, provokes it, and is looked at afterwards."""

import gc
import os
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests import leaks
from tests.soak.outcomes import Fault

SETTLED = 50  # runs after which this process has imported and cached what it will
MAX_GROWTH = 6.0  # MB that it may be larger at the end than when it had settled
GONE = 3.0  # seconds for what was killed to be gone


@dataclass
class Tally:
    """What became of the runs of one campaign, as a user of one kind.

    Attributes:
        user: ``"root"`` or ``"an ordinary user"``.
        seed: what the chance was drawn from.
        runs: how many of each fault.
        wrong: of each fault, what came of it that was not promised, or was left behind.
        memory: this process's resident memory in MB after each run; ``descriptors`` likewise.
    """

    user: str
    seed: int
    runs: Counter[str] = field(default_factory=Counter)
    wrong: dict[str, list[str]] = field(default_factory=dict)
    memory: list[float] = field(default_factory=list)
    descriptors: list[int] = field(default_factory=list)

    @property
    def good(self) -> int:
        """How many runs came as promised and left nothing."""
        return sum(self.runs.values()) - sum(map(len, self.wrong.values()))

    @property
    def growth(self) -> float:
        """By how many MB this process has grown since it had settled."""
        early, late = self.memory[SETTLED : 2 * SETTLED], self.memory[-SETTLED:]
        return sorted(late)[len(late) // 2] - sorted(early)[len(early) // 2] if early else 0.0

    @property
    def flat(self) -> bool:
        """Whether memory and descriptors stayed what they were."""
        return self.growth <= MAX_GROWTH and len(set(self.descriptors)) <= 1


def resident_mb() -> float:
    """Return this process's resident memory in MB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def run(
    faults: Sequence[Fault],
    count: int,
    seed: int,
    token: str,
    tell: Callable[[int, str, list[str]], None],
) -> Tally:
    """Provoke ``count`` faults, drawn from ``seed``, and return what became of them.

    Args:
        token: stands in the environment of all that is started (a temporary folder's name).
        tell: called after each run with its number, its fault, and what was wrong with it.
    """
    tally = Tally("root" if os.getuid() == 0 else "an ordinary user", seed)
    for number in range(count):
        chance = Random(f"{seed}/{number}")
        fault = faults[number] if number < len(faults) else chance.choice(faults)
        wrong = one(fault, chance, token)
        tally.runs[fault.name] += 1
        if wrong:
            tally.wrong.setdefault(fault.name, []).append(f"run {number}: {'; '.join(wrong)}")
        tally.memory.append(resident_mb())
        tally.descriptors.append(len(leaks.open_files()))
        tell(number, fault.name, wrong)
    return tally


def one(fault: Fault, chance: Random, token: str) -> list[str]:
    """Provoke one fault; return what was not as promised, and what was left behind."""
    before = leaks.snapshot(token)
    wrong = []
    try:
        fault.provoke(chance)
    except KeyboardInterrupt:  # Ctrl-C ends the campaign; a fault keeps its own to itself
        leaks.end(leaks.processes(token) - before["process"])
        raise
    except BaseException as error:
        wrong.append(f"{type(error).__name__}: {error}"[:300])
    gc.collect()
    left = leaks.left_behind(before, token, GONE)
    leaks.end(leaks.processes(token) - before["process"])
    return wrong + [f"left: {each}" for each in left]


def elapsed(start: float) -> str:
    """Return the time since ``start`` in words."""
    return f"{time.monotonic() - start:.0f} s"
