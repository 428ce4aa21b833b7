"""What chapter 07 asks for by itself, made small enough for this machine before it starts."""

import math

from conclib.inspecting import memory
from conclib.lab import resources
from conclib.results import Observation

COUNTS = (5000, 2000, 1000, 500, 200, 100, 50, 20, 10)  # threads of the ladder
FEWER = " Not more than {:,} were asked for here: {}."
COPIES, MAX_COPIES = 100, 400
MORE = 1.2  # times what the machine has
MOST_FILLED = 512  # MB
RECORDED = {"filled_mb": 320, "copies": 100}  # more than most machines have


def ladder(stack_kb: int, touched_kb: int) -> tuple[Observation, str]:
    """Start as many threads as this machine allows; return that, and a sentence if they are fewer.

    Where not even the fewest may be, it is the full number: of that there is a recording.
    """
    from conclib import lab

    params, why = {"stack_kb": stack_kb, "touched_kb": touched_kb}, ""
    for count in COUNTS:
        refused = resources.refusal("more_threads", count=count, **params)
        try:
            if refused is None:
                item = lab.observe("more_threads", count=count, **params)
                return item, FEWER.format(count, why) if why else ""
        except resources.TooMuch as changed:  # others have taken some meanwhile
            refused = changed
        why = why or refused.why
    return lab.observe("more_threads", count=COUNTS[0], **params), ""


def require_threads(count: int, stack_kb: int, touched_kb: int) -> None:
    """Refuse a number of threads that somebody asked for, where it is too much.

    Raises:
        ValueError: more than the machine allows.
    """
    params = {"count": count, "stack_kb": stack_kb, "touched_kb": touched_kb}
    if refused := resources.refusal("more_threads", **params):
        raise refused


def copies() -> dict[str, int]:
    """Return what to fill, and how many copies say more than there is, in this machine's limits.

    Empty where that is not possible: then a recording shows it.
    """
    wanted, allowed = MORE * memory.machine_mb("total"), resources.allowed()
    most = min(allowed["processes"].most - 1, MAX_COPIES)
    if most < 1:
        return {}
    largest = min(MOST_FILLED, max(allowed["mb"].most // 4, 1))
    filled = min(math.ceil(wanted / min(COPIES, most)), largest)
    found = {"filled_mb": filled, "copies": min(max(math.ceil(wanted / filled), 20), most)}
    enough = filled * found["copies"] >= wanted
    return found if enough and not resources.refusal("many_copies", **found) else {}
