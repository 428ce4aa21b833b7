"""The course's central picture: prediction, own machine, textbook and published figures.

All on one logarithmic axis, each in its own row and its own shape, each named where it stands:

    your prediction      ┌────────────┐
    thread                  ·●·
    fork, small parent            ·■·
    textbook             //////////////////   (the strip runs through the rows above)
    published                 |  some paper (2019)
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conclib.plots import marks, sheet, style
from conclib.plots.picture import Picture, Table
from conclib.plots.records import Cited, Measured, Range, hollow_note, some
from conclib.results import arguments

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PREDICTION_ROW, BAND_ROW, CITED_ROW = 0.55, 0.34, 0.23  # inches


def comparison(
    measured: Sequence[Measured],
    *,
    prediction: Range | None = None,
    band: Range | None = None,
    cited: Sequence[Cited] = (),
    axis: str = "time",
    title: str = "Prediction, your machine, textbook: how far apart?",
    stage: bool | None = None,
) -> Picture:
    """Draw everything that is known about a quantity on one logarithmic axis.

    Args:
        measured: the rows measured on this machine, or recorded ones (hollow).
        prediction: what the student predicted.
        band: what the textbook claims.
        cited: published figures.
        axis: ``"time"`` (all numbers in ns) or ``"ratio"`` (all numbers are ratios).
        title: the question that the picture answers.
        stage: size it for a room; ``None`` asks ``CONCLIB_STAGE``.

    Raises:
        ValueError: nothing measured, or an unknown ``axis``.
    """
    some("measured", measured)
    scale = style.SCALES[arguments.choice("axis", axis, style.SCALES)]
    papers = tuple(sorted(cited, key=lambda item: item.value))
    facts = _Facts(title, tuple(measured), prediction, band, papers, scale)
    limits = style.log_limits(facts.numbers)
    figure, ax = sheet.stack(
        title, facts.rows(), lambda ax: style.log_axis(ax, *limits, scale), foot=facts.foot,
        stage=stage,
    )  # fmt: skip
    _strips(ax, facts)
    return Picture(figure, facts.alt, facts.table)


def _strips(ax: "Axes", facts: "_Facts") -> None:
    """Let band and bracket reach through the rows: inside or outside is seen at once."""
    end = ax.get_ylim()[0] - CITED_ROW * len(facts.cited)
    if facts.band:
        marks.band(ax, facts.band, 0.0, end)
    if facts.prediction:
        marks.drop_lines(ax, facts.prediction, PREDICTION_ROW / 2, end)


@dataclass(frozen=True)
class _Facts:
    title: str
    measured: tuple[Measured, ...]
    prediction: Range | None
    band: Range | None
    cited: tuple[Cited, ...]
    scale: style.Scale

    @property
    def numbers(self) -> list[float]:
        spans = [span for span in (self.prediction, self.band) if span]
        return [
            *(x for item in self.measured for x in item.drawable),
            *(end for span in spans for end in (span.low, span.high)),
            *(item.value for item in self.cited),
        ]

    def rows(self) -> list[sheet.Row]:
        """Return the rows from top to bottom: prediction, own machine, textbook, published."""
        made = []
        if self.prediction:
            paint = _painter(marks.bracket, self.prediction, self.scale)
            made.append(sheet.Row(self.prediction.label, PREDICTION_ROW, paint))
        for item in self.measured:
            paint = _painter(marks.measured_row, item, self.scale)
            made.append(sheet.Row(item.label, marks.ROW, paint))
        if self.band:
            paint = _painter(marks.band_label, self.band, self.scale)
            made.append(sheet.Row(self.band.label, BAND_ROW, paint))
        for place, item in enumerate(self.cited):
            label = "" if place else "published"
            made.append(sheet.Row(label, CITED_ROW, _painter(marks.tick, item)))
        return made

    @property
    def foot(self) -> str:
        """What stands under the picture: that a mark is hollow, where one is."""
        return hollow_note(self.measured)

    @property
    def alt(self) -> str:
        """The picture's facts as sentences."""
        scale = self.scale
        each = "; ".join(f"{scale.plain(item.value)}: {item.text}" for item in self.cited)
        return " ".join(
            [
                self.title,
                *(f"{s.label.capitalize()}: {s.text(scale)}." for s in [self.prediction] if s),
                *(item.sentence(scale) for item in self.measured),
                *(f"{s.label.capitalize()}: {s.text(scale)}." for s in [self.band] if s),
                *([f"Published: {each}."] if each else []),
            ]
        )

    @property
    def table(self) -> Table:
        """The same facts as a table."""
        scale = self.scale
        rows = (
            *((s.label, "", s.text(scale), "predicted") for s in [self.prediction] if s),
            *(item.cells(scale) for item in self.measured),
            *((s.label, "", s.text(scale), "textbook") for s in [self.band] if s),
            *((item.text, scale.plain(item.value), "", "published") for item in self.cited),
        )
        return Table(("", "value", "range", "source"), rows)


def _painter(paint: Callable[..., None], *given: Any) -> Callable[["Axes", float], None]:
    return lambda ax, y: paint(ax, y, *given)
