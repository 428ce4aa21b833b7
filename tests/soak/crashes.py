"""One of a crew goes wrong, in whichever way and place, and perhaps Stop is pressed meanwhile."""

import signal
from random import Random

from conclib import lab
from conclib.lab import crashing
from conclib.results import Cancelled, Unavailable
from tests import fates
from tests.soak.outcomes import Fault, require, stopped_after

LENGTH = 0.9  # seconds within which the moment of an interrupt lies
DRAWN = [
    (fault, container) for fault in crashing.all_faults() for container in crashing.all_containers()
]


def drawn(chance: Random) -> tuple[str, str]:
    """Draw a fault and a container."""
    return chance.choice(DRAWN)


def crash(chance: Random) -> None:
    """It runs to its end: each of the others has the fate that is expected."""
    fault, container = drawn(chance)
    try:
        item = lab.crash(fault, container, siblings=chance.choice([1, 3]))
    except Unavailable as why:
        require("CPU" in str(why), f"{fault} in {container}: {why}")
        return
    wanted = fates.expected(fault, container)
    require(item.facts["others"] == wanted, f"{fault} in {container}: {item.facts['summary']}")


def interrupted(chance: Random) -> None:
    """Stop is pressed, once or again and again, at any moment of a run."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    alarm = signal.signal(signal.SIGALRM, lambda *_: signal.raise_signal(signal.SIGINT))
    try:
        signal.setitimer(
            signal.ITIMER_REAL, chance.uniform(1e-4, LENGTH), chance.choice([0.0, 0.005])
        )
        try:
            lab.crash(*drawn(chance))
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    except (KeyboardInterrupt, Unavailable):
        pass
    finally:
        signal.signal(signal.SIGALRM, alarm)
        signal.signal(signal.SIGINT, before)


def stopped(chance: Random) -> None:
    """Stop in a panel, at any moment of a run or of a matrix."""
    with stopped_after(chance.uniform(0.0, LENGTH)) as stop:
        try:
            if chance.random() < 0.5:
                lab.crash(*drawn(chance), stop=stop)
            else:
                lab.fate_matrix(["null pointer", "deadlock"], ["thread", "supervised"], stop=stop)
        except (Cancelled, Unavailable):
            pass


FAULTS = [
    Fault("one of a crew goes wrong", "1–9", crash),
    Fault("Stop while one goes wrong", "15, 16", interrupted),
    Fault("Stop from a panel meanwhile", "15", stopped),
]
