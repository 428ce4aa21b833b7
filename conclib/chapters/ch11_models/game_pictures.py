"""Pictures of the scheduling game that a notebook stores: a play, and one that was really run."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from conclib.chapters.ch11_models import game_cells, game_words
from conclib.models import game
from conclib.plots import sheet, style
from conclib.plots.picture import Picture, Table
from conclib.results import Observation
from conclib.results.quantity import TIME

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ROW, HEAD, BAR = 0.25, 0.36, 0.17  # inches
ON_STAGE = 0.7  # of these heights: letters are larger there, and all must fit a room
PLANNED, MINE, LINUX = "the play, as planned", "the play, really run", "Linux's own, run"
MS = 1e6  # ns
TICK = 0.3  # inches
FILLS = {"task": style.TASK, "cpu": style.HIDDEN, "thread": style.THREAD}
SOLID = (game_cells.ON, game_cells.NAPS, game_cells.TO_COMPUTE)
Bars = Sequence[tuple[float, float]]  # when somebody was on: from, to, in ms


def beside(seen: Observation) -> Picture:
    """Draw a play as planned, as it was run, and what Linux made of the same cards.

    Args:
        seen: what the probe ``played_cards`` saw.
    """
    play = played_in(seen)
    tick = float(seen.params["tick_ms"])
    groups = {
        PLANNED: {name: bars(play, name, tick) for name in play.level.tasks},
        MINE: seen.facts["spans"]["mine"],
        LINUX: seen.facts["spans"]["linux"],
    }
    looks = {PLANNED: (style.TASK, False), MINE: (style.TASK, True), LINUX: (style.THREAD, True)}
    title = "Who was on, and when was all done?"
    rows = [row for group, spans in groups.items() for row in _group(group, spans, looks[group])]
    last = max(end for spans in groups.values() for each in spans.values() for _, end in each)
    foot = f"Outlines: planned. Dashed: when all was done. {_origin(seen)}".strip()
    figure, ax = sheet.stack(
        title, rows, lambda ax: style.linear_axis(ax, TIME, last * MS * 1.04), foot=foot
    )
    _ends(ax, groups)
    table = Table(("who", "task", "done after"), tuple(_table(groups)))
    return Picture(figure, f"{title} {game_words.run_text(seen)}", table)


def played(play: game.Play) -> Picture:
    """Draw a play tick by tick, with what is still to be done after it.

    Args:
        play: any, a rule's for example: ``game.by_rule(level, "first come")``.
    """
    board = game_cells.board(play)
    title = f"{game_words.level_name(play.level)}: who is on in each tick?".lstrip(
        ": "
    ).capitalize()
    rows = [sheet.Row(row.label, TICK, _cells(row)) for row in board.rows]
    foot = "Filled: done. Outlines: to be done. Dashed: the goal."
    figure, ax = sheet.stack(title, rows, lambda ax: _ticks(ax, board), foot=foot)
    ax.axvline(board.goal, color=style.INK, lw=1.2, ls=(0, (4, 2)))
    said = game_words.end_text(play) if play.over else game_words.state_text(play)
    on = [row for row in board.rows if row.kind == "cpu"]
    cells = tuple((str(n + 1), *(row.cells[n].letters for row in on)) for n in range(play.ticks))
    return Picture(
        figure,
        f"{game_words.goal_text(play.level)} {said}",
        Table(("tick", *(row.label for row in on)), cells),
    )


def _ticks(ax: "Axes", board: game_cells.Board) -> None:
    ax.set_xlim(0, board.columns)
    ax.set_xticks(
        [n + 0.5 for n in range(board.columns)], [str(n + 1) for n in range(board.columns)]
    )
    style.axis_title(ax, "tick")
    ax.grid(False)


def _cells(row: game_cells.Row) -> Callable[["Axes", float], None]:
    colour = FILLS[row.kind].colour

    def paint(ax: "Axes", y: float) -> None:
        for cell in row.cells:
            if cell.what == game_cells.READY:
                ax.plot([cell.tick + 0.1, cell.tick + 0.9], [y, y], color=style.LANE, lw=1.2,
                        marker="None")  # fmt: skip
                continue
            on, naps = cell.what == game_cells.ON, cell.what == game_cells.NAPS
            ax.barh(
                y, 0.9, TICK - 0.06, left=cell.tick + 0.05, hatch="////" if naps else None,
                facecolor=colour if on else style.GRID if cell.what == game_cells.WAITS
                else style.PAPER,
                edgecolor=colour if cell.what in (game_cells.ON, game_cells.TO_COMPUTE)
                else style.INK if naps or cell.what == game_cells.TO_NAP else style.LANE,
                linewidth=1.2,
                linestyle="-" if cell.what in SOLID else "--",
            )  # fmt: skip
            _letters(ax, cell, y)

    return paint


def _letters(ax: "Axes", cell: game_cells.Cell, y: float) -> None:
    pad = {"facecolor": style.PAPER, "edgecolor": "none", "pad": 1}
    box = pad if cell.what in (game_cells.ON, game_cells.NAPS) else None
    if cell.letters:
        sheet.write(ax, cell.tick + 0.5, y, cell.letters, size=style.SMALL, ha="center", bbox=box)


def played_in(seen: Observation) -> game.Play:
    """Return the play that was run, with its level."""
    params = seen.params
    level = game.Level(str(params["cards"]), int(params["threads"]), int(params["cpus"]))
    return game.play(level, str(params["play"]))


def bars(play: game.Play, name: str, tick: float) -> list[tuple[float, float]]:
    """Return when a task is on in a play, in ms, if each tick takes ``tick`` ms."""
    place, found = play.level.tasks.index(name), []
    for n, on in enumerate(play.moves):
        if place in on and found and found[-1][1] == n * tick:
            found[-1] = (found[-1][0], (n + 1) * tick)
        elif place in on:
            found.append((n * tick, (n + 1) * tick))
    return found


def _group(name: str, spans: dict[str, Bars], look: tuple[style.Kind, bool]) -> list[sheet.Row]:
    head = sheet.Row("", _tall(HEAD), lambda ax, y: _heading(ax, y, name))
    tall = _tall(ROW)
    return [head, *(sheet.Row(task, tall, _painter(each, *look)) for task, each in spans.items())]


def _tall(inches: float) -> float:
    return inches * (ON_STAGE if style.on_stage() else 1)


def _heading(ax: "Axes", y: float, name: str) -> None:
    sheet.write(ax, 0, y + _tall(0.05), name, transform=ax.get_yaxis_transform(), fontweight="bold")


def _painter(spans: Bars, kind: style.Kind, filled: bool) -> Callable[["Axes", float], None]:
    def paint(ax: "Axes", y: float) -> None:
        for start, end in spans:
            ax.barh(y, (end - start) * MS, _tall(BAR), left=start * MS, edgecolor=kind.colour,
                    facecolor=kind.colour if filled else style.PAPER,
                    linewidth=0.4 if filled else 1.2)  # fmt: skip

    return paint


def _ends(ax: "Axes", groups: dict[str, dict[str, Bars]]) -> None:
    """Draw for each group a line where all was done."""
    head, row = _tall(HEAD), _tall(ROW)
    top = head * 0.75
    for spans in groups.values():
        end = _end(spans) * MS
        below = top + head * 0.25 + row * len(spans)
        ax.plot([end, end], [top, below], color=style.INK, lw=1.2, ls=(0, (4, 2)), marker="None")
        top = below + head * 0.75


def _end(spans: dict[str, Bars]) -> float:
    return max(each[-1][1] for each in spans.values())


def _table(groups: dict[str, dict[str, Bars]]) -> list[tuple[str, ...]]:
    return [
        (group, task, TIME.write(each[-1][1] * MS))
        for group, spans in groups.items()
        for task, each in spans.items()
    ]


def _origin(seen: Observation) -> str:
    return f"({seen.origin})" if seen.source == "recorded" else ""
