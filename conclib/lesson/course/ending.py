"""The end of a chapter: what was found out, what is still open, and what comes next."""

from collections import Counter
from dataclasses import dataclass

from conclib.lesson import texts
from conclib.lesson.course.progress import first_right, linked, unanswered
from conclib.lesson.judging import findings, verdicts
from conclib.lesson.predicting import outcomes, predictions
from conclib.lesson.predicting.forms import Prediction
from conclib.lesson.showing.shown import Shown, paragraphs, show, table_html, table_text
from conclib.results.tables import folded

INDEX = '<a href="index.ipynb">the index</a>'
HEAD = ("what", "outcome")
NOTHING = "Nothing of this chapter is predicted and measured yet."


@dataclass(frozen=True, repr=False)
class WrapUp(Shown):
    """What was found out in a chapter, what is open, and what comes next.

    Attributes:
        chapter: its number.
        found: what came of predictions and claims, in a sentence each.
        open: what of it is not answered yet.
        rows: each prediction, with its later attempts, and each claim with its outcome.
    """

    chapter: str
    found: str
    open: str
    rows: tuple[tuple[str, str], ...]

    @property
    def next(self) -> str:
        """The chapter that comes next, of those that there are; empty after the last one."""
        return next((number for number in texts.chapters() if number > self.chapter), "")

    def text(self) -> str:
        """Return it in words."""
        table = table_text([HEAD, *self.rows]) if self.rows else ""
        name = self._name() or "the index"
        return "\n\n".join(filter(None, [self.found, table, self.open, f"Next: {name}"]))

    def html(self) -> str:
        """Return the same, details folded, with links."""
        table = table_html([HEAD, *self.rows])
        details = folded("One by one", table) if self.rows else ""
        there = [linked(self.next, self._name())] if self.next else []
        following = f"<p><b>Next:</b> {', or '.join([*there, INDEX])}.</p>"
        return paragraphs(self.found) + details + paragraphs(self.open) + following

    def _name(self) -> str:
        return f"{self.next}. {texts.chapter(self.next)['title']}" if self.next else ""


def wrap_up(chapter: str) -> WrapUp:
    """Show what you found out in a chapter, what is still open, and what comes next.

    Args:
        chapter: its number, ``"04"``.
    """
    texts.chapter(chapter)
    asked, judged = _attempts(chapter), _claims(chapter)
    rows = [(_name_of(made), _told(made)) for attempts in asked for made in attempts]
    rows += [(text, word) for text, word in judged if word]
    found = [_predicted([attempts[0] for attempts in asked]), _settled(judged), _quiz(chapter)]
    return show(
        WrapUp(chapter, " ".join(filter(None, found)) or NOTHING, _open(chapter), tuple(rows))
    )


# Predictions: the first attempt counts, later ones stand beside it --------------------------------
def _attempts(chapter: str) -> list[list[Prediction]]:
    """Return the attempts at each question of a chapter that was predicted."""
    known = texts.entries("predictions").items()
    made = [predictions.attempts(id) for id, entry in known if entry["chapter"] == chapter]
    return [attempts for attempts in made if attempts]


def _name_of(made: Prediction) -> str:
    return made.question + (f" (attempt {made.attempt})" if made.attempt > 1 else "")


def _told(made: Prediction) -> str:
    """Return what was predicted, what came of it, and why that does not count."""
    parts = [f"you: {made.in_words}", outcomes.of(made) or f"not scored: {_why(made)}"]
    return "; ".join(parts + ([] if outcomes.counts(made) else [outcomes.LATE]))


def _why(made: Prediction) -> str:
    """Say why nothing came of a prediction."""
    if findings.is_up_and_down(made):
        return findings.UP_AND_DOWN
    return "measured, but not compared with it yet" if made.locked else "not measured yet"


def _predicted(first: list[Prediction]) -> str:
    """Say what came of the predictions that were held against a measurement."""
    came = [(outcomes.of(made), outcomes.counts(made)) for made in first]
    words = Counter(word for word, counted in came if counted)
    late = sum(bool(word) and not counted for word, counted in came)
    held, decided = words[outcomes.HELD], words[outcomes.HELD] + words[outcomes.MISSED]
    parts = [f"{held} of {decided} held"] if decided else []
    parts += [f"{words[outcomes.OPEN]} open so far"] if words[outcomes.OPEN] else []
    parts += [f"{late} not counted, made after the answer was there"] if late else []
    return f"Your predictions: {'; '.join(parts)}." if parts else ""


# Claims -------------------------------------------------------------------------------------------
def _claims(chapter: str) -> list[tuple[str, str]]:
    """Return the claims that a chapter settles, each with its word; empty while not settled."""
    return [(v.claim.text, verdicts.settled_word(v)) for v in verdicts.of_claims(home=chapter)]


def _settled(judged: list[tuple[str, str]]) -> str:
    """Say how many of the textbook's claims are settled; nothing before anything is measured."""
    words = [word for _, word in judged]
    lead = "The textbook's claims, by what you measured on this machine"
    return f"{lead}: {verdicts.tally(words, each=True)}." if any(words) else ""


# The quiz -----------------------------------------------------------------------------------------
def _quiz(chapter: str) -> str:
    """Say how many questions of a chapter's quiz were right at first; nothing before any is."""
    found = first_right(chapter)
    return f"{found.capitalize()}." if found else ""


# What is left ------------------------------------------------------------------------------------
def _open(chapter: str) -> str:
    """Say what of a chapter's quiz is not answered yet."""
    asked, left = len(texts.chapter(chapter).get("quiz", ())), unanswered(chapter)
    return f"Still open: {left} of {asked} quiz questions." if left else ""
