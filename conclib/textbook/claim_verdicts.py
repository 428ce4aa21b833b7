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
from dataclasses import dataclass, replace
from itertools import product
from typing import TypeVar

from conclib.results import Measurement, Measurements, Observation, arguments
from conclib.results.estimate import Estimate, Interval
from conclib.results.wording import listed
from conclib.textbook import facts, verdicts
from conclib.textbook.claims import Claim, Reading, Spec
from conclib.textbook.verdicts import Verdict

Record = TypeVar("Record", Measurement, Observation)
Records = Iterable[Measurement | Observation]
HERE = "measured here"  # the origin of a live measurement
OBSERVED = "observed here"  # the origin of what a chapter judges by what happens
WHOLE = "as-stated"  # the name of the reading of a claim that has no others
OTHER_PIN = "only one of the two was kept on one CPU"
GROUPS = (  # the order in which a claim's sentence tells them
    (verdicts.SUPPORTED, "", ""),
    (verdicts.NOT_SUPPORTED, "below", " (below the band)"),
    (verdicts.NOT_SUPPORTED, "above", " (above the band)"),
    (verdicts.NOT_SUPPORTED, "", ""),
    (verdicts.INCONCLUSIVE, None, ""),
)


@dataclass(frozen=True)
class ReadingVerdict:
    """The verdict on one reading, with what it rests on.

    Attributes:
        interval: what was measured, in nanoseconds, bytes or times; ``None`` without one.
        origins: ``"measured here"``, or where and when it was recorded, of each measurement.
        notes: what the measuring side noted about the circumstances.
    """

    reading: Reading
    verdict: Verdict
    interval: tuple[float, float] | None = None
    origins: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def word(self) -> str:
        """The verdict's word."""
        return self.verdict.word

    @property
    def measured_text(self) -> str:
        """The interval in words: ``'1.20–1.30 ms'``, ``'×12 – ×14'``, or a dash."""
        if self.interval is None:
            return "–"
        return self.reading.quantity.write_range(*self.interval)

    @property
    def cells(self) -> tuple[str, ...]:
        """A table's row: reading, textbook, measured, where, verdict."""
        marked = " *" if self.notes else ""
        where = "; ".join(self.origins) + marked if self.origins else "–"
        shown = (self.reading.label, self.reading.band_text, self.measured_text, where)
        return (*shown, repr(self.verdict))

    def __repr__(self) -> str:
        return ", ".join(cell for cell in self.cells if cell != "–")


@dataclass(frozen=True)
class ClaimVerdict:
    """The verdict on a claim: one row for each of its readings, a word and a sentence."""

    claim: Claim
    rows: tuple[ReadingVerdict, ...]

    @property
    def word(self) -> str:
        """The word on which all settled readings agree, or ``depends``, or ``not settled yet``."""
        words = {row.word for row in self._settled}
        if not words:
            return verdicts.PENDING
        return words.pop() if len(words) == 1 else verdicts.DEPENDS

    @property
    def sentence(self) -> str:
        """What holds for which readings, and on which evidence."""
        if not self._settled:
            return f"Chapter {self.claim.home} settles it."
        parts = [self._part(*group) for group in GROUPS]
        noted = "; ".join(part for part in parts if part)
        depends = " it depends" if self.word == verdicts.DEPENDS else ""
        waiting = [row.reading for row in self.rows if row.word == verdicts.PENDING]
        rest = f" Not measured yet: {_listed(waiting)}." if waiting else ""
        return f"{self._evidence}{depends}: {noted}.{rest}"

    @property
    def _settled(self) -> list[ReadingVerdict]:
        return [row for row in self.rows if row.word != verdicts.PENDING]

    @property
    def _evidence(self) -> str:
        here = {
            origin.startswith((HERE, OBSERVED)) for row in self._settled for origin in row.origins
        }
        if len(here) > 1:
            return "By live and recorded runs together"
        return "On this machine" if here == {True} else "By recorded runs"

    def _part(self, word: str, where: str | None, after: str) -> str:
        """Return ``'supported for a big parent (call)'``, or nothing if no reading is so."""
        chosen = [
            row.reading
            for row in self._settled
            if row.word == word and where in (None, row.verdict.where)
        ]
        if [reading.name for reading in chosen] == [WHOLE]:
            return f"{word} as it stands{after}"
        return f"{word} for {_listed(chosen)}{after}" if chosen else ""

    def __repr__(self) -> str:
        rows = "".join(f"\n  {row!r}" for row in self.rows)
        right = f"\nTo put right: {self.claim.half_truth}" if self._tells else ""
        return f"{self.claim.id}: {self.word}. {self.sentence}{rows}{right}"

    @property
    def _noted(self) -> list[str]:
        """What was noted about the circumstances of any reading, each once."""
        return list(dict.fromkeys(note for row in self.rows for note in row.notes))

    @property
    def _tells(self) -> bool:
        return bool(self.claim.half_truth and self._settled)

    def _repr_html_(self) -> str:
        from html import escape

        from conclib.results.tables import folded, table

        head = ("reading", "textbook", "measured", "where", "verdict")
        notes = [self.claim.band_note]
        notes += [f"* Noted: {'; '.join(self._noted)}."] if self._noted else []
        notes += [f"To put right: {self.claim.half_truth}"] if self._tells else []
        more = "".join(f"<p>{escape(note)}</p>" for note in notes if note)
        rows = table(f"{self.claim.id}: {self.word}", head, [row.cells for row in self.rows])
        return (
            f"<p>The textbook, in our words: {escape(self.claim.read_text)}</p>"
            f"<p><b>{escape(self.word.capitalize())}.</b> {escape(self.sentence)}</p>"
            + folded(_fold(len(self.rows), self._tells), rows + more)
        )


def _fold(count: int, tells: bool) -> str:
    what = f"{count} readings of this sentence, one by one" if count > 1 else "What was measured"
    return f"{what}, and what to put right" if tells else what


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


def _listed(readings: list[Reading]) -> str:
    """Return ``'a big parent (call, whole life) and a fresh Python'``."""
    parts: dict[str, list[str]] = {}
    for reading in readings:
        parts.setdefault(reading.what, []).extend([reading.part] if reading.part else [])
    names = [f"{what} ({', '.join(some)})" if some else what for what, some in parts.items()]
    return listed(names)
