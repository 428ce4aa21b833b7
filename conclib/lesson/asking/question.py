"""A "why" question: its options, what is said to each, and what contradicts a wrong one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from conclib.lesson import texts
from conclib.lesson.asking import contradicting, lettered
from conclib.lesson.asking.contradicting import Experiment
from conclib.results import arguments


@dataclass(frozen=True)
class Question:
    """One question.

    Attributes:
        id: stable in the whole course.
        stem: the question; ``options``: the answers to choose from.
        right: the right one; empty in the pre-test, where no answer is revealed.
        feedback: one text for each option, or empty.
        misconception: ``"M8"``, or empty.
        experiments: what contradicts a wrong answer, by option.
    """

    id: str
    stem: str
    options: tuple[str, ...]
    right: str = ""
    feedback: tuple[str, ...] = ()
    misconception: str = ""
    experiments: Mapping[str, Experiment] = field(default_factory=dict)

    def listed(self, number: int) -> str:
        """Return the question with its options, lettered."""
        return f"{number}. {self.stem}\n{lettered.listed(self.options)}"

    def option(self, answer: Any, number: int = 1) -> str | None:
        """Return the option that an answer names, by letter or by text; ``None`` for a gap.

        Args:
            answer: a letter, any part of an option that no other option has, or a gap;
                ``number`` is the question's place, to refuse with.

        Raises:
            ValueError, TypeError: neither a letter nor an option of this question.
        """
        if answer is None or texts.unfilled(answer):
            return None
        return lettered.option(f"answer {number}", answer, self.options)


def described(entry: dict[str, Any]) -> Question:
    """Return the question that an entry of a chapter's words describes."""
    fixed = {name: tuple(entry.get(name, ())) for name in ("options", "feedback")}
    return Question(**{**entry, **fixed, "experiments": contradicting.by_option(entry)})


def feedback(question: Question, option: str) -> str:
    """Return what is said to an option."""
    place = question.options.index(arguments.choice("option", option, question.options))
    if option == question.right:
        return question.feedback[place] if question.feedback else "Yes."
    rather = question.feedback[place] if question.feedback else f"Rather: {question.right}."
    return f"Not this one. {rather}"
