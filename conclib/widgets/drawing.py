"""Drawing the curve one expects, with mouse or keyboard: five heights, or a curve with a name.

The numbers are heights from 0 to 1, left to right, as ``cl.predict(id, shape=[...])`` takes them.
Where the heights are exactly those of a curve with a name, its name is the prediction.
"""

from collections.abc import Sequence
from typing import Any

import ipywidgets

from conclib.lesson import texts
from conclib.lesson.predicting.forms import POINTS, Prediction
from conclib.plots import Picture, lettering, sheet, style
from conclib.results.shapes import HEIGHTS
from conclib.widgets import keeping, parts, pictures
from conclib.widgets.numbers import NumberBox
from conclib.widgets.slider import Slider

OWN = "Or draw your own, by the sliders or the numbers above them:"
STEP = 0.05
WIDEST = "32em"  # of the sliders and what is said below them
TITLE = "Your curve"
BESIDE = 1.05  # inches right of the axes


def shape_of(heights: Sequence[float], names: Sequence[str]) -> str | list[float]:
    """Return the name of the curve with these heights if ``names`` has it, else the heights."""
    rounded = tuple(round(height, 2) for height in heights)
    for name in names:
        if HEIGHTS[name] == rounded:
            return name
    return list(rounded)


def picture(heights: Sequence[float], ends: Sequence[str], guide: str = "") -> Picture:
    """Draw five heights as a curve on empty paper.

    Args:
        heights: from 0 to 1, left to right; none draws no curve.
        ends: what the least and the most of what is varied are called.
        guide: the name of the guide's line, drawn from corner to corner; without it no line.
    """
    figure = sheet.new_figure(4.4, 2.0)
    ax = figure.add_axes((0.13, 0.14, 0.62, 0.78))
    style.style_axes(ax, grid="")
    ax.set_xlim(-0.03, 1.03)
    ax.set_ylim(-0.05, 1.05)
    xs = [place / (POINTS - 1) for place in range(len(heights))]
    if guide:
        ax.plot([0, 1], [0, 1], color=style.INK, lw=1, ls=(0, (4, 3)))
        sheet.write(ax, 1.05, 1.0, "\n".join(lettering.fit(guide, BESIDE, 2)), ha="left")
    ax.plot(xs, list(heights), color=style.PREDICTION, lw=4, marker="o", ms=7, clip_on=False)
    ax.set_xticks([0, 1], ends)
    ax.set_yticks([0, 1], ["low", "high"])
    text = ", ".join(f"{height:g}" for height in heights)
    drawn = f"five heights, {text}, between 0 and 1" if heights else "nothing is drawn yet"
    return Picture(figure, f"{TITLE}, from {ends[0]} to {ends[1]}: {drawn}.")


class Drawing(keeping.Keeper):
    """Buttons for curves with a name, five sliders, and a picture that follows them."""

    def __init__(self, item: Prediction) -> None:
        entry = keeping.question(item.id, ["shape"])
        self.curve = texts.entry("curves", entry["curve"])
        self.names = list(entry["options"])
        self.chosen, self._following = False, False
        self.curves = parts.Options(self.names, self.take)
        points = [self._point(number) for number in range(1, POINTS + 1)]
        self.numbers = [number for number, _ in points]
        self.answer = parts.html()
        self.plot = parts.html()
        columns = [ipywidgets.VBox(pair, layout={"align_items": "center"}) for pair in points]
        under = [ipywidgets.HBox(columns), self.answer]
        drawn = ipywidgets.VBox(under, layout={"max_width": WIDEST})
        row = ipywidgets.HBox([drawn, self.plot], layout={**parts.ROW, "grid_gap": "2px 4px"})
        super().__init__(item, [self.curves.box, parts.html(parts.paragraph(OWN)), row])

    def _point(self, number: int) -> tuple[Any, Any]:
        name = f"<span class='{parts.UNSEEN}'>height of point </span>{number}"
        box = NumberBox(
            0.5, 0, 1, below=False, description=name, description_allow_html=True,
            tooltip=f"height of point {number}, 0 to 1", style={"description_width": "initial"},
            layout={"width": "5.6em"},
        )  # fmt: skip
        slider = Slider(value=0.5, step=STEP, label=f"height of point {number}", upright=True)
        ipywidgets.link((box, "value"), (slider, "value"))
        box.observe(self._moved, names=["value", "complaint"])
        return box, slider

    @property
    def heights(self) -> tuple[float, ...]:
        """The five heights as they stand now."""
        return tuple(round(number.value, 2) for number in self.numbers)

    @property
    def shape(self) -> str | list[float]:
        """The curve's name if the list has it, else its heights."""
        return shape_of(self.heights, self.names)

    def given(self) -> dict[str, Any]:
        """Return the curve by its form, a gap where nothing is drawn."""
        return {"shape": self.shape if self.chosen else ...}

    def wanted(self) -> tuple:
        """Return the values that a kept prediction then has."""
        if not self.chosen:
            return ()
        return (self.shape,) if isinstance(self.shape, str) else tuple(self.shape)

    def said(self) -> bool:
        """Tell whether what is wrong stands below the sliders: it always does."""
        return True

    def trouble(self) -> str:
        """Say which boxes hold no height."""
        wrong = [(n, box.complaint) for n, box in enumerate(self.numbers, 1) if box.complaint]
        return "; ".join(f"height of point {number}: {complaint}" for number, complaint in wrong)

    def changed(self) -> None:
        """Draw the curve, and show the code for it."""
        guide, heights = self.curve.get("guide_line", ""), self.heights if self.chosen else ()
        self.curves.mark(self.shape if self.chosen and isinstance(self.shape, str) else None)
        self.plot.value = pictures.image(picture(heights, self.curve["ends"], guide))
        trouble = self.trouble()
        self.answer.value = parts.announced(f"{trouble}.") if trouble else ""
        super().changed()

    def _moved(self, change: dict[str, Any]) -> None:
        """A point was moved by hand; or by a button, which draws once all are in place."""
        if not self._following:
            self.chosen = self.chosen or change["name"] == "value"
            self.changed()

    def take(self, name: str) -> None:
        """Take a curve from the list: the points follow."""
        self.chosen = self._following = True
        for number, height in zip(self.numbers, HEIGHTS[name], strict=True):
            number.set(height, 0, 1)
        self._following = False
        self.changed()
