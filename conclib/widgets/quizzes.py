"""A quiz to click through: press an answer, and see what it rests on.

After a wrong answer a button runs the experiment that contradicts it, in a reader thread, so that
Stop works meanwhile. The questions, the feedback and what is kept are those of ``cl.quiz``. There
are no radio buttons: JupyterLab takes their arrow keys, and goes to the next cell.
"""

import time
from collections.abc import Mapping
from typing import Any

import ipywidgets

from conclib.lesson import texts
from conclib.lesson.asking import lettered
from conclib.lesson.asking.contradicting import Experiment
from conclib.lesson.asking.quizzes import Question, Quiz
from conclib.lesson.judging.conditions import Compared, ComparedFacts
from conclib.lesson.showing import stories
from conclib.results import Cancelled, ConclibError, Measurements, Observation, hooks
from conclib.results.tables import folded
from conclib.widgets import parts, pictures, words
from conclib.widgets.background import Background

SHOW = "Show the experiment that contradicts it"
STOP, AGAIN = "Stop the experiment", "Show it again"
RUNNING = "Running. Press the button to stop it."
COMPARED = "What is compared here:"
BUSY_ELSEWHERE = "Another experiment of this quiz is running. Wait, or press its button to stop it."


def contradict(experiment: Experiment, option: str, stop: Any = None) -> str:
    """Run the experiment that contradicts an answer; return what it shows and says, as HTML.

    Args:
        experiment: that of this answer.
        option: the answer.
        stop: an event; when it is set, the experiment ends and ``Cancelled`` is raised.
    """
    seen = experiment.run(stop)
    if isinstance(seen, Measurements):
        shown = _measured(seen, experiment.title) + numbers(experiment, seen)
    elif not isinstance(seen, Observation):
        shown = _reported(experiment, seen)
    elif experiment.call == "story":
        shown = _story(experiment.name, seen)
    else:
        shown = _observed(seen, experiment.title)
    return shown + parts.announced(experiment.sentence(option, seen))


def _measured(items: Measurements, title: str) -> str:
    return pictures.image(pictures.picture(items, title))


def numbers(experiment: Experiment, items: Measurements) -> str:
    """Return what was measured, and the numbers that are compared if they are others, as HTML."""
    found = [words.finding(label, item) for label, item in items.items()]
    compared = experiment.judge.statistics(items) if isinstance(experiment.judge, Compared) else []
    beside = [f"{COMPARED} {'; '.join(compared)}."] if compared else []
    return "".join(map(parts.paragraph, found + beside))


def _reported(experiment: Experiment, seen: Mapping[str, Observation]) -> str:
    """Return the two facts that are compared, as bars."""
    judge = experiment.judge
    if not isinstance(judge, ComparedFacts):
        return ""
    return pictures.image(pictures.reported(judge, seen, experiment.title))


def _story(name: str, seen: Observation) -> str:
    return stories.in_words(seen, texts.entry("stories", name)).html()


def _observed(seen: Observation, title: str) -> str:
    origin = parts.paragraph(f"{title} {seen.title}, {seen.origin}.")
    return origin + folded("All that was seen", seen._repr_html_())


class QuizPanel(parts.Shell):
    """The questions of a quiz, one below the other."""

    def __init__(self, quiz: Quiz) -> None:
        self.quiz = quiz
        self.sentence = f"{quiz.title} Press an answer to each question."
        self.background = Background()
        self.showing: Card | None = None
        self.cards = [Card(self, number, question) for number, question in enumerate(quiz.asked, 1)]
        head = parts.html(parts.announced(f"{quiz.title} {quiz.note}".strip(), aloud=False))
        complaint = texts.not_taken(quiz.complaint)
        self.complaint = parts.html(parts.announced(complaint) if complaint else "")
        example = parts.code(f'{quiz.call}answers=["a", ...])')
        cards = [card.box for card in self.cards]
        self.box = parts.form(quiz.title, [head, *cards, self.complaint, parts.html(example)])

    def answered(self, question: Question, option: str) -> None:
        """Keep an answer."""
        self.quiz = self.quiz.with_answer(question, option)

    def close(self) -> None:
        """Stop what is running, and take the quiz off the page."""
        self.background.close()
        super().close()


class Card:
    """One question: its answers as buttons, feedback, and the experiment after a wrong one."""

    def __init__(self, panel: QuizPanel, number: int, question: Question) -> None:
        self.panel, self.question = panel, question
        given = panel.quiz.given[number - 1]
        labels = lettered.labels(question.options)
        self.options = parts.Options(question.options, self.pressed, labels)
        self.show = parts.button(SHOW, "it takes some seconds", self._show_pressed)
        self.message, self.state, self.seen = parts.html(), parts.html(), parts.html()
        self._started = float("-inf")
        stem = parts.html(parts.strong(f"{number}. {question.stem}"))
        self.box = ipywidgets.VBox(
            [
                stem,
                self.options.box,
                self.message,
                ipywidgets.HBox([self.show, self.state], layout=parts.ROW),
                self.seen,
            ],
            layout={"margin": "0 0 14px 0"},
        )
        self.given = given
        self._show_answer(given, aloud=False)

    # Answering --------------------------------------------------------------------------------
    def answer(self, option: str) -> str:
        """Answer with an option; return the feedback, or raise what goes wrong."""
        self.panel.answered(self.question, option)
        if option != self.given:
            self._stop()  # what runs belongs to the answer before
            self.given, self._started = option, float("-inf")
            self.seen.value = self.state.value = ""
            self.show.description = SHOW
        return self._show_answer(option, aloud=True)

    def _show_answer(self, option: str | None, aloud: bool) -> str:
        """Mark an answer, say what it rests on, and offer the experiment if it is wrong."""
        self.options.mark(option)
        self.show.layout.display = None if option in self.question.experiments else "none"
        text = self.panel.quiz.answer_text(self.question, option) if option else ""
        self.message.value = parts.announced(text, aloud) if text else ""
        return text

    def pressed(self, option: str) -> None:
        """Answer; what goes wrong is said."""
        try:
            self.answer(option)
        except Exception as error:
            self.message.value = parts.announced(str(error))

    # The experiment ---------------------------------------------------------------------------
    def show_now(self, option: str, stop: Any = None) -> str:
        """Run an answer's experiment in this thread; return what it shows, or raise."""
        said = parts.announced(words.INTERRUPTED)
        try:
            with hooks.asking("panel"):
                seen = contradict(self.question.experiments[option], option, stop)
            said = ""
        except Cancelled:
            said = parts.announced(words.STOPPED)
            raise
        except Exception as error:
            said = parts.announced(words.failure(error))
            raise
        finally:
            if self.given == option:  # else it would stand below another answer
                self.state.value, self.show.description = said, AGAIN
        if self.given == option:
            self.seen.value = seen
        return seen

    def _show_pressed(self) -> None:
        """Start the experiment; while it runs, stop it; the rest of a double-click is nothing."""
        now, background = time.monotonic(), self.panel.background
        if now - self._started < parts.TWICE or self._stop():
            return
        try:
            stop = background.claim()
        except ConclibError as refusal:
            said = BUSY_ELSEWHERE if background.running else str(refusal)
            self.state.value = parts.announced(said)
            return
        self._started = now
        self.panel.showing, option = self, self.given or ""
        self.state.value, self.show.description = parts.paragraph(RUNNING), STOP
        background.run(lambda: self._release_after(option, stop))

    def _stop(self) -> bool:
        """Stop the experiment if it is this question's that runs; return whether it is."""
        background = self.panel.background
        return background.running and self.panel.showing is self and background.stop()

    def _release_after(self, option: str, stop: Any) -> None:
        try:
            self.show_now(option, stop)
        finally:
            self.panel.background.release()
