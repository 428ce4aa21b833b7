"""Two switches, four runs: is A alive, and does B have memory of its own at the address?

Each square of the table and of the picture is filled by a run that was really done
(``switch_panel.py`` lets the student set the switches).
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from conclib.chapters.ch03_isolation import grid, words
from conclib.plots import Picture, Table, sheet, style
from conclib.results import Observation

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NEIGHBOURS = {"alive": "A is alive", "gone": "A is gone"}
OWN = {"no": "B has nothing there", "yes": "B has a page of its own there"}
TITLE = "When is B ended?"
TALL = 0.75  # inches of a run's square
EDGE = 0.15  # inches at the right
LEFT, ABOVE = 1.0, 0.35  # inches for the names of the rows, and of the columns
NOT_YET = "not run yet"
FOOT = "Black line with a cross: ended. Blue square: goes on."
Switches = tuple[str, str]
Seen = Mapping[Switches, Observation]


def run(neighbour: str, own_page: str, stop: Any = None) -> Observation:
    """Let B, a fresh program, write at A's address; return what became of both.

    Args:
        neighbour: ``"alive"`` or ``"gone"``: A, when B writes.
        own_page: ``"no"`` or ``"yes"``: whether B has memory of its own there.
        stop: an event; when it is set both are ended and ``Cancelled`` is raised.
    """
    from conclib import lab

    return lab.observe("astray", stop=stop, neighbour=neighbour, own_page=own_page)


def switches(item: Observation) -> Switches:
    """Return how the switches stood in a run."""
    return item.params["neighbour"], item.params["own_page"]


def outcome(item: Observation) -> str:
    """Say what became of B and of A's word."""
    facts = item.facts
    finds = f" and finds {facts['writer_finds']}" if facts["writer_finds"] else ""
    recorded = grid.RECORDED if item.source != "live" else ""
    return f"B {words.ended(facts['writer_end'])}{finds}; {words.a_after(facts)}{recorded}"


def sentence(seen: Seen) -> str:
    """Say what the runs so far show: whose switch B's end follows."""
    if len(seen) < len(NEIGHBOURS) * len(OWN):
        left = len(NEIGHBOURS) * len(OWN) - len(seen)
        return f"{left} of the four runs {'is' if left == 1 else 'are'} left."
    ended = {place: item.facts["writer_ended"] for place, item in seen.items()}
    by_a = any(ended["alive", own] != ended["gone", own] for own in OWN)
    by_b = any(ended[neighbour, "no"] != ended[neighbour, "yes"] for neighbour in NEIGHBOURS)
    follows = {
        (
            False,
            True,
        ): "B's end follows B's own switch alone. Whether A is there makes no difference.",
        (True, False): "B's end follows A's switch alone.",
        (True, True): "B's end follows both switches.",
        (False, False): "Neither switch makes a difference to B's end.",
    }
    return follows[by_a, by_b]


def table(seen: Seen) -> list[tuple[str, ...]]:
    """Return the four runs as a table, its head first: a row for A's switch, a column for B's."""
    rows = [("", *OWN.values())]
    for neighbour, name in NEIGHBOURS.items():
        found = [seen.get((neighbour, own)) for own in OWN]
        rows.append((name, *(outcome(item) if item else NOT_YET for item in found)))
    return rows


# The picture ------------------------------------------------------------------------------------
def picture(seen: Seen, *, title: str = TITLE) -> Picture:
    """Draw the four runs, or as many as there are, as a table of two by two.

    Args:
        seen: what ``astray`` reported, by the two switches; ``title``: the question it answers.
    """
    head, *rows = table(seen)
    origins = sorted({item.origin for item in seen.values() if item.source != "live"})
    foot = FOOT + (f" Dashed: {'; '.join(origins)}." if origins else "")
    across = (sheet.page_width() - LEFT - EDGE) / len(OWN)
    tall = ABOVE + TALL * len(NEIGHBOURS)
    figure, ax = sheet.sheet(title, tall, left=LEFT, right=EDGE, below=0.06, foot=foot)
    grid.bare(ax, across * len(OWN), tall)
    for place, name in enumerate(head[1:]):
        sheet.write(ax, (place + 0.5) * across, ABOVE / 2, name, ha="center", fontweight="bold")
    for row, neighbour in enumerate(NEIGHBOURS):
        middle = ABOVE + (row + 0.5) * TALL
        sheet.write(ax, -0.1, middle, NEIGHBOURS[neighbour], ha="right", fontweight="bold")
        for place, own in enumerate(OWN):
            box = (place * across, ABOVE + row * TALL, across, TALL)
            _square(ax, box, seen.get((neighbour, own)))
    said = " ".join(
        f"{name}, {what}: {cell}."
        for name, *cells in rows
        for what, cell in zip(head[1:], cells, strict=True)
    )
    alt = f"{title} {said} {sentence(seen)} {foot}"
    return Picture(figure, alt, Table(head, tuple(rows)))


def _square(ax: "Axes", box: tuple[float, float, float, float], item: Observation | None) -> None:
    """Draw what became of B in one run, and say it."""
    from matplotlib.patches import Rectangle

    x, y, width, tall = box
    hollow = item is not None and item.source != "live"
    frame = Rectangle((x + 0.04, y + 0.04), width - 0.08, tall - 0.08, facecolor=style.PAPER,
                      edgecolor=style.LANE, lw=0.8, ls="--" if hollow else "-")  # fmt: skip
    ax.add_patch(frame)
    middle, mark = y + tall / 2, x + 0.24
    if item is None:
        sheet.write(ax, mark, middle, NOT_YET)
        return
    facts = item.facts
    if facts["writer_ended"]:
        ax.plot([mark, mark], [middle - 0.2, middle + 0.2], color=style.FAULT, lw=1.6)
        ax.plot(mark, middle, marker="x", ms=9, mew=2, color=style.FAULT)
    else:
        fill = style.PAPER if hollow else style.PROCESS.colour
        ax.plot(mark, middle, marker=style.PROCESS.marker, ms=11, mfc=fill,
                mec=style.PROCESS.colour, mew=1.6)  # fmt: skip
    finds = f", finds {facts['writer_finds']}" if facts["writer_finds"] else ""
    b = f"B {words.ended(facts['writer_end'])}{finds}"
    a = words.a_after(facts) + grid.RECORDED * hollow
    sheet.write(ax, mark + 0.2, middle, f"{b}\n{a}", linespacing=1.4)
