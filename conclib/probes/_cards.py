"""Cards: what tasks have to do, tick by tick, as one line of text.

    C5; C1 W5 C1; C2 B2 C1

Three tasks, A, B and C. The first computes for five ticks. The second computes for one, waits for
five and computes for one more. The third naps in between: to wait lets go of the OS thread, to nap
keeps it. The same line is computed with (``conclib.models.game``) and really run (the probe
``played_cards``).
"""

from __future__ import annotations  # a worker may be an older Python

NAMES = "ABCDEF"
COMPUTE, WAIT, NAP = "CWB"
IDLE = "."  # a tick in which nobody is on
MAX_TICKS = 60  # of one task
_CARD = "[1-9][0-9]?"
_TASK = f"C{_CARD}( [WB]{_CARD} C{_CARD})*"
PATTERN = f"{_TASK}(; {_TASK}){{1,{len(NAMES) - 1}}}"
ALLOWED = (
    f"2 to {len(NAMES)} tasks, each with C cards and one W or B card between two of them, "
    "for example 'C5; C1 W5 C1; C2 B2 C1'"
)


def lines(cards):
    """Return what each task does in each of its ticks: ``["CCCCC", "CWWWWWC", "CCBBC"]``."""
    return ["".join(card[0] * int(card[1:]) for card in task.split()) for task in cards.split("; ")]


def ticks(play):
    """Return who is on in each tick of a play, ``"A AB ."``, as places: ``[(0,), (0, 1), ()]``."""
    return [() if who == IDLE else tuple(map(NAMES.index, who)) for who in play.split()]
