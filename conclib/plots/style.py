"""The visual language of the course: one place for every colour, shape and axis.

The same thing has the same colour *and* the same shape in every chapter, so a picture still reads
in grey and for the colour-blind (the colours are those of Okabe and Ito). Text is black or blue:
no other colour here reaches the contrast of 4.5 to 1 that small text needs on white.

Nothing is set globally. Whoever draws asks for a style here and passes it on, and no picture
depends on what the student has done to ``rcParams``.
"""

import math
import os
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from conclib.results.quantity import Quantity

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FONT = "DejaVu Sans"  # comes with matplotlib, so a picture looks alike everywhere
MONO = "DejaVu Sans Mono"
TITLE, BODY, SMALL = 11.0, 9.5, 8.5  # points
LETTER = 0.08  # inches for a letter of BODY size, about

PAPER = "#FFFFFF"
INK = "#000000"
BLUE = "#0072B2"
GRID = "#DDDDDD"
LANE = "#767676"  # lines and bars that must not tell what they stand for

PREDICTION = "#CC79A7"  # the student's own guess: always a bracket
TEXTBOOK = "#8C8C8C"  # the textbook's band: always hatched
TEXTBOOK_HATCH = "////"
CITED = INK  # a published figure: a small tick with its year
FAULT = INK  # a crash: a vertical line with a cross (red beside vermilion is not told apart)


@dataclass(frozen=True)
class Kind:
    """How one kind of task is drawn.

    Attributes:
        name: ``"process"``, ``"thread"``, ``"task"`` or ``"other"``.
        colour: its colour as ``#RRGGBB``.
        marker: its shape, in matplotlib's letters.
        shape: its shape in words, as scenes and captions name it.
    """

    name: str
    colour: str
    marker: str
    shape: str


PROCESS = Kind("process", BLUE, "s", "square")
THREAD = Kind("thread", "#D55E00", "o", "circle")
TASK = Kind("task", "#009E73", "^", "triangle")
OTHER = Kind("other", "#444444", "D", "diamond")
HIDDEN = Kind("hidden", LANE, "|", "bar")  # must not tell what it stands for
KINDS = {kind.name: kind for kind in (PROCESS, THREAD, TASK, OTHER, HIDDEN)}


# Axes ----------------------------------------------------------------------------------------
def log_ticks(quantity: Quantity, low: float, high: float, most: int = 9) -> list[float]:
    """Return at most ``most`` round numbers for a log axis: decades, or finer where few."""
    for steps in ((1,), (1, 2, 5), (1, 2, 3, 4, 5, 7)):
        ticks = [step * decade for decade in quantity.decades(low, high * 1.0001) for step in steps]
        ticks = [tick for tick in ticks if low <= tick * 1.0001 and tick <= high * 1.0001]
        if len(ticks) >= 3:
            break
    return ticks[:: math.ceil(len(ticks) / most)]


def log_limits(values: list[float], room: float = 1.6) -> tuple[float, float]:
    """Return limits around positive values, at least a factor of four apart."""
    values = values or [1.0, 1000.0]  # nothing above zero was measured: any axis will do
    low, high = min(values) / room, max(values) * room
    widen = max(1.0, math.sqrt(4 * low / high))
    return low / widen, high * widen


def log_axis(ax: "Axes", quantity: Quantity, low: float, high: float, *, which: str = "x") -> None:
    """Make one axis logarithmic from ``low`` to ``high``, its ticks written out in full."""
    getattr(ax, f"set_{which}scale")("log")
    getattr(ax, f"set_{which}lim")(low, high)
    letters = max(len(quantity.plain(tick)) for tick in log_ticks(quantity, low, high))
    room = 0.2 + LETTER * letters if which == "x" else 0.3
    ticks = log_ticks(quantity, low, high, max(2, int(_inches(ax, which) / room)))
    _write_ticks(ax, which, ticks, [quantity.plain(tick) for tick in ticks])
    factors = {round(b / a, 2) for a, b in pairwise(ticks)}
    step = f": each step is ×{factors.pop():.0f}" if len(factors) == 1 and which == "x" else ""
    axis_title(ax, f"{quantity.axis} (log scale{step})", which)


def linear_axis(
    ax: "Axes", quantity: Quantity, top: float, *, which: str = "x", title: str = ""
) -> None:
    """Make one axis linear from 0 to ``top``, in one unit for all its ticks."""
    from matplotlib.ticker import MaxNLocator

    getattr(ax, f"set_{which}lim")(0, top)
    unit, size = quantity.best_unit(top)
    places = MaxNLocator(6, steps=[1, 2, 5, 10]).tick_values(0, top / size)
    ticks = [place * size for place in places if 0 <= place <= top / size]
    _write_ticks(ax, which, ticks, [quantity.plain(tick, unit) for tick in ticks])
    better = " (more is better)" if quantity.more_is_better else ""
    axis_title(ax, title or f"{quantity.axis}{better}", which)


def _inches(ax: "Axes", which: str) -> float:
    width, height = ax.figure.get_size_inches()
    box = ax.get_position()
    return box.width * width if which == "x" else box.height * height


def _write_ticks(ax: "Axes", which: str, ticks: list[float], texts: list[str]) -> None:
    from matplotlib.ticker import FixedFormatter, FixedLocator, NullLocator

    axis = getattr(ax, f"{which}axis")
    axis.set_major_locator(FixedLocator(ticks))
    axis.set_major_formatter(FixedFormatter(texts))
    axis.set_minor_locator(NullLocator())


def axis_title(ax: "Axes", text: str, which: str = "x") -> None:
    """Name one axis, in the course's font."""
    getattr(ax, f"set_{which}label")(text, fontfamily=FONT, fontsize=BODY, color=INK)


def style_axes(ax: "Axes", grid: str = "x") -> None:
    """Give an Axes the course's look, whatever the student's own settings are."""
    ax.set_facecolor(PAPER)
    ax.grid(False)
    if grid:
        ax.grid(True, axis=grid, which="major", color=GRID, linewidth=0.8, linestyle="-", alpha=1)
    ax.set_axisbelow(True)
    for side, spine in ax.spines.items():
        spine.set(visible=side in ("bottom", "left"), color=INK, linewidth=0.8)
    ax.tick_params(
        which="both", colors=INK, labelsize=BODY, labelfontfamily=FONT, length=3.5, width=0.8,
        pad=3.5, direction="out", top=False, right=False, labeltop=False, labelright=False,
        bottom=True, labelbottom=True, left=True, labelleft=True,
    )  # fmt: skip


# For a room ----------------------------------------------------------------------------------
def on_stage() -> bool:
    """Return whether to size pictures for a room, as the environment variable says."""
    return os.environ.get("CONCLIB_STAGE", "") not in ("", "0")
