"""Exploring a sweep that was measured: what does the line through its points say elsewhere?

Nothing is measured here. The slider moves along the line (the median of the slopes between all
pairs of points, as in the picture), and the sentence says how far the nearest measured point lies
from it.
"""

from dataclasses import dataclass
from typing import Any

from conclib.plots import Picture, curve, style
from conclib.results import Measurement, Measurements, statistics
from conclib.results.axis import Axis
from conclib.widgets import controls, parts, pictures


@dataclass(frozen=True)
class Line:
    """The line through a sweep: its results against what was varied."""

    axis: Axis
    start: float
    slope: float
    points: tuple[tuple[float, Measurement], ...]

    @classmethod
    def through(cls, result: Measurements) -> "Line":
        """Return the line through a sweep's points.

        Raises:
            TypeError: no sweep. ValueError: fewer than two points above their baselines.
        """
        if not isinstance(result, Measurements) or result.varied is None:
            raise TypeError(f"measurements={type(result).__name__}: must be what cl.sweep gave")
        known = [(x, item.net) for x, item in result.points if item.net is not None]
        if len({x for x, _ in known}) < 2:
            raise ValueError("measurements: two points or more above their baselines are needed")
        return cls(result.varied, *statistics.line(known), tuple(result.points))

    def at(self, x: float) -> float:
        """Return what the line says for ``x``; not below zero."""
        return max(self.start + self.slope * x, 0.0)

    def text(self, x: float) -> str:
        """Return the same as a person would write it."""
        return self.points[0][1].quantity.write(self.at(x))

    def nearest(self, x: float) -> tuple[float, Measurement]:
        """Return the measured point that is nearest to ``x``."""
        return min(self.points, key=lambda point: abs(point[0] - x))

    def sentence(self, x: float) -> str:
        """Say what the line predicts, and what was measured nearest to it."""
        place, item = self.nearest(x)
        expected = f"At {self.axis.write(x)} the line says {self.text(x)}."
        measured = f"{self.axis.write(place)}, {item.net_text}"
        if item.net is None:
            return f"{expected} Nearest measured: {measured}."
        measured += f" ({item.interval_text})"
        if item.net_interval is None:
            return f"{expected} Nearest measured: {measured}."
        fits = "fits it" if item.estimate.holds(self.at(place)) else "does not fit it"
        there = "" if place == x else f", where the line says {self.text(place)}"
        return f"{expected} Nearest measured: {measured}{there}. That point {fits}."


def explore(measurements: Measurements) -> "Explorer":
    """Show a slider along a sweep that was measured: what the line says, and what was measured.

    Args:
        measurements: what ``cl.sweep(...)`` gave.

    Raises:
        TypeError, ValueError: no sweep, or one through which no line can be drawn.
    """
    return Explorer(measurements)


class Explorer(parts.Shell):
    """A slider, a sentence, and the picture of the sweep with the place marked."""

    def __init__(self, result: Measurements) -> None:
        self.line, self.result = Line.through(result), result
        axis = self.line.axis
        self.sentence = f"Explorer of a sweep over {axis.name}: move the slider."
        low, high = axis.values[0], axis.values[-1]
        control = controls.Control(
            axis.name, axis.text, "slider", "a value between the measured ones",
            low, high, max(1, (high - low) // controls.STEPS),
        )  # fmt: skip
        self.place = (low + high) // 2
        self.slider = controls.make(control, self.place, self._moved)
        self.message, self.plot = parts.html(), parts.html()
        self.box = parts.form(axis.text, [self.slider, self.message, self.plot])
        self.show(self.place)

    def _moved(self, _name: str, value: Any) -> None:
        self.show(value)

    def show(self, place: int) -> None:
        """Move to a place on the axis."""
        self.place = place
        self.message.value = parts.paragraph(self.line.sentence(place))
        self.plot.value = pictures.image(self.picture())

    def picture(self) -> Picture:
        """Return the sweep's picture with a mark where the slider stands."""
        drawn = curve(self.result)
        ax = drawn.figure.axes[0]
        ax.axvline(self.place, color=style.INK, lw=1, ls=":")
        ax.plot([self.place], [self.line.at(self.place)], marker="x", ms=9, mew=2, ls="None",
                color=style.INK)  # fmt: skip
        return Picture(drawn.figure, f"{self.line.sentence(self.place)} {drawn.alt}")
