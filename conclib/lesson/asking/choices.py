"""Choices: a question with a few answers, picked *before* the experiment that can refute them.

The notebook shows the options as buttons. A pick brings the feedback that belongs to *that* option
(the belief behind it, and what to try next) together with your reason. Where only your own
measurement can tell, give it as ``result=``: it is held against the last pick made before a result
was first shown. Later picks are kept beside it as second thoughts. What the result says, and why,
is told in any case: whoever picked nothing learns that nothing of theirs was held against it.
"""

from dataclasses import dataclass, replace
from typing import Any

from conclib.lesson import store, texts
from conclib.lesson.showing.shown import Shown, refused, show
from conclib.lesson.store import stamped
from conclib.results import arguments

LATE = "made after the first result, so it is not held against it"
KNOWN = "You have seen the result already: your new pick is kept beside it."
UNPICKED = "You had not picked before, so nothing of yours is held against it."


@dataclass(frozen=True, repr=False)
class Choice(Shown):
    """One question with what was picked.

    Attributes:
        id, question, options: what is asked.
        pick: the option that counts, ``""`` while there is none; ``first`` the first pick ever.
        now: another option, picked when the result was known already; else ``""``.
        late: there is a pick, but it was made after the first result was shown.
        because: the reason given, or ``None``.
        feedback: what belongs to this pick, or what the result says; ``""`` while there is none.
        uncovered: what the pick uncovers, if anything (the names behind the lanes).
        judged: a result is held against it, so here it is not asked any more.
        complaint: what is wrong with the pick just given; ``""`` if nothing is.
    """

    id: str
    question: str
    options: tuple[str, ...]
    pick: str = ""
    first: str = ""
    now: str = ""
    late: bool = False
    because: str | None = None
    feedback: str = ""
    uncovered: str = ""
    judged: bool = False
    complaint: str = ""

    @property
    def clickable(self) -> bool:
        """Whether it is asked here."""
        return not self.judged

    @property
    def picked(self) -> bool:
        """Whether there is an answer."""
        return bool(self.pick)

    def text(self) -> str:
        """Return question, options and, once picked, the feedback."""
        parts = self.answer() if self.picked else (self.feedback,)
        if not self.judged:
            listed = () if self.picked else (_listed(self), gap(self))
            parts = (self.question, texts.not_taken(self.complaint), *listed, *parts)
        return "\n\n".join(filter(None, parts))

    def answer(self) -> tuple[str, ...]:
        """Return what is said below the question once something is picked, in paragraphs."""
        lead = f"Your pick: {self.pick}{f' ({LATE})' if self.late else ''}."
        if self.first != self.pick:
            lead += f" Your first thought was: {self.first}. Both are kept."
        if self.now:
            lead += f" Now you say: {self.now}. What counts is what you thought before."
        reason = texts.quoted(self.because)
        return tuple(filter(None, [lead, reason, self.feedback, self.uncovered]))


def _listed(choice: Choice) -> str:
    return "\n".join(f"  {option}" for option in choice.options)


def gap(choice: Choice) -> str:
    """Say how a question without a pick is answered in text."""
    return f'Nothing is picked yet. In text: cl.choose("{choice.id}", pick="a part of an option").'


def choose(
    id: str = "",
    *options: str,
    pick: Any = ...,
    because: str | None = None,
    result: Any = None,
) -> Choice:
    """Pick one of a few answers before the experiment that can refute it.

    In a notebook ``cl.choose("why")`` shows buttons; ``cl.choose("why", pick="lists of pages")``
    does the same in text.

    Args:
        id: which question.
        options: the answers to offer; none offers those of the question.
        pick: your answer: an option, or any part of one that no other option has.
        because: your reason, in words; it comes back with the feedback.
        result: what you measured, for questions that only a measurement can settle.

    Returns:
        The choice, with feedback once something is picked.

    Raises:
        ValueError, TypeError: an unknown id or option; outside a notebook also a pick that the
            question does not have (in a notebook that is said below the question).
    """
    bare, reason = question(id, *options), texts.given(because)
    if pick is not None and not texts.unfilled(pick):
        try:
            keep(id, arguments.part("pick", pick, bare.options), reason)
        except (TypeError, ValueError) as error:
            return _refused(standing(bare), error)
    return show(standing(bare, result))


def _refused(item: Choice, error: TypeError | ValueError) -> Choice:
    """Say what is wrong with a pick, and that an earlier one still stands."""
    stands = f". Your earlier pick stands: {item.now or item.pick}" if item.picked else ""
    return refused(item, type(error)(f"{error}{stands}"))


def question(id: str, *options: str) -> Choice:
    """Return a question with nothing picked, and with some of its options or all."""
    entry = texts.entry("choices", id)
    listed = tuple(arguments.choice("option", o, entry["options"]) for o in options)
    return Choice(id, entry["question"], listed or tuple(entry["options"]))


def standing(bare: Choice, result: Any = None) -> Choice:
    """Return a question with what was picked so far, and what a result says about it.

    Args:
        bare: the question with nothing picked.
        result: what was measured; ``None`` if nothing was.
    """
    counts, made = standing_pick(bare.id), _known_picks(bare.id, bare.options)
    bare = replace(bare, judged=result is not None, feedback=_text(bare.id, counts, made, result))
    if counts is None and not made:
        return bare
    last, late, counts = made[-1], counts is None, counts or made[-1]
    return replace(
        bare, late=late, pick=counts["pick"], first=made[0]["pick"], because=counts["because"],
        now="" if last["pick"] == counts["pick"] else last["pick"], uncovered=_uncovered(bare.id),
    )  # fmt: skip


def _text(id: str, counts: store.Record | None, made: list[store.Record], result: Any) -> str:
    """Return what is said to the pick that counts, or without one, to a result."""
    if result is None:
        if made and (counts is None or counts["pick"] != made[-1]["pick"]):
            return KNOWN  # what is said to a pick speaks of what is still to be measured
        return feedback(id, counts["pick"]) if counts else ""
    from conclib.lesson.judging import settle

    found = settle.settled(id, counts["pick"] if counts else None, result)
    _settle(id)
    return found if made else f"{UNPICKED}\n\n{found}"


def feedback(id: str, pick: str) -> str:
    """Return what is said to a pick.

    Args:
        id: which question; ``pick``: one of its options.
    """
    entry = texts.entry("choices", id)
    sentence: str = entry["feedback"][arguments.choice("pick", pick, entry["options"])]
    return sentence


def right(id: str) -> str | None:
    """Return the right option, or ``None`` where only a measurement can tell."""
    return texts.entry("choices", id).get("right")


def picks(id: str) -> list[store.Record]:
    """Return all picks for a question, the first one first."""
    kept = store.read(store.PREDICTIONS)
    return [entry for entry in kept if entry["event"] == "chosen" and entry["id"] == id]


def _known_picks(id: str, options: tuple[str, ...]) -> list[store.Record]:
    """Return the picks that the question still has: an earlier version may have had others."""
    return [entry for entry in picks(id) if entry["pick"] in options]


def standing_pick(id: str) -> store.Record | None:
    """Return the last pick before a result was first shown; ``None`` without a pick."""
    options, standing = texts.entry("choices", id)["options"], None
    for entry in store.read(store.PREDICTIONS):
        if entry.get("id") != id:
            continue
        if entry["event"] == "settled":
            break
        if entry["event"] == "chosen" and entry["pick"] in options:
            standing = entry
    return standing


def _settle(id: str) -> None:
    def decide(records: list[store.Record]) -> list[store.Record]:
        known = any(r["event"] == "settled" and r["id"] == id for r in records)
        return [] if known else [stamped("settled", id=id)]

    store.update(store.PREDICTIONS, decide)


def keep(id: str, pick: str, because: str | None) -> None:
    """Keep a pick, unless it is the last one again; a reason added to it is kept, too."""

    def decide(records: list[store.Record]) -> list[store.Record]:
        made = [r for r in records if r["event"] == "chosen" and r["id"] == id]
        if made and made[-1]["pick"] == pick and because in (None, made[-1]["because"]):
            return []
        return [stamped("chosen", id=id, pick=pick, because=because)]

    store.update(store.PREDICTIONS, decide)


def _uncovered(id: str) -> str:
    """Return the names behind a mystery race's lanes, where this choice uncovers them."""
    from conclib.lesson.asking import races

    return races.uncovered(id)
