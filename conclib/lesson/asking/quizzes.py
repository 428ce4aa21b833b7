"""Quizzes: "why" questions, with feedback that belongs to the answer given.

A wrong answer names what it rests on and offers its own experiment, which contradicts that answer
(see ``contradicting.py``). In a notebook ``quiz("04")`` shows buttons; in text ``quiz("04",
answers=["c", "a", ...])`` answers. The last answers are kept and shown again, those of the recall
excepted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from conclib.lesson import texts
from conclib.lesson.asking.question import Question, described, feedback
from conclib.lesson.course.progress import begun_before
from conclib.lesson.showing.shown import Shown, paragraphs, refused, show
from conclib.lesson.store import progress
from conclib.results import arguments
from conclib.results.tables import folded

RECALLED = 3
NOTHING_DONE = "You have finished no chapter before this one yet: nothing to recall."
HOW = "To answer, one letter for each question:"
MANY = 5  # questions, of which more than the numbers would be too much to read at once
Given = tuple[str | None, ...]
Answers = Sequence[Any] | Mapping[str, Any]


def questions(chapter: str, kind: str = "quiz") -> tuple[Question, ...]:
    """Return the questions of a chapter; ``kind`` is ``"quiz"``, ``"recall"`` or ``"pretest"``."""
    arguments.choice("kind", kind, ("quiz", "recall", "pretest"))
    return tuple(map(described, texts.chapter(chapter).get(kind, ())))


@dataclass(frozen=True, repr=False)
class Quiz(Shown):
    """Questions with the answers given so far.

    Attributes:
        title: what it is; ``call``: how it is answered in text.
        asked: the questions.
        given: an option, or ``None``, for each of them.
        name: under which name its answers are kept; empty if they are not.
        chapter: the chapter that is done when all are answered; empty if none is.
        reveals: whether feedback is given.
        note: what is said above the questions, or where there are none.
        complaint: what is wrong with the answers just given; ``""`` if nothing is.
    """

    title: str
    call: str
    asked: tuple[Question, ...]
    given: tuple[str | None, ...] = ()
    name: str = ""
    chapter: str = ""
    reveals: bool = True
    note: str = ""
    complaint: str = ""

    clickable = True

    @property
    def answered(self) -> bool:
        """Whether every question has an answer."""
        return bool(self.asked) and all(option is not None for option in self.given)

    def text(self) -> str:
        """Return questions, answers and feedback."""
        parts = [f"{self.title} {self.note}".strip()]
        for number, (question, option) in enumerate(zip(self.asked, self.given, strict=True), 1):
            parts.append(self._one(number, question, option))
        if self.asked and not self.answered:
            gaps = ", ".join(['"a"', *["..."] * (len(self.asked) - 1)])
            parts.append(f"{HOW} {self.call}answers=[{gaps}])")
        return "\n\n".join(filter(None, [*parts, texts.not_taken(self.complaint)]))

    def html(self) -> str:
        """Return the same; after the first question each is folded."""
        head, first, *rest = [*self.text().split("\n\n"), ""]
        return "".join(
            [paragraphs(head), paragraphs(first), *map(self._folded, filter(None, rest))]
        )

    def _folded(self, part: str) -> str:
        """Return a paragraph folded under its first line, or under its number where many are."""
        stem, _, more = part.partition("\n")
        if not more:
            return folded("In text", paragraphs(part)) if part.startswith(HOW) else paragraphs(part)
        if len(self.asked) > MANY:
            return folded(f"Question {stem.partition('.')[0]}", paragraphs(part))
        return folded(stem, paragraphs(more))

    def _one(self, number: int, question: Question, option: str | None) -> str:
        if option is None:
            return question.listed(number)
        end = "" if option.endswith("?") else "."
        head = f"{number}. {question.stem}\nYour answer: {option}{end}"
        experiment = question.experiments.get(option)
        line = f" Try: {experiment.code}" if experiment else ""
        return f"{head}\n{self.answer_text(question, option)}{line}"

    def answer_text(self, question: Question, option: str) -> str:
        """Return what is said to an answer."""
        return feedback(question, option) if self.reveals else "Kept."

    def with_answer(self, question: Question, option: str) -> "Quiz":
        """Return the quiz with one more answer, and keep that."""
        given = {q.id: o for q, o in zip(self.asked, self.given, strict=True)}
        found, _ = _taken(self.asked, {**given, question.id: option})
        return kept(replace(self, given=found))


def quiz(id: str, *, answers: Answers = ()) -> Quiz:
    """Ask the "why" questions of a chapter.

    Args:
        id: the chapter's number, ``"04"``.
        answers: for each question, in order or by question id, a letter or any part of an option;
            ``...`` leaves one open.

    Raises:
        ValueError, TypeError: an unknown chapter; outside a notebook also an answer that the
            question does not have (in a notebook that is said below the questions, and the other
            answers are kept).
    """
    name, asked = f"quiz {id}", questions(id)
    return _ask(Quiz(f"Quiz, chapter {id}.", f'cl.quiz("{id}", ', asked, (), name, id), answers)


def recall(chapter: str, *, answers: Answers = ()) -> Quiz:
    """Ask three questions on chapters that you have done before this one.

    Args:
        chapter: the number of the chapter that asks.
        answers: as for :func:`quiz`.
    """
    texts.chapter(chapter)
    before = [number for number in sorted(progress.done("chapter")) if number < chapter]
    asked = _spread(
        [questions(number, "recall") for number in before if number in texts.chapters()]
    )
    note = "" if asked else f"{NOTHING_DONE} {begun_before(chapter)}".strip()
    return _ask(Quiz("Before you start.", f'cl.recall("{chapter}", ', asked, note=note), answers)


def _spread(groups: list[tuple[Question, ...]]) -> tuple[Question, ...]:
    """Take questions from each chapter in turn, the latest chapter first, up to three."""
    turns = max(map(len, groups), default=0)
    mixed = [group[n] for n in range(turns) for group in reversed(groups) if n < len(group)]
    return tuple(mixed[:RECALLED])


def _pretest() -> tuple[tuple[Question, ...], str]:
    """Return the questions of the one chapter that has a pre-test, and its note to them."""
    having = ((number, words) for number, words in texts.chapters().items() if "pretest" in words)
    number, words = next(having, ("", {}))
    return questions(number, "pretest") if number else (), words.get("pretest_note", "")


def pretest(*, answers: Answers = ()) -> Quiz:
    """Ask what you think before the course; no answer is revealed, and you may skip it.

    Args:
        answers: as for :func:`quiz`. They are kept, and asked for again in the last chapter.
    """
    asked, note = _pretest()
    item = Quiz("Before the course.", "cl.pretest(", asked, (), "pretest", "", False, note)
    return _ask(item, answers)


def _ask(bare: Quiz, answers: Answers) -> Quiz:
    """Show a quiz with the answers given, and with those kept before where none is given."""
    before = _earlier(bare)
    try:
        new, wrong = _taken(bare.asked, answers)
    except (TypeError, ValueError) as error:
        return refused(replace(bare, given=before), error)
    given = tuple(n if n is not None else b for n, b in zip(new, before, strict=True))
    item = kept(replace(bare, given=given))
    return refused(item, _together(wrong, new)) if wrong else show(item)


def _together(wrong: list[TypeError | ValueError], new: Given) -> TypeError | ValueError:
    """Return one complaint about all answers that are none, which tells of the others."""
    others = ". The other answers are taken" if any(new) else ""
    named = "; ".join(str(each).removesuffix(".") for each in wrong)
    return type(wrong[0])(named + others)


def _earlier(bare: Quiz) -> tuple[str | None, ...]:
    """Return the answers kept last; one that the question no longer has is forgotten."""
    last = next(reversed(progress.answers(bare.name)), {}) if bare.name else {}
    known = ((last.get(question.id), question.options) for question in bare.asked)
    return tuple(option if option in options else None for option, options in known)


def _taken(
    asked: tuple[Question, ...], answers: Answers
) -> tuple[Given, list[TypeError | ValueError]]:
    """Return the options that are named, and what is wrong with the answers that are none."""
    given: list[str | None] = []
    wrong: list[TypeError | ValueError] = []
    for number, (question, answer) in enumerate(_in_order(asked, answers), 1):
        try:
            given.append(question.option(answer, number))
        except (TypeError, ValueError) as error:
            given.append(None)
            wrong.append(error)
    return tuple(given), wrong


def _in_order(asked: tuple[Question, ...], answers: Answers) -> list[tuple[Question, Any]]:
    """Return each question with what was given for it; ``None`` where nothing was."""
    if isinstance(answers, Mapping):
        for name in answers:
            arguments.choice("answers", name, [question.id for question in asked])
        return [(question, answers.get(question.id)) for question in asked]
    if isinstance(answers, str) or not isinstance(answers, Sequence):
        raise TypeError(f"answers={answers!r}: answers must be a list, one for each question")
    if len(answers) > len(asked):
        raise ValueError(f"answers: {len(answers)} given for {len(asked)} questions")
    padded = [*answers, *[None] * (len(asked) - len(answers))]
    return list(zip(asked, padded, strict=True))


def kept(item: Quiz) -> Quiz:
    """Keep a quiz's answers, if they are to be kept; with all of them the chapter is done."""
    given = {q.id: o for q, o in zip(item.asked, item.given, strict=True) if o is not None}
    if given and item.name:
        progress.keep_answers(item.name, given)
    if item.answered and item.chapter:
        progress.mark_done("chapter", item.chapter)
    return item
