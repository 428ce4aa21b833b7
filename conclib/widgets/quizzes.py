"""A quiz to click through: press an answer, and see what it rests on.

After a wrong answer a button runs the experiment that contradicts it, in a reader thread, so that
Stop works meanwhile. The questions, the feedback and what is kept are those of ``cl.quiz``. There
are no radio buttons: JupyterLab takes their arrow keys, and goes to the next cell.
"""

from collections.abc import Mapping
from typing import Any

import ipywidgets

from conclib import lab
from conclib.lesson import texts
from conclib.lesson.asking import lettered, quizzes
from conclib.lesson.asking.quizzes import Question, Quiz
from conclib.lesson.showing import stories
from conclib.results import Cancelled, ConclibError, Measurement, hooks
from conclib.results.quantity import TIME
from conclib.widgets import parts, pictures, words
from conclib.widgets.background import Background

SHOW = "Show the experiment that contradicts it"
BUSY_ELSEWHERE = "Another experiment of this quiz is running. Wait, or press its button to stop it."


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
    seen = lab.observe(name, stop=stop)
    return stories.in_words(seen, texts.entry("stories", name)).html()


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
        self.box = ipywidgets.VBox(
            [head, self.complaint, *(card.box for card in self.cards), parts.html(example)]
        )

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
        self.show = parts.button(SHOW, "run it now; press again to stop it", self._show_pressed)
        self.message, self.seen = parts.html(), parts.html()
        stem = parts.html(parts.strong(f"{number}. {question.stem}"))
        self.box = ipywidgets.VBox(
            [stem, self.options.box, self.message, ipywidgets.HBox([self.show]), self.seen],
            layout={"margin": "0 0 14px 0"},
        )
        self.given = given
        self._show_answer(given, aloud=False)

    # Answering --------------------------------------------------------------------------------
    def answer(self, option: str) -> str:
        """Answer with an option; return the feedback, or raise what goes wrong."""
        self.panel.answered(self.question, option)
        self.given, self.seen.value = option, ""
        return self._show_answer(option, aloud=True)

    def _show_answer(self, option: str | None, aloud: bool) -> str:
        """Mark an answer, say what it rests on, and offer the experiment if it is wrong."""
        self.options.mark(option)
        wrong = self.panel.quiz.reveals and option not in (None, self.question.right)
        self.show.layout.display = None if wrong and self.question.experiment else "none"
        said = self.panel.quiz.said(self.question, option) if option else ""
        self.message.value = parts.announced(said, aloud) if said else ""
        return said

    def pressed(self, option: str) -> None:
        """Answer; what goes wrong is said."""
        try:
            self.answer(option)
        except Exception as error:
            self.message.value = parts.announced(str(error))

    # The experiment ---------------------------------------------------------------------------
    def show_now(self, stop: Any = None) -> str:
        """Run the experiment in this thread; return what it shows, or raise what goes wrong."""
        seen = ""
        try:
            with hooks.asking("panel"):
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
