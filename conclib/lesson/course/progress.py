"""How far a student is: which chapters are done, which are begun, and where to go on.

All of it is found in what is kept (``store``): a chapter is *done* once its quiz is answered, and
*begun* once anything of it was predicted, picked, answered or solved.
"""

from dataclasses import dataclass
from html import escape

from conclib.lesson import store, texts
from conclib.lesson.showing.shown import Shown, paragraphs, show, table_html, table_text
from conclib.lesson.store import progress as kept
from conclib.results import files

DONE, BEGUN, NEW = "done", "begun", "not begun"
DONE_MEANS = "Done means gone through: each question of the quiz has an answer, right or wrong."
Row = tuple[str, str, str]
HEAD: Row = ("chapter", "question", "state")


def notebook(chapter: str) -> str:
    """Return the file name of a chapter's notebook; empty where it has none."""
    found = sorted(files.notebooks_path().glob(f"{chapter}_*.ipynb"))
    return found[0].name if found else ""


def linked(chapter: str, words: str) -> str:
    """Return words as a link to a chapter's notebook, which lies beside this one."""
    file = notebook(chapter)
    return f'<a href="{escape(file)}">{escape(words)}</a>' if file else escape(words)


# How far each chapter is --------------------------------------------------------------------------
def states() -> dict[str, str]:
    """Return for each chapter that there is whether it is done, begun or neither."""
    done, touched = set(kept.done("chapter")), _touched()
    return {
        number: DONE if number in done else BEGUN if number in touched else NEW
        for number in texts.chapters()
    }


def _touched() -> set[str]:
    """Return the chapters of which anything was predicted, picked, answered or solved."""
    homes = {
        (kind, id): entry["chapter"]
        for kind in ("predictions", "choices", "exercises")
        for id, entry in texts.entries(kind).items()
    }
    made = {("predicted", "predictions"), ("chosen", "choices")}
    records = store.read(store.PREDICTIONS)
    found = {homes.get((kind, r.get("id"))) for event, kind in made for r in records
             if r["event"] == event}  # fmt: skip
    found |= {homes.get(("exercises", id)) for id in kept.done("exercise")}
    return {each for each in found if each} | {n for n in texts.chapters() if quiz_answers(n)}


def quiz_answers(chapter: str) -> dict[str, str]:
    """Return the last answers to a chapter's quiz."""
    return next(reversed(kept.answers(f"quiz {chapter}")), {})


def first_right(chapter: str) -> str:
    """Say how many of a chapter's quiz questions were right at the first press, of those answered.

    Empty where none is answered: ``"quiz: 3 of 5 right at the first press"``.
    """
    first: dict[str, str] = {}
    for given in kept.answers(f"quiz {chapter}"):
        first = {**given, **first}
    asked = {each["id"]: each["right"] for each in texts.chapter(chapter).get("quiz", ())}
    tried = [id for id in asked if id in first]
    right = sum(first[id] == asked[id] for id in tried)
    return f"quiz: {right} of {len(tried)} right at the first press" if tried else ""


def unanswered(chapter: str) -> int:
    """Return how many questions of a chapter's quiz are open."""
    given = quiz_answers(chapter)
    return sum(each["id"] not in given for each in texts.chapter(chapter).get("quiz", ()))


def begun_before(chapter: str) -> str:
    """Say which chapters before one are begun, and what is missing; empty where there is none."""
    begun = [number for number, state in states().items() if state == BEGUN and number < chapter]
    return " ".join(f"{number} is begun; {_left(unanswered(number))}." for number in begun)


def _left(count: int) -> str:
    many = "question of its quiz is" if count == 1 else "questions of its quiz are"
    return f"{count} {many} open"


def go_on(found: dict[str, str]) -> str:
    """Return the chapter to go on with: one that is begun, else the first new one; empty: none."""
    for wanted in (BEGUN, NEW):
        for number, state in found.items():
            if state == wanted:
                return number
    return ""


@dataclass(frozen=True, repr=False)
class Progress(Shown):
    """The chapters with their states, and where to go on."""

    states: dict[str, str]

    @property
    def next(self) -> str:
        """The chapter to go on with; empty when all are done."""
        return go_on(self.states)

    @property
    def rows(self) -> list[Row]:
        """Number, question and state of each chapter, and how its quiz went."""
        titles = texts.chapters()
        return [
            (number, titles[number]["title"], ", ".join(filter(None, [state, first_right(number)])))
            for number, state in self.states.items()
        ]

    def text(self) -> str:
        """Return the table and where to go on."""
        parts = [table_text([HEAD, *self.rows]), self._means(), f"{self._lead()}{self._name()}"]
        return "\n\n".join(filter(None, parts))

    def html(self) -> str:
        """Return the same with a link."""
        there = linked(self.next, self._name()) if self.next else ""
        table = f"{table_html([HEAD, *self.rows])}{paragraphs(self._means())}"
        return f"{table}<p><b>{self._lead()}{there}</b></p>"

    def _means(self) -> str:
        return DONE_MEANS if DONE in self.states.values() else ""

    def _lead(self) -> str:
        return "Go on here: " if self.next else "All chapters that there are so far are done."

    def _name(self) -> str:
        return f"{self.next}. {texts.chapter(self.next)['title']}" if self.next else ""


def progress() -> Progress:
    """Show which chapters you have done, and where to go on."""
    return show(Progress(states()))
