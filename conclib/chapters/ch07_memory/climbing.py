"""The ladder of threads in words: what one more costs at each step, and which limit ended it."""

from collections.abc import Mapping

from conclib.chapters.ch07_memory.sizes import in_mb
from conclib.inspecting import ceilings
from conclib.results import Observation


def ladder_sentence(item: Observation) -> str:
    """Say whether the price of one more is the same at each step, and what they cost together."""
    facts, rows = item.facts, item.facts["steps"]
    if not rows:
        return f"Not one thread could be started: {facts['refused']}."
    sums = facts["all_mb"]
    refused = f" Then Linux refused: {facts['refused']}.{nearest(item)}" if facts["refused"] else ""
    flat = all(
        max(row[name] for row in rows) <= 1.3 * max(min(row[name] for row in rows), 1)
        for name in ("virtual", "rss", "tables")
    )
    course = "the same at each step" if flat else "not the same at each step"
    return (
        f"{facts['there']:,} threads were there.{refused} One more costs {course}. Together they "
        f"reserved {in_mb(sums['virtual'])}, and {in_mb(sums['rss'])} became resident; Linux "
        f"itself keeps {_of_linux(sums)}."
    )


def nearest(item: Observation) -> str:
    """Name the limit that a refused ladder is nearest to; nothing of one that was recorded."""
    if item.source != "live":
        return ""
    if item.params.get("limit_mb"):
        return f" Its limit: an address space of {in_mb(item.params['limit_mb'])}."
    least = min(
        (each for each in ceilings.ceilings() if "threads" in each.of),
        key=lambda each: each.most, default=None,
    )  # fmt: skip
    if least is None:
        return ""
    return (
        f" The lowest of its limits that were read: {least.name}, at {least.most:,} {least.what}."
    )


def _of_linux(sums: Mapping[str, float | None]) -> str:
    """Name what Linux keeps. Records are counted in steps: of few threads that says nothing."""
    tables = f"{in_mb(sums['tables'])} of page tables"
    if sums["kernel"] is None:
        return f"{tables}; they are too few to count its kernel stacks and its records about them"
    stacks, records = f"{in_mb(sums['kernel'])} of kernel stacks", sums["records"]
    if not records:
        return f"{stacks} and {tables}"
    return f"{stacks}, {tables} and about {in_mb(records)} of records about them"
