"""The forms of what is shown, races and stories among it, and of what is recorded."""

from typing import Annotated

from msgspec import Meta

from conclib.lesson.words_forms.parts import (
    Form,
    Question,
    Sentences,
    Spec,
    Text,
    require_probes,
)
from conclib.results import arguments
from conclib.results.arguments import Value


class Lane(Form):
    """A lane of a race, and its name behind the letter."""

    name: Text
    probe: Text
    params: Spec = {}


class Race(Form):
    """A race between lanes without names, and the choice that uncovers them."""

    question: Question
    choice: Text
    uncover: Text
    lanes: Annotated[dict[str, Lane], Meta(min_length=2)]


class Story(Form):
    """A sentence for each kind of event (``"child.print"``), and what is drawn beside some."""

    title: Text
    sentences: Sentences
    draw: Sentences = {}


class Ruler(Form):
    """The familiar times of the ruler: what is measured, and the tag of what is cited."""

    cited: Text
    marks: Sentences


class Case(Form):
    """A true incident, and what it means for the running example."""

    title: Text
    text: Text
    service: Text


class Recorded(Form):
    """What is recorded for those who cannot measure it; a list stands for each of its values.

    ``elsewhere`` are runs on another ``python``, such as ``"3.9"``.
    """

    facts: list[Text] = []
    runs: list[dict[str, Value | list[Value]]] = []
    elsewhere: list[dict[str, Value | list[Value]]] = []

    def __post_init__(self) -> None:
        require_probes("runs", self.runs)
        require_probes("elsewhere", self.elsewhere)
        for place, run in enumerate(self.elsewhere):
            if not isinstance(run.get("python"), str):
                given = f"elsewhere[{place}]={arguments.shown(run)}"
                raise ValueError(f"{given}: must name a python, for example '3.9'")
