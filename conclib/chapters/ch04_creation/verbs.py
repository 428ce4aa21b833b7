"""The verbs that only chapter 04 needs; ``where_true`` has a file of its own, ``crossing.py``."""

from conclib.results import Measurements

DIAL = {
    "no flag: a fork": "",
    "files": "files",
    "fs": "fs",
    "vm": "vm",
    "vm + sighand": "vm sighand",
    "all flags: a thread": "vm fs files sighand thread",
}


def clone_dial(*, ballast_mb: int = 128, budget: float = 1.5) -> Measurements:
    """Measure ``clone`` with its flags turned one by one, beside a parent of this size.

    All on one CPU: without that, some of the settings wake another CPU and others do not, and that
    costs more than most flags do.

    Args:
        ballast_mb: the parent's touched memory in MB, 0 to 1024.
        budget: seconds of measuring for all settings together, 0.01 to 60.
    """
    from conclib import lab

    settings = {label: ("clone", dict.fromkeys(flags.split(), 1)) for label, flags in DIAL.items()}
    return lab.measure_many(settings, ballast_mb=ballast_mb, budget=budget, cpu="one")
