"""The verdict on a reading of a claim, and on the claim: as records, in words and as a table.

How they are reached is in ``judging_claims``.
"""

from dataclasses import dataclass

from conclib.results.wording import listed
from conclib.textbook import verdicts
from conclib.textbook.claims import Claim, Reading
from conclib.textbook.verdicts import Verdict

HERE = "measured here"  # the origin of a live measurement
OBSERVED = "observed here"  # the origin of what a chapter judges by what happens
WHOLE = "as-stated"  # the name of the reading of a claim that has no others
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


def _listed(readings: list[Reading]) -> str:
    """Return ``'a big parent (call, whole life) and a fresh Python'``."""
    parts: dict[str, list[str]] = {}
    for reading in readings:
        parts.setdefault(reading.what, []).extend([reading.part] if reading.part else [])
    names = [f"{what} ({', '.join(some)})" if some else what for what, some in parts.items()]
    return listed(names)
