"""Choices: a question with a few answers, picked *before* the experiment that can refute them.

The notebook shows the options and a gap, ``pick=...``. While the gap is there, the options are
listed and nothing is given away. A pick brings the feedback that belongs to *that* option (the
belief behind it, and what to try next) together with your reason. Where only your own measurement
can tell, give it as ``result=``: it is held against the last pick made before a result was first
held against one. Later picks are kept beside it as second thoughts.
"""

from dataclasses import dataclass, replace
from typing import Any

from conclib.lesson import store, texts
from conclib.lesson.showing.shown import Shown, show
from conclib.lesson.store import stamped
from conclib.results import arguments


@dataclass(frozen=True, repr=False)
class Choice(Shown):
    """One question with what was picked.

    Attributes:
        id, question, options: what is asked.
        pick: the option that counts, ``""`` while there is a gap; ``first`` the first pick ever.
        now: another option, picked when the result was known already; else ``""``.
        because: the reason given, or ``None``.
        feedback: what belongs to this pick; ``""`` while there is a gap.
        uncovered: what the pick uncovers, if anything (the names behind the lanes).
    """

    id: str
    question: str
    options: tuple[str, ...]
    pick: str = ""
    first: str = ""
    now: str = ""
    because: str | None = None
    feedback: str = ""
    uncovered: str = ""

    @property
    def picked(self) -> bool:
        """Whether there is an answer."""
        return bool(self.pick)

    def text(self) -> str:
        """Return question, options and, once picked, the feedback."""
        if not self.picked:
            return "\n\n".join(filter(None, [_gap(self), self.feedback]))
        lines = [f"{self.question}\nYour pick: {self.pick}."]
        if self.first != self.pick:
            lines[0] += f" Your first thought was: {self.first}. Both are kept."
        if self.now:
            lines[0] += f" Now you say: {self.now}. What counts is what you thought before."
        if self.because:
            lines.append(texts.quoted(self.because))
        return "\n\n".join([*lines, self.feedback, *filter(None, [self.uncovered])])


def _gap(choice: Choice) -> str:
    listed = "\n".join(f"  {option}" for option in choice.options)
    reason = "" if choice.because is None else ", and your reason after because="
    return (
        f"{choice.question}\n\n{listed}\n\n"
        "Nothing is picked yet. Write one of these lines, in quotes, in place of the dots after "
        f"pick={reason}; then run the cell again."
    )


def choose(
    id: str,
    *options: str,
    pick: Any = ...,
    because: str | None = None,
    result: Any = None,
) -> Choice:
    """Pick one of a few answers before the experiment that can refute it.

    Args:
        id: which question.
        options: the answers as the notebook lists them; none lists those of the question.
        pick: your answer, one of ``options``; ``...`` shows the options and tells nothing.
        because: your reason, in words; it comes back with the feedback.
        result: what you measured, for questions that only a measurement can settle.

    Returns:
        The choice, with feedback once something is picked.

    Raises:
        ValueError, TypeError: an unknown id, or an option or pick that the question does not have.
    """
    entry = texts.entry("choices", id)
    listed = tuple(arguments.choice("option", o, entry["options"]) for o in options)
    bare = Choice(id, entry["question"], listed or tuple(entry["options"]))
    if pick is None or texts.unfilled(pick):
        kept = standing_pick(id) if result is not None else None
        if kept is None:
            return show(replace(bare, because=because, feedback=_seen(id, result)))
        pick, because = kept["pick"], because or kept["because"]
    pick = _known(pick, bare.options)
    first = _keep(id, pick, texts.given(because))
    counts = standing_pick(id)["pick"] if result is not None else pick
    said = feedback(id, counts, result)
    if result is not None:
        _settle(id)
    return show(
        replace(bare, pick=counts, first=first["pick"], now="" if counts == pick else pick,
                because=texts.given(because), feedback=said, uncovered=_uncovered(id))
    )  # fmt: skip


def _seen(id: str, result: Any) -> str:
    """Return what was measured, where a question shows that even without a pick."""
    from conclib.lesson.judging import settle

    if result is None:
        return ""
    said = settle.measured(id, result)
    return said if texts.entry("choices", id)["settle"].get("shows") else ""


def _known(pick: Any, options: tuple[str, ...]) -> str:
    if isinstance(pick, str):
        plain = {option.casefold(): option for option in options}
        pick = plain.get(" ".join(pick.split()).casefold(), pick)
    return arguments.choice("pick", pick, options)


def feedback(id: str, pick: str, result: Any = None) -> str:
    """Return what is said to a pick; with a result, what the result says about it.

    Args:
        id: which question; ``pick``: one of its options.
        result: the measurement that settles it, or ``None``.
    """
    entry = texts.entry("choices", id)
    said = entry["feedback"][arguments.choice("pick", pick, entry["options"])]
    if result is None:
        return said
    from conclib.lesson.judging import settle

    return settle.settled(id, pick, result)


def right(id: str) -> str | None:
    """Return the right option, or ``None`` where only a measurement can tell."""
    return texts.entry("choices", id).get("right")


def first_pick(id: str) -> store.Record | None:
    """Return the first pick ever made for a question, or ``None``."""
    return next(iter(picks(id)), None)


def picks(id: str) -> list[store.Record]:
    """Return all picks for a question, the first one first."""
    kept = store.read(store.PREDICTIONS)
    return [entry for entry in kept if entry["event"] == "chosen" and entry["id"] == id]


def standing_pick(id: str) -> store.Record | None:
    """Return the last pick before a result was first held against one; ``None`` without a pick.

    A pick of an earlier version of the course, which the question no longer has, does not count.
    """
    options, standing = texts.entry("choices", id)["options"], None
    for entry in store.read(store.PREDICTIONS):
        if entry.get("id") != id:
            continue
        if entry["event"] == "settled" and standing:
            break
        if entry["event"] == "chosen" and entry["pick"] in options:
            standing = entry
    return standing


def _settle(id: str) -> None:
    def decide(records: list[store.Record]) -> list[store.Record]:
        known = any(r["event"] == "settled" and r["id"] == id for r in records)
        return [] if known else [stamped("settled", id=id)]

    store.update(store.PREDICTIONS, decide)


def _keep(id: str, pick: str, because: str | None) -> store.Record:
    def decide(records: list[store.Record]) -> list[store.Record]:
        made = [r for r in records if r["event"] == "chosen" and r["id"] == id]
        if made and made[-1]["pick"] == pick:
            return []
        return [stamped("chosen", id=id, pick=pick, because=because)]

    kept = store.update(store.PREDICTIONS, decide)
    return next(r for r in kept if r["event"] == "chosen" and r["id"] == id)


def _uncovered(id: str) -> str:
    """Return the names behind a mystery race's lanes, where this choice uncovers them."""
    from conclib.lesson.asking import races

    return races.uncovered(id)
