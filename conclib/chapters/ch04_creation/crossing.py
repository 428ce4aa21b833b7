"""Where is "a hundred times" true? The parent's size at which a fork costs so many threads.

A ratio that depends on the parent is no constant: it is a curve, and the textbook's number is one
point on it. Between two measured sizes the cost is taken to rise in a straight line.
"""

from dataclasses import dataclass
from itertools import pairwise

from conclib.lesson.showing.shown import Shown, show, table_html, table_text
from conclib.results import Measurement, Measurements, arguments
from conclib.results.quantity import RATIO
from conclib.results.tables import folded

Row = tuple[str, str, str]
HEAD: Row = ("parent's memory", "cost", "in threads")


@dataclass(frozen=True, repr=False)
class Crossing(Shown):
    """The ratio at each size, and the size at which it reaches what was asked.

    Attributes:
        times: the ratio asked about.
        size_mb: the parent's memory at which it is reached, in MB; ``None`` if not within what
            was measured.
        sentence: the same in words.
        table: a row ``(size, cost, ratio)`` for each measured size.
    """

    times: float
    size_mb: float | None
    sentence: str
    table: tuple[Row, ...]

    def text(self) -> str:
        """Return sentence and table."""
        return f"{self.sentence}\n\n{table_text([HEAD, *self.table])}"

    def html(self) -> str:
        """Return the same for a page."""
        from conclib.lesson.showing.shown import paragraphs

        return paragraphs(self.sentence) + folded("Size by size", table_html([HEAD, *self.table]))


def where_true(sizes: Measurements, unit: Measurement, *, times: float = 100) -> Crossing:
    """Say from which parent's size on one costs ``times`` the other.

    Args:
        sizes: a sweep over ``ballast_mb``.
        unit: what it is compared with, a thread say.
        times: the ratio asked about, 1 to 1,000,000.

    Raises:
        TypeError, ValueError: no sweep over the parent's size, or no measurement.
    """
    varied = sizes.varied if isinstance(sizes, Measurements) else None
    if varied is None or varied.name != "ballast_mb":
        raise TypeError("sizes: must be what cl.sweep(..., ballast_mb=[...]) gave")
    if not isinstance(unit, Measurement):
        raise TypeError(f"unit={type(unit).__name__}: must be one measurement")
    arguments.number("times", times, 1, 1e6)
    points = [(float(label), item.net / unit.net) for label, item in sizes.items()
              if item.net and unit.net]  # fmt: skip
    size = crossing(points, times)
    rows = tuple(
        (f"{label} MB more", item.net_text,
         RATIO.write(item.net / unit.net) if item.net and unit.net else "not resolved")
        for label, item in sizes.items()
    )  # fmt: skip
    return show(Crossing(times, size, sentence(points, size, times), rows))


def crossing(points: list[tuple[float, float]], times: float) -> float | None:
    """Return where a line through ``points`` first reaches ``times``; ``None`` if it does not."""
    ordered = sorted(points)
    for (x0, y0), (x1, y1) in pairwise(ordered):
        if y0 <= times <= y1 and y1 > y0:
            return x0 + (x1 - x0) * (times - y0) / (y1 - y0)
    return None


def sentence(points: list[tuple[float, float]], size: float | None, times: float) -> str:
    """Say where the ratio holds; a branch each for inside, above, below and nothing measured."""
    if not points:
        return "Nothing can be said: one of the two is below resolution here."
    asked = f"{times:,.0f} times"
    if size is not None:
        return (
            f"{asked} is true here of one parent only: one that has touched about {size:.0f} MB "
            "more than a bare Python. Smaller parents fork for less, bigger ones pay more."
        )
    if all(ratio > times for _, ratio in points):
        return f"{asked} is too little here: even the smallest parent measured pays more."
    if all(ratio < times for _, ratio in points):
        return f"{asked} is too much here, for every parent measured. A bigger one may reach it."
    return f"The ratio does not rise steadily here, so no size can be named for {asked}."
