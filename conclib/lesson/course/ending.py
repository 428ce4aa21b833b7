"""The end of a chapter: what was found out, what is still open, and what comes next."""

from collections import Counter
from dataclasses import dataclass

from conclib.lesson import store, texts
from conclib.lesson.course.progress import linked, quiz_answers
from conclib.lesson.judging import verdicts
from conclib.lesson.predicting import predictions
from conclib.lesson.showing.shown import Shown, paragraphs, show, table_html, table_text
from conclib.results.tables import folded

INDEX = '<a href="index.ipynb">the index</a>'
HEAD = ("what", "outcome")
HELD, MISSED = "held", "did not hold"
NOTHING = "Nothing of this chapter is predicted and measured yet."


@dataclass(frozen=True, repr=False)
class WrapUp(Shown):
    """What was found out in a chapter, what is open, and what comes next.

    Attributes:
        chapter: its number.
        found: one sentence on predictions and claims.
        open: what of it is not answered yet.
        rows: each prediction and claim with its outcome.
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
    predicted, judged = _predictions(chapter), _claims(chapter)
    rows = (*predicted.items(), *((text, word) for text, word in judged if word))
    return show(WrapUp(chapter, _found(predicted, judged), _open(chapter), rows))


def _predictions(chapter: str) -> dict[str, str]:
    """Return the questions that were predicted, with what came of it."""
    found = {}
    for id, entry in texts.entries("predictions").items():
        made = predictions.standing(id) if entry["chapter"] == chapter else None
        if made is not None:
            found[entry["question"]] = f"you: {made.in_words}; {_outcome(id, made.attempt)}"
    return found


def _outcome(id: str, attempt: int) -> str:
    scored = [r for r in store.read(store.PREDICTIONS)
              if r["event"] == "scored" and (r["id"], r["attempt"]) == (id, attempt)]  # fmt: skip
    if not scored:
        return "not scored"
    return HELD if scored[-1]["distance"] == 0 else MISSED


def _claims(chapter: str) -> list[tuple[str, str]]:
    """Return the claims that a chapter settles, each with its word; empty while not settled."""
    return [(v.claim.text, verdicts.settled_word(v)) for v in verdicts.of_claims(home=chapter)]


def _found(predicted: dict[str, str], judged: list[tuple[str, str]]) -> str:
    """Say in one sentence what came of predictions and claims."""
    words = Counter(word for _, word in judged if word)
    held = sum(outcome.endswith(f"; {HELD}") for outcome in predicted.values())
    scored = held + sum(outcome.endswith(MISSED) for outcome in predicted.values())
    parts = []
    if words:
        each = ", ".join(f"{count} {word}" for word, count in sorted(words.items()))
        parts.append(f"settled {words.total()} of the textbook's {len(judged)} claims: {each}")
    if scored:
        many = "predictions" if scored > 1 else "prediction"
        parts.append(f"made {scored} {many} of a size, of which {held} held")
    return f"On this machine you {' and '.join(parts)}." if parts else NOTHING


def _open(chapter: str) -> str:
    """Say what of a chapter's quiz is not answered yet."""
    asked, answered = len(texts.chapter(chapter).get("quiz", ())), len(quiz_answers(chapter))
    if answered >= asked:
        return ""
    return f"Still open: {asked - answered} of {asked} quiz questions."
