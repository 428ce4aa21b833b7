"""The verbs of chapter 06. Each lets something go wrong, in other processes, and shows the rest."""

from typing import Any

from conclib.chapters.ch06_fate import (
    heartbeats,
    matrix,
    predicting,
    stepping,
    tables,
    words,
)
from conclib.lesson.showing.looked import Looked, as_sentence, looked, observe, observed
from conclib.results import Observation, arguments
from conclib.results.wording import listed

POSTER_FAULTS = (
    "exception", "sys.exit", "os._exit", "null pointer", "abort", "stack overflow",
    "endless recursion", "memory hog", "SIGKILL", "C keeps the GIL", "silent corruption",
    "endless loop",
)  # fmt: skip
POSTER_CONTAINERS = ("thread", "process", "executor", "supervised")


# The opening ------------------------------------------------------------------------------------
def flatline(heart: str = "C") -> Looked:
    """Let eight hearts beat, and one line of code read address 0 in one of them.

    Args:
        heart: in which, ``"A"`` to ``"H"``.
    """
    item = observe("hearts", heart=heart)
    title = f"Heart {heart} reads address 0: whose line goes flat?"
    return looked(
        {f"in {heart}": item}, words.flat(item.facts), heartbeats.hearts(item, title=title)
    )


def walls(result: Any) -> Looked:
    """Show the same hearts step by step, and with the last step the walls between them.

    Args:
        result: what ``flatline`` gave.
    """
    item = observed(result, "hearts")[0]
    drawn = stepping.stepped(item, title="The same hearts, and the walls between them")
    return looked({"walls": item}, as_sentence(words.exits(item.facts)), drawn)


# Act 1 ------------------------------------------------------------------------------------------
def _hearts(label: str, title: str, **params: Any) -> tuple[dict[str, Observation], Any]:
    item = observe("hearts", **params)
    return {label: item}, heartbeats.hearts(item, walls=True, title=title)


def uncaught() -> Looked:
    """Let C divide by zero, in Python, where nobody catches the exception."""
    seen, drawn = _hearts("uncaught", "Heart C divides by zero: who ends?", fault="exception")
    return looked(seen, "", drawn)


def from_outside() -> Looked:
    """Send thread C the signal of a segmentation fault from outside; nothing is broken."""
    title = "Nothing is broken, and heart C is sent SIGSEGV: who ends?"
    seen, drawn = _hearts("from outside", title, fault="SIGSEGV sent")
    return looked(seen, "", drawn)


def overwritten() -> Looked:
    """Let C overwrite the numbers that the hearts of its process have computed."""
    title = "Heart C overwrites what it can reach: who ends?"
    seen, drawn = _hearts("overwritten", title, fault="silent corruption")
    return looked(seen, "", drawn)


def dealt() -> Looked:
    """Deal eight hearts out to 1, 2, 4 and 8 processes; let C read address 0 in each case."""
    seen = {count: observe("hearts", walls=count) for count in ("1", "2", "4", "8")}
    return looked(seen, words.dealt(seen), rows=tables.walls(seen))


# Act 2 ------------------------------------------------------------------------------------------
def predict_cells(**letters: str) -> Any:
    """Show the small matrix as a panel, to predict it; or predict it in text.

    Args:
        **letters: ``thread="ege"`` and ``process="ggggg"``: a letter for each open cell of that
            column, g for "go on", e for "end too", s for "stop, then go on".
    """
    if letters:
        return predicting.read(letters)
    from conclib.chapters.ch06_fate.predict_panel import PredictPanel  # brings in ipywidgets

    return PredictPanel()


def ten_containers(predicted: Any = None) -> Looked:
    """Run the five faults in one of four threads and in one of four processes.

    Args:
        predicted: what ``predict_cells`` gave; what it says is shown beside what came.
    """
    said = getattr(predicted, "predicted", predicted)
    said = predicting.Predicted() if said is None else said
    if not isinstance(said, predicting.Predicted):
        raise TypeError(
            f"predicted={arguments.shown(said)}: must be what predict_cells gave, such as "
            'predict_cells(thread="ege", process="ggggg")'
        )
    item = fates(predicting.FAULTS, predicting.CONTAINERS)
    cells = words.cells(item.facts)
    title = "One of four goes wrong: what becomes of the three others?"
    drawn = matrix.matrix(item, predicted=dict(said), title=title)
    sentence = f"{matrix.score(cells, said)} {matrix.reasons(cells, said)}".strip()
    return looked({"fates": item}, sentence, drawn)


def fates(faults: Any, containers: Any) -> Observation:
    """Run every fault in every container, a few at a time; cells are counted while they come."""
    from conclib.lab import crashing

    return observe("fates", **crashing.asked_matrix(faults, containers))


def kept_turn() -> Looked:
    """Let C call a C function that keeps Python's lock, then one that lets go of it."""
    seen = {
        "keeps it": observe("hearts", fault="C keeps the GIL"),
        "lets go": observe("hearts", fault="C lets go of the GIL"),
    }
    title = "Heart C keeps Python's lock: who stops?"
    drawn = heartbeats.hearts(seen["keeps it"], walls=True, title=title)
    return looked(seen, "", drawn)


def crash_panel() -> Any:
    """Show the crash lab as a panel: choose a fault, a container, siblings; press Run."""
    from conclib.chapters.ch06_fate.crashing_panel import CrashPanel  # brings in ipywidgets

    return CrashPanel()


# Act 3 ------------------------------------------------------------------------------------------
def pool() -> Looked:
    """Kill an idle worker of a pool, and give the pool eight tasks."""
    item = observe("pool_killed", kill="one that waits")
    return looked({"pool": item}, words.killed(item.facts, 0))


def pool_again() -> Looked:
    """Kill an idle worker of a pool, then another one; eight tasks after each."""
    item = observe("pool_killed")
    return looked({"pool": item}, words.first_killed(item.facts))


def set_back(result: Any) -> Looked:
    """Show what the number of the pool's lock was meanwhile, and what came once it was set back.

    Args:
        result: what ``pool_again`` gave.
    """
    item = observed(result, "pool_killed", kill="one that waits, then the holder")[0]
    facts = item.facts
    places = zip(facts["killed"], facts["waited_in"], strict=True)
    where = listed([f"{who} waited in {place}" for who, place in places])
    said = f"Before they were killed, by the names of functions in Linux: {where}."
    return looked({"pool": item}, said)


def file_lock() -> Looked:
    """Kill one of four that take turns: by a lock in shared memory, and by the lock of a file."""
    seen = {
        "a lock in memory": observe("crash", fault="SIGKILL", container="lock holder"),
        "the lock of a file": observe("crash", fault="SIGKILL", container="file lock holder"),
    }
    return looked(seen, "Each was killed while it held the lock.", rows=tables.locks(seen))


def twelve() -> Looked:
    """Have twelve tasks done by an executor, a Pool and a supervisor; task 5 ends its worker."""
    seen = {
        "executor": observe("twelve_tasks", by="executor"),
        "Pool": observe("twelve_tasks", by="pool"),
        "supervisor": observe("twelve_tasks", by="supervisor"),
        "supervisor, the bug comes once": observe("twelve_tasks", by="supervisor", bad=1),
    }
    refused = sorted(seen["executor"].facts["told"])
    said = f"What the executor reports: {listed(refused)}." if refused else ""
    return looked(seen, said, rows=tables.twelve(seen))


# Break it ---------------------------------------------------------------------------------------
def coroner(seed: int = 1) -> Any:
    """Show the coroner as a panel: cases that really happen, evidence to be bought.

    Args:
        seed: of the case that comes first, 1 to 1,000,000,000.
    """
    from conclib.chapters.ch06_fate.coroner_panel import CoronerPanel  # brings in ipywidgets

    return CoronerPanel(arguments.integer("seed", seed, 1, 1_000_000_000))


# Side rooms -------------------------------------------------------------------------------------
def supervisor() -> Any:
    """Show the supervisor that has done the twelve tasks: a file to be read."""
    from conclib.lesson.showing import reading

    return reading.of_probes("_supervisor.py")


def fate_matrix(faults: Any = POSTER_FAULTS, containers: Any = POSTER_CONTAINERS) -> Any:
    """Run your own matrix, and return it as a picture; ``.save("fates.png")`` keeps it.

    Args:
        faults, containers: names, as ``cl.crash`` has them; up to 60 cells.
    """
    item = fates(faults, containers)
    whose = ", on my own machine" if item.source == "live" else ""
    return matrix.matrix(item, title=f"Who falls with whom{whose}")
