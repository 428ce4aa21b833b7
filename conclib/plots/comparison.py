"""The course's central picture: prediction, own machine, textbook and published figures.

All on one logarithmic axis, each in its own row and its own shape, each named where it stands:

    your prediction      ┌────────────┐
    thread                  ·●·
    fork, small parent            ·■·
    textbook             //////////////////   (the strip runs through the rows above)
    published                 |  some paper (2019)

Where nothing but measurements is given, it shows results side by side. A dot with its interval,
not a bar from zero: on a log axis there is no zero to start from.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conclib.plots import marks, sheet, style
from conclib.plots.picture import Picture, Table
from conclib.plots.records import Cited, Measured, Range, origin_note, quantity_of, rows_of, some
from conclib.results import Measurement
from conclib.results.quantity import Quantity

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PREDICTION_ROW, BAND_ROW, CITED_ROW = 0.55, 0.34, 0.23  # inches


@dataclass(frozen=True)
class Entry:
    """One row, the numbers that it needs room for, and the same in words."""

    row: sheet.Row
    numbers: Sequence[float]
    sentence: str
    cells: tuple[str, ...]


def comparison(
    measured: Sequence[Measured] | Mapping[str, Measurement],
    *,
    prediction: Range | None = None,
    band: Range | None = None,
    cited: Sequence[Cited] = (),
    title: str = "How far apart are they?",
) -> Picture:
    """Draw everything that is known about a quantity on one logarithmic axis.

    Args:
        measured: the rows measured on this machine, or recorded ones (hollow); or measurements
            by label.
        prediction: what the student predicted.
        band: what the textbook claims.
        cited: published figures; all numbers are in the stored unit of what was measured.
        title: the question that the picture answers.

    Raises:
        ValueError: nothing measured, or results of several quantities.
    """
    some("measured", measured)
    items = rows_of(measured) if isinstance(measured, Mapping) else list(measured)
    quantity = quantity_of(items)
    papers = sorted(cited, key=lambda item: item.value)
    entries = [
        *([_predicted(prediction, quantity)] if prediction else []),
        *map(_measured, items),
        *([_textbook(band, quantity)] if band else []),
        *(_published(item, quantity, place) for place, item in enumerate(papers)),
    ]
    columns = ("", "value", "range", "source")
    picture, ax = stacked(title, entries, quantity, columns, foot=origin_note(items))
    end = ax.get_ylim()[0] - CITED_ROW * len(papers)
    if band:  # band and bracket reach through the rows: inside or outside is seen at once
        marks.band(ax, band, 0.0, end)
    if prediction:
        marks.drop_lines(ax, prediction, PREDICTION_ROW / 2, end)
    return picture


def stacked(
    title: str, entries: Sequence[Entry], quantity: Quantity, columns: tuple[str, ...], *,
    foot: str, room: float = 1.6,
) -> tuple[Picture, "Axes"]:  # fmt: skip
    """Return the picture of rows over one log axis, and the axes, for what goes across them."""
    limits = style.log_limits([x for entry in entries for x in entry.numbers], room)
    rows = [entry.row for entry in entries]
    prepare = lambda ax: style.log_axis(ax, quantity, *limits)  # noqa: E731
    figure, ax = sheet.stack(title, rows, prepare, foot=foot)
    alt = " ".join([title, *(entry.sentence for entry in entries)])
    return Picture(figure, alt, Table(columns, tuple(entry.cells for entry in entries))), ax


def _measured(item: Measured) -> Entry:
    row = sheet.Row(item.label, marks.ROW, lambda ax, y: marks.measured_row(ax, y, item))
    return Entry(row, item.drawable, item.sentence, item.cells)


def _predicted(span: Range, quantity: Quantity) -> Entry:
    paint = lambda ax, y: marks.bracket(ax, y, span, quantity)  # noqa: E731
    return _range(span, quantity, PREDICTION_ROW, paint, "predicted")


def _textbook(span: Range, quantity: Quantity) -> Entry:
    paint = lambda ax, y: marks.range_label(ax, y, span, quantity)  # noqa: E731
    return _range(span, quantity, BAND_ROW, paint, "textbook")


def _range(
    span: Range, quantity: Quantity, height: float, paint: Callable[..., None], source: str
) -> Entry:
    text = quantity.plain_range(span.low, span.high)
    sentence = f"{span.label.capitalize()}: {text}."
    row = sheet.Row(span.label, height, paint)
    return Entry(row, (span.low, span.high), sentence, (span.label, "", text, source))


def _published(item: Cited, quantity: Quantity, place: int) -> Entry:
    name = "" if place else "published"  # the first of them has the name of all
    row = sheet.Row(name, CITED_ROW, lambda ax, y: marks.tick(ax, y, item))
    value = quantity.plain(item.value)
    return Entry(
        row, [item.value], f"Published, {item.text}: {value}.", (item.text, value, "", "published")
    )
