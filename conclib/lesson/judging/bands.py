"""What a comparison takes from below: the textbook's verdict, cited figures, the picture."""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from conclib import textbook
from conclib.lesson.predicting.forms import Prediction
from conclib.results import Measurement, shapes

if TYPE_CHECKING:
    from conclib.lesson.judging.subjects import Subject

PICTURED = "What the picture shows, as a table"


@dataclass(frozen=True)
class Held:
    """What the textbook and others say about a subject.

    Attributes:
        sentences: the verdicts, one for each reading of the claim that was measured.
        rows: the same as table rows, citations included.
        claim: the claim, or ``None``.
        cited: published figures to draw.
    """

    sentences: tuple[str, ...] = ()
    rows: list[tuple[str, str, str]] = field(default_factory=list)
    claim: textbook.Claim | None = None
    cited: tuple[textbook.Cited, ...] = ()


def against(claim_id: str | None, chosen: "Subject", tags: tuple[str, ...] = ()) -> Held:
    """Hold a subject against the textbook and against what others published.

    Args:
        claim_id: the claim, or ``None`` for no claim.
        chosen: what is compared.
        tags: which published figures belong beside it.
    """
    cited = tuple(item for tag in tags for item in textbook.load_cited(tag) if item.ns)
    papers = [(item.label, item.text, f"cited: {item.condition}") for item in cited]
    if claim_id is None:
        return Held(rows=papers, cited=cited)
    claim = textbook.claim(claim_id)
    settled = [
        textbook.verdict_of_reading(reading, chosen.items)
        for reading in claim.readings
        if measured(reading, list(chosen.items.values()))
    ]
    rows = [(f"textbook, {one.reading.label}", one.reading.band_text, one.word) for one in settled]
    return Held(tuple(map(sentence, settled)), rows + papers, claim, cited)


def measured(reading: textbook.Reading, items: list[Measurement]) -> bool:
    """Tell whether all that a reading needs is among ``items``."""
    return bool(reading.specs) and all(any(map(spec.matches, items)) for spec in reading.specs)


def sentence(settled: textbook.ReadingVerdict) -> str:
    """Say how the textbook's figure stands, with a reason."""
    reading, verdict = settled.reading, settled.verdict
    return (
        f"The textbook's {reading.band_text}, read for {reading.label}: "
        f"{verdict.word} here ({verdict.sentence})."
    )


def picture(chosen: "Subject", prediction: Prediction | None, held: Held) -> Any:
    """Return the picture of a comparison; its table is not the comparison's own."""
    found = _picture(chosen, prediction, held)
    return replace(found, table=replace(found.table, title=PICTURED)) if found.table else found


def _picture(chosen: "Subject", prediction: Prediction | None, held: Held) -> Any:
    from conclib import plots

    if chosen.form == "shape":
        guess = drawing(prediction, chosen)
        title = chosen.curve["question"]
        return plots.curve(chosen.items, drawn=guess, expected=chosen.expected, title=title)
    guess = band = None
    if prediction is not None and prediction.form in ("range", "ratio"):
        guess = plots.Range(*prediction.values, "your prediction")
    if held.claim is not None and held.claim.limits:
        band = plots.Range(*held.claim.limits, "textbook")
    cited = [plots.Cited(item.ns, item.label) for item in held.cited]
    return plots.comparison(
        _rows(chosen), prediction=guess, band=band, cited=cited,
        title=_title(guess, band, cited),
    )  # fmt: skip


def _title(*others: Any) -> str:
    """Ask how far apart those are that stand in the picture, and name no others."""
    names = ("Your prediction", "the textbook", "published figures")
    there = [name for name, other in zip(names, others, strict=True) if other]
    listed = ", ".join([*there, "your machine"])
    return f"{listed[0].upper()}{listed[1:]}: how far apart?" if there else "What did it cost here?"


def _rows(chosen: "Subject") -> list:
    from conclib import plots

    if chosen.form != "ratio":
        return plots.rows_of(chosen.items)
    reading = chosen.reading
    recorded = next((i.origin for i in chosen.items.values() if i.source != "live"), "")
    return [
        plots.Measured(
            reading.label, reading.value, reading.interval, recorded=recorded,
            quantity=reading.quantity,
        )
    ]  # fmt: skip


def drawing(prediction: Prediction | None, chosen: "Subject") -> list[tuple[float, float]]:
    """Return a predicted curve as points of the picture.

    A height of 1 is the guide's line at the largest value. A curve that was drawn begins where its
    first height lies; one that was only named has the heights of its name, and begins at the first
    point measured.
    """
    if prediction is None or prediction.form != "shape" or not prediction.filled:
        return []
    (low, first), *_, (high, _last) = chosen.items.points
    heights, start, bottom = prediction.values, 0.0, 0.0
    if len(heights) == 1:
        heights, start = shapes.HEIGHTS[heights[0]], first.net or 0.0
        bottom = heights[0]
    step = (high - low) / (len(heights) - 1)
    return [
        (low + place * step, start + (height - bottom) * chosen.full)
        for place, height in enumerate(heights)
    ]
