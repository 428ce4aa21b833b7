"""The pictures of chapter 07, from observations."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from conclib.chapters.ch07_memory.sizes import KB, MB
from conclib.plots import Amount, Picture, Table, amounts, sheet, style
from conclib.results import Observation
from conclib.results.quantity import BYTES, COUNT

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Points = Sequence[tuple[float, float | None]]
BODY = 2.5  # inches
SCALES = {  # of the ladder: name, line, marker, whose it is
    "virtual": ("address space", "--", "o", "thread"),
    "kernel": ("kernel stack", "-", "D", "other"),
    "rss": ("resident", "-", "o", "thread"),
    "tables": ("page tables", "-", "s", "other"),
}


def origin(item: Observation) -> str:
    """Return where an observation comes from if not from here and now; else nothing."""
    return "" if item.source == "live" else item.origin


def line(
    ax: "Axes",
    points: Points,
    *,
    kind: str,
    marker: str = "o",
    dash: str = "-",
    hollow: bool = False,
) -> None:
    """Draw a line through the points that are known."""
    known = [(x, y) for x, y in points if y is not None]
    colour = style.KINDS[kind].colour
    ax.plot(
        [x for x, _ in known], [y for _, y in known], ls=dash, lw=1.8, marker=marker, ms=6,
        color=colour, mec=colour, mfc=style.PAPER if hollow else colour, clip_on=False,
    )  # fmt: skip


def named(ax: "Axes", x: float, names: Mapping[str, float | None], gap: float = 0.17) -> None:
    """Write each line's name behind its end, none on top of another."""
    known = {name: y for name, y in names.items() if y is not None}
    tall = ax.get_position().height * ax.figure.get_figheight()
    place = ax.transData.transform
    inches = [ax.transAxes.inverted().transform(place((x, y)))[1] * tall for y in known.values()]
    for name, at in zip(known, sheet.spread(inches, gap), strict=True):
        sheet.write(ax, 1.02, at / tall, name, size=style.SMALL, transform=ax.transAxes)


# Act 1 ------------------------------------------------------------------------------------------
def ladder(
    item: Observation, *, title: str = "Does one more thread cost more when there are many?"
) -> Picture:
    """Draw what each thread added, at each step of the ladder, on four scales.

    Args:
        item: what ``more_threads`` reported; ``title``: the question that the picture answers.
    """
    rows = item.facts["steps"]
    series = {name: [(row["threads"], _bytes(row[name])) for row in rows] for name in SCALES}
    known = [y for points in series.values() for _, y in points if y]
    figure, ax = sheet.sheet(title, BODY, left=0.85, right=1.75, foot=_foot(item))
    counts = [row["threads"] for row in rows]
    style.log_axis(ax, BYTES, *style.log_limits(known, 2.0), which="y")
    style.log_axis(ax, COUNT, min(counts) / 1.3, max(counts) * 1.3)
    style.axis_title(ax, "threads there are (log scale)")
    style.axis_title(ax, "for each one more (log scale)", "y")
    for name, (_, dash, marker, kind) in SCALES.items():
        line(ax, series[name], kind=kind, marker=marker, dash=dash, hollow=bool(origin(item)))
    ends = {words: series[name][-1][1] for name, (words, *_) in SCALES.items()}
    named(ax, counts[-1], {f"{name}, {BYTES.write(y)}": y for name, y in ends.items() if y})
    cells = [
        (f"{row['threads']:,}", *(_written(_bytes(row[name])) for name in SCALES)) for row in rows
    ]
    heads = ("threads", *(f"{words}, each" for words, *_ in SCALES.values()))
    said = [f"{row[0]} threads: " + ", ".join(map(": ".join, zip(heads[1:], row[1:], strict=True)))
            for row in cells]  # fmt: skip
    return Picture(figure, f"{title} {'. '.join(said)}.{_foot(item)}", Table(heads, tuple(cells)))


def _bytes(kb: float | None) -> float | None:
    return None if kb is None else kb * KB


def _written(value: float | None) -> str:
    return "not known" if value is None else BYTES.write(value)


def _foot(*items: Observation) -> str:
    found = sorted({origin(item) for item in items} - {""})
    return f" Hollow: {'; '.join(found)}." if found else ""


def two_panels(
    asked: Mapping[int, Observation],
    touched: Mapping[int, Observation],
    *,
    title: str = "What sets a thread's price: the stack it asks for, or what it touches?",
) -> Picture:
    """Draw a thread's memory over the stack's size, and beside it over what is touched.

    Args:
        asked: observations of untouched stacks, by size in kB; touched: by touched kB, of one size.
        title: the question that the picture answers.
    """
    width = sheet.page_width()
    half = (width - 1.9) / 2
    every = [*asked.values(), *touched.values()]
    figure, left = sheet.sheet(
        title, BODY, left=0.85, right=width - 0.85 - half, foot=_foot(*every)
    )
    box = left.get_position()
    right = figure.add_axes((1 - (0.15 + half) / width, box.y0, half / width, box.height))
    style.style_axes(right)
    _asked(left, asked)
    _touched(right, touched)
    rows = [_row(each) for each in every]
    heads = ("stack asked for", "touched", "reserved, each", "resident, each")
    said = [f"{size} asked for, {some} touched: {reserved} reserved, {there} resident"
            for size, some, reserved, there in rows]  # fmt: skip
    return Picture(figure, f"{title} {'. '.join(said)}.{_foot(*every)}", Table(heads, tuple(rows)))


def _asked(ax: "Axes", items: Mapping[int, Observation]) -> None:
    series = {
        name: [(kb * KB, item.facts["each_mb"][name] * MB) for kb, item in items.items()]
        for name in ("virtual", "rss")
    }
    style.log_axis(ax, BYTES, *style.log_limits([y for p in series.values() for _, y in p], 2.5),
                   which="y")  # fmt: skip
    style.log_axis(ax, BYTES, min(items) * KB / 2, max(items) * KB * 2)
    style.axis_title(ax, "stack asked for, untouched (log)")
    style.axis_title(ax, "memory of one thread (log)", "y")
    _both(ax, series, items)
    _above(ax, series["virtual"][0], "reserved")
    _above(ax, series["rss"][0], "resident")


def _above(ax: "Axes", point: tuple[float, float], text: str) -> None:
    """Write a line's name above a point of it, to the left where it rises."""
    tall = ax.get_position().height * ax.figure.get_figheight()
    x, y = ax.transAxes.inverted().transform(ax.transData.transform(point))
    at = y + 0.3 / tall
    sheet.write(ax, x - 0.03, at, text, size=style.SMALL, ha="left", transform=ax.transAxes)


def _touched(ax: "Axes", items: Mapping[int, Observation]) -> None:
    points = [(kb * KB, item.facts["each_mb"]["rss"] * MB) for kb, item in items.items()]
    top = max(y for _, y in points) * 1.1
    style.linear_axis(ax, BYTES, top, which="y", title="")
    most = max(x for x, _ in points)
    style.linear_axis(ax, BYTES, most * 1.1, title="touched, of one stack size")
    style.axis_title(ax, "", "y")
    _both(ax, {"rss": points}, items)
    ax.set_xticks([0, most / 2, most], [BYTES.plain(x) for x in (0, most / 2, most)])
    sheet.write(ax, 0.45, 0.6, "resident", size=style.SMALL, ha="right", transform=ax.transAxes)


def _both(ax: "Axes", series: Mapping[str, Points], items: Mapping[int, Observation]) -> None:
    hollow = any(origin(item) for item in items.values())
    for name, points in series.items():
        line(ax, points, kind="thread", dash=SCALES[name][1], hollow=hollow or name == "virtual")


def _row(item: Observation) -> tuple[str, ...]:
    each = item.facts["each_mb"]
    sizes = item.params["stack_kb"] * KB, item.params["touched_kb"] * KB
    found = each["virtual"] * MB, each["rss"] * MB
    return tuple(BYTES.write(number) for number in (*sizes, *found))


# The opening, and act 3 ---------------------------------------------------------------------------
def more_than_there_is(item: Observation) -> Picture:
    """Draw what all processes say they have, beside what the machine has."""
    facts, recorded, count = item.facts, origin(item), item.facts["processes"]
    added, there = facts["sum_mb"] * MB, facts["machine_mb"] * MB
    label = f"in memory, says the monitor: {count} processes, added"
    rows = [
        Amount(label, added, parts=count, recorded=recorded),
        Amount("what the machine has", there, kind="other", recorded=recorded),
    ]
    return amounts(rows, title="Do they have more memory than there is?")


def arms(
    items: Mapping[str, Observation],
    *,
    title: str = "How much memory did the child come to own, by reading?",
) -> Picture:
    """Draw how much memory became the child's own, in each of several runs.

    Args:
        items: observations by label; ``title``: the question that the picture answers.
    """
    rows = [
        Amount(label, max(item.facts["grew_mb"]["uss"], 0.0) * MB, recorded=origin(item))
        for label, item in items.items()
    ]
    return amounts(rows, title=title)


def every(items: Mapping[int, Observation], title: str = "Read fewer: copy fewer?") -> Picture:
    """Draw what was copied against how many objects are skipped.

    Args:
        items: observations of a list by ``every``; ``title``: the question that it answers.
    """
    points = [(k, max(item.facts["grew_mb"]["uss"], 0.0) * MB) for k, item in items.items()]
    naive = [(k, item.facts["objects_mb"] * MB / k) for k, item in items.items()]
    figure, ax = sheet.sheet(title, BODY, left=0.85, right=0.6, foot=_foot(*items.values()))
    top = max(y for _, y in [*points, *naive]) * 1.1
    style.linear_axis(ax, BYTES, top, which="y", title="the child's own, after it")
    style.log_axis(ax, COUNT, min(items) / 1.3, max(items) * 1.3)
    style.axis_title(ax, "one of so many is read (log scale)")
    line(ax, naive, kind="hidden", marker="None", dash=":")
    line(ax, points, kind="process", marker="s", hollow=any(map(origin, items.values())))
    middle = list(items)[len(items) // 2]
    sheet.write(ax, middle * 1.15, points[len(points) // 2][1], "measured", size=style.SMALL)
    only = "dotted: objects read"
    sheet.write(ax, min(items) * 9, top * 0.24, only, size=style.SMALL)
    cells = [(f"{k:,}", BYTES.write(y), BYTES.write(n))
             for (k, y), (_, n) in zip(points, naive, strict=True)]  # fmt: skip
    heads = ("one of so many", "copied", "objects read")
    said = [f"one in {k}: {copied} copied, {read} read" for k, copied, read in cells]
    return Picture(figure, f"{title} {'. '.join(said)}.{_foot(*items.values())}",
                   Table(heads, tuple(cells)))  # fmt: skip
