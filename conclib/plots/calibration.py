"""How past predictions did: how wide each range was, and how far off, in decades.

A good guesser is honest: a range wide enough to be right most of the time, and no wider. So both
are shown, and neither is a mark.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from conclib.plots import lettering, marks, sheet, style
from conclib.plots.picture import Picture, Table
from conclib.plots.records import Guessed, Range, some
from conclib.results.quantity import RATIO

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ROW = 0.4  # inches
FAR = 1e9  # times what was measured; a range that goes beyond is drawn up to there


def calibration(
    history: Sequence[Guessed],
    *,
    title: str = "How wide were your predictions, and how far off?",
) -> Picture:
    """Draw each past prediction as a bracket around what was then measured.

    Args:
        history: past predictions, oldest first.
        title: the question that the picture answers.

    Raises:
        ValueError: no predictions.
    """
    some("history", history)
    rows = [sheet.Row(item.label, ROW, _past(item)) for item in history]
    ends = [end for item in history for end in _relative(item)]
    low, high = style.log_limits([*ends, 0.1, 10.0], room=1.3)
    right = max(lettering.text_width(_score(item), style.SMALL) for item in history) + 0.25
    figure, ax = sheet.stack(
        title, rows, lambda ax: style.log_axis(ax, RATIO, low, high), right=right
    )
    style.axis_title(ax, "your range, as a multiple of what was measured (the black line)")
    ax.plot([1, 1], [0, ax.get_ylim()[0]], color=style.INK, lw=1.6, ls="-", marker="None")
    alt = " ".join([title, *(f"{item.label}: {_score(item)}." for item in history)])
    rows = tuple((i.label, f"{i.width:.1f}", f"{i.distance:.1f}") for i in history)
    return Picture(figure, alt, Table(("", "width in decades", "distance in decades"), rows))


def _score(item: Guessed) -> str:
    off = f"off by {item.distance:.1f}" if item.distance else "hit"
    return f"{item.width:.1f} decades wide, {off}"


def _relative(item: Guessed) -> tuple[float, float]:
    """Return the ends of a range as multiples of what was measured, as far as they are drawn."""
    low, high = (min(max(end / item.measured, 1 / FAR), FAR) for end in (item.low, item.high))
    return low, high


def _past(item: Guessed) -> Callable[["Axes", float], None]:
    def paint(ax: "Axes", y: float) -> None:
        ends = Range(*_relative(item), item.label)
        marks.bracket_line(ax, y - 0.06, ends)
        place = 1 + 0.12 / sheet.axes_width(ax)
        sheet.write(ax, place, y, _score(item), size=style.SMALL, ha="left",
                    transform=ax.get_yaxis_transform())  # fmt: skip

    return paint
