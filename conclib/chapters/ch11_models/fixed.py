"""A scheduler with a fixed number of threads: how long do the hearts pause, reader by reader?"""

from typing import TYPE_CHECKING

from conclib.chapters.ch11_models import words
from conclib.lesson.showing.looked import origin
from conclib.plots import Picture, Table, sheet, style
from conclib.results import Observation
from conclib.results.quantity import TIME

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HEIGHT, ON_STAGE = 2.6, 2.2  # inches


def sentence(item: Observation) -> str:
    """Say where the cliff is, if there is one."""
    facts, threads = item.facts, words.threads(item.params["kernel_threads"])
    if facts["cliff"] == 0:
        return "The hearts stood still with no reader, too: others used the CPUs. Run it again."
    if facts["cliff"] is None:
        return f"With {threads} the hearts beat on with each number of readers that was tried."
    readers = f"{facts['cliff']} {'reader' if facts['cliff'] == 1 else 'readers'}"
    return f"With {threads} all hearts stand still from {readers} on."


def picture(item: Observation, *, title: str = "") -> Picture:
    """Draw the longest silence of the hearts against the number of readers.

    Args:
        item: an observation of ``scheduler_in_python``.
        title: the question that the picture answers; made from the threads if not given.
    """
    pauses, threads = item.facts["pauses_ns"], item.params["kernel_threads"]
    title = title or f"A scheduler with {words.threads(threads)}: when do the hearts pause?"
    foot = f"Dashed: as many readers as threads. {_from(item)}".strip()
    height = ON_STAGE if style.on_stage() else HEIGHT
    figure, ax = sheet.sheet(title, height, left=0.95, right=0.3, foot=foot)
    style.style_axes(ax, "y")
    style.linear_axis(ax, TIME, max(*pauses, item.facts["read_ns"]) * 1.08, which="y",
                      title="longest silence of a heart")  # fmt: skip
    ax.set_xlim(-0.4, len(pauses) - 0.6)
    ax.set_xticks(range(len(pauses)))
    style.axis_title(ax, "tasks that read, each inside a system call")
    _draw(ax, pauses, threads, hollow=bool(origin(item)))
    rows = tuple((str(n), TIME.write(each)) for n, each in enumerate(pauses))
    each = ", ".join(f"{n}: {text}" for n, text in rows)
    alt = f"{title} Longest silence by readers: {each}. {sentence(item)} {_from(item)}".strip()
    return Picture(figure, alt, Table(("readers", "longest silence of a heart"), rows))


def _draw(ax: "Axes", pauses: list[int], threads: int, *, hollow: bool) -> None:
    look = {"color": style.TASK.colour, "marker": style.TASK.marker, "ms": 8, "lw": 1.6}
    fill = style.PAPER if hollow else style.TASK.colour
    ax.plot(range(len(pauses)), pauses, mfc=fill, ls="-", clip_on=False, zorder=3, **look)
    ax.axvline(threads, color=style.INK, lw=1, ls=(0, (4, 3)), zorder=1)


def _from(item: Observation) -> str:
    return f"Hollow: {origin(item)}." if origin(item) else ""
