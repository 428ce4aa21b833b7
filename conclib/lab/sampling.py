"""How many samples are enough? Ask a worker for batches until the answer is sure enough.

After each batch the distribution-free 95 % interval of the median is computed. Sampling ends when
its half-width is within the target (5 % of the median) and there are 20 values or more, or when
the variant's share of the budget is used. Several variants take turns, batch by batch, so that a
disturbance hits all of them alike.

The worker measures; the *caller* decides. So a test can drive this with a fake worker and a fake
clock.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from conclib.results import Run, statistics
from conclib.results.doubts import FEW, TARGET

if TYPE_CHECKING:
    from conclib.worker.forms import Batch

BATCH_NS = 30e6  # a batch takes about this long: a progress bar moves, and Stop is not kept waiting
MAX_IN_BATCH = 50


class Asked(Protocol):
    """What a sampler needs of a worker."""

    def ask(self, *, ask: str, samples: int) -> None:
        """Ask for a batch."""

    def answer(self, expected: "type[Batch]", /) -> "Batch":
        """Return it."""


@dataclass
class Sampler:
    """What one worker has given so far, and whether it shall give more.

    Args:
        worker: has ``ask(**what)`` and ``answer(*expected)`` as a Worker has.
        share: seconds of measuring that this worker may use.
        clock: seconds, monotonic.
    """

    worker: Asked
    share: float
    clock: Callable[[], float] = time.perf_counter
    values: list[float] = field(default_factory=list)
    baseline: list[float] = field(default_factory=list)
    spent: float = 0.0
    refused: int = 0
    loops: int = 1
    warmups: int = 0
    _round: float = 0.0  # seconds for one sample, all included

    def calibrated(self, loops: int, value: float, warmups: int) -> None:
        """Take over what the worker found out while calibrating; ``value`` is one loop's, in ns."""
        self.loops, self.warmups = loops, warmups
        self._round = max(value * loops, 1.0) / 1e9

    @property
    def finished(self) -> bool:
        """Whether the interval is narrow enough, or the share used."""
        sure = len(self.values) >= FEW and statistics.half_width(self.values) <= TARGET
        return sure or (self.spent >= self.share and bool(self.values))

    def next_size(self) -> int:
        """How many samples the next batch shall have."""
        left = max(self.share - self.spent, 0.0)
        fits = int(min(BATCH_NS / 1e9, left) / self._round)
        return max(1, min(fits, MAX_IN_BATCH))

    def batch(self) -> list[float]:
        """Ask for one batch, keep it, and return its values in ns."""
        from conclib.worker.forms import Batch

        size = self.next_size()
        start = self.clock()
        self.worker.ask(ask="batch", samples=size)
        answer = self.worker.answer(Batch)
        took = self.clock() - start
        self.spent += took
        self._round = max(took / size, 1e-9)
        self.values += answer.values
        self.baseline += answer.baseline
        self.refused += answer.refused
        self._require_a_clock()
        return answer.values

    def _require_a_clock(self) -> None:
        from conclib.results import WorkerError

        if self.refused > 1000 and not self.values:
            raise WorkerError(
                "no time was seen to pass, in none of many rounds: nothing can be timed. (A body "
                "that takes the clock itself must return nanoseconds above 0.)"
            )

    def run(self) -> Run:
        """Return all of it as a frozen run."""
        return Run(tuple(self.values), tuple(self.baseline), self.loops, self.warmups)


def sample(samplers: Sequence[Sampler], tell: Callable[[int, list[float]], None]) -> None:
    """Let the samplers take turns until each is finished.

    Args:
        tell: called after each batch with the sampler's place and the new values.
    """
    while True:
        waiting = [place for place, sampler in enumerate(samplers) if not sampler.finished]
        if not waiting:
            return
        for place in waiting:
            tell(place, samplers[place].batch())
