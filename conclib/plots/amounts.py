"""How much of something there is: bars from zero, one below the other, each with its value.

A bar has a length that can be compared by eye, so it begins at zero, and the axis is not
logarithmic: what is a thousandth of another is drawn as hardly anything, and that is the point.
What is only promised is an outline; what is really there is filled; what comes from a recording is
hatched, and says so.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conclib.plots import lettering, sheet, style
from conclib.plots.picture import Picture, Table
from conclib.plots.records import some
from conclib.results import arguments
from conclib.results.quantity import BYTES, Quantity

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ROW, BAR = 0.42, 0.26  # inches
HATCH = "///"
ROOM = 1.02  # of the axis, beyond the longest bar


@dataclass(frozen=True)
class Amount:
    """One bar.

    Attributes:
        label: its name; ``value``: its length in the quantity's stored unit, ``None`` where it is
            not known; ``note``: a few words behind the value.
        kind: whose it is, one of ``style.KINDS``: its colour.
        promised: an outline, because it is only promised.
        parts: of how many equal parts it is made, to be drawn so.
        recorded: where it was recorded; empty for a live one.
    """

    label: str
    value: float | None
    note: str = ""
    kind: str = "process"
    promised: bool = False
    parts: int = 1
    recorded: str = ""

    def __post_init__(self) -> None:
        arguments.choice("kind", self.kind, style.KINDS)
        if self.value is not None:
            arguments.number("value", self.value, 0, 1e18)

    def text(self, quantity: Quantity) -> str:
        """Return value and note in words."""
        value = "not known" if self.value is None else quantity.write(self.value)
        return " ".join(filter(None, [value, self.note]))


def amounts(
    rows: Sequence[Amount], *, title: str, quantity: Quantity = BYTES, foot: str = ""
) -> Picture:
    """Draw amounts of one quantity as bars.

    Args:
        rows: from top to bottom.
        title: the question that the picture answers.
        foot: small print below the axis.

    Raises:
        ValueError: no rows.
    """
    some("rows", rows)
    longest = max((row.value or 0.0 for row in rows), default=0.0) or 1.0
    behind = max(lettering.text_width(row.text(quantity)) for row in rows) + 0.15
    drawn = [sheet.Row(row.label, ROW, _painter(row, quantity)) for row in rows]
    figure, _ = sheet.stack(
        title, drawn, lambda ax: style.linear_axis(ax, quantity, longest * ROOM),
        right=min(behind, sheet.page_width() / 2.5), foot=f"{foot} {_from(rows)}".strip(),
    )  # fmt: skip
    said = [f"{row.label}: {row.text(quantity)}{_origin(row)}." for row in rows]
    cells = tuple((row.label, row.text(quantity), row.recorded or "live") for row in rows)
    return Picture(figure, " ".join([title, *said]), Table(("", "how much", "source"), cells))


def _painter(row: Amount, quantity: Quantity) -> Callable[["Axes", float], None]:
    def paint(ax: "Axes", y: float) -> None:
        colour, value = style.KINDS[row.kind].colour, row.value or 0.0
        outline = row.promised or bool(row.recorded)
        each = value / row.parts
        for part in range(row.parts):
            ax.barh(
                y, each, BAR, left=part * each, facecolor=style.PAPER if outline else colour,
                edgecolor=style.PAPER if row.parts > 1 and not outline else colour,
                linewidth=0.4 if row.parts > 1 else 1.2, hatch=HATCH if row.recorded else None,
                linestyle="--" if row.promised else "-", clip_on=False,
            )  # fmt: skip
        place = value / ax.get_xlim()[1] + 0.07 / sheet.axes_width(ax)
        sheet.write(ax, place, y, row.text(quantity), transform=ax.get_yaxis_transform())

    return paint


def _origin(row: Amount) -> str:
    return f" ({row.recorded})" if row.recorded else ""


def _from(rows: Sequence[Amount]) -> str:
    found = sorted({row.recorded for row in rows if row.recorded})
    return f"Hatched: {'; '.join(found)}." if found else ""
