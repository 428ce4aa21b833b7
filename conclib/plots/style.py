"""The visual language of the course: one place for every colour, shape and axis.

The same thing has the same colour *and* the same shape in every chapter, so a picture still reads
in grey and for the colour-blind (the colours are those of Okabe and Ito). Text is black or blue:
no other colour here reaches the contrast of 4.5 to 1 that small text needs on white.

Nothing is set globally. Whoever draws asks for a style here and passes it on, and no picture
depends on what the student has done to ``rcParams``.
"""

import math
import os
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from conclib.results import quantity

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FONT = "DejaVu Sans"  # comes with matplotlib, so a picture looks alike everywhere
MONO = "DejaVu Sans Mono"
TITLE, BODY, SMALL = 11.0, 9.5, 8.5  # points

PAPER = "#FFFFFF"
INK = "#000000"
BLUE = "#0072B2"
TEXT_COLOURS = (INK, BLUE)
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
KINDS = {kind.name: kind for kind in (PROCESS, THREAD, TASK, OTHER)}


# Axes ----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Scale:
    """A logarithmic axis and how its numbers are written.

    Attributes:
        measured: writes a measured number, with three significant digits.
        plain: writes a round number: a tick, a guess, a textbook's figure.
        span: writes a measured range.
        title: what the axis is called.
        room: inches that a tick's text needs.
    """

    measured: Callable[[float], str]
    plain: Callable[[float], str]
    span: Callable[[float, float], str]
    title: str
    room: float

    def plain_span(self, low: float, high: float) -> str:
        """Write a range of round numbers, the unit once where it is the same."""
        first, second = self.plain(low), self.plain(high)
        same = first.split()[-1] == second.split()[-1] and " " in first
        return f"{first.split()[0]}–{second}" if same else f"{first} to {second}"


def plain_time(ns: float) -> str:
    """Write a round time without trailing zeros: ``plain_time(50_000)`` is ``'50 µs'``."""
    name, size = [
        item for item in quantity.TIME.units.items() if ns >= item[1] * 0.9995 or item[1] == 1
    ][-1]
    return f"{ns / size:.3g} {name}" if ns < 1e12 else f"{ns / size:,.0f} {name}"


def _ratio_span(low: float, high: float) -> str:
    return f"{quantity.RATIO.write(low)} to {quantity.RATIO.write(high)}"


TIME = Scale(quantity.TIME.write, plain_time, quantity.TIME.write_range, "time", 0.68)
RATIO = Scale(
    quantity.RATIO.write, quantity.RATIO.write, _ratio_span, "how many times as much", 0.45
)
SCALES = {"time": TIME, "ratio": RATIO}


def log_ticks(low: float, high: float, most: int = 9) -> list[float]:
    """Return at most ``most`` round numbers for a log axis: decades, or finer where few."""
    for steps in ((1,), (1, 2, 5), (1, 2, 3, 4, 5, 7)):
        decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
        ticks = [step * 10.0**power for power in decades for step in steps]
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


def log_axis(ax: "Axes", low: float, high: float, scale: Scale, which: str = "x") -> None:
    """Make one axis logarithmic from ``low`` to ``high``, its ticks written out in full."""
    from matplotlib.ticker import FixedFormatter, FixedLocator, NullLocator

    getattr(ax, f"set_{which}scale")("log")
    getattr(ax, f"set_{which}lim")(low, high)
    axis = getattr(ax, f"{which}axis")
    inches = getattr(ax.get_position(), "width" if which == "x" else "height")
    inches *= ax.figure.get_size_inches()[0 if which == "x" else 1]
    ticks = log_ticks(low, high, max(2, int(inches / (scale.room if which == "x" else 0.3))))
    axis.set_major_locator(FixedLocator(ticks))
    axis.set_major_formatter(FixedFormatter([scale.plain(tick) for tick in ticks]))
    axis.set_minor_locator(NullLocator())
    factors = {round(b / a, 2) for a, b in pairwise(ticks)}
    step = f"log scale: each step is ×{factors.pop():.0f}" if len(factors) == 1 else "log scale"
    axis_title(ax, f"{scale.title} ({step})", which)


def time_axis(ax: "Axes", low: float, high: float, which: str = "x") -> None:
    """Make one axis a log time axis from ``low`` to ``high`` ns, with ns, µs, ms, s written out."""
    log_axis(ax, low, high, TIME, which)


def linear_time_axis(ax: "Axes", top: float, which: str = "x") -> None:
    """Make one axis a linear time axis from 0 to ``top`` ns, in one unit for all its ticks."""
    from matplotlib.ticker import FixedFormatter, FixedLocator, MaxNLocator

    getattr(ax, f"set_{which}lim")(0, top)
    ticks = [
        tick for tick in MaxNLocator(6, steps=[1, 2, 5, 10]).tick_values(0, top) if 0 <= tick <= top
    ]
    axis = getattr(ax, f"{which}axis")
    axis.set_major_locator(FixedLocator(ticks))
    name, size = [
        item for item in quantity.TIME.units.items() if ticks[-1] >= item[1] or item[1] == 1
    ][-1]
    axis.set_major_formatter(FixedFormatter([f"{tick / size:g} {name}" for tick in ticks]))
    axis_title(ax, "time", which)


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


# For a room, and for tests -------------------------------------------------------------------
def on_stage(stage: bool | None = None) -> bool:
    """Return whether to size pictures for a room: as asked, else as ``CONCLIB_STAGE`` says."""
    return os.environ.get("CONCLIB_STAGE", "") not in ("", "0") if stage is None else stage


def luminance(colour: str) -> float:
    """Return the relative luminance of ``#RRGGBB``, from 0 (black) to 1 (white), as WCAG does."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts]
    return sum(share * x for share, x in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(colour: str, paper: str = PAPER) -> float:
    """Return the WCAG contrast of two colours, from 1 (none) to 21 (black on white)."""
    dark, light = sorted((luminance(colour), luminance(paper)))
    return (light + 0.05) / (dark + 0.05)


def grey(colour: str) -> int:
    """Return the grey, 0 to 255, that a colour becomes on a printer without colour."""
    value = luminance(colour)
    share = 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055
    return round(255 * share)
