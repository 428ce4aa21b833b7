"""Cards: what tasks have to do, tick by tick, as one line of text.

    C5; C1 W5 C1; C2 B2 C1

Three tasks, P, Q and R. The first computes for five ticks. The second computes for one, waits for
five and computes for one more. The third naps in between: to wait lets go of the OS thread, to nap
keeps it. The same line is computed with (``conclib.models.game``) and really run (the probe
``played_cards``).
"""

from __future__ import annotations  # a worker may be an older Python

NAMES = "PQRSTU"  # no letter that is a card, too
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
_ON = f"([{NAMES}]{{1,2}}|[.])"
PLAY = f"{_ON}( {_ON}){{0,99}}"


def lines(cards):
    """Return what each task does in each of its ticks: ``["CCCCC", "CWWWWWC", "CCBBC"]``."""
    return ["".join(card[0] * int(card[1:]) for card in task.split()) for task in cards.split("; ")]


def ticks(play):
    """Return who is on in each tick of a play, ``"P PQ ."``, as places: ``[(0,), (0, 1), ()]``."""
    return [() if who == IDLE else tuple(map(NAMES.index, who)) for who in play.split()]


def refused(cards, threads, cpus, play):
    """Return why a play cannot be run to its end, or an empty text.

    Args:
        cards, play: as text; threads, cpus: how many OS threads and CPUs there are.
    """
    tasks = [line + "-" for line in lines(cards)]
    at = [0] * len(tasks)
    for tick, on in enumerate(ticks(play), start=1):
        does = [tasks[n][place] for n, place in enumerate(at)]
        if any(n >= len(tasks) or does[n] != COMPUTE for n in on) or len(set(on)) < len(on):
            return f"in tick {tick} somebody is put on who is not ready"
        if on and len(on) > min(cpus, threads - does.count(NAP)):
            return f"in tick {tick} more are put on than there are CPUs or OS threads left"
        at = [place + (n in on or does[n] in (WAIT, NAP)) for n, place in enumerate(at)]
    left = [name for n, name in enumerate(NAMES[: len(tasks)]) if tasks[n][at[n]] != "-"]
    return f"it ends before {', '.join(left)} has ended" if left else ""
