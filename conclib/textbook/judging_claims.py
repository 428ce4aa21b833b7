"""From measurements to the verdict on a reading, and from its readings to that on a claim.

A reading names what has to be measured for it, so its verdict is looked up among whatever
measurements there are: live before recorded, later before earlier. A claim's word is that of its
readings where they agree; where they do not it *depends*, and the sentence says on what. A reading
that nobody has measured says what to measure and does not count.

Doubts about the number itself (few samples, workers that disagree) are held against a verdict.
What the measuring side noted besides, such as a busy machine, is told beside it: where that
mattered it has widened the interval or made the workers disagree.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import product
from typing import TypeVar

from conclib.results import Measurement, Measurements, Observation, arguments
from conclib.results.estimate import Estimate, Interval
from conclib.textbook import facts, verdicts
from conclib.textbook.claim_verdicts import OBSERVED, ClaimVerdict, ReadingVerdict
from conclib.textbook.claims import Claim, Reading, Spec
from conclib.textbook.verdicts import Verdict

Record = TypeVar("Record", Measurement, Observation)
Records = Iterable[Measurement | Observation]
OTHER_PIN = "only one of the two was kept on one CPU"


def verdict_of_reading(
    reading: Reading, records: Records | Mapping[str, Measurement]
) -> ReadingVerdict:
    """Judge one reading by those of ``records`` that fit it.

    Raises:
        DifferentMachines: the two halves of a ratio exist, but never from the same machine.
    """
    given = records.values() if isinstance(records, Mapping) else records
    limits = reading.limits
    if not reading.specs or (limits is None and reading.equals is None):
        return _pending(reading, f"chapter {reading.chapter}")
    if limits is None or reading.fact:
        return _of_fact(reading, [item for item in given if isinstance(item, Observation)])
    return _of_times(reading, limits, [item for item in given if isinstance(item, Measurement)])


def _of_fact(reading: Reading, items: list[Observation]) -> ReadingVerdict:
    found = _fitting(reading.specs[0], items)
    if not found:
        return _missing(reading, reading.specs)
    verdict, interval = facts.judge(reading, found[0])
    return ReadingVerdict(reading, verdict, interval, (found[0].origin,), found[0].notes)


def _of_times(reading: Reading, limits: Interval, items: list[Measurement]) -> ReadingVerdict:
    missing = [spec for spec in reading.specs if not any(map(spec.matches, items))]
    if missing:
        return _missing(reading, missing)
    if reading.is_ratio:
        return _judged_ratio(reading, limits, *_pair(reading.specs, items))
    item = _fitting(reading.specs[0], items)[0]
    return _judged(reading, limits, _estimate(item), Measurements({item.probe: item}))


def verdict_of_claim(
    claim: Claim,
    records: Records | Mapping[str, Measurement] = (),
    *,
    judged: Mapping[str, Verdict] | None = None,
) -> ClaimVerdict:
    """Judge all readings of a claim.

    Args:
        claim: from :func:`conclib.textbook.claim`.
        records: any measurements and observations, as a list, or measurements by label; those
            that fit are used.
        judged: verdicts by reading name that a chapter has reached by what happened.

    Raises:
        ValueError: ``judged`` names a reading that the claim has not.
        DifferentMachines: see :func:`verdict_of_reading`.
    """
    items = list(records.values() if isinstance(records, Mapping) else records)
    judged = dict(judged or {})
    for name in judged:
        arguments.choice("judged", name, [reading.name for reading in claim.readings])
    rows = [
        ReadingVerdict(reading, judged[reading.name], origins=(OBSERVED,))
        if reading.name in judged
        else verdict_of_reading(reading, items)
        for reading in claim.readings
    ]
    return ClaimVerdict(claim, tuple(rows))


def _pending(reading: Reading, what: str) -> ReadingVerdict:
    return ReadingVerdict(reading, Verdict(verdicts.PENDING, what))


def _missing(reading: Reading, specs: Iterable[Spec]) -> ReadingVerdict:
    return _pending(reading, f"run {' and '.join(spec.call for spec in specs)}")


def _fitting(spec: Spec, items: list[Record]) -> list[Record]:
    found = [item for item in reversed(items) if spec.matches(item)]
    return sorted(found, key=lambda item: item.source != "live")  # stable: the latest stays first


def _pair(specs: tuple[Spec, ...], items: list[Measurement]) -> tuple[Measurement, Measurement]:
    """Return the best two of one host, if there are; alike in Python and pin if there are those."""

    def apart(pair: tuple[Measurement, Measurement]) -> tuple[bool, ...]:
        over, under = pair
        return over.host != under.host, over.runtime != under.runtime, over.pinned != under.pinned

    over, under = specs
    return min(product(_fitting(over, items), _fitting(under, items)), key=apart)


def _estimate(item: Measurement) -> Estimate:
    """Return what was measured with the doubts that count, which are those of the result itself."""
    doubts = tuple(reason for reason in item.unstable if reason not in item.notes)
    return replace(item.estimate, label=item.probe, doubts=doubts)


def _judged_ratio(
    reading: Reading, limits: Interval, over: Measurement, under: Measurement
) -> ReadingVerdict:
    pair = Measurements({"over": over, "under": under})  # refuses two hosts
    both = [
        replace(each, doubts=tuple(verdicts.serious(each.doubts)))
        for each in map(_estimate, pair.values())
    ]
    pins = (OTHER_PIN,) if over.pinned != under.pinned else ()
    return _judged(reading, limits, both[0].ratio(both[1]), pair, pins)


def _judged(
    reading: Reading,
    limits: Interval,
    measured: Estimate,
    items: Measurements,
    notes: tuple[str, ...] = (),
) -> ReadingVerdict:
    noted = [*notes, *(note for item in items.values() for note in item.notes)]
    return ReadingVerdict(
        reading,
        verdicts.judge(measured, limits),
        measured.interval,
        origins=tuple(dict.fromkeys(map(items.origin, items))),
        notes=tuple(dict.fromkeys(noted)),
    )
