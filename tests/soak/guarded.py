"""A bad idea behind the guard, left alone, stopped, or interrupted at a moment drawn by chance."""

import os
import signal
import threading
from random import Random

from conclib import lab
from conclib.lab.sacrificing import Sacrificed
from conclib.results import Cancelled, Unavailable
from tests.guard_cases import CASES, Case
from tests.soak.outcomes import Fault, require, stopped_after

ALONE = [case for case in CASES.values() if "%(" not in case.code]
LONG = 10.0


def bad_idea(chance: Random) -> None:
    """It ends as it must, or where it is stopped; the caller goes on, and nothing is left."""
    case, moment = chance.choice(ALONE), chance.uniform(0.01, 0.4)
    way = chance.choice([_left_alone, _stopped, _interrupted])
    try:
        found = way(case, moment)
    except Unavailable as failure:
        require("no guard holds" in str(failure), str(failure))
        return
    if found is not None:
        ended = found.code if found.ended in ("exited", "signalled") else found.ended
        require(found.clean and ended in case.ends, found.text)


def _seconds(case: Case) -> float:
    return 0.5 if "time" in case.ends else LONG


def _left_alone(case: Case, _moment: float) -> Sacrificed:
    return lab.sacrifice(case.code, seconds=_seconds(case), may_read=True)


def _stopped(case: Case, moment: float) -> Sacrificed | None:
    with stopped_after(moment) as stop:
        try:
            return lab.sacrifice(case.code, seconds=_seconds(case), may_read=True, stop=stop)
        except Cancelled:
            return None


def _interrupted(case: Case, moment: float) -> Sacrificed | None:
    timer = threading.Timer(moment, os.kill, (os.getpid(), signal.SIGINT))
    try:
        timer.start()
        found = lab.sacrifice(case.code, seconds=_seconds(case), may_read=True)
        timer.join()  # it was quicker
    except KeyboardInterrupt:
        return None
    finally:
        timer.join()
    return found


FAULTS = [Fault("a bad idea behind the guard", "8 to 14, 21", bad_idea)]
