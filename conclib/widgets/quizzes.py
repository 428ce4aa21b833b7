"""A chapter's quiz to click through: choose, press Answer, and see what your answer rests on.

After a wrong answer a button runs the experiment that contradicts it, in a reader thread, so that
Stop works meanwhile. The questions, the feedback and what is kept are those of ``cl.quiz``.
"""

from collections.abc import Mapping
from string import ascii_lowercase
from typing import Any

import ipywidgets

from conclib import lab
from conclib.lesson import texts
from conclib.lesson.asking import quizzes
from conclib.lesson.asking.code_lines import code_line
from conclib.lesson.asking.quizzes import Question
from conclib.lesson.showing import stories
from conclib.lesson.store import progress
from conclib.results import Cancelled, ConclibError, Measurement
from conclib.results.quantity import TIME
from conclib.widgets import parts, pictures, words
from conclib.widgets.background import Background

SHOW = "Show the experiment that contradicts it"
BUSY_ELSEWHERE = "Another experiment of this quiz is running. Wait, or press its button to stop it."
NO_CHOICE = "Choose one of the answers first."


def quiz_panel(quiz_id: str) -> "QuizPanel":
    """Show a chapter's quiz with buttons. The same in text is ``cl.quiz(quiz_id, answers=[...])``.

    Args:
        quiz_id: the chapter's number, ``"04"``.

    Raises:
        TypeError, ValueError: an unknown chapter.
    """
    return QuizPanel(quiz_id)


def answer(quiz_id: str, given: Mapping[str, str]) -> None:
    """Keep the answers given so far; with all of them the chapter counts as done.

    Args:
        quiz_id: the chapter's number.
        given: the option chosen, by question id.
    """
    progress.keep_answers(f"quiz {quiz_id}", dict(given))
    if set(given) == {question.id for question in quizzes.questions(quiz_id)}:
        progress.mark_done("chapter", quiz_id)


def contradict(experiment: Mapping[str, Any], stop: Any = None) -> str:
    """Run the experiment that contradicts an answer; return what it shows, as HTML.

    Args:
        experiment: as the chapter's texts have it; see ``Question``.
        stop: an event; when it is set, the experiment ends and ``Cancelled`` is raised.
    """
    call, params = experiment["call"], experiment.get("params", {})
    if call == "measure":
        item = lab.measure(experiment["name"], stop=stop, **params)
        return _seen({words.label(item.probe, item.params): item}, experiment)
    if call == "measure_many":
        items = lab.measure_many(*quizzes.given(experiment), stop=stop, **params)
        return _seen(items, experiment)
    if call == "story":
        return _told(experiment["name"], stop)
    return parts.paragraph("Run this line in a cell of its own.")


def _seen(items: Mapping[str, Measurement], experiment: Mapping[str, Any]) -> str:
    said = [words.finding(label, item) for label, item in items.items()]
    if "look" in experiment:
        raw = {label: TIME.write(item.median) for label, item in items.items()}
        said.append(experiment["look"].format_map(raw))
    drawn = pictures.image(pictures.picture(items, experiment.get("title", "")))
    return drawn + "".join(map(parts.paragraph, said))


def _told(name: str, stop: Any) -> str:
    entry = texts.entry("stories", name)
    seen = lab.observe(name, stop=stop)
    steps = tuple(stories.narrated(event, entry["sentences"]) for event in stories.happened(seen))
    return stories.Story(name, entry["title"], steps, tuple(seen.facts["lines"])).html()


class QuizPanel(parts.Shell):
    """The questions of a chapter, one below the other."""

    def __init__(self, quiz_id: str) -> None:
        self.id = quiz_id
        self.sentence = f"Quiz panel for chapter {quiz_id}: choose, press Answer."
        self.given: dict[str, str] = {}
        self.background = Background()
        self.showing: Card | None = None
        asked = quizzes.questions(quiz_id)
        self.earlier = next(reversed(progress.answers(f"quiz {quiz_id}")), {})
        self.cards = [Card(self, number, question) for number, question in enumerate(asked, 1)]
        text = parts.html(parts.code(code_line("quiz", quiz_id, answers=["a", ...])))
        self.box = ipywidgets.VBox([*(card.box for card in self.cards), text])

    def plain(self) -> str:
        """Return the questions as text: a page that nothing runs behind can still be read."""
        asked = [question.listed(n) for n, question in enumerate(quizzes.questions(self.id), 1)]
        return "\n\n".join([*asked, self.sentence])

    def answered(self, question: Question, option: str) -> None:
        """Keep an answer."""
        self.given[question.id] = option
        answer(self.id, self.given)

    def close(self) -> None:
        """Stop what is running, and take the quiz off the page."""
        self.background.close()
        super().close()


class Card:
    """One question: options, Answer, feedback, and the experiment after a wrong answer."""

    def __init__(self, panel: QuizPanel, number: int, question: Question) -> None:
        self.panel, self.question = panel, question
        lettered = zip(ascii_lowercase, question.options, strict=False)
        kept = panel.earlier.get(question.id)
        self.options = ipywidgets.RadioButtons(
            options=[(f"{letter}) {option}", option) for letter, option in lettered],
            value=kept if kept in question.options else None,
            tooltip=question.stem, layout={"width": "auto"},
        )  # fmt: skip
        self.answer = parts.button("Answer", "see what your answer rests on", self._pressed)
        self.show = parts.button(SHOW, "run it now; press again to stop it", self._show_pressed)
        self.message, self.seen = parts.html(), parts.html()
        stem = parts.html(f"<b>{parts.paragraph(f'{number}. {question.stem}')}</b>")
        buttons = ipywidgets.HBox([self.answer, self.show], layout=parts.ROW)
        self.show.layout.display = "none"
        if self.options.value is not None:
            self.message.value = parts.paragraph(f"Your last answer. {self._feedback()}")
        self.box = ipywidgets.VBox(
            [stem, self.options, buttons, self.message, self.seen],
            layout={"margin": "0 0 14px 0"},
        )

    # Answering --------------------------------------------------------------------------------
    def answer_now(self) -> str:
        """Answer with the option chosen; return the feedback, or raise what goes wrong."""
        option = self.options.value
        if option is None:
            raise ValueError(NO_CHOICE)
        said = self._feedback()
        self.message.value = parts.announced(said)
        self.seen.value = ""
        self.panel.answered(self.question, option)
        return said

    def _feedback(self) -> str:
        """Return what is said to the option chosen, and offer the experiment if it is wrong."""
        option = self.options.value
        wrong = option != self.question.right
        self.show.layout.display = None if wrong and self.question.experiment else "none"
        return quizzes.feedback(self.question, option)

    def _pressed(self) -> None:
        try:
            self.answer_now()
        except Exception as error:
            self.message.value = parts.announced(str(error))

    # The experiment ---------------------------------------------------------------------------
    def show_now(self, stop: Any = None) -> str:
        """Run the experiment in this thread; return what it shows, or raise what goes wrong."""
        seen = ""
        try:
            seen = contradict(self.question.experiment, stop)
        except Cancelled:
            seen = parts.announced(words.STOPPED)
            raise
        except Exception as error:
            seen = parts.announced(words.failure(error))
            raise
        finally:
            self.seen.value = seen or parts.announced(words.INTERRUPTED)
        return seen

    def _show_pressed(self) -> None:
        """Start the experiment; while it runs, stop it."""
        background = self.panel.background
        if background.running and self.panel.showing is self:
            background.stop()
            return
        try:
            stop = background.claim()
        except ConclibError as refusal:
            self.seen.value = parts.announced(
                BUSY_ELSEWHERE if background.running else str(refusal)
            )
            return
        self.panel.showing = self
        self.seen.value = parts.paragraph("Running. Press again to stop.")
        background.run(lambda: self._release_after(stop))

    def _release_after(self, stop: Any) -> None:
        try:
            self.show_now(stop)
        finally:
            self.panel.background.release()
