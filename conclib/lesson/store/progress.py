"""What a student has done, and used to think: kept for recall and for the last chapter."""

from dataclasses import dataclass
from typing import Any

from conclib.lesson import store, texts
from conclib.lesson.showing.shown import Shown, show
from conclib.lesson.store.records import stamped
from conclib.results import arguments

NO_THOUGHT = ("", "")


def mark_done(kind: str, id: str) -> None:
    """Note that a ``"chapter"`` or an ``"exercise"`` is done; noting it twice changes nothing."""
    arguments.choice("kind", kind, ("chapter", "exercise"))

    def decide(records: list[store.Record]) -> list[store.Record]:
        known = [r for r in records if r["event"] == "done" and (r["kind"], r["id"]) == (kind, id)]
        return [] if known else [stamped("done", kind=kind, id=id)]

    store.update(store.PROGRESS, decide)


def done(kind: str) -> list[str]:
    """Return the ids of the chapters or exercises that are done, the first one first."""
    arguments.choice("kind", kind, ("chapter", "exercise"))
    kept = store.read(store.PROGRESS)
    return [entry["id"] for entry in kept if entry["event"] == "done" and entry["kind"] == kind]


def answers(id: str) -> list[dict[str, Any]]:
    """Return all answers kept for a quiz or the pre-test, the first ones first."""
    kept = store.read(store.PROGRESS)
    return [
        entry["answers"] for entry in kept if entry["event"] == "answered" and entry["id"] == id
    ]


def keep_answers(id: str, given: dict[str, Any]) -> None:
    """Keep the answers to a quiz or the pre-test, unless the same were kept last."""

    def decide(records: list[store.Record]) -> list[store.Record]:
        last = [r["answers"] for r in records if r["event"] == "answered" and r["id"] == id][-1:]
        return [] if last == [given] else [stamped("answered", id=id, answers=given)]

    store.update(store.PROGRESS, decide)


@dataclass(frozen=True, repr=False)
class Thought(Shown):
    """What a student used to think, and thinks now, about a chapter's question."""

    id: str
    question: str
    before: str = ""
    now: str = ""

    def text(self) -> str:
        """Return both, or what to fill in."""
        if not self.before and not self.now:
            return (
                f"{self.question}\nNothing written yet. Put a sentence each for the dots, "
                'before="..." and now="...". Both are kept for the last chapter.'
            )
        old = self.before or "(not written yet)"
        new = self.now or "(not written yet)"
        return f"{self.question}\nI used to think: {old}\nNow I think: {new}"


def used_to_think(id: str, *, before: str | None = None, now: str | None = None) -> Thought:
    """Write down what you used to think and what you think now; kept for the last chapter.

    Args:
        id: the chapter's number, ``"04"``.
        before, now: a sentence each; ``...`` leaves it as it is.

    Returns:
        Both sentences as they are kept now.

    Raises:
        ValueError, TypeError: no such chapter, or a sentence that is not a str.
    """
    question = texts.chapter(id)["title"]
    _keep_thought(id, texts.given(before, "before"), texts.given(now, "now"))
    return show(Thought(id, question, *thoughts().get(id, NO_THOUGHT)))


def _keep_thought(id: str, before: str | None, now: str | None) -> None:
    """Keep both sentences together; the one that is not given stays as it is."""

    def decide(records: list[store.Record]) -> list[store.Record]:
        kept = _thoughts(records).get(id, NO_THOUGHT)
        new = before or kept[0], now or kept[1]
        return [] if new == kept else [stamped("thought", id=id, before=new[0], now=new[1])]

    store.update(store.PROGRESS, decide)


def thoughts() -> dict[str, tuple[str, str]]:
    """Return for each chapter the last pair of sentences: before, now."""
    return _thoughts(store.read(store.PROGRESS))


def _thoughts(records: list[store.Record]) -> dict[str, tuple[str, str]]:
    return {r["id"]: (r["before"], r["now"] or "") for r in records if r["event"] == "thought"}
