"""Where is "a hundred times" true? The parent's size at which a fork costs so many threads.

A ratio that depends on the parent is no constant: it is a curve, and the textbook's number is one
point on it. Between two measured sizes the cost is taken to rise in a straight line. Each ratio has
its interval, so the size has one too: from where the highest ratios allowed reach the number to
where the lowest do.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from conclib.lesson.showing.shown import Shown, paragraphs, show, table_html, table_text
from conclib.results import Measurement, Measurements, arguments, shapes, statistics
from conclib.results.axis import Axis
from conclib.results.estimate import Estimate
from conclib.results.quantity import RATIO
from conclib.results.shapes import Crossover
from conclib.results.tables import folded

Ratios = Sequence[tuple[float, Estimate]]  # by the parent's memory in MB
Row = tuple[str, str, str]
HEAD: Row = ("parent's memory", "cost", "in threads")
COULD_BEND = (
    "What could bend the line on the way: the parent's lists of pages outgrow the CPU's caches, "
    "the machine runs out of memory and begins to swap, or a part of the memory comes in huge, "
    "shared or file-backed pages, for which fork pays next to nothing."
)


@dataclass(frozen=True, repr=False)
class Crossing(Shown):
    """The ratio at each size, and the size at which it reaches what was asked.

    Attributes:
        times: the ratio asked about.
        found: at which parent's memory it is reached, in MB, and between which the intervals
            allow it; ``None`` if that cannot be said from what was measured.
        sentence: the same in words.
        table: a row ``(size, cost, ratio)`` for each measured size.
    """

    times: float
    found: Crossover | None
    sentence: str
    table: tuple[Row, ...]

    def text(self) -> str:
        """Return sentence and table."""
        return f"{self.sentence}\n\n{table_text([HEAD, *self.table])}"

    def html(self) -> str:
        """Return the same for a page."""
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
    ratios = [(x, each.ratio(unit.estimate)) for x, each in sizes.curve]
    rows = tuple(
        (f"{varied.write(x)} more", item.net_text, _written(ratio))
        for (x, item), (_, ratio) in zip(sizes.points, ratios, strict=True)
    )
    known = [(x, ratio) for x, ratio in ratios if ratio.value is not None]
    found = crossing(known, times)
    return show(Crossing(times, found, sentence(known, found, times, varied), rows))


def _written(ratio: Estimate) -> str:
    return "not resolved" if ratio.value is None else RATIO.write(ratio.value)


def _goal(times: float) -> Estimate:
    return Estimate(times, (times, times), RATIO)


def crossing(ratios: Ratios, times: float) -> Crossover | None:
    """Return where ratios that rise reach ``times``, as far as their intervals allow.

    Those without an interval are left out.
    """
    judged = [(x, ratio) for x, ratio in ratios if ratio.interval is not None]
    if not shapes.measured(judged).rises:
        return None
    return shapes.crossover(judged, [(x, _goal(times)) for x, _ in judged])


def sentence(ratios: Ratios, found: Crossover | None, times: float, axis: Axis) -> str:
    """Say where a ratio holds, with a branch for each way in which it does or does not.

    Args:
        ratios: those that could be resolved, by size.
        found: where they reach ``times``; ``axis``: of their sizes.
    """
    asked = f"{times:,.0f} times"
    if not ratios:
        return "Nothing can be said: one of the two is below resolution here."
    words = {ratio.compare(_goal(times)) for _, ratio in ratios}
    if "unresolved" in words and found is None:
        return f"Nothing can be said of {asked}: a ratio has no interval. Measure for longer."
    if words == {"higher"}:
        return f"{asked} is too little here: even the smallest parent measured pays more."
    if words == {"lower"}:
        return f"{asked} is too much here, for every parent measured. {beyond(ratios, times, axis)}"
    if found is None:
        return f"The ratio does not rise steadily here, so no size can be named for {asked}."
    return _between(asked, found, axis)


def _between(asked: str, found: Crossover, axis: Axis) -> str:
    """Say at which size a ratio is reached, or that the intervals allow too many."""
    low = axis.write(found.low) if found.low is not None else "the smallest measured"
    high = axis.write(found.high) if found.high is not None else "beyond the largest measured"
    if found.at is None or not _single(found):
        return (
            f"No single size can be named for {asked}: the intervals allow it anywhere from "
            f"{low} to {high}. Sizes closer together, or measured for longer, would tell more."
        )
    return (
        f"Exactly {asked} is true here of one parent only: one that has touched about "
        f"{axis.write(found.at)} more than a bare Python (the intervals allow {low} to {high}). "
        "Smaller parents fork for less, bigger ones pay more."
    )


def _single(found: Crossover) -> bool:
    """Tell whether the sizes that the intervals allow lie close enough to be called one."""
    if found.low is None or found.high is None:
        return False
    return Estimate(found.at, (found.low, found.high)).state == "clear"


def beyond(ratios: Ratios, times: float, axis: Axis) -> str:
    """Say how far beyond what was measured a ratio would be reached, and what could bend the line.

    It goes on as the straight line through all sizes; where that does not rise, no size is named.
    """
    shape, largest = shapes.measured(ratios), axis.values[-1]
    if not shape.rises or shape.word == shapes.SATURATION:
        return "It does not go on rising here, so a bigger one need not reach it either."
    start, slope = statistics.line([(x, ratio.value) for x, ratio in ratios])
    size = (times - start) / slope if slope > 0 else 0.0
    if size <= largest:
        return "A bigger one may reach it."
    return (
        f"If it goes on in a straight line, one with about {axis.write(size)} more reaches it: "
        f"{RATIO.write(size / largest)} the largest measured. {COULD_BEND}"
    )
