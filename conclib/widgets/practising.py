"""Practice to click through: press an answer, see what it rests on, and go on to another one.

What was computed is said at once. Where a variant can be run it then runs, in a reader thread, and
what came out is said below. The words, and what is kept, are those of ``cl.practise``.
"""

import time
from dataclasses import replace
from typing import Any

import ipywidgets

from conclib.lesson import texts
from conclib.lesson.asking import lettered, practice
from conclib.lesson.asking.practice import Practice
from conclib.lesson.code_lines import code_line
from conclib.results import Cancelled, ConclibError
from conclib.widgets import keys, parts, words
from conclib.widgets.background import Background

RUNNING = "Running it here, to see."


class PracticePanel(parts.Shell):
    """One variant with its options, what is said to the answer, and a button for another one."""

    def __init__(self, item: Practice) -> None:
        self.sentence = f"Practice {item.id}: press one of the options, then Another one."
        self.background = Background()
        self._came = float("-inf")  # when the question was asked for
        self.place = ipywidgets.VBox()
        self.message, self.ran, self.code = parts.html(), parts.html(), parts.html()
        self.aloud = parts.html(margin="0")
        another = "the next one that you have not answered"
        self.another, self.then = parts.button("Another one", another, self.go_on), parts.html()
        on = ipywidgets.HBox([self.another, self.then], layout=parts.ROW)
        inside = [self.place, self.aloud, self.message, self.ran, on, self.code]
        self.box = parts.form("practice", inside)
        self.show(item)

    # What is asked ----------------------------------------------------------------------------
    def show(self, item: Practice) -> None:
        """Show a variant in place of the one before."""
        old = self.place.children
        self.item = item
        options = item.variant.options
        self.options = parts.Options(options, self.pressed, lettered.labels(options))
        look = parts.html(f"<div style='line-height:1.4'>{item.look()}</div>")
        self.question = parts.html(parts.strong(item.question))
        self.question.add_class(keys.FOCUSABLE)
        self.place.children = (self.question, look, self.options.box)
        for each in old:
            parts.close_all(each)
        self._show_message(aloud=False)

    def go_on(self) -> None:
        """Show the next variant that is not answered, and go there; what runs ends.

        The new question may be off the screen: it is read out, and has the focus. An option had
        better not: the rest of a double press would answer. Nor does it pass a question over.
        """
        if time.monotonic() - self._came < parts.TWICE:
            return
        self._came = time.monotonic()
        self._end_run()
        self.show(practice.variant(self.item.id, practice.following(self.item.id, self.item.seed)))
        self.aloud.value = parts.unseen(self.item.question)
        self.question.focus()

    # Answering --------------------------------------------------------------------------------
    def answer(self, option: str) -> Practice:
        """Keep an answer and say what there is to it; return the variant as it stands now."""
        self.item = practice.answered(self.item, option)
        self._show_message(aloud=True)
        return self.item

    def pressed(self, option: str) -> None:
        """Answer, then run it; what goes wrong is said."""
        self._end_run()
        try:
            self.answer(option)
        except Exception as error:  # it is said, and the buttons can be pressed again
            self.message.value = parts.announced(f"Not kept: {error}")
            return
        if self.item.variant.run:
            self._start_run()

    def _show_message(self, aloud: bool) -> None:
        item = self.item
        text = item.answer_text() if item.answer else texts.not_taken(item.complaint)
        self.options.mark(item.answer)
        self.message.value = parts.announced(text, aloud) if text else ""
        self.ran.value = parts.announced(item.ran, aloud) if item.ran else ""
        self.then.value = parts.paragraph(item.go_on()) if item.answer else ""
        given = item.answer or ...
        self.code.value = parts.code(code_line("practise", item.id, item.seed, answer=given))

    # Running ----------------------------------------------------------------------------------
    def run_now(self, stop: Any = None) -> str:
        """Run it in this thread; return what came out, or raise what goes wrong."""
        text = ""
        try:
            text = practice.run(self.item, stop)
            self.item = replace(self.item, ran=text)
        except Cancelled:
            raise
        except Exception as error:
            text = words.failure(error)
            raise
        finally:
            self.ran.value = parts.announced(text) if text else ""
        return text

    def _start_run(self) -> None:
        try:
            stop = self.background.claim()
        except ConclibError as refusal:
            self.ran.value = parts.announced(str(refusal))
            return
        self.ran.value = parts.paragraph(RUNNING)
        self.background.run(lambda: self._release_after(stop))

    def _release_after(self, stop: Any) -> None:
        try:
            self.run_now(stop)
        finally:
            self.background.release()

    def _end_run(self) -> None:
        """End the run of an answer before this one: what comes of it is wanted no more."""
        self.background.stop()
        self.background.wait()

    def close(self) -> None:
        """End what runs, and take the panel off the page."""
        self.background.close()
        super().close()
