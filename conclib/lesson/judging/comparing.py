"""Prediction, own machine, textbook and published figures: side by side, and in one sentence.

*What* is compared is found in ``subjects``; the picture comes from ``plots``, the textbook's
verdict from ``textbook``, the sentences, one for each outcome, from ``findings``. Here they are put
together.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conclib.lesson import texts
from conclib.lesson.judging import findings
from conclib.lesson.judging.subjects import Subject, subject
from conclib.lesson.predicting import experiments, outcomes, predictions, score
from conclib.lesson.predicting.forms import Prediction
from conclib.lesson.showing.shown import Shown, paragraphs, show, table_html, table_text
from conclib.results import Measurement, Measurements, shapes
from conclib.results.axis import Axis
from conclib.results.shapes import Shape
from conclib.results.tables import folded

if TYPE_CHECKING:
    from conclib.lesson.judging.bands import Held
    from conclib.plots import Picture

Row = tuple[str, str, str]
HEAD: Row = ("", "value", "from")
LISTED = "Each value and where it is from, as a table"


@dataclass(frozen=True, repr=False)
class Comparison(Shown):
    """A comparison: a picture, the same in words, the same as a table.

    Attributes:
        sentence: what was measured, how the prediction stands to it, and the textbook.
        table: the rows ``(what, value, from)``.
        because: the student's reason, quoted; empty if none was given.
        outcome: for a range or ratio ``"inside"``, ``"above"``, ``"below"``, ``"noisy"``,
            ``"unresolved"`` or ``"unfilled"``; empty for the other forms.
    """

    sentence: str
    table: list[Row]
    because: str = ""
    outcome: str = ""
    picture: "Picture | None" = field(default=None, repr=False, compare=False)

    def text(self) -> str:
        """Return sentence, reason and table."""
        parts = [self.sentence, self.because, table_text([HEAD, *self.table])]
        return "\n\n".join(filter(None, parts))

    def html(self) -> str:
        """Return the same for a page."""
        words = paragraphs("\n\n".join(filter(None, [self.sentence, self.because])))
        return words + folded(LISTED, table_html([HEAD, *self.table]))


def compare(
    result: Measurement | Measurements,
    *,
    predicted: str | Prediction | None = None,
    claim: str | None = None,
    over: str | None = None,
    under: str | None = None,
) -> Comparison:
    """Set a result against your prediction, the textbook and published figures.

    Args:
        result: what you measured.
        predicted: which prediction, by its id.
        claim: which of the textbook's claims; the prediction's own, if it has one.
        over, under: for a ratio, the labels of the slower and the faster one.

    Returns:
        The comparison; it shows itself as a picture, a sentence and a table.

    Raises:
        TypeError, ValueError: no measurement, an unknown id, or labels that the result lacks.
    """
    entry = texts.entry("predictions", _id(predicted)) if predicted is not None else {}
    prediction = predictions.recall_prediction(predicted) if predicted is not None else None
    chosen = subject(result, entry, over, under)
    if prediction is not None:
        _keep(prediction, chosen)
    tags = tuple(entry.get("cited", ()))
    return show(build(chosen, prediction, claim or entry.get("claim"), tags))


def _id(predicted: str | Prediction) -> str:
    return predicted.id if isinstance(predicted, Prediction) else predicted


def build(
    chosen: Subject,
    prediction: Prediction | None,
    claim: str | None = None,
    tags: tuple[str, ...] = (),
) -> Comparison:
    """Put a comparison together; pure apart from what ``textbook`` reads from its files.

    Args:
        chosen: what is compared.
        prediction: what was predicted; ``None`` if nothing was asked for.
        claim: the textbook's claim, by its id.
        tags: which published figures stand beside it.
    """
    from conclib.lesson.judging import bands

    held = bands.against(claim, chosen, tags)
    sentences = [measured_sentence(chosen)] if chosen.form != "shape" or not prediction else []
    if prediction is not None:
        sentences.append(prediction_sentence(prediction, chosen))
    return Comparison(
        sentence=" ".join([*sentences, *held.sentences]),
        table=table(chosen, prediction, held),
        because=findings.reason_sentence(prediction) if prediction else "",
        outcome=findings.outcome(prediction, chosen.reading)
        if prediction and chosen.reading
        else "",
        picture=bands.picture(chosen, prediction, held),
    )


# What is said -----------------------------------------------------------------------------------
def measured_sentence(chosen: Subject) -> str:
    """Say what was measured, whatever the form."""
    if chosen.reading:
        return findings.measured_sentence(chosen.reading)
    if chosen.form == "shape":
        return _shape_text(chosen)
    ordered = sorted(chosen.items.items(), key=lambda pair: pair[1].net or 0.0)
    each = ", ".join(f"{label} {item.net_text}" for label, item in ordered)
    return f"Measured, cheapest first: {each}."


def _shape_text(chosen: Subject) -> str:
    return findings.shape_text(chosen.shape, chosen.curve["sentences"], chosen.items.varied)


def prediction_sentence(prediction: Prediction, chosen: Subject) -> str:
    """Say how the prediction stands to what was measured, whatever the form."""
    if chosen.form == "order":
        message = findings.order_sentence(prediction, chosen.items)
    elif chosen.form == "shape":
        message = findings.shape_sentence(prediction, chosen.shape, _shape_text(chosen))
    else:
        message = findings.range_sentence(prediction, chosen.reading)
    late = "" if outcomes.counts(prediction) else f" It was {outcomes.LATE}."
    return message + late + _other(prediction, chosen)


def _other(prediction: Prediction, chosen: Subject) -> str:
    """Say so where something else was measured than what was predicted; else nothing."""
    items = list(chosen.items.values())
    if not prediction.filled or experiments.matches(prediction.id, items):
        return ""
    if any(item.source != "live" for item in items):
        return " It is a recording, so it is shown beside your prediction and not scored."
    wanted = experiments.experiment(prediction.id).text
    return (
        f" Your prediction belongs to another experiment ({wanted}): so this is shown beside it "
        "and not scored."
    )


def table(chosen: Subject, prediction: Prediction | None, held: "Held") -> list[Row]:
    """Return the facts of a comparison as rows."""
    rows: list[Row] = []
    if prediction is not None:
        rows.append(
            ("your prediction", prediction.in_words if prediction.filled else "none", "you")
        )
    if chosen.form == "ratio":
        rows.append((chosen.reading.label, chosen.reading.text, "measured interleaved"))
    if chosen.form == "shape":
        rows += _slopes(chosen)
    rows += [
        (_name(chosen, label), f"{item.net_text} ({item.interval_text})",
         chosen.items.origin(label))
        for label, item in chosen.items.items()
    ]  # fmt: skip
    return rows + held.rows


def _name(chosen: Subject, label: str) -> str:
    """Return a result's label; in a sweep, the value with its unit."""
    axis = chosen.items.varied
    if chosen.form != "shape" or axis is None:
        return label
    return axis.write(chosen.items[label].params[axis.name])


def _slopes(chosen: Subject) -> list[Row]:
    """Return what one more unit costs, and what it would cost by each explanation."""
    shape, axis = chosen.shape, chosen.items.varied
    if shape.word == shapes.UNCLEAR or not chosen.expected:
        return []
    write = chosen.items.points[0][1].quantity.write
    found = write(shape.slope) if shape.word != shapes.FLAT else "nothing"
    rows = [(f"one more{_part(shape, axis)}", found, "your sweep")]
    for name, each in chosen.expected.items():
        source = chosen.curve["guide_from"] if each else "the explanation"
        rows.append((f"if it {name}", write(each) if each else "nothing", source))
    return rows


def _part(shape: Shape, axis: Axis) -> str:
    """Return the unit of what is varied, and, of a curve that bends, the part that rises."""
    unit = f" {axis.unit}" if axis.unit else ""
    at = {shapes.SATURATION: ", up to {}", shapes.KNEE: ", from {} on"}.get(shape.word, "")
    return unit + at.format(axis.write(shape.at)) if at else unit


def _keep(prediction: Prediction, chosen: Subject) -> None:
    """Keep what came of each attempt, if this is what answers it; else leave all as it is."""
    if not experiments.matches(prediction.id, chosen.items.values()):
        return
    predictions.reveal(prediction.id)
    for made in predictions.attempts(prediction.id):
        word = _came(made, chosen)
        if chosen.reading and word in (outcomes.HELD, outcomes.MISSED):
            score.keep(made, chosen.reading.value)
        elif word:
            outcomes.keep(made, word)


def _came(made: Prediction, chosen: Subject) -> str:
    """Return what comes of a prediction; empty where nothing can be held against it."""
    if chosen.form == "order":
        return findings.order_outcome(made, chosen.items)
    if chosen.form == "shape":
        return findings.shape_outcome(findings.named(made), chosen.shape)
    return findings.range_outcome(made, chosen.reading)
