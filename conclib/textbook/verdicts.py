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
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from conclib.results import Measurement, Measurements, units
from conclib.results.machine import require_same_machine
from conclib.textbook.claims import Claim, Reading, Spec

SUPPORTED = "supported"
NOT_SUPPORTED = "not supported"
INCONCLUSIVE = "inconclusive"
PENDING = "not settled yet"  # nothing was measured, so there is nothing to judge
DEPENDS = "depends"  # of a claim whose readings disagree

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

    def __repr__(self) -> str:
        return f"{self.word}: {self.sentence}"


def judge(
    interval: tuple[float, float] | None,
    band: tuple[float, float],
    unstable: Iterable[str] = (),
) -> Verdict:
    """Hold a measured interval against the textbook's band, both in the same unit.

    Args:
        interval: low and high, 0 or more; ``None`` if there is none.
        band: low and high, above 0.
        unstable: reasons to doubt the measurement, as :attr:`Measurement.unstable` lists them.

    Raises:
        ValueError: an interval or a band that is upside down, negative or not finite.
    """
    _require_range("band", band, positive=True)
    doubts = [reason for reason in unstable if not reason.startswith(WIDTH_ONLY)]
    if interval is None:
        return Verdict(INCONCLUSIVE, "; ".join(doubts) or "there is no interval to judge")
    _require_range("interval", interval)
    if interval[1] < band[0]:
        factor = band[0] / interval[1] if interval[1] else math.inf
        return _outside("below", factor, doubts)
    if interval[0] > band[1]:
        return _outside("above", interval[0] / band[1], doubts)
    return _touching(interval, band, doubts)


def _outside(where: str, factor: float, doubts: list[str]) -> Verdict:
    if factor <= CLEAR:
        near = f"it lies {where} the band, but within a factor of two"
        return Verdict(INCONCLUSIVE, "; ".join([near, *doubts]), where)
    if math.isinf(factor):
        far = f"it lies {where} the band, at nothing measurable"
    else:
        far = f"it lies {where} the band by a factor of {units.ratio(factor).lstrip('×')} or more"
    if not doubts:
        return Verdict(NOT_SUPPORTED, far, where)
    if factor > BEYOND_DOUBT:
        return Verdict(NOT_SUPPORTED, f"{far}, too far for a doubt to matter ({'; '.join(doubts)})", where)
    return Verdict(INCONCLUSIVE, f"{far}, but in doubt: {'; '.join(doubts)}", where)


def _touching(
    interval: tuple[float, float], band: tuple[float, float], doubts: list[str]
) -> Verdict:
    low, high = interval[0] < band[0], interval[1] > band[1]
    if low or high:
        edge = "both edges" if low and high else "the lower edge" if low else "the upper edge"
        return Verdict(INCONCLUSIVE, "; ".join([f"it crosses {edge} of the band", *doubts]))
    if doubts:
        return Verdict(INCONCLUSIVE, f"it lies inside the band, but in doubt: {'; '.join(doubts)}")
    return Verdict(SUPPORTED, "it lies inside the band")


def _require_range(name: str, ends: tuple[float, float], positive: bool = False) -> None:
    low, high = ends
    if not (math.isfinite(high) and 0 <= low <= high) or (positive and low == 0):
        allowed = "above 0" if positive else "0 or more"
        raise ValueError(f"{name}={ends!r}: must be low and high, finite and {allowed}")


@dataclass(frozen=True)
class ReadingVerdict:
    """The verdict on one reading, with what it rests on.

    Attributes:
        interval: what was measured, in nanoseconds, bytes or times; ``None`` without one.
        origin: ``"measured here"``, or where and when it was recorded; empty if nothing was.
    """

    reading: Reading
    verdict: Verdict
    interval: tuple[float, float] | None = None
    origin: str = ""

    @property
    def word(self) -> str:
        """The verdict's word."""
        return self.verdict.word

    @property
    def measured_text(self) -> str:
        """The interval in words: ``'1.20–1.30 ms'``, ``'×12 – ×14'``, or a dash."""
        if self.interval is None:
            return "–"
        if self.reading.unit == "×":
            return " – ".join(units.ratio(end) for end in self.interval)
        if self.reading.unit in units.BYTES:
            return " – ".join(units.size(end) for end in self.interval)
        return units.time_range(*self.interval)

    def cells(self) -> tuple[str, ...]:
        """The row of the table: reading, textbook, measured, where, verdict."""
        return (
            self.reading.label,
            self.reading.band_text,
            self.measured_text,
            self.origin or "–",
            repr(self.verdict),
        )

    def __repr__(self) -> str:
        return f"{self.reading.label}: {self.measured_text}, {self.verdict!r}"


def verdict_of_reading(
    reading: Reading, measurements: Iterable[Measurement] | Mapping[str, Measurement]
) -> ReadingVerdict:
    """Judge one reading by the measurements that fit it: live before recorded, then the latest.

    Raises:
        DifferentMachines: the two halves of a ratio exist, but never from the same machine.
    """
    items = list(measurements.values() if isinstance(measurements, Mapping) else measurements)
    if not reading.specs or reading.limits is None:
        return _pending(reading, f"chapter {reading.chapter}")
    if missing := [spec for spec in reading.specs if not any(map(spec.matches, items))]:
        return _pending(reading, f"measure {' and '.join(map(str, missing))}")
    if reading.is_ratio:
        return _judged_ratio(reading, *_pair(reading.specs, items))
    item = _fitting(reading.specs[0], items)[0]
    verdict = judge(item.net_interval, reading.limits, item.unstable)
    return ReadingVerdict(reading, verdict, item.net_interval, item.origin)


def _pending(reading: Reading, what: str) -> ReadingVerdict:
    return ReadingVerdict(reading, Verdict(PENDING, what))


def _fitting(spec: Spec, items: list[Measurement]) -> list[Measurement]:
    found = [item for item in reversed(items) if spec.matches(item)]
    return sorted(found, key=lambda item: item.source != "live")  # stable: the latest stays first


def _pair(specs: tuple[Spec, ...], items: list[Measurement]) -> tuple[Measurement, Measurement]:
    overs, unders = (_fitting(spec, items) for spec in specs)
    for over in overs:
        for under in unders:
            if over.machine == under.machine:
                return over, under
    require_same_machine([overs[0].machine, unders[0].machine])
    raise AssertionError("machines that differ have labels that differ")


def _judged_ratio(reading: Reading, over: Measurement, under: Measurement) -> ReadingVerdict:
    interval = Measurements({"over": over, "under": under}).ratio_interval("over", "under")
    doubts = [f"{item.probe}: {why}" for item in (over, under) for why in item.unstable
              if not why.startswith(WIDTH_ONLY)]
    origin = over.origin if over.origin == under.origin else f"{over.origin}; {under.origin}"
    return ReadingVerdict(reading, judge(interval, reading.limits, doubts), interval, origin)
