"""A small drawing that comes out twice: as SVG, step by step, and as a matplotlib figure.

A scene is a list of lines, boxes, marks and labels in pixels, from the top left. Each thing says
at which step it appears. So the moving picture and its still cannot tell different stories. What
grows from step to step is a line or a box of its own at each: the shorter ones say until when they
stand.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from conclib.plots import lettering, sheet, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

POINT = sheet.PIXELS / 72  # pixels for a point of the font
SHARE = {"start": "left", "middle": "center", "end": "right"}
HATCH = 6  # pixels between the slanting lines in a hatched box
ON_STAGE = 1.05  # growth of letters, besides that of the drawing: 18 pixels in a room
SVG_FONT = "DejaVu Sans, Verdana, sans-serif"
SVG_MONO = "DejaVu Sans Mono, Menlo, Consolas, monospace"


@dataclass(frozen=True)
class Line:
    """A line through ``points``; ``dashed`` where somebody only waits."""

    step: int
    points: tuple[tuple[float, float], ...]
    colour: str = style.INK
    width: float = 2.5
    dashed: bool = False
    until: int | None = None  # the step at which it goes again; the still does not have it
    grown: bool = False  # it takes the place of a shorter one


@dataclass(frozen=True)
class Box:
    """A rectangle: its edge, what fills it, and whether it is hatched, like what stands still."""

    step: int
    left: float
    top: float
    right: float
    bottom: float
    colour: str = style.INK
    fill: str = "none"
    hatched: bool = False
    until: int | None = None
    grown: bool = False

    @property
    def hatches(self) -> list[tuple[tuple[float, float], tuple[float, float]]]:
        """The slanting lines inside, each from its lower to its upper end."""
        if not self.hatched:
            return []
        high, found = self.bottom - self.top, []
        for place in range(math.floor((self.right - self.left + high) / HATCH) + 1):
            start = self.left - high + place * HATCH
            low, top = max(start, self.left), min(start + high, self.right)
            if low < top:
                found.append(((low, self.bottom - low + start), (top, self.bottom - top + start)))
        return found


@dataclass(frozen=True)
class Mark:
    """A shape at a place: a key of ``SHAPES``."""

    step: int
    x: float
    y: float
    shape: str
    colour: str


@dataclass(frozen=True)
class Label:
    """A text at a place; ``boxed`` and monospaced for what a program printed."""

    step: int
    x: float
    y: float
    text: str
    anchor: str = "middle"
    boxed: bool = False
    bold: bool = False

    @property
    def width(self) -> float:
        """How wide it is in pixels, its box included; a little generous, for fonts differ."""
        return label_width(self.text, self.boxed)


def label_width(text: str, boxed: bool = False) -> float:
    """Return how wide a label will be in pixels."""
    plain = lettering.text_width(text, style.SMALL) * sheet.PIXELS
    return plain * 1.25 + 14 if boxed else plain * 1.05 + 2


Thing = Line | Box | Mark | Label


@dataclass(frozen=True)
class Scene:
    """Things to draw on a paper of ``width`` by ``height`` pixels."""

    width: int
    height: int
    things: tuple[Thing, ...]

    def to_svg(self, step: int) -> str:
        """Return the scene up to ``step`` as one SVG; what is new has the class ``new``."""
        seen = [thing for thing in self.things if thing.step <= step < _end(thing, step + 1)]
        body = "".join(_group(_svg(thing, step), _is_new(thing, step)) for thing in seen)
        hatch = any(isinstance(thing, Box) and thing.hatched for thing in seen)
        defs = _hatching(step) if hatch else ""
        return (
            f'<svg viewBox="0 0 {self.width} {self.height}" aria-hidden="true">{defs}{body}</svg>'
        )

    def to_figure(self, title: str) -> "Figure":
        """Return the whole scene as a matplotlib figure with its title above."""
        return _figure(self, title)


def _end(thing: Thing, never: int) -> int:
    """Return the step at which a thing goes again."""
    until = getattr(thing, "until", None)
    return never if until is None else until


def _is_new(thing: Thing, step: int) -> bool:
    return thing.step == step and not getattr(thing, "grown", False)


def _group(svg: str, new: bool) -> str:
    return f'<g class="new">{svg}</g>' if new else svg


# SVG -----------------------------------------------------------------------------------------
SHAPES = {
    "square": "M-6-6H6V6H-6Z",
    "circle": "M-6,0a6,6 0 1,0 12,0a6,6 0 1,0 -12,0",
    "triangle": "M0-7L7,6H-7Z",
    "diamond": "M0-8L8,0L0,8L-8,0Z",
    "cross": "M0-15V15M-7-7L7,7M-7,7L7-7",
}
MARKERS = {"square": "s", "circle": "o", "triangle": "^", "diamond": "D", "cross": "x"}


def _svg(thing: Thing, step: int) -> str:
    if isinstance(thing, Box):
        return _svg_box(thing, step)
    if isinstance(thing, Line):
        dash = ' stroke-dasharray="6 5"' if thing.dashed else ""
        path = " ".join(f"{x:g},{y:g}" for x, y in thing.points)
        return (
            f'<polyline points="{path}" fill="none" stroke="{thing.colour}" '
            f'stroke-width="{thing.width:g}" stroke-linejoin="round"{dash}/>'
        )
    if isinstance(thing, Mark):
        fill = "none" if thing.shape == "cross" else thing.colour
        return (
            f'<path transform="translate({thing.x:g},{thing.y:g})" d="{SHAPES[thing.shape]}" '
            f'fill="{fill}" stroke="{thing.colour}" stroke-width="2"/>'
        )
    return _svg_label(thing)


def _hatching(step: int) -> str:
    """Return the pattern of hatched boxes, of this drawing alone: others may be hidden."""
    return (
        f'<defs><pattern id="hatch{step}" width="{HATCH}" height="{HATCH}" '
        f'patternUnits="userSpaceOnUse"><path d="M-1,1L1,-1M0,{HATCH}L{HATCH},0M{HATCH - 1},'
        f'{HATCH + 1}L{HATCH + 1},{HATCH - 1}" stroke="{style.INK}"/></pattern></defs>'
    )


def _svg_box(box: Box, step: int) -> str:
    fill = f"url(#hatch{step})" if box.hatched else box.fill
    return (
        f'<rect x="{box.left:.1f}" y="{box.top:g}" width="{box.right - box.left:.1f}" '
        f'height="{box.bottom - box.top:g}" fill="{fill}" stroke="{box.colour}"/>'
    )


def _svg_label(label: Label) -> str:
    font = SVG_MONO if label.boxed else SVG_FONT
    weight = ' font-weight="bold"' if label.bold else ""
    size = style.SMALL * POINT * (ON_STAGE if style.on_stage() else 1)
    text = (
        f'<text x="{label.x:g}" y="{label.y + 4:g}" text-anchor="{label.anchor}" '
        f'font-family="{font}" font-size="{size:.1f}"{weight}>'
        f"{escape(label.text)}</text>"
    )
    if not label.boxed:
        return text
    left = label.x - label.width / 2
    return (
        f'<rect x="{left:.1f}" y="{label.y - 10:g}" width="{label.width:.1f}" height="20" rx="3" '
        f'fill="{style.PAPER}" stroke="{style.INK}"/>{text}'
    )


# matplotlib ----------------------------------------------------------------------------------
def _figure(scene: Scene, title: str) -> "Figure":
    width, body = scene.width / sheet.PIXELS, scene.height / sheet.PIXELS
    heads = lettering.wrap(title, width - 2 * sheet.EDGE, style.TITLE, "bold")
    head = sheet.EDGE + len(heads) * style.TITLE * sheet.LINE
    figure = sheet.new_figure(width, head + body)
    sheet.margin_text(figure, heads, 1 - sheet.EDGE / (head + body), style.TITLE, bold=True)
    ax = figure.add_axes((0, 0, 1, body / (head + body)))
    ax.set_xlim(0, scene.width)
    ax.set_ylim(scene.height, 0)
    ax.axis("off")
    _paint(ax, [thing for thing in scene.things if getattr(thing, "until", None) is None])
    return figure


def _paint(ax: "Axes", things: Sequence[Thing]) -> None:
    for order, thing in enumerate(things, start=2):
        if isinstance(thing, Line):
            x, y = zip(*thing.points, strict=True)
            dash = (0, (2.4, 2)) if thing.dashed else "-"
            ax.plot(x, y, color=thing.colour, lw=thing.width / POINT, ls=dash, marker="None",
                    zorder=order)  # fmt: skip
        elif isinstance(thing, Box):
            _paint_box(ax, thing, order)
        elif isinstance(thing, Mark):
            _paint_mark(ax, thing, order)
        else:
            _paint_label(ax, thing, order)


def _paint_box(ax: "Axes", box: Box, order: int) -> None:
    from matplotlib.patches import Rectangle

    size = box.right - box.left, box.bottom - box.top
    ax.add_patch(Rectangle((box.left, box.top), *size, facecolor=box.fill, edgecolor=box.colour,
                           linewidth=0.8, zorder=order))  # fmt: skip
    for line in box.hatches:
        x, y = zip(*line, strict=True)
        ax.plot(x, y, color=box.colour, lw=0.8, ls="-", marker="None", zorder=order)


def _paint_mark(ax: "Axes", mark: Mark, order: int) -> None:
    ax.plot([mark.x], [mark.y], ls="None", marker=MARKERS[mark.shape], ms=8, mec=mark.colour,
            mew=1.5, mfc=mark.colour, zorder=order)  # fmt: skip
    if mark.shape == "cross":
        ax.plot([mark.x] * 2, [mark.y - 15, mark.y + 15], color=mark.colour, lw=1.5, ls="-",
                marker="None", zorder=order)  # fmt: skip


def _paint_label(ax: "Axes", label: Label, order: int) -> None:
    from matplotlib.patches import FancyBboxPatch

    if label.boxed:
        corner = (label.x - label.width / 2, label.y - 10)
        rounded = "round,pad=0,rounding_size=3"
        box = FancyBboxPatch(corner, label.width, 20, boxstyle=rounded, facecolor=style.PAPER,
                             edgecolor=style.INK, linewidth=0.8, zorder=order)  # fmt: skip
        ax.add_patch(box)
    sheet.write(
        ax, label.x, label.y, label.text, size=style.SMALL, ha=SHARE[label.anchor],
        fontfamily=style.MONO if label.boxed else style.FONT, zorder=order + 0.5,
        fontweight="bold" if label.bold else "normal",
    )  # fmt: skip
