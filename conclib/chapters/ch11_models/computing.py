"""Tasks that compute: the CPU time of each thread of Linux, program by program.

A bar is as long as the number of CPUs that a program kept busy: the CPU time of its threads,
divided by the time that passed. Each piece of it is one thread.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from conclib.chapters.ch11_models import words
from conclib.lesson.showing.looked import origin
from conclib.plots import Picture, Table, lettering, sheet, style
from conclib.results import Observation

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TITLE = "Four tasks compute: how many CPUs are kept busy?"
FOOT = "A piece of a bar: one thread of Linux, its CPU time divided by the time that passed."
ROW, BAR, SEAM = 0.44, 0.26, 1.4  # inches; points between two pieces
AXIS = "CPUs kept busy"
HATCH = "///"
CROWDED = "Others used the CPUs as well: some bars would be longer on a quiet machine."
MUCH = 0.4  # CPUs that were wanted and not got


def picture(seen: Mapping[str, Observation], *, title: str = TITLE) -> Picture:
    """Draw how many CPUs each program kept busy, up to as many as it may use.

    Args:
        seen: observations of ``computing_tasks``, each with the name of its bar.
        title: the question that the picture answers.
    """
    there = max(item.facts["cpus"] for item in seen.values())
    longest = max([there, *(item.facts["cores"] for item in seen.values())])
    rows = [sheet.Row(label, ROW, _painter(item)) for label, item in seen.items()]
    right = 0.2 + max(lettering.text_width(said(item)) for item in seen.values())
    feet = sorted({origin(item) for item in seen.values()} - {""})
    foot = f"{FOOT} Dashed: CPUs that it may use."
    foot += f" Hatched: {'; '.join(feet)}." if feet else ""
    foot += f" {CROWDED}" if any(map(crowded, seen.values())) else ""

    def prepare(ax: "Axes") -> None:
        ax.set_xlim(0, longest * 1.02)
        ax.set_xticks(_ticks(longest))
        style.axis_title(ax, AXIS)
        ax.axvline(there, color=style.INK, lw=1, ls=(0, (4, 3)), zorder=1)

    figure, _ = sheet.stack(title, rows, prepare, right=right, foot=foot)
    each = " ".join(f"{label}: {said(item)}." for label, item in seen.items())
    table = Table(("program", AXIS, "threads at work", "source"), tuple(
        (label, words.number(item.facts["cores"]), str(len(shares(item))), item.origin)
        for label, item in seen.items()
    ))  # fmt: skip
    return Picture(figure, f"{title} {AXIS}, of {there}: {each} {foot}", table)


def shares(item: Observation) -> list[float]:
    """Return how many CPUs each thread that worked kept busy, the busiest first."""
    took = item.facts["took_ns"]
    return [each["cpu_ns"] / took for each in item.facts["threads"]][: item.facts["busy"]]


def crowded(item: Observation) -> bool:
    """Whether threads that were ready to run got clearly less of the CPUs than there is."""
    facts = item.facts
    wanted = min(facts["runnable"] or 0.0, facts["cpus"])
    return bool(wanted - facts["cores"] > MUCH)


def said(item: Observation) -> str:
    """Say how many CPUs a program kept busy, by how many threads."""
    at_work = words.threads(item.facts["busy"])
    return f"{words.number(item.facts['cores'])}, by {at_work}"


def _ticks(longest: float) -> list[int]:
    """Return whole numbers of CPUs, at most nine."""
    step = int(longest // 8) + 1
    return list(range(0, int(longest) + 1, step))


def _painter(item: Observation) -> Callable[["Axes", float], None]:
    recorded = bool(origin(item))
    colour = style.THREAD.colour

    def paint(ax: "Axes", y: float) -> None:
        reached = 0.0
        for share in shares(item):
            ax.barh(y, share, BAR, left=reached, facecolor=style.PAPER if recorded else colour,
                    edgecolor=colour if recorded else style.PAPER, linewidth=SEAM,
                    hatch=HATCH if recorded else None, clip_on=False, zorder=2)  # fmt: skip
            reached += share
        place = 1 + 0.1 / sheet.axes_width(ax)
        sheet.write(ax, place, y, said(item), transform=ax.get_yaxis_transform())

    return paint
