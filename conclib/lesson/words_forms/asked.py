"""The forms of what is asked: choices, exercises, the questions of quiz, recall and pre-test."""

from typing import Annotated, Any

from msgspec import Meta, Struct

from conclib.lesson.words_forms import rules
from conclib.lesson.words_forms.parts import Form, Options, Sentences, Text
from conclib.results import arguments
from conclib.results.decoding import validated


class Named(Struct):
    """What has a rule's name, and any other words."""

    rule: Text


class Choice(Form):
    """A question with a few answers: one is right, or a rule settles it."""

    question: Text
    options: Options
    feedback: Sentences
    right: Text = ""
    settle: dict[str, Any] = {}

    def __post_init__(self) -> None:
        if odd := set(self.feedback) ^ set(self.options):
            listed = ", ".join(map(repr, sorted(odd)))
            raise ValueError(f"feedback must have one text for each option; see {listed}")
        if not (self.right or self.settle):
            raise ValueError("give the right option, or a rule to settle it")
        if self.right:
            arguments.choice("right", self.right, self.options)

    def rule(self) -> rules.Rule | None:
        """Return the engine's rule that settles it; ``None`` if it is the chapter's own, or none.

        Raises:
            RecordError: no rule is named, or it has words that it does not know, or lacks some.
            ValueError: it names an option that there is not.
        """
        if not self.settle or validated(self.settle, Named).rule not in rules.NAMES:
            return None
        found: rules.Rule = validated(self.settle, rules.Rule)
        for option in found.options():
            arguments.choice("option", option, self.options)
        return found


class Exercise(Form):
    """What is to be answered or written, and what wrong answers rest on."""

    question: Text
    starter: Text
    solution: Text
    hints: Annotated[list[Text], Meta(min_length=2)]
    praise: Text = ""
    misconceptions: Sentences = {}

    def __post_init__(self) -> None:
        if "..." not in self.starter or "..." in self.solution:
            raise ValueError("the starter must have a gap (...), and the solution none")


class Practice(Form):
    """An exercise without an end: the variants come from a function of the chapter's."""

    question: Text
    reasons: Sentences
    misconceptions: Sentences
    rules: Text = ""


class Asked(Form, kw_only=True):
    """A question whose answer is not revealed."""

    id: Text
    stem: Text
    options: Options


class Recalled(Asked, kw_only=True):
    """A question on an earlier chapter."""

    right: Text

    def __post_init__(self) -> None:
        arguments.choice("right", self.right, self.options)


class InQuiz(Recalled, kw_only=True):
    """A question of the quiz; the experiments are held by what runs them."""

    feedback: list[Text]
    misconception: Annotated[str, Meta(pattern=r"^M\d+$")] = ""
    experiments: dict[str, dict[str, Any]] = {}

    def __post_init__(self) -> None:
        super().__post_init__()
        if len(self.feedback) != len(self.options):
            raise ValueError("feedback must have one text for each option")
