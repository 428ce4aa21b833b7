"""The verbs that only chapter 01 needs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from conclib.chapters.ch01_process import rules
from conclib.lesson.showing.shown import Shown, paragraphs, show, table_html, table_text
from conclib.results import Observation

if TYPE_CHECKING:
    from conclib.plots import Picture

STILL, GONE = "still listed", "gone"


@dataclass(frozen=True, repr=False)
class Rows(Shown):
    """A sentence and a table of what was seen.

    Attributes:
        head, rows: the table.
        sentence: what it says; stands below.
    """

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    sentence: str = ""
    picture: "Picture | None" = field(default=None, repr=False, compare=False)

    def text(self) -> str:
        """Return title, table and sentence."""
        table = table_text([self.head, *self.rows])
        return "\n\n".join(filter(None, [self.title, table, self.sentence]))

    def html(self) -> str:
        """Return the same as a table."""
        return (
            paragraphs(self.title) + table_html([self.head, *self.rows]) + paragraphs(self.sentence)
        )


def shoot() -> Rows:
    """Send SIGKILL three times to each of two processes, and say who is still listed."""
    from conclib import lab

    seen = lab.observe("undead")
    listed = seen.facts["listed"]
    shots = range(len(listed["A"]))
    rows = tuple(
        (f"shot {number + 1}", *(STILL if listed[name][number] else GONE for name in ("A", "B")))
        for number in shots
    )
    title = f"Who is still in the list of processes?{rules.recorded(seen)}"
    return show(Rows(title, ("", "A", "B"), rows))


def moves(seen: Observation) -> Rows:
    """Say how often each of six objects lay elsewhere than in the run before.

    Args:
        seen: what ``cl.observe("run_again")`` gave.

    Raises:
        TypeError: it is something else.
    """
    facts = rules.facts_of(seen, "run_again")
    rows = tuple(
        (name, f"{facts['moved'][name]} of {facts['times']}", *_two(name, facts))
        for name in facts["order"]
    )
    head = ("lowest address first", "moved", "first run", "last run")
    title = f"The same program, run again{rules.recorded(seen)}"
    return show(Rows(title, head, rows, moves_sentence(facts)))


def _two(name: str, facts: Mapping[str, Any]) -> tuple[str, str]:
    first, last = facts["runs"][0][name], facts["runs"][-1][name]
    return f"{first:x}", f"{last:x}"


def moves_sentence(facts: Mapping[str, Any]) -> str:
    """Say what stayed and what moved."""
    order = (
        "Their order was the same in each run."
        if facts["same_order"]
        else "Their order was not the same in each run."
    )
    if facts["all_stayed"]:
        return f"Nothing moved: here Linux does not shuffle the places. {order}"
    stayed = [name for name in facts["order"] if not facts["moved"][name]]
    if not stayed:
        return f"All of them moved. {order}"
    fixed = "This Python is built so that some of its parts always lie at the same place:"
    return f"{fixed} {', '.join(stayed)}. The others moved. {order}"
