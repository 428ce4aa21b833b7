"""A play of the scheduling game, really run: from a cell, or from the board."""

import threading
from dataclasses import replace

from conclib.models import game
from conclib.results import Observation, arguments

PROBE = "played_cards"


def run_mine(
    play: game.Play | str,
    level: int | game.Level = 1,
    *,
    cpus: int = 1,
    stop: threading.Event | None = None,
) -> Observation:
    """Run a play with a scheduler of one's own, and the same cards under Linux's.

    Args:
        play: one that is over, or its text, ``"Q R R P P P P P Q R"`` say.
        level: whose play the text is: 1 to 3, a seed, or a level; ``cpus``: 1 or 2.
        stop: an event; when it is set, what runs is ended and ``Cancelled`` is raised.

    Raises:
        TypeError, ValueError: no such play, or one that is not over; nothing has started then.
    """
    from conclib import lab

    if not isinstance(play, game.Play):
        play = game.play(level_of(level, cpus), play)
    if not play.over:
        raise ValueError(f"play={play.text!r}: it must be over. {play.state_text}")
    if play.ticks > 100:
        raise ValueError(f"play: has {play.ticks} ticks; at most 100 can be run")
    its = play.level
    return lab.observe(
        PROBE, cards=its.cards, threads=its.threads, cpus=its.cpus, play=play.text, stop=stop,
        on_event=lambda _: None,
    )  # fmt: skip


def level_of(level: object, cpus: int = 1) -> game.Level:
    """Return a level: one of the three, that of a seed from 4 on, or the one that is given.

    Args:
        cpus: how many CPUs, 1 or 2; with two there are two OS threads or more. A level that is
            given keeps what it has, if that is more.

    Raises:
        TypeError, ValueError: there is no such level.
    """
    arguments.integer("cpus", cpus, 1, 2)
    if isinstance(level, game.Level):
        return _with(level, cpus)
    number = arguments.integer("level", level, 1, game.MAX_SEED)
    named = game.LEVELS.get(number)
    return _with(named, cpus) if named else game.offered(number, cpus)


def _with(level: game.Level, cpus: int) -> game.Level:
    if cpus <= level.cpus:
        return level
    return replace(level, cpus=cpus, threads=max(level.threads, cpus))
