"""Exercises: a check that names the belief behind a wrong answer, hints one by one, a solution.

The texts of an exercise stand in its chapter's ``chapter.toml``; its check is a function in the
chapter's ``checks.py`` that gets the answer and returns ``None`` when it is right, or the name of
the misconception that it shows, or a sentence. A gap (``...``) is neither right nor wrong: "not
yet".
"""

from dataclasses import dataclass
from typing import Any

from conclib.lesson import registry, texts
from conclib.lesson.showing.shown import Shown, paragraphs, preformatted, show
from conclib.lesson.store import progress

NOT_YET = "not yet"  # what a check returns for an answer that still has a gap in it

_hints_given: dict[str, int] = {}


@dataclass(frozen=True, repr=False)
class Check(Shown):
    """What a check found.

    Attributes:
        id: which exercise.
        state: ``"passed"``, ``"wrong"`` or ``"not yet"``.
        message: what to make of it.
    """

    id: str
    state: str
    message: str

    @property
    def passed(self) -> bool:
        """Whether the answer is right."""
        return self.state == "passed"

    def text(self) -> str:
        """Return the outcome."""
        heads = {"passed": "Yes. ", "wrong": "Not quite. ", "not yet": "Not yet. "}
        return heads[self.state] + self.message


@dataclass(frozen=True, repr=False)
class Note(Shown):
    """A hint or a solution, as text; code in it is kept as it is."""

    words: str
    code: str = ""

    def text(self) -> str:
        """Return the words, then the code."""
        return "\n\n".join(filter(None, [self.words, _indented(self.code)]))

    def html(self) -> str:
        """Return the same with the code as it is written."""
        code = self.code.strip()
        return paragraphs(self.words) + (preformatted(code) if code else "")


def _indented(code: str) -> str:
    return "\n".join(f"  {line}".rstrip() for line in code.strip().splitlines())


def check(id: str = "", answer: Any = ...) -> Check:
    """Check an answer.

    Args:
        id: which exercise.
        answer: your answer; each exercise says of what kind. ``...`` is "not yet".

    Returns:
        What was found, with the misconception named where there is one. A wrong answer raises
        nothing.

    Raises:
        ValueError, TypeError: an unknown id.
    """
    entry = texts.entry("exercises", id)
    if answer is None or texts.unfilled(answer):
        return show(Check(id, "not yet", f"{entry['question']} A hint: cl.hint({id!r})."))
    found = registry.opened(entry["chapter"]).checks[id](answer)
    if found is None:
        progress.mark_done("exercise", id)
        return show(Check(id, "passed", entry.get("praise", "That is right.")))
    if found == NOT_YET:
        return show(Check(id, "not yet", f"{entry['question']} A hint: cl.hint({id!r})."))
    return show(Check(id, "wrong", entry.get("misconceptions", {}).get(found, found)))


def hint(id: str = "") -> Note:
    """Give the next hint to an exercise; the last one comes again and again."""
    hints = texts.entry("exercises", id)["hints"]
    number = min(_hints_given.get(id, 0) + 1, len(hints))
    _hints_given[id] = number
    more = f"cl.hint({id!r}) again gives the next."
    if number == len(hints):
        more = f"That was the last one; cl.solution({id!r}) tells."
    return show(Note(f"Hint {number} of {len(hints)}: {hints[number - 1]} ({more})"))


def solution(id: str = "") -> Note:
    """Show one solution of an exercise."""
    entry = texts.entry("exercises", id)
    return show(Note("One solution. Yours may be as good:", entry["solution"]))
