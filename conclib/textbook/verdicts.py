"""Was the textbook right? Pure functions from an interval and a band to a word and the reason.

    below the band   |    band    |   above the band
    ----[===]--------|------------|-------------------   not supported, if clear of it by more
                     |   [====]   |                      supported               than a factor 2
    --------------[==|==]---------|-------------------   inconclusive

A band such as "1–10 ms" is an order of magnitude, so a near miss decides nothing: an interval that
crosses an edge, or lies outside by no more than a factor of two, is inconclusive. So is one that
comes from a doubtful measurement, except where it lies more than a factor of ten outside: few
samples, or workers that disagree, do not shift a median tenfold. A wide interval is no doubt in
this sense, because its width is what is judged. What nobody has measured yet is *not settled yet*.

The word depends on nothing but proportions: interval and band in another unit give the same one.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from conclib.results import arguments
from conclib.results.estimate import Estimate
from conclib.results.quantity import RATIO

SUPPORTED = "supported"
NOT_SUPPORTED = "not supported"
INCONCLUSIVE = "inconclusive"
PENDING = "not settled yet"  # nothing was measured, so there is nothing to judge
DEPENDS = "depends"  # of a claim whose readings disagree
DECIDED = (SUPPORTED, NOT_SUPPORTED, DEPENDS)  # the words of a claim that is settled

CLEAR = 2.0  # outside by more than this factor is outside
BEYOND_DOUBT = 10.0  # and by more than this one even if the measurement is doubtful
WIDTH_ONLY = "interval wider than"  # how results begin the one doubt that the interval holds itself


@dataclass(frozen=True)
class Verdict:
    """A verdict: the word, the reason in one sentence, and on which side of the band it lies.

    Attributes:
        word: ``supported``, ``not supported``, ``inconclusive`` or ``not settled yet``.
        sentence: why, without a full stop.
        where: ``"below"``, ``"above"``, or empty unless the interval is wholly outside.
    """

    word: str
    sentence: str
    where: str = ""

    def __post_init__(self) -> None:
        arguments.choice("word", self.word, (SUPPORTED, NOT_SUPPORTED, INCONCLUSIVE, PENDING))
        arguments.choice("where", self.where, ("", "below", "above"))

    def __repr__(self) -> str:
        return f"{self.word}: {self.sentence}"


def judge(measured: Estimate, band: tuple[float, float]) -> Verdict:
    """Hold what was measured against the textbook's band, both in the same unit.

    Args:
        measured: an estimate; its doubts are weighed.
        band: low and high, above 0.

    Raises:
        ValueError: an interval or a band that is upside down, negative or not finite.
    """
    _require_range("band", band, positive=True)
    doubts = serious(measured.doubts)
    if measured.interval is None:
        return Verdict(INCONCLUSIVE, "; ".join(doubts) or "there is no interval to judge")
    _require_range("interval", measured.interval)
    position = measured.within(band)
    if position.where in ("below", "above"):
        return _outside(position.where, position.factor, doubts)
    return _touching(position.edges, doubts)


def serious(unstable: Iterable[str]) -> list[str]:
    """Return the reasons that count against a verdict: all but the width of the interval."""
    return [reason for reason in unstable if not reason.startswith(WIDTH_ONLY)]


def _outside(where: str, factor: float, doubts: list[str]) -> Verdict:
    if factor <= CLEAR:
        near = f"it lies {where} the band, but within a factor of two"
        return Verdict(INCONCLUSIVE, "; ".join([near, *doubts]), where)
    if math.isinf(factor):
        far = f"it lies {where} the band, at nothing measurable"
    else:
        far = f"it lies {where} the band by a factor of {RATIO.write(factor).lstrip('×')} or more"
    if not doubts:
        return Verdict(NOT_SUPPORTED, far, where)
    if factor > BEYOND_DOUBT:
        still = f"{far}, too far for a doubt to matter ({'; '.join(doubts)})"
        return Verdict(NOT_SUPPORTED, still, where)
    return Verdict(INCONCLUSIVE, f"{far}, but in doubt: {'; '.join(doubts)}", where)


def _touching(edges: str, doubts: list[str]) -> Verdict:
    if edges:
        return Verdict(INCONCLUSIVE, "; ".join([f"it crosses {edges} of the band", *doubts]))
    if doubts:
        return Verdict(INCONCLUSIVE, f"it lies inside the band, but in doubt: {'; '.join(doubts)}")
    return Verdict(SUPPORTED, "it lies inside the band")


def _require_range(name: str, ends: tuple[float, float], positive: bool = False) -> None:
    low, high = ends
    if not (math.isfinite(high) and 0 <= low <= high) or (positive and low == 0):
        allowed = "above 0" if positive else "0 or more"
        raise ValueError(f"{name}={ends!r}: must be low and high, finite and {allowed}")
