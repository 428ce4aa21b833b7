"""The game "you are the scheduler": who is on in the next tick?

    level = game.LEVELS[1]
    play = game.Play(level).put("Q").put("R")
    game.goal(level)                     # ticks=10, puts=5, and a play
    game.by_rule(level, "first come")    # a play that is over

Everything here is computed; nothing is run. What is really run is the probe ``played_cards``.
"""

from conclib.models.game.drawing import MAX_SEED, Tally, by_rules, drawn, next_seed, offered
from conclib.models.game.levels import LEVELS, Level, level
from conclib.models.game.playing import Play, play
from conclib.models.game.rules import RULES, by_rule
from conclib.models.game.searching import Goal, TooLarge, goal

__all__ = [
    "LEVELS", "MAX_SEED", "RULES", "Goal", "Level", "Play", "Tally", "TooLarge", "by_rule",
    "by_rules", "drawn", "goal", "level", "next_seed", "offered", "play",
]  # fmt: skip
