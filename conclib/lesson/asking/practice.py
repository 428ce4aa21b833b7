"""Practice: one exercise without an end. Each seed is another variant, and the same one each time.

A chapter registers a function that makes the variant of a seed (``registry.Variant``): a short
program or a picture, the options, and the belief behind each wrong one. The words are the same for
all variants, ``[practice.ID]`` in its ``chapter.toml``; what differs is put in place::

    question = "What does this print?"
    rules = "Both numbers are whole."                      (optional, the same for all)
    reasons.sum = "{a} and {b} more are {sum}."
    misconceptions.first = "That is the first of the two. Add {b}."

What can be run is run after the answer: what was computed is shown at once, and what came out is
said beside it. Answers are kept, so that without a seed the next variant comes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from conclib.lesson import registry, texts
from conclib.lesson.asking import lettered
from conclib.lesson.asking.exercises import Note
from conclib.lesson.code_lines import code_line
from conclib.lesson.registry import Variant
from conclib.lesson.showing.shown import Shown, paragraphs, refused, show
from conclib.lesson.store import progress
from conclib.results import Cancelled, ConclibError, arguments

MAX_SEED = 10**9


@dataclass(frozen=True, repr=False)
class Practice(Shown):
    """One variant of an endless exercise, with what was answered.

    Attributes:
        id, seed: which exercise, and which variant of it.
        variant: what is asked.
        answer: the option given, ``""`` while there is none.
        ran: what came out when it was run after the answer; ``""`` while it was not.
        complaint: what is wrong with the answer just given; ``""`` if nothing is.
    """

    id: str
    seed: int
    variant: Variant
    answer: str = ""
    ran: str = ""
    complaint: str = ""

    clickable = True

    @property
    def right(self) -> bool:
        """Whether the answer is right."""
        return self.answer == self.variant.right

    @property
    def question(self) -> str:
        """What is asked, with its number."""
        return f"Number {self.seed}. {self.words('question')}"

    def text(self) -> str:
        """Return what is asked and, once it is answered, what is said to that."""
        picture = self.variant.picture.alt if self.variant.draw else ""
        parts = [self.question, self._note().text(), picture, *self._below()]
        return "\n\n".join(filter(None, parts))

    def html(self) -> str:
        """Return the same, with the picture."""
        return paragraphs(self.question) + self.look() + paragraphs("\n\n".join(self._below()))

    def look(self) -> str:
        """Return as HTML what there is to look at: rules, a program, a picture."""
        picture = self.variant.picture.to_html() if self.variant.draw else ""
        return self._note().html() + picture

    def _note(self) -> Note:
        return Note(texts.entry("practice", self.id).get("rules", ""), self.variant.code)

    def _below(self) -> tuple[str, ...]:
        if self.answer:
            return tuple(filter(None, [self.answer_text(), self.ran, self.go_on()]))
        gap = f"Not answered yet. In text: {code_line('practise', self.id, self.seed, answer='a')}"
        listed = lettered.listed(self.variant.options)
        return tuple(filter(None, [listed, texts.not_taken(self.complaint), gap]))

    def answer_text(self) -> str:
        """Return what is said to the answer, in paragraphs."""
        why = self.words("reasons", self.variant.reason)
        found = [f"Your answer: {texts.ended(self.answer)} Yes. {why}"]
        if not self.right:
            belief = self.words("misconceptions", self.variant.beliefs[self.answer])
            found = [f"Your answer: {texts.ended(self.answer)} Not this one. {belief}",
                     f"Right is: {texts.ended(self.variant.right)} {why}"]  # fmt: skip
        return "\n\n".join(filter(None, [texts.not_taken(self.complaint), *found]))

    def go_on(self) -> str:
        """Say how the next variant is asked for that is not answered yet."""
        return f"The next one: {code_line('practise', self.id, following(self.id, self.seed))}"

    def words(self, *path: str) -> str:
        """Return words of the exercise, with what this variant puts in place."""
        found: Any = texts.entry("practice", self.id)
        for name in path:
            found = found[name]
        return str(found).format_map(self.variant.values)


def practise(id: str, seed: int | None = None, *, answer: Any = ...) -> Practice:
    """Practise with one variant after another of an exercise that never ends.

    ``cl.practise("how-many-lines")`` asks the next one that you have not done, in a notebook with
    buttons; ``cl.practise("how-many-lines", 7, answer="b")`` answers number 7 in text.

    Args:
        id: which exercise.
        seed: which variant, 1 to 1,000,000,000: the same number is the same one each time. Without
            it comes the first one that you have not answered yet.
        answer: a letter, or any part of an option that no other option has.

    Returns:
        The variant; once answered, with the belief behind a wrong answer or the reason of a right
        one, what came out when it was run here, and the next seed.

    Raises:
        ValueError, TypeError: an unknown id, or no such seed; outside a notebook also an answer
            that cannot be one (in a notebook that is said below the question).
    """
    number = None if seed is None else arguments.integer("seed", seed, 1, MAX_SEED)
    item = variant(id, number or following(id))
    if answer is None or texts.unfilled(answer):
        return show(item)
    try:
        if number is None:
            call = code_line("practise", id, item.seed, answer=answer)
            raise ValueError(f"answer: say to which one, for example {call}")
        option = lettered.option("answer", answer, item.variant.options)
    except (TypeError, ValueError) as error:
        return refused(item, error)
    item = answered(item, option)
    return show(replace(item, ran=run(item)))


def variant(id: str, seed: int) -> Practice:
    """Return one variant, with the answer given to it last.

    Args:
        id: which exercise; ``seed``: which variant.

    Raises:
        ValueError, TypeError: no such exercise.
    """
    chapter = registry.opened(texts.entry("practice", id)["chapter"])
    made = chapter.practice[id](seed)
    last = _given(id).get(str(seed), "")
    return Practice(id, seed, made, last if last in made.options else "")


def answered(item: Practice, option: str) -> Practice:
    """Keep an answer, and return the variant with it; nothing is run."""
    progress.keep_answers(_kept_as(item.id), {str(item.seed): option})
    return replace(item, answer=option, ran="", complaint="")


def run(item: Practice, stop: Any = None) -> str:
    """Run what a variant is about; return what came out, in a sentence, or why it was not run.

    Args:
        item: the variant.
        stop: an event; when it is set, the run ends and ``Cancelled`` is raised.
    """
    if item.variant.run is None:
        return ""
    try:
        return item.variant.run(stop)
    except Cancelled:
        raise
    except ConclibError as reason:
        return f"Computed, not run here: {texts.ended(str(reason))}"


def following(id: str, seed: int = 0) -> int:
    """Return the first seed after ``seed`` that is not answered yet; after the last comes 1."""
    done, found = _given(id), seed % MAX_SEED + 1
    while str(found) in done:
        found = found % MAX_SEED + 1
    return found


def _kept_as(id: str) -> str:
    return f"practice {id}"


def _given(id: str) -> Mapping[str, Any]:
    """Return the last answer to each variant by its seed, as text."""
    return {seed: each for kept in progress.answers(_kept_as(id)) for seed, each in kept.items()}
