"""What the scheduling game says: the goal, how a play went, and how the rules do beside it.

Pure text: the board and the pictures share it.
"""

from conclib.models import game
from conclib.models.game.levels import counted
from conclib.results import Observation
from conclib.results.wording import listed

HEAD = ("who decides", "all done after tick", "put on", "goal")
YOU = "you"
REACHED, AT_PAR, LATE = "reached", "reached, at par", "late"
PUTS = "times somebody was put on"
BUSY = 1.25  # times what was planned; a tick is CPU time, and a scheduler needs hardly any itself
OTHERS = "So much more than planned means that other programs used the CPU, too."


def level_name(level: game.Level) -> str:
    """Return what a level is called on the board; that of a seed has its number, as in the call."""
    return level.name.replace("seed", "level").capitalize()


def goal_text(level: game.Level) -> str:
    """Say what is to be reached in a level."""
    goal = game.goal(level)
    name = f"{level_name(level)}: " if level.name else ""
    return (
        f"{name}{counted(level.cpus, 'CPU')}, "
        f"{counted(level.threads, 'OS thread')}. Goal: all done after tick {goal.ticks}. "
        f"Par: somebody is put on {goal.puts} times."
    )


def state_text(play: game.Play, hidden: bool = False) -> str:
    """Say where everybody is.

    Args:
        hidden: the cards are face down: what lies ahead is not told.
    """
    if not hidden or play.over:
        return play.state_text
    tasks = listed([_now(play, place) for place in range(len(play.level.lines))])
    head = f"After tick {play.ticks}, {play.puts} put on" if play.ticks else "Before tick 1"
    return f"{head}: {tasks}."


def _now(play: game.Play, place: int) -> str:
    name, does = play.level.tasks[place], play.level.does(play.state)[place]
    now = {"C": "is ready", "W": "waits", "B": "blocks an OS thread"}
    return f"{name} {now.get(does, 'is done')}"


def end_text(play: game.Play) -> str:
    """Say how a play went that is over."""
    goal, done = game.goal(play.level), f"All is done after tick {play.ticks}"
    if play.ticks > goal.ticks:
        return f"{done}, and tick {goal.ticks} can be reached. {_lost(play)}"
    if play.puts > goal.puts:
        return (
            f"{done}: the goal. Somebody was put on {play.puts} times, and {goal.puts} are enough."
        )
    return f"{done}, with {play.puts} {PUTS}: the goal, at par."


def _lost(play: game.Play) -> str:
    """Say in which ticks a CPU had nobody."""
    ticks = [n for n, on in enumerate(play.moves, start=1) if len(on) < play.level.cpus]
    if not ticks:
        return "No tick of a CPU was lost, so it was the order."
    shown = [str(n) for n in ticks[:6]] + ["more"] * (len(ticks) > 6)
    return f"A CPU stood idle in tick{'s' * (len(ticks) > 1)} {listed(shown)}."


def outcome(play: game.Play) -> str:
    """Return whether a play reached the goal, in a word or two."""
    goal = game.goal(play.level)
    if play.ticks > goal.ticks:
        return LATE
    return AT_PAR if play.puts == goal.puts else REACHED


def beside_rules(play: game.Play, who: str = YOU, *, rules: bool = True) -> list[tuple[str, ...]]:
    """Return a table of a play that is over and of each rule's; its head first.

    Args:
        who: whose play it is.
        rules: whether those of the rules stand beside it.
    """
    shown = game.RULES if rules else ()
    plays = {who: play, **{rule: game.by_rule(play.level, rule) for rule in shown}}
    return [
        HEAD,
        *((name, str(each.ticks), str(each.puts), outcome(each)) for name, each in plays.items()),
    ]


def run_text(seen: Observation) -> str:
    """Say what came of a play that was really run, beside Linux's own."""
    facts, tick = seen.facts, seen.params["tick_ms"]
    ticks = len(str(seen.params["play"]).split())
    late = facts["mine_ms"] > BUSY * ticks * tick
    linux = facts["linux_puts"]
    often = f"it put somebody on {linux} times." if linux is not None else facts["why"]
    return (
        f"Really run ({seen.origin}), {tick} ms of CPU time for a tick. Your scheduler: all done "
        f"after {facts['mine_ms']:.0f} ms, for {counted(ticks, 'tick')} of {tick} ms; "
        f"{facts['mine_puts']} put on, {counted(facts['os_threads']['mine'], 'OS thread')}. "
        f"Linux's own, {counted(facts['os_threads']['linux'], 'OS thread')}, one for each task: "
        f"after {facts['linux_ms']:.0f} ms; {often}" + f" {OTHERS}" * late
    )


def level_code(level: game.Level) -> str:
    """Return how a level is written in a call."""
    kind, _, number = level.name.partition(" ")
    seed = int(number) if number.isdecimal() else 0
    if kind == "level" or seed > max(game.LEVELS):
        return f"level={number}" + (f", cpus={level.cpus}" if level.cpus > 1 else "")
    return f"level=game.Level({level.cards!r}, threads={level.threads}, cpus={level.cpus})"
