"""Drawing the curve one expects, with mouse or keyboard: five heights, or a curve from a list.

The numbers are heights from 0 to 1, left to right, as ``cl.predict(id, shape=[...])`` takes them.
Where the heights are exactly those of a curve in the list, its name is the prediction.
"""

from collections.abc import Sequence
from typing import Any

import ipywidgets

from conclib.lesson import texts
from conclib.lesson.judging import findings
from conclib.lesson.predicting.forms import POINTS
from conclib.plots import Picture, lettering, sheet, style
from conclib.widgets import keeping, parts, pictures

CURVES = {
    findings.FLAT: (0.1, 0.1, 0.1, 0.1, 0.1),
    findings.GENTLE: (0.05, 0.15, 0.2, 0.3, 0.35),
    findings.STEEP: (0.0, 0.25, 0.5, 0.75, 1.0),
}
OWN = "your own: move the sliders"
STEP = 0.05
TITLE = "Your curve"
BESIDE = 1.05  # inches right of the axes


def draw_shape(prediction_id: str) -> "Drawing":
    """Draw the curve that you expect, and keep it as your prediction.

    The same in code is ``cl.predict(prediction_id, shape=...)``.

    Args:
        prediction_id: which prediction; it must be one of a curve's shape.

    Raises:
        TypeError, ValueError: no such prediction, or one of another form.
    """
    return Drawing(prediction_id)


def shape_of(heights: Sequence[float], names: Sequence[str]) -> str | list[float]:
    """Return the name of the curve with these heights if ``names`` has it, else the heights."""
    rounded = tuple(round(height, 2) for height in heights)
    for name in names:
        if CURVES.get(name) == rounded:
            return name
    return list(rounded)


def picture(heights: Sequence[float], ends: Sequence[str], guide: str = "") -> Picture:
    """Draw five heights as a curve on empty paper.

    Args:
        heights: from 0 to 1, left to right.
        ends: what the least and the most of what is varied are called.
        guide: the name of the guide's line, drawn from corner to corner; without it no line.
    """
    figure = sheet.new_figure(4.4, 2.0)
    ax = figure.add_axes((0.13, 0.14, 0.62, 0.78))
    style.style_axes(ax, grid="")
    ax.set_xlim(-0.03, 1.03)
    ax.set_ylim(-0.05, 1.05)
    xs = [place / (len(heights) - 1) for place in range(len(heights))]
    if guide:
        ax.plot([0, 1], [0, 1], color=style.INK, lw=1, ls=(0, (4, 3)))
        sheet.write(ax, 1.05, 1.0, "\n".join(lettering.fit(guide, BESIDE, 2)), ha="left")
    ax.plot(xs, heights, color=style.PREDICTION, lw=4, marker="o", ms=7, clip_on=False)
    ax.set_xticks([0, 1], ends)
    ax.set_yticks([0, 1], ["low", "high"])
    said = ", ".join(f"{height:g}" for height in heights)
    where = f"{TITLE}, from {ends[0]} to {ends[1]}"
    return Picture(figure, f"{where}: five heights, {said}, between 0 and 1.")


class Drawing(keeping.Keeper):
    """Five sliders, a list of curves and a picture that follows them."""

    def __init__(self, id: str) -> None:
        entry = keeping.question(id, ["shape"])
        self.curve = texts.entry("curves", entry["curve"])
        self.names = [name for name in entry["options"] if name in CURVES]
        self.chosen, self._following = False, False
        self.list = ipywidgets.Dropdown(
            options=[OWN, *self.names],
            description="curve",
            tooltip="a curve from the list",
            style={"description_width": "initial"},
        )
        points = [self._point(number) for number in range(1, POINTS + 1)]
        self.numbers = [number for number, _ in points]
        self.plot = parts.html()
        columns = [ipywidgets.VBox(pair, layout={"align_items": "center"}) for pair in points]
        row = ipywidgets.HBox([*columns, self.plot], layout={**parts.ROW, "grid_gap": "2px 4px"})
        self.list.observe(self._listed, names="value")
        super().__init__(id, entry, [self.list, row])

    def _point(self, number: int) -> tuple[Any, Any]:
        box = ipywidgets.BoundedFloatText(
            value=0.5, min=0, max=1, step=STEP, description=f"{number}",
            tooltip=f"height of point {number}, 0 to 1", style={"description_width": "initial"},
            layout={"width": "5.6em"},
        )  # fmt: skip
        slider = ipywidgets.FloatSlider(
            value=0.5, min=0, max=1, step=STEP, orientation="vertical", readout=False,
            tooltip=f"height of point {number}", layout={"height": "9em"},
        )  # fmt: skip
        ipywidgets.link((box, "value"), (slider, "value"))
        box.observe(self._moved, names="value")
        return box, slider

    @property
    def heights(self) -> tuple[float, ...]:
        """The five heights as they stand now."""
        return tuple(round(number.value, 2) for number in self.numbers)

    @property
    def shape(self) -> str | list[float]:
        """The curve's name if the list has it, else its heights."""
        return shape_of(self.heights, self.names)

    def given(self) -> tuple[tuple, dict[str, Any]]:
        """Return what ``cl.predict`` is called with, a gap where nothing is drawn."""
        return (), {"shape": self.shape if self.chosen else ...}

    def wanted(self) -> tuple:
        """Return the values that a kept prediction then has."""
        return (self.shape,) if isinstance(self.shape, str) else tuple(self.shape)

    def changed(self) -> None:
        """Draw the curve, and show the code for it."""
        guide = self.curve["guide_line"] if findings.STEEP in self.names else ""
        self.plot.value = pictures.image(picture(self.heights, self.curve["ends"], guide))
        super().changed()

    def _moved(self, _change: dict[str, Any]) -> None:
        """A point was moved, by hand or by the list: the list follows once all are in place."""
        if not self._following:
            self.chosen = self._following = True
            self.list.value = self.shape if isinstance(self.shape, str) else OWN
            self._following = False
            self.changed()

    def _listed(self, change: dict[str, Any]) -> None:
        """A curve was taken from the list: the points follow."""
        if not self._following and change["new"] != OWN:
            self.chosen = self._following = True
            for number, height in zip(self.numbers, CURVES[change["new"]], strict=True):
                number.value = height
            self._following = False
            self.changed()
