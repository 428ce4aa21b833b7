"""The forms of whole files: the words of a chapter, and the list of those to come."""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

from msgspec import Meta

from conclib.lesson.words_forms import asked, predicted, rules, shown
from conclib.lesson.words_forms.parts import Form, Question, Sentences, Text
from conclib.results import RecordError, arguments
from conclib.results.decoding import validated

Number = Annotated[str, Meta(pattern=r"^\d\d$")]


class Planned(Form):
    """A chapter that is to come: its question, and what it needs of a machine."""

    title: Question
    needs: Sentences = {}
    recorded: shown.Recorded | None = None


class Chapter(Planned):
    """All words of a chapter; each table is optional."""

    predictions: Annotated[dict[str, predicted.Prediction], Meta(max_length=3)] = {}
    experiments: dict[str, predicted.Experiment] = {}
    curves: dict[str, predicted.Curve] = {}
    choices: dict[str, asked.Choice] = {}
    races: dict[str, shown.Race] = {}
    stories: dict[str, shown.Story] = {}
    exercises: dict[str, asked.Exercise] = {}
    practice: dict[str, asked.Practice] = {}
    quiz: list[asked.InQuiz] = []
    recall: list[asked.Recalled] = []
    pretest: list[asked.Asked] = []
    pretest_note: Text = ""
    pictures: Sentences = {}
    ruler: shown.Ruler | None = None
    case: shown.Case | None = None
    glossary: Sentences = {}

    def names(self) -> Iterator[tuple[str, str, Mapping[str, Form]]]:
        """Yield each name of another entry: where it stands, the name, and those that there are."""
        for id, each in self.predictions.items():
            yield f"predictions.{id}.experiment", each.experiment, self.experiments
            if isinstance(each, predicted.Shape):
                yield f"predictions.{id}.curve", each.curve, self.curves
        for id, choice in self.choices.items():
            rule = _rule(id, choice)
            if isinstance(rule, rules.ByShape):
                yield f"choices.{id}.settle.curve", rule.curve, self.curves
        for id, race in self.races.items():
            yield f"races.{id}.choice", race.choice, self.choices


def _rule(id: str, choice: asked.Choice) -> rules.Rule | None:
    try:
        return choice.rule()
    except (RecordError, ValueError) as error:
        raise RecordError(f"choices.{id}.settle: {error}") from None


def require_names(words: Chapter) -> None:
    """Refuse a name of what the chapter does not have, and an exercise that checks another one.

    Raises:
        RecordError, ValueError: names the place, what stands there and what is allowed.
    """
    for place, name, known in words.names():
        arguments.choice(place, name, known)
    for id, exercise in words.exercises.items():
        if not all(f'"{id}"' in code for code in (exercise.starter, exercise.solution)):
            raise ValueError(f"exercises.{id}: starter and solution must check {id!r}")


def chapter(path: Path) -> dict[str, Any]:
    """Return the words in a chapter's file.

    Raises:
        RecordError: not TOML, or not as the forms have it; names the file and the place.
    """
    return _read(path, Chapter)


def to_come(path: Path) -> dict[str, dict[str, Any]]:
    """Return title and needs of the chapters to come by number; raises as :func:`chapter` does."""
    return _read(path, dict[Number, Planned])


def _read(path: Path, form: Any) -> dict[str, Any]:
    try:
        words = tomllib.loads(path.read_text(encoding="utf-8"))
        found = validated(words, form)
        if isinstance(found, Chapter):
            require_names(found)
    except (RecordError, ValueError) as error:  # what is no TOML is a ValueError too
        raise RecordError(f"{path.parent.name}/{path.name}: {error}") from None
    return words
