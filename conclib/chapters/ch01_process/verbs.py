"""The verbs that only chapter 01 needs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from conclib.chapters.ch01_process import rules
from conclib.chapters.ch01_process.ledgers import ledgers
from conclib.lesson.showing.shown import Shown, paragraphs, show, table_html, table_text
from conclib.results import Observation

if TYPE_CHECKING:
    from conclib.plots import Picture
    from conclib.plots.moving import Moving

STILL, GONE = "still listed", "gone"
SHOWN = 2  # of the stops, in the table


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


def freeze(*, tries: int = 10) -> Observation:
    """Stop a process that counts, look where it stands, let it go on; and that several times.

    Args:
        tries: how often, 1 to 100.

    Returns:
        What was seen, for a verdict; it shows a table.
    """
    seen = _observed("freeze", tries=tries)
    rows = tuple(
        (str(number), _state(each), _place(each), f"{each['count']:,}", _change(each))
        for number, each in enumerate(seen.facts["tries"][:SHOWN], 1)
    )
    head = ("stop", "state", "stands in", "has counted to", "while it was stopped")
    few = f" (the first {SHOWN} times of {tries})" if tries > SHOWN else ""
    title = f"Stopped, looked at, let go on{few}{rules.recorded(seen)}"
    show(Rows(title, head, rows, freeze_sentence(seen.facts)))
    return seen


def _state(each: Mapping[str, Any]) -> str:
    return "T (stopped)" if each["state"] == "T" else str(each["state"])


def _place(each: Mapping[str, Any]) -> str:
    """Return where it stands: code that runs lies in the text of the program or of a library."""
    if each["place"] is None:
        return "not shown here"
    of_code = each["place"] in ("text", "shared library") and each.get("file")
    return f"{f'text of {of_code}' if of_code else each['place']}, {each['pc']:x}"


def _change(each: Mapping[str, Any]) -> str:
    more = each["later"] - each["count"]
    return f"counted {more:,} further" if more else "nothing"


def freeze_sentence(facts: Mapping[str, Any]) -> str:
    """Say whether it stood still, went on, and took part in being stopped."""
    tries, agreed = len(facts["tries"]), facts["agreed"]
    took = {
        None: f"Whether it took part cannot be said: {facts['reason']}.",
        0: "It was never inside a call to Linux when it was stopped: nobody asked it.",
    }.get(agreed, f"In {agreed} of them it was inside a call to Linux when it was stopped.")
    return (
        f"In {facts['stood_still']} of {tries} stops it stood still, and in {facts['went_on']} it "
        f"went on from there. {took}"
    )


def leave_unasked() -> Observation:
    """Let a process end whose parent does not ask how; return what was seen of it, unshown."""
    return _observed("zombie")


def life() -> "Moving":
    """Watch two processes from their start to their end; show it as two ledgers."""
    return ledgers(_observed("life"))


def _observed(probe: str, **params: Any) -> Observation:
    """Observe without drawing lanes: they would show more than is asked for."""
    from conclib import lab

    return lab.observe(probe, **params)


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
        return f"Nothing moved: in these runs Linux did not draw new places. {order}"
    stayed = [name for name in facts["order"] if not facts["moved"][name]]
    if not stayed:
        return f"All of them moved. {order}"
    fixed = "This Python is built so that some of its parts always lie at the same place:"
    return f"{fixed} {', '.join(stayed)}. The others moved. {order}"
