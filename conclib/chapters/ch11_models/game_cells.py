"""What the board of the scheduling game shows, cell by cell: a row for each task, CPU, OS thread.

No picture here: plain data that the drawing on the board and the stored picture share.
"""

from dataclasses import dataclass

from conclib.models import game
from conclib.probes import _cards

ON, READY, WAITS, NAPS, NOBODY = "on", "ready", "waits", "naps", "nobody"
TO_COMPUTE, TO_WAIT, TO_NAP, HIDDEN = "to compute", "to wait", "to nap", "hidden"
PAST = {_cards.COMPUTE: READY, _cards.WAIT: WAITS, _cards.NAP: NAPS}
AHEAD = {_cards.COMPUTE: TO_COMPUTE, _cards.WAIT: TO_WAIT, _cards.NAP: TO_NAP}
MORE = 4  # columns beyond the goal where what lies ahead is hidden


@dataclass(frozen=True)
class Cell:
    """One tick of a row: its number from 0, what happens in it, and the letters in it."""

    tick: int
    what: str
    letters: str = ""


@dataclass(frozen=True)
class Row:
    """A row: ``kind`` is ``"task"``, ``"cpu"`` or ``"thread"``."""

    label: str
    kind: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Board:
    """All rows, how many ticks are over, the goal, and how many columns there are."""

    rows: tuple[Row, ...]
    now: int
    goal: int
    columns: int


def board(play: game.Play, hidden: bool = False) -> Board:
    """Return what there is to be seen of a play.

    Args:
        hidden: the cards are face down: what lies ahead is a question mark.
    """
    tasks = [_task(play, place, hidden) for place in range(len(play.level.lines))]
    rows = [*tasks, *_cpus(play), *_threads(play)]
    goal = game.goal(play.level).ticks
    last = max((cell.tick + 1 for row in rows for cell in row.cells), default=0)
    most = goal + MORE if hidden else _longest(play.level)
    return Board(tuple(rows), play.ticks, goal, max(last, most))


def _longest(level: game.Level) -> int:
    """Return how many columns the slowest of the rules needs, so that the board seldom grows."""
    return max(game.by_rule(level, rule).ticks for rule in game.RULES)


def _task(play: game.Play, place: int, hidden: bool) -> Row:
    line, name = play.level.lines[place], play.level.tasks[place]
    cells = []
    for tick, on in enumerate(play.moves):
        does = line[play.states[tick][place] :][:1]
        if does:
            what = ON if place in on else PAST[does]
            cells.append(Cell(tick, what, does if what in (WAITS, NAPS) else ""))
    ahead = line[play.state[place] :]
    if hidden and ahead:
        cells.append(Cell(play.ticks, HIDDEN, "?"))
    elif ahead:
        cells += [Cell(play.ticks + n, AHEAD[does], does) for n, does in enumerate(ahead)]
    return Row(name, "task", tuple(cells))


def _cpus(play: game.Play) -> list[Row]:
    level = play.level
    found = []
    for cpu in range(level.cpus):
        cells = [
            Cell(tick, ON, level.tasks[on[cpu]]) if cpu < len(on) else Cell(tick, NOBODY, "–")
            for tick, on in enumerate(play.moves)
        ]
        found.append(Row(f"CPU {cpu + 1}" if level.cpus > 1 else "CPU", "cpu", tuple(cells)))
    return found


def _threads(play: game.Play) -> list[Row]:
    """Return the rows of OS threads; one that nobody can nap on is the CPU's row once more."""
    level = play.level
    if _cards.NAP not in level.cards:
        return []
    rows: list[list[Cell]] = [[] for _ in range(level.threads)]
    held: dict[int, int] = {}  # who has which OS thread
    for tick, on in enumerate(play.moves):
        does = level.does(play.states[tick])
        held = {n: thread for n, thread in held.items() if n in on or does[n] == _cards.NAP}
        for n in (n for n in on if n not in held):
            held[n] = next(each for each in range(level.threads) if each not in held.values())
        for n, thread in held.items():
            rows[thread].append(Cell(tick, ON if n in on else NAPS, level.tasks[n]))
    return [Row(f"OS thread {n + 1}", "thread", tuple(row)) for n, row in enumerate(rows)]
