"""How many fit? What one more takes, on each scale, and which limit comes first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from conclib.chapters.ch07_memory.sizes import in_mb
from conclib.inspecting import ceilings, memory
from conclib.inspecting.ceilings import Ceiling
from conclib.lesson.showing.looked import UNKNOWN, recorded
from conclib.lesson.showing.shown import Shown, paragraphs, show, table_html, table_text
from conclib.results.tables import folded

Facts = Mapping[str, Any]
HEAD = ("one more", "reserved", "resident", "its own", "kept by Linux", "fit in memory")
LIMITS = ("limit", "at most", "of what")
MANY = {
    "thread": "Threads of one process",
    "forked child": "Forked children that wait",
    "fresh Python": "Fresh Pythons",
}
OF = {"thread": "threads", "forked child": "processes", "fresh Python": "processes"}


@dataclass(frozen=True, repr=False)
class Fit(Shown):
    """What one more of each kind takes, how many fit, and what stops them first.

    Attributes:
        rows: a row for each kind, as the table has it.
        first: for each kind the name of what comes first, and how many it allows.
        sentence: the same in words.
    """

    rows: tuple[tuple[str, ...], ...]
    first: Mapping[str, tuple[str, int]]
    sentence: str
    limits: tuple[tuple[str, ...], ...] = ()

    def text(self) -> str:
        """Return sentence and tables."""
        listed = table_text([LIMITS, *self.limits]) if self.limits else ""
        return "\n\n".join(filter(None, [self.sentence, table_text([HEAD, *self.rows]), listed]))

    def html(self) -> str:
        """Return the same for a page; the limits are folded."""
        limits = table_html([LIMITS, *self.limits]) if self.limits else ""
        tables = table_html([HEAD, *self.rows])
        return tables + paragraphs(self.sentence) + folded("The limits that were read", limits)


def how_many_fit() -> Fit:
    """Weigh one more thread, forked child and fresh Python; divide what is available by each."""
    from conclib import lab

    seen = {
        "thread": lab.observe("more_threads", count=500),
        "forked child": lab.observe("more_processes", count=50),
        "fresh Python": lab.observe("more_processes", kind="spawn", count=20),
    }
    each = {name: item.facts["each_mb"] for name, item in seen.items()}
    found = fit(each, memory.room().free, list(ceilings.ceilings()), recorded(seen))
    shown: Fit = show(found)
    return shown


def costs(name: str, each: Facts) -> tuple[float, float | None]:
    """Return what one more has for itself, and what Linux keeps for it, in MB.

    Of a thread all that it made resident is its own; of a process only what nobody else has. The
    kernel stack is that of a thread, of which a process has one, too.
    """
    own = each["rss"] if name == "thread" else max(each["uss"], 0.0)
    kernel = each["kernel"]
    return own, None if kernel is None else kernel + each["tables"]


def fit(each: Mapping[str, Facts], free: float, limits: Sequence[Ceiling], where: str = "") -> Fit:
    """Put it together: pure.

    Args:
        each: what one more of each kind has, in MB, by scale; free: MB that may still be taken.
        limits: what Linux allows; where: from where the numbers are, if not from here.
    """
    stacks = each["thread"]["kernel"]
    rows, first = [], {}
    for name, facts in each.items():
        own, linux = costs(name, {**facts, "kernel": facts["kernel"] or stacks})
        whole = own + (linux or 0.0)
        number = int(free / whole) if whole > 0 else 0
        memory_row = (f"{number:,}" if whole > 0 else UNKNOWN,)
        rows.append((name, *map(in_mb, (facts["virtual"], facts["rss"], own, linux)), *memory_row))
        bounds = [Ceiling("memory", number, (), ""), *(x for x in limits if OF[name] in x.of)]
        least = min(bounds, key=lambda x: x.most)
        first[name] = least.name, least.most
    listed = tuple((x.name, f"{x.most:,}", x.what) for x in limits)
    return Fit(tuple(rows), first, sentence(first) + where, listed)


def sentence(first: Mapping[str, tuple[str, int]]) -> str:
    """Say for each kind what comes first."""
    parts = [f"{MANY[name]}: {why}, at about {most:,}" for name, (why, most) in first.items()]
    return f"What comes first, by these numbers. {'. '.join(parts)}. Nobody has tried it here."
