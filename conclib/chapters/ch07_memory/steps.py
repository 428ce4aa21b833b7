"""Act 2 of chapter 07, in words and as pictures: who holds a mapping, step by step."""

from collections.abc import Mapping
from typing import Any

from conclib.chapters.ch07_memory.pictures import BODY, line, named, origin
from conclib.chapters.ch07_memory.sizes import KB, in_kb
from conclib.plots import Amount, Picture, Table, amounts, sheet, style
from conclib.results import Observation
from conclib.results.quantity import BYTES

SCALES = {"rss": ("RSS", "-", "s"), "pss": ("PSS", "--", "o"), "uss": ("USS", ":", "D")}
GONE = "–"
TITLE = "What does the last survivor have, and what is really in RAM?"


def back_text(kb: float) -> str:
    """Say what came back, by a count of the whole machine that others disturb a little."""
    return in_kb(kb) if kb > 0 else "nothing"


def survivor(item: Observation) -> str:
    """Return the name of the one that ends last."""
    return str(item.facts["ends"][-1])


def names(item: Observation) -> list[str]:
    """Return what each step is called."""
    ends = item.facts["ends"]
    return [f"all {len(item.facts['names'])}", *(f"– {name}" for name in ends)]


def sentence(item: Observation) -> str:
    """Say what came back with each end, by the machine's own count, and what the last one had."""
    facts, last = item.facts, survivor(item)
    back = ", ".join(
        f"{name} {back_text(kb)}" for name, kb in zip(facts["ends"], facts["back_kb"], strict=True)
    )
    shares = [in_kb(kb) for kb in facts["figures"]["pss"][last] if kb is not None]
    return (
        f"By the machine's own count these ends gave back: {back}. The share (PSS) of the last "
        f"survivor went {', '.join(shares)}."
    )


def picture(item: Observation, *, title: str = TITLE) -> Picture:
    """Draw the last survivor's three figures after each end, over what is really in RAM."""
    facts, last = item.facts, survivor(item)
    places = range(len(facts["in_ram_kb"]))
    top = max(facts["in_ram_kb"]) * KB * 1.15
    figure, ax = sheet.sheet(title, BODY, left=0.85, right=1.2, foot=_foot(item))
    ax.set_xlim(-0.5, len(places) - 0.5)
    style.linear_axis(ax, BYTES, top, which="y", title="of this one mapping")
    ax.set_xticks(list(places), names(item))
    ax.bar(list(places), [kb * KB for kb in facts["in_ram_kb"]], 0.7, facecolor=style.GRID,
           edgecolor=style.LANE, linewidth=1)  # fmt: skip
    ends = {}
    for scale, (name, dash, marker) in SCALES.items():
        known = [(n, None if kb is None else kb * KB)
                 for n, kb in enumerate(facts["figures"][scale][last])]  # fmt: skip
        line(ax, known, kind="process", marker=marker, dash=dash, hollow=bool(origin(item)))
        ends[f"{name} at first"] = known[0][1]
    for name, y in _apart(ends).items():
        sheet.write(ax, -0.45, y + top * 0.045, name.split()[0], size=style.SMALL, ha="left")
    named(ax, len(places), {"grey: in RAM": top * 0.95})
    style.axis_title(ax, f"who has ended (one after another); lines: {last}")
    table = _table(item, last)
    said = [", ".join(map(" ".join, zip(table.columns, row, strict=True))) for row in table.rows]
    return Picture(figure, f"{title} {'. '.join(said)}.{_foot(item)}", table)


def _apart(ends: Mapping[str, float | None]) -> dict[str, float]:
    return {name: y for name, y in ends.items() if y is not None}


def _foot(item: Observation) -> str:
    return f" Hollow: {origin(item)}." if origin(item) else ""


def _table(item: Observation, last: str) -> Table:
    facts = item.facts
    rows = []
    for number, name in enumerate(names(item)):
        found = [facts["figures"][scale][last][number] for scale in SCALES]
        cells = [GONE if kb is None else in_kb(kb) for kb in (*found, facts["in_ram_kb"][number])]
        rows.append((name, *cells))
    heads = ("step", *(f"{name} of {last}" for name, *_ in SCALES.values()), "really in RAM")
    return Table(heads, tuple(rows))


def pair(seen: Mapping[str, Observation]) -> Picture:
    """Draw what came back with each end, in both runs."""
    words = {"wait": "children wait", "read": "children read all"}
    rows = [
        Amount(f"{words[do]}: {name} ends", max(kb, 0) * KB, recorded=origin(item))
        for do, item in seen.items()
        for name, kb in zip(item.facts["ends"], item.facts["back_kb"], strict=True)
    ]
    return amounts(rows, title="What came back to the machine, with each end?")


def skipping(facts: Mapping[int, Mapping[str, Any]]) -> str:
    """Say from which distance between two reads on fewer pages are copied than there are."""
    copied = {k: each["grew_mb"]["uss"] / each["objects_mb"] for k, each in facts.items()}
    least = min((k for k, share in copied.items() if share < 0.9), default=None)
    most = max((k for k, share in copied.items() if share >= 0.9), default=None)
    if least is None or most is None or most > least:
        return "These runs do not tell where it turns: try other distances."
    return (
        f"Reading one in {most:,} still copies all of it; one in {least:,} does not any more "
        f"({copied[least]:.0%} of it). Somewhere between lies the number of objects in a page."
    )
