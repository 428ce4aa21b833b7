"""The board of the scheduling game as SVG: quick to draw again after each press.

What is done is filled, what lies ahead is an outline. Waits are dashed, naps are hatched. The paper
is white, whatever the page's theme is. In a narrow column it is scrolled sideways.
"""

from html import escape

from conclib.chapters.ch11_models import game_cells, game_words
from conclib.chapters.ch11_models.game_cells import Board, Cell, Row
from conclib.models import game
from conclib.plots import style

LEFT, TOP, BELOW, HIGH, GAP = 92, 42, 8, 30, 12  # pixels; GAP between tasks and CPUs
WIDE, WIDEST = 720, 38  # of the drawing, and of a tick at most
NARROW, ON_STAGE = 460, 1100  # pixels: what is narrower is scrolled; how wide it is on stage
FILLS = {"task": style.TASK.colour, "cpu": style.LANE, "thread": style.THREAD.colour}
BOLD = ' font-weight="bold"'
FONT = "DejaVu Sans, Verdana, sans-serif"


def svg(play: game.Play, hidden: bool = False) -> str:
    """Return the board as HTML; its name is what :func:`game_words.state_text` says.

    Args:
        hidden: the cards are face down.
    """
    board = game_cells.board(play, hidden)
    across = min(WIDEST, (WIDE - LEFT - 30) / board.columns)
    tops = _tops(board)
    high = tops[-1] + HIGH + BELOW
    parts = [_grid(board, across, high)]
    parts += [_row(row, top, across) for row, top in zip(board.rows, tops, strict=True)]
    parts.append(_marks(board, across, high))
    most = ON_STAGE if style.on_stage() else WIDE
    label = escape(game_words.state_text(play, hidden))
    return (
        f'<div style="overflow-x:auto;background:{style.PAPER};max-width:{most}px">'
        f'<svg viewBox="0 0 {WIDE} {high:.0f}" role="img" aria-label="{label}" '
        f'style="width:100%;min-width:{NARROW}px;display:block" font-family="{FONT}">{HATCH}'
        f'<rect width="{WIDE}" height="{high:.0f}" fill="{style.PAPER}"/>{"".join(parts)}'
        "</svg></div>"
    )


HATCH = (
    '<defs><pattern id="conclib-nap" width="6" height="6" patternUnits="userSpaceOnUse" '
    f'patternTransform="rotate(45)"><rect width="6" height="6" fill="{style.PAPER}"/>'
    f'<path d="M0 0V6" stroke="{style.INK}" stroke-width="2.4"/></pattern></defs>'
)


def _tops(board: Board) -> list[float]:
    """Return where each row begins; a gap is left where another kind of row begins."""
    found, at, before = [], float(TOP), board.rows[0].kind
    for row in board.rows:
        at += GAP * (row.kind != before)
        found.append(at)
        at, before = at + HIGH, row.kind
    return found


def _grid(board: Board, across: float, high: float) -> str:
    numbers = [
        _text(LEFT + (n + 0.5) * across, 32, str(n + 1), 12) for n in range(board.columns)
        if board.columns <= 20 or not n % 2
    ]  # fmt: skip
    lines = "".join(
        f'<path d="M{LEFT + n * across:.1f} {TOP - 4}V{high - BELOW:.0f}" stroke="{style.GRID}"/>'
        for n in range(board.columns + 1)
    )
    return lines + "".join(numbers) + _text(LEFT - 12, 32, "tick", 12, at="end")


def _row(row: Row, top: float, across: float) -> str:
    label = _text(LEFT - 12, top + HIGH / 2 + 5, row.label, 13, at="end", bold=row.kind == "task")
    return label + "".join(_cell(cell, row.kind, top, across) for cell in row.cells)


def _cell(cell: Cell, kind: str, top: float, across: float) -> str:
    x, y = LEFT + cell.tick * across + 1.5, top + 3
    box = f'x="{x:.1f}" y="{y:.1f}" width="{across - 3:.1f}" height="{HIGH - 6}" rx="3"'
    middle = _text(x + across / 2 - 1.5, top + HIGH / 2 + 5, cell.letters, 13)
    if cell.what == game_cells.READY:
        return (
            f'<path d="M{x:.1f} {top + HIGH / 2:.1f}h{across - 3:.1f}" stroke="{style.LANE}" '
            'stroke-width="1.5"/>'
        )
    if cell.what == game_cells.ON:
        letter = _padded(middle, x + across / 2 - 1.5, top) if cell.letters else ""
        return f'<rect {box} fill="{FILLS[kind]}"/>{letter}'
    if cell.what == game_cells.NAPS:
        look = f'fill="url(#conclib-nap)" stroke="{style.INK}"'
        return f"<rect {box} {look}/>{_padded(middle, x + across / 2 - 1.5, top)}"
    return f"<rect {box} {OUTLINES[cell.what]}/>{middle}"


OUTLINES = {
    game_cells.WAITS: f'fill="{style.GRID}" stroke="{style.LANE}" stroke-dasharray="3 3"',
    game_cells.NOBODY: f'fill="{style.PAPER}" stroke="{style.INK}" stroke-dasharray="3 3"',
    game_cells.HIDDEN: f'fill="{style.PAPER}" stroke="{style.INK}"',
    game_cells.TO_COMPUTE: f'fill="{style.PAPER}" stroke="{style.TASK.colour}" stroke-width="2"',
    game_cells.TO_WAIT: f'fill="{style.PAPER}" stroke="{style.LANE}" stroke-dasharray="3 3"',
    game_cells.TO_NAP: f'fill="{style.PAPER}" stroke="{style.INK}" stroke-width="2" '
    'stroke-dasharray="7 2"',
}


def _padded(letter: str, x: float, top: float) -> str:
    """Return a letter on a white ground: on a colour, or on a hatch, it could not be read."""
    pad = f'<rect x="{x - 8:.1f}" y="{top + 7:.1f}" width="16" height="{HIGH - 14}" rx="2" '
    return f'{pad}fill="{style.PAPER}"/>{letter}'


def _marks(board: Board, across: float, high: float) -> str:
    now, goal = LEFT + board.now * across, LEFT + board.goal * across
    here = (
        f'<path d="M{now:.1f} {TOP - 6}V{high - BELOW:.0f}" stroke="{style.BLUE}" '
        'stroke-width="3"/>'
    )
    there = (
        f'<path d="M{goal:.1f} 18V{high:.0f}" stroke="{style.INK}" stroke-width="2" '
        'stroke-dasharray="6 4"/>'
    )
    return here + there + _text(goal, 13, "goal", 12, bold=True)


def _text(
    x: float, y: float, words: str, size: int, *, at: str = "middle", bold: bool = False
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{style.INK}" '
        f'text-anchor="{at}"{BOLD if bold else ""}>{escape(words)}</text>'
    )
