"""The forms of predictions, of what is measured for them, and of curves."""

from typing import Annotated, Literal

from msgspec import Meta

from conclib.lesson.words_forms.parts import (
    Form,
    Options,
    Question,
    Sentences,
    Spec,
    Text,
    require_probes,
)


class Predicted(Form, tag_field="form", kw_only=True):
    """What is predicted; the forms below say what else belongs to it."""

    question: Text
    fill_in: Text
    experiment: Text
    claim: Text = ""
    cited: list[Text] = []


class Range(Predicted, tag="range", kw_only=True):
    """Two times: of which label."""

    label: Text


class Ratio(Predicted, tag="ratio", kw_only=True):
    """Two ratios: of which labels."""

    over: Text
    under: Text


class Order(Predicted, tag="order", kw_only=True):
    """Labels, cheapest first."""

    options: Options


class Shape(Predicted, tag="shape", kw_only=True):
    """The name of a curve, or a drawn one."""

    options: Options
    curve: Text
    expected: Sentences = {}


Prediction = Range | Ratio | Order | Shape


class Experiment(Form):
    """What has to be measured for a prediction to count."""

    specs: Annotated[list[Spec], Meta(min_length=1)]
    pin: Literal["one", "none"] = "none"
    axis: Text = ""

    def __post_init__(self) -> None:
        require_probes("specs", self.specs)


class Curve(Form):
    """What the shapes of a sweep are called, and what a steep one is held against, if anything."""

    question: Question
    ends: tuple[Text, Text]
    sentences: Sentences
    guide: Spec | None = None
    guide_from: Text = ""
    guide_line: Text = ""

    def __post_init__(self) -> None:
        if self.guide is not None:
            require_probes("guide", [self.guide])
