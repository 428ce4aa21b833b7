"""Stacks on one vertical line of addresses, the highest on top: the parts of a drawing.

A stack is an outline. Its upper end is drawn large, for that is where everything happens; the rest,
which is not used yet, is folded. The part in use, from the top down to the stack pointer, is filled
with lines. Below the outline lies the fence, in grey. A tick is the stack pointer, a dot is a local
variable; of calls within each other, the innermost one's is the last to the right.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from conclib.plots import sheet, style
from conclib.plots.scene import Label, Line, Mark
from conclib.results.quantity import BYTES

WIDTH = 720  # pixels, of the whole drawing
LEFT, RIGHT = 262, 412  # the column of stacks
ZOOM, FOLD, FENCE, GAP = 46, 18, 7, 7  # heights: upper end, the rest, the fence, between two
TICK, BESIDE = 12, 10.5  # a stack pointer beyond the column; from dot to dot to the right
NOTE = 16  # from line to line of the words beside a stack
FAR = 2**20  # bytes between two stacks: with less nothing lies between them
STRIPE, STROKE = 4, 2.0  # from line to line of a filling, and how thick they are
Thing = Line | Mark | Label


@dataclass(frozen=True)
class Stack:
    """One stack, as it is drawn.

    Attributes:
        name: whose; ``low``, ``high``: its addresses; ``fenced``: whether a fence lies below.
        pointer: the stack pointer, ``None`` where it is not known.
        locals: addresses of local variables in it, the last one that of the innermost call.
        value: what the last one holds, as text; empty if none is drawn.
        free: how many bytes lie between it and the next lower stack, the fence left out.
    """

    name: str
    low: int
    high: int
    fenced: bool
    pointer: int | None
    locals: tuple[int, ...]
    value: str
    free: int = 0

    @property
    def reach(self) -> int:
        """How many bytes below its top anything is that has to be drawn."""
        return self.high - self.inside

    @property
    def inside(self) -> int:
        """The lowest address that is known to be in use."""
        return self.pointer or min(self.locals, default=self.high)


def height(stack: Stack) -> int:
    """Return how tall a stack is with its fence, in pixels."""
    return ZOOM + FOLD + (FENCE if stack.fenced else 0)


def y_of(stack: Stack, address: int, top: float, zoom: int) -> float:
    """Return where an address of a stack's upper end is drawn; ``zoom`` bytes fit into it."""
    return top + min(stack.high - address, zoom) / zoom * ZOOM


def x_of(number: int) -> float:
    """Return where the dot of a call stands in the column, by its number from the outermost on."""
    return LEFT + 17 + number * BESIDE


def box(left: float, top: float, right: float, bottom: float, step: int = 0) -> Line:
    """Return an outline in black."""
    corners = ((left, top), (right, top), (right, bottom), (left, bottom), (left, top))
    return Line(step, corners, width=1.2)


def filling(top: float, bottom: float, colour: str, step: int = 0) -> Line:
    """Return the column filled with lines across, between two heights."""
    points: list[tuple[float, float]] = []
    y, left, right = top, LEFT + 2.0, RIGHT - 2.0
    while y <= bottom:
        points += [(left, y), (right, y)] if len(points) % 4 == 0 else [(right, y), (left, y)]
        y += STRIPE
    return Line(step, tuple(points or [(left, top), (right, top)]), colour, STROKE)


def drawn(stack: Stack, top: float, zoom: int, *, step: int = 0, solid: bool = True) -> list[Thing]:
    """Return a stack's things.

    Args:
        top: where its upper edge lies, in pixels; ``zoom``: how many bytes its upper end shows.
        step: from which step on what moves is shown; ``solid``: filled, for it was seen here.
    """
    used, solid = y_of(stack, stack.inside, top, zoom), solid and stack.inside < stack.high
    filled = [filling(top + STRIPE, used, style.THREAD.colour, step)] if solid else []
    things: list[Thing] = [*filled, *_outline(stack, top), *_pointer(stack, top, zoom, step)]
    for number, address in enumerate(stack.locals):
        x, y = x_of(number), y_of(stack, address, top, zoom)
        things.append(Mark(step, x, y, "circle", style.INK))
    name = Label(0, (LEFT + RIGHT) / 2, top + ZOOM + FOLD / 2, f"stack of {stack.name}", bold=True)
    return [*things, name, *_words(stack, top, zoom, step)]


def _outline(stack: Stack, top: float) -> list[Thing]:
    """Return the outline, dashed where it is folded, and the fence below."""
    colour, fold, bottom = style.THREAD.colour, top + ZOOM + 3, top + ZOOM + FOLD
    things: list[Thing] = [
        Line(0, ((LEFT, fold), (LEFT, top), (RIGHT, top), (RIGHT, fold)), colour)
    ]
    things += [Line(0, ((x, fold), (x, bottom - 3)), colour, dashed=True) for x in (LEFT, RIGHT)]
    things.append(Line(0, ((LEFT, bottom), (RIGHT, bottom)), colour))
    if stack.fenced:
        for x in range(LEFT + 4, RIGHT, 8):
            slant = ((x, bottom + FENCE - 1.0), (x + 4.0, bottom + 2.0))
            things.append(Line(0, slant, style.LANE, 1.6))
        things.append(Line(0, ((LEFT, bottom + FENCE), (RIGHT, bottom + FENCE)), style.LANE, 1.6))
    return things


def _pointer(stack: Stack, top: float, zoom: int, step: int) -> list[Thing]:
    if stack.pointer is None:
        return []
    y = y_of(stack, stack.pointer, top, zoom)
    return [Line(step, ((LEFT - TICK, y), (RIGHT + TICK, y)), width=1.8)]


def _words(stack: Stack, top: float, zoom: int, step: int) -> list[Thing]:
    """Return what stands beside a stack: its top, its local and its stack pointer."""
    free = f", gap {BYTES.write(stack.free)}" if stack.free >= FAR else ""
    size = BYTES.write(stack.high - stack.low)
    notes = [(top + 4, 0, f"top {stack.high:x} ({size}{free})")]
    for local in stack.locals[-1:]:
        at = y_of(stack, local, top, zoom)
        notes.append((at, step, f"local {local:x}: {stack.value}"))
    if stack.pointer is not None:
        at = y_of(stack, stack.pointer, top, zoom)
        notes.append((at, step, f"stack pointer {stack.pointer:x}"))
    places = sheet.spread([y for y, *_ in notes], NOTE)
    return [
        Label(when, RIGHT + TICK + 6, y, text, anchor="start", bold=text.startswith("local"))
        for y, (_, when, text) in zip(places, notes, strict=True)
    ]


def zoom_of(stacks: Sequence[Stack]) -> int:
    """Return how many bytes the upper ends are to show, so that everything is in them."""
    return round(max(each.reach for each in stacks) * 1.12)


def in_order(stacks: Sequence[Stack]) -> list[Stack]:
    """Return stacks from the highest address down, each with what lies free below it."""
    found = sorted(stacks, key=lambda stack: -stack.high)
    lower = [*(each.high for each in found[1:]), found[-1].low]
    return [replace(each, free=each.low - below) for each, below in zip(found, lower, strict=True)]
