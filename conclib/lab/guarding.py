"""Is there a guard here that holds? It is tried before it is trusted, and once for each notebook.

Which Python runs behind the guard is decided here, too: this one where it can. Root becomes a user
that nobody is, who cannot read a Python in root's home; then the system's own takes its place.
"""

import contextlib
import os
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conclib.inspecting import room as memory_room
from conclib.lab import fact_forms
from conclib.lab.alone import alone
from conclib.results import Unavailable, WorkerError
from conclib.worker import Request, Worker, run_workers
from conclib.worker.request import KEEPER

TRIAL, NAME = "trial", "sacrifice"
PATIENCE = 10.0  # seconds for a trial, which takes a fifth of one: a busy machine is no fault
ROUNDS = 3  # of trials, before it is said that none holds
SETUP = 20.0  # seconds that a keeper may take beside those of the code
LIMITS = {
    "tasks": 40,
    "memory": 512 * 2**20,
    "output": 100_000,
    "seconds": 2.0,
    "descriptors": 64,
}
OTHERS = ("/usr/bin/python3", "/usr/local/bin/python3")
READS = (
    "here code behind the guard could read your files, for this Linux has no Landlock. It could "
    "not change them, nor send them anywhere. If you know the code, begin the cell with "
    "`%%sacrifice may_read=yes`"
)
FREE = 2 * 512  # MB that must be free: the limit, and as much for all others
FORMS = {
    "faults": "list[str]", "reads": "bool", "python": "str", "landlock": "int",
}  # fmt: skip


@dataclass(frozen=True)
class Guard:
    """A guard that has held in its trial.

    Attributes:
        python: the interpreter that runs behind it; ``None`` is this one.
        version: that interpreter's version.
        reads: whether code behind it can read the user's files.
        why: why it is not this interpreter; empty if it is.
    """

    python: str | None
    version: str
    reads: bool = False
    why: str = ""


_held: dict[int, Guard] = {}  # by user: a notebook kernel can become another one


def guard() -> Guard:
    """Return the guard that holds here; it is tried at the first call (a fifth of a second).

    Raises:
        Unavailable: none holds; the text says why the last one that was tried does not.
        ConclibError: something else is being measured in this notebook.
    """
    user = os.geteuid() if hasattr(os, "geteuid") else 0
    if user not in _held:
        _held[user] = _choose(user)
    return _held[user]


def feature() -> tuple[bool, str]:
    """Return whether code can be run behind a guard here, and why not, for ``conclib doctor``."""
    try:
        found = guard()
    except (Unavailable, WorkerError) as failure:
        return False, str(failure)
    return (False, READS) if found.reads else (True, "")


def _choose(user: int) -> Guard:
    # Root's victim has a user of its own; others share theirs with programs that come and go.
    for _ in range(ROUNDS - 1 if user else 0):
        with contextlib.suppress(Unavailable):
            return _first_that_holds()
    return _first_that_holds()


def _first_that_holds() -> Guard:
    reasons: list[str] = []
    limits = {**LIMITS, "seconds": PATIENCE}
    for python in _pythons():
        try:
            request = Request(TRIAL, limits, text="", python=python, start=KEEPER)
            facts = report(request, FORMS)
        except (Unavailable, WorkerError) as failure:
            reasons.append(str(failure).removeprefix(f"{TRIAL}: "))
            continue
        if not facts["faults"]:
            return Guard(python, facts["python"], facts["reads"], reasons[0] if reasons else "")
        reasons.append("its guard did not hold: " + "; ".join(facts["faults"]))
    raise Unavailable(f"no guard holds here, so %%sacrifice runs nothing: {reasons[-1]}")


def _pythons() -> list[str | None]:
    """Return the interpreters to try: this one, then the system's."""
    own = os.path.realpath(sys.executable)
    others = [path for path in OTHERS if Path(path).exists() and os.path.realpath(path) != own]
    return [None, *others]


def report(
    request: Request, forms: dict[str, str], stop: threading.Event | None = None
) -> dict[str, Any]:
    """Have a keeper do something, and return what it reports.

    Args:
        request: to a keeper.
        forms: the type of each fact, as a probe declares it.
        stop: an event that ends it when it is set.

    Raises:
        Unavailable, WorkerError, Cancelled, ConclibError: as for every worker.
    """
    room = memory_room()
    if room.free < FREE:
        raise Unavailable(f"{request.probe}: {FREE} MB must be free, and {room.text}")
    deadline = SETUP + float(request.params["seconds"])

    def use(workers: list[Worker]) -> object:
        from conclib.worker import forms as messages

        workers[0].send_request()
        return workers[0].answer(messages.Facts).data

    found = alone(lambda: run_workers([request], use, deadline=deadline, stop=stop))
    types = {name: fact_forms.parse(text) for name, text in forms.items()}
    return fact_forms.checked(request.probe, types, found)
