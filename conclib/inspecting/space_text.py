"""An address space in words and as a card: who it is, what it holds, and a line for each region."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING

from conclib.inspecting.region import Region
from conclib.inspecting.tasks import Task
from conclib.inspecting.totals import summed, written
from conclib.probes._regions import KINDS
from conclib.results.quantity import BYTES
from conclib.results.tables import folded, table
from conclib.results.wording import printable

if TYPE_CHECKING:
    from conclib.inspecting.space import AddressSpace

SCHEMA = 1  # of what it is as JSON
HEAD = ("addresses", "rights", "size", "in memory", "its own", "kind", "file or name")
SCALES = (
    ("vms", "addresses that it may use (VMS)"),
    ("rss", "in memory, shared or not (RSS)"),
    ("pss", "its share of that (PSS)"),
    ("uss", "its own alone: what its end frees (USS)"),
)
MAX_ROWS = 1000  # of regions in a notebook
MAX_TASKS = 4  # named in words; more are counted by state


def title(space: "AddressSpace") -> str:
    """Return which process it is."""
    called = f" ({printable(space.name)})" if space.name else ""
    return f"process {space.pid}{called}"


def line(space: "AddressSpace") -> str:
    """Return it in one line."""
    counted = (
        f"{len(space.regions)} regions, {len(space.tasks)} task{'s' * (len(space.tasks) != 1)}"
    )
    notes = f"; {'; '.join(space.notes)}" if space.notes else ""
    return f"{title(space)}: {counted}, {space.totals.text}{notes}"


def text(space: "AddressSpace") -> str:
    """Return all of it: totals, tasks and a line for each region, in columns."""
    lines = [title(space)]
    lines += [f"program: {printable(space.program)}"] if space.program else []
    lines += [f"{words}: {written(getattr(space.totals, name))}" for name, words in SCALES]
    lines += [f"tasks: {tasks_text(space.tasks)}", *(f"note: {note}" for note in space.notes)]
    rows = [HEAD, *map(cells, space.regions)] if space.regions else []
    return "\n".join([*lines, *_columns(rows)])


def tasks_text(tasks: Sequence[Task]) -> str:
    """Return the tasks in words: each of a few, or how many are in which state."""
    if len(tasks) <= MAX_TASKS:
        each = (f"{task.tid} {printable(task.name)}, {task.state_text}" for task in tasks)
        return "; ".join(each) or "none"
    states = [task.state_text for task in tasks]
    counted = ", ".join(f"{states.count(state)} {state}" for state in dict.fromkeys(states))
    return f"{len(tasks)}: {counted}"


def cells(region: Region) -> tuple[str, ...]:
    """Return one region as the cells of a row."""
    part = f", {region.part}" if region.part not in ("", region.kind) else ""
    guess = " (a guess)" if region.guessed else ""
    return (
        f"{region.start:x}-{region.end:x}",
        region.perms,
        BYTES.write(region.size),
        "?" if region.rss is None else BYTES.write(region.rss),
        "?" if region.private is None else BYTES.write(region.private),
        f"{', '.join([region.kind + part, *region.also])}{guess}",
        printable(region.path),
    )


def _columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows as lines, their cells one below the other; sizes aligned right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    right = (2, 3, 4)
    return [
        "  ".join(
            cell.rjust(width) if place in right else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def by_kind(regions: Iterable[Region]) -> list[tuple[str, ...]]:
    """Return a row for each kind that there is: how many, size, in memory, private."""
    regions = tuple(regions)
    rows: list[tuple[str, ...]] = []
    for kind in KINDS:
        found = [each for each in regions if each.kind == kind]
        if found:
            size = BYTES.write(sum(each.size for each in found))
            held = [written(summed(found, name)) for name in ("rss", "private")]
            rows.append((kind, f"{len(found)}", size, *held))
    return rows


def card(space: "AddressSpace") -> str:
    """Return the HTML of it: what it holds altogether, by kind, and folded all its regions."""
    rows = [(words, written(getattr(space.totals, name))) for name, words in SCALES]
    rows += [("tasks", tasks_text(space.tasks))]
    rows += [("program", printable(space.program))] if space.program else []
    notes = "".join(f"<p>{escape(note)}.</p>" for note in space.notes)
    kinds = table("", ("kind", "regions", "size", "in memory", "its own"), by_kind(space.regions))
    count, shown = len(space.regions), space.regions[:MAX_ROWS]
    rest = f"The first {MAX_ROWS} of {count:,} regions; to_frame() has all"
    summary = f"All {count} regions, in order of address" if len(shown) == count else rest
    every = folded(summary, table("", HEAD, map(cells, shown)))
    head = table(title(space), (), rows)
    return f"{head}{notes}{kinds}{every}" if space.regions else f"{head}{notes}"
