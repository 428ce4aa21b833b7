"""The staircase: all orders of two programs' steps as paths through a lattice, each really run.

Across: the steps that A has done; up: those of B. A step of A goes to the right, one of B up, so an
order is a path from the lower left corner to the upper right one. In the hatched square both have
read and neither has written: whoever goes through it loses an update.
"""

from typing import TYPE_CHECKING

from conclib.chapters.ch03_isolation import stairs
from conclib.chapters.ch03_isolation.stairs import LOST, RIGHT, SIDE, WAITS, A, Stairs
from conclib.plots import Picture, Table, lettering, sheet, style
from conclib.probes import _order_model
from conclib.results import Observation, arguments

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TITLE = "Which orders of the steps lose an update?"
BODY, STAGE_BODY = 3.9, 3.2  # inches; a room has fewer lines
LEFT, LOW, HIGH = -0.95, -0.75, 3.35  # what of the lattice's plane is shown, in steps
ASIDE = 3.65  # where the words begin
APART = 0.011  # steps between two neighbouring paths
HATCH = "////"
CORNER, WIDE = 0.72, 1.56  # of the square, in steps: its four places lie well inside
# In lines that fit between two steps, so that no path runs over them.
SQUARE = "both\nhave read,\nneither\nhas written"
WALL = "the lock\nis taken:\nno way\nthrough"


def picture(seen: Observation, order: str = "", *, title: str = TITLE) -> Picture:
    """Draw all orders, and one of them bold.

    Args:
        seen: what the probe ``staircase`` saw of all orders, or of this one.
        order: the one to draw bold, such as ``"AABABB"``; none if it is not given.
        title: the question that the picture answers.

    Raises:
        ValueError: an order that was not run, or programs with more than one change.
    """
    found = Stairs.of(seen)
    if order:
        arguments.choice("order", order, list(found.ends))
    figure, ax = sheet.sheet(title, _body(), left=0.12, right=0.12, below=0.05, foot=_foot(found))
    _prepare(ax)
    _square(ax, found)
    _lattice(ax, found)
    for place, each in enumerate(sorted(found.ends, key=_area)):
        _faint(ax, found, each, (place - (len(found.ends) - 1) / 2) * APART)
    if order:
        _bold(ax, found, order)
    _words(ax, found, order)
    return Picture(figure, " ".join([title, *sentences(found, order)]), table(found, order))


def sentences(found: Stairs, order: str = "") -> list[str]:
    """Say in words what the picture shows."""
    said = [_sum(found, outcome) for outcome in (LOST, RIGHT, WAITS) if found.of_outcome(outcome)]
    if order:
        said += [f"Your order {order}:", *(place.text for _, place in found.path(order)[1:])]
        said += [conclusion(found, order)]
    return [*said, *([found.recorded] if found.origin else [])]


def conclusion(found: Stairs, order: str) -> str:
    """Say what an order came to, beside what the orders without loss come to."""
    outcome, end = found.outcomes[order], found.ends[order]
    if outcome == WAITS:
        return f"So {order} cannot happen: the lock lets the two in one after the other."
    if outcome == RIGHT:
        return f"The end is {end}: one was done before the other one had read. Nothing is lost."
    right = found.ends_of(RIGHT)
    beside = f", where one after the other gives {right}" if right else ""
    return f"The end is {end}{beside}: an update is lost, and nobody has noticed."


def table(found: Stairs, order: str = "") -> Table:
    """Return the steps of one order, or what each order came to."""
    if order:
        rows = [(path[-1:] or "start", *place.cells(), place.text)
                for path, place in found.path(order)]  # fmt: skip
        heads = ("step of", "number", "A's copy", "B's copy", "what happened")
        return Table(heads, tuple(rows), f"The steps of {order} as a table")
    rows = [(each, found.outcomes[each], "–" if found.outcomes[each] == WAITS else str(end))
            for each, end in found.ends.items()]  # fmt: skip
    return Table(("order", "what became of it", "end"), tuple(rows))


def _sum(found: Stairs, outcome: str) -> str:
    orders = found.of_outcome(outcome)
    count = f"{len(orders)} order{'s' if len(orders) > 1 else ''}"
    if outcome == WAITS:
        return f"{count} cannot happen: somebody finds the lock taken, and waits."
    goes = "goes" if len(orders) == 1 else "go"
    ways = {LOST: "through the square: an update is lost", RIGHT: "round it: nothing is lost"}
    return f"{count} {goes} {ways[outcome]}, the end is {found.ends_of(outcome)}."


def _body() -> float:
    """Return how high the lattice is with all around it, in inches."""
    return STAGE_BODY if style.on_stage() else BODY


# Drawing -------------------------------------------------------------------------------------
def _prepare(ax: "Axes") -> None:
    ax.axis("off")
    ax.set_ylim(LOW, HIGH)
    step = _body() / (HIGH - LOW)  # inches; as wide as it is high
    ax.set_xlim(LEFT, LEFT + sheet.axes_width(ax) / step)


def _square(ax: "Axes", found: Stairs) -> None:
    from matplotlib.patches import Rectangle

    look = {"facecolor": style.PAPER, "edgecolor": style.LANE, "hatch": HATCH, "lw": 0.0}
    place = ((CORNER, CORNER), WIDE, WIDE)
    ax.add_patch(Rectangle(*place, zorder=1, **look))
    if found.locked:
        ax.add_patch(Rectangle(*place, fill=False, edgecolor=style.INK, lw=5, zorder=4))


def _lattice(ax: "Axes", found: Stairs) -> None:
    """Draw the nodes, and name the steps along both sides."""
    for x in range(SIDE + 1):
        ax.plot([x] * 4, range(4), ls="None", marker="o", ms=3.5, mfc=style.PAPER, mec=style.LANE,
                mew=1, zorder=3)  # fmt: skip
    for n, step in enumerate(_order_model.STEPS):
        sheet.write(ax, n + 0.5, -0.3, found.label("A", step), ha="center")
        sheet.write(ax, -0.3, n + 0.5, found.label("B", step), ha="right")
    sheet.write(ax, SIDE / 2, -0.6, "steps of A →", ha="center", fontweight="bold")
    sheet.write(ax, -0.85, SIDE / 2, "steps of B →", ha="center", fontweight="bold", rotation=90)


def _points(found: Stairs, order: str) -> list[tuple[int, int]]:
    return [(path.count(A), len(path) - path.count(A)) for path, place in found.path(order)
            if not place.waits]  # fmt: skip


def _area(order: str) -> int:
    """Return how far a path keeps to the right: how many cells of the lattice lie above it."""
    return sum(order[:n].count(A) for n, who in enumerate(order) if who != A)


def _faint(ax: "Axes", found: Stairs, order: str, shift: float) -> None:
    points = _points(found, order)
    right = found.outcomes[order] == RIGHT
    ax.plot([x + shift for x, _ in points], [y - shift for _, y in points],
            color=style.LANE, lw=1.4 if right else 0.7, ls="-" if right else (0, (4, 2)),
            marker="None", zorder=2)  # fmt: skip


def _bold(ax: "Axes", found: Stairs, order: str) -> None:
    points, kind = _points(found, order), style.THREAD
    dashed = found.outcomes[order] == LOST
    x, y = zip(*points, strict=True)
    ax.plot(x, y, color=kind.colour, lw=4, ls=(0, (2, 0.8)) if dashed else "-", marker=kind.marker,
            ms=8, mfc=kind.colour, mec=style.PAPER, zorder=5)  # fmt: skip
    if found.outcomes[order] == WAITS:
        box = {"facecolor": style.PAPER, "edgecolor": style.INK, "boxstyle": "square,pad=0.3"}
        sheet.write(ax, x[-1], y[-1], "waits", ha="center", fontweight="bold", bbox=box, zorder=6)


def _words(ax: "Axes", found: Stairs, order: str) -> None:
    """Write beside the lattice what the paths are, and the boxes at the end of the bold one."""
    width = (ax.get_xlim()[1] - ASIDE) * sheet.axes_width(ax) / (ax.get_xlim()[1] - LEFT)
    box = {"facecolor": style.PAPER, "edgecolor": "none", "pad": 1.5}
    sheet.write(ax, 1.5, 1.5, WALL if found.locked else SQUARE, size=style.SMALL, ha="center",
                bbox=box, zorder=4)  # fmt: skip
    y = HIGH - 0.1
    for outcome in (LOST, WAITS, RIGHT):
        if found.of_outcome(outcome):
            head = "dashed" if outcome == LOST else "solid" if outcome == RIGHT else "cut off"
            y = _paragraph(ax, f"{head}: {_sum(found, outcome)}", y, width)
    if order:
        y = _paragraph(ax, f"bold: {order}", y, width, bold=True)
        y = _paragraph(ax, conclusion(found, order), y, width)
        _boxes(ax, found.path(order)[-1][1], y)


def _paragraph(ax: "Axes", text: str, y: float, width: float, *, bold: bool = False) -> float:
    """Write lines from ``y`` down; return where the next paragraph begins."""
    lines = lettering.wrap(text, width, style.BODY, "bold" if bold else "normal")
    step = style.BODY * sheet.LINE * (HIGH - LOW) / _body()
    for n, line in enumerate(lines):
        sheet.write(ax, ASIDE, y - n * step, line, fontweight="bold" if bold else "normal")
    return y - (len(lines) + 0.6) * step


def _boxes(ax: "Axes", place: stairs.Place, y: float) -> None:
    """Draw number and copies as they are where the bold path has come to."""
    box = {"facecolor": style.PAPER, "edgecolor": style.INK, "boxstyle": "square,pad=0.4"}
    each = min((ax.get_xlim()[1] - ASIDE) / 3, 0.85)
    for n, (name, value) in enumerate(zip(("number", "A's copy", "B's copy"), place.cells(),
                                          strict=True)):  # fmt: skip
        x = ASIDE + (n + 0.5) * each
        sheet.write(ax, x, y - 0.1, name, size=style.SMALL, ha="center")
        sheet.write(ax, x, y - 0.5, value, ha="center", fontfamily=style.MONO, bbox=box)


def _foot(found: Stairs) -> str:
    return f"Each path was really run by two threads, step by step. {found.recorded}".strip()
