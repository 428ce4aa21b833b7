"""The verbs of chapter 11. Each has programs run, by another process, and shows what came out."""

from typing import Any

from conclib.chapters.ch11_models import (
    computing,
    counts,
    dots,
    fixed,
    game_pictures,
    game_run,
    game_words,
    houses,
    live,
    tables,
    tallies,
    words,
)
from conclib.lesson.showing.looked import Looked, looked, observe, observed
from conclib.lesson.showing.shown import show
from conclib.results import Observation, arguments

TASKS = 10_000
MANY = 100  # readers
MOST = 200  # readers
MADE_UP = {"rounds": 2, "compute_ms": 2, "wait_ms": 6, "blocking": 0.5, "seed": 1}  # tasks
ASLEEP = 1000  # tasks in Go's own Sleep


def _three(probe: str, **params: Any) -> dict[str, Observation]:
    return {each: observe(probe, runtime=each, **params) for each in words.THREE}


# The opening ------------------------------------------------------------------------------------
def roll_call(tasks: int = TASKS) -> Looked:
    """Let three programs have so many tasks, all waiting; count the threads behind each.

    Args:
        tasks: how many, 10 to 10,000.
    """
    arguments.integer("tasks", tasks, 10, TASKS, "tasks")
    seen = _three("waiting_tasks", tasks=tasks)
    title = f"{tasks:,} tasks wait: how many threads does Linux see?"
    return looked(seen, "", dots.roll(seen, title=title))


# Act 1 ------------------------------------------------------------------------------------------
def one_reads() -> Looked:
    """Let eight hearts beat in each of three programs, while a ninth task reads from a pipe."""
    seen = live.observe("blocking_call", words.THREE, houses.TITLE)
    return looked(seen, "", houses.houses(seen))


def three_houses(result: Any) -> Looked:
    """Show once more, to be stepped through, what ``one_reads`` gave.

    Args:
        result: what ``one_reads`` gave.
    """
    items = observed(result, "blocking_call")
    seen = {item.params["runtime"]: item for item in items}
    return looked(seen, "", houses.houses(seen))


def hundred_readers(readers: int = MANY) -> Looked:
    """Let one, then many tasks of Go read; beside it, many in Go's own Sleep.

    Args:
        readers: how many read at the same time, 2 to 200.
    """
    arguments.integer("readers", readers, 2, MOST, "readers")
    seen = {
        "1 reads": observe("blocking_call", runtime=words.GO),
        f"{readers} read": observe("blocking_call", runtime=words.GO, readers=readers),
        f"{ASLEEP:,} in Go's own Sleep": observe(
            "blocking_call", runtime=words.GO, readers=ASLEEP, call="own sleep"
        ),
    }
    return looked(seen, "", rows=tables.readers(seen))


def as_many_readers(threads: int = 2) -> Looked:
    """Let a small scheduler with a fixed number of threads run hearts and more and more readers.

    Args:
        threads: threads of Linux that it has, 1 to 4.
    """
    arguments.integer("threads", threads, 1, 4, "threads")
    item = observe("scheduler_in_python", kernel_threads=threads)
    return looked({"own": item}, fixed.sentence(item), fixed.picture(item))


def fixed_threads() -> Any:
    """Show the small scheduler as a panel: how many threads, how many readers; press Run."""
    from conclib.chapters.ch11_models.fixed_panel import FixedPanel  # brings in ipywidgets

    return FixedPanel()


# Act 2 ------------------------------------------------------------------------------------------
def whose_cpus() -> Looked:
    """Let four tasks compute in each of three programs; show how many CPUs were kept busy."""
    seen = _three("computing_tasks")
    named = {words.NAMES[each]: item for each, item in seen.items()}
    return looked(seen, "", computing.picture(named))


def hashing() -> Looked:
    """Let four threads of Python compute in Python, then in C, which lets go of the lock."""
    seen = {
        "in Python": observe("computing_tasks", runtime=words.THREADS),
        "in C": observe("computing_tasks", runtime=words.THREADS, work="hash in C"),
    }
    title = "Four threads of Python compute: how many CPUs are kept busy?"
    named = {f"threads, {label}": item for label, item in seen.items()}
    return looked(seen, "", computing.picture(named, title=title))


# Act 3 ------------------------------------------------------------------------------------------
def play(level: int = 1, *, cpus: int = 1, face_down: bool = False) -> Any:
    """Be the scheduler: a board of cards on which you say who is on, tick by tick.

    Args:
        level: 1, 2 or 3; from 4 on the seed of a level.
        cpus: 1, or 2: then up to two tasks are on in each tick.
        face_down: whether the cards stay hidden until they are played.
    """
    from conclib.chapters.ch11_models.game_panel import SchedulerGame  # brings in ipywidgets

    return SchedulerGame(level, cpus=cpus, face_down=face_down)


def run_mine(moves: str, level: int = 1, *, cpus: int = 1) -> Looked:
    """Run a play of the game for real, beside the same cards under Linux.

    Args:
        moves: who is on, tick by tick, as the board shows it: ``"Q R R P P P P P Q R"``.
        level: 1, 2 or 3; from 4 on the seed of a level.
        cpus: 1 or 2, as on the board.
    """
    item = game_run.run_mine(moves, level, cpus=cpus)
    return looked({"mine": item}, game_words.run_text(item), game_pictures.beside(item))


def by_rules(levels: int = 200) -> tallies.Tallies:
    """Play so many levels by each of three rules, and count the goals that each reaches.

    Args:
        levels: how many, 10 to 2,000.
    """
    arguments.integer("levels", levels, 10, 2000, "levels")
    found: tallies.Tallies = show(tallies.played(levels))
    return found


def chart(model: str = "M:N") -> Looked:
    """Simulate four tasks, half of whose waits are calls that block; step through who runs where.

    Args:
        model: ``"1:1"``, ``"N:1"``, or ``"M:N"`` with two kernel threads.
    """
    from conclib.lesson.simulated import Simulated, costs_of
    from conclib.models import bursts, case, costs, simulating

    paid = costs_of(user_switch_us=None, linux_switch_us=None)
    asked = case.case(
        model, bursts.workload(4, **MADE_UP), kernel_threads=2 if model == "M:N" else None,
        user_switch_ns=paid[costs.USER].ns, linux_switch_ns=paid[costs.LINUX].ns,
    )  # fmt: skip
    made = Simulated(simulating.simulated(asked), tuple(paid.values()))
    return looked({}, made.sentence, made.chart)


def simulator() -> Any:
    """Show the simulator as a panel: model, tasks, threads, CPUs, blocking calls."""
    from conclib.widgets.simulating import SimulatorPanel  # brings in ipywidgets

    return SimulatorPanel(beside=counts.beside)


# Break it ---------------------------------------------------------------------------------------
def one_sleeps() -> Looked:
    """Let one of 10,000 tasks of asyncio call ``time.sleep``; see what the others do."""
    seen = {"time.sleep(…)": _sleeping("time.sleep")}
    return looked(seen, "", rows=tables.sleeps(seen))


def mended(slept: Any = None) -> Looked:
    """Let it sleep in three ways: as it was, by ``to_thread``, and in asyncio's own sleep.

    Args:
        slept: what ``one_sleeps`` gave, which then is not run again.
    """
    again = slept is None
    first = (
        _sleeping("time.sleep") if again else observed(slept, "blocking_call", call="time.sleep")[0]
    )
    seen = {
        "time.sleep(…)": first,
        "await asyncio.to_thread(time.sleep, …)": _sleeping("helper thread"),
        "await asyncio.sleep(…)": _sleeping("own sleep"),
    }
    return looked(seen, "", rows=tables.sleeps(seen))


def _sleeping(call: str) -> Observation:
    return observe("blocking_call", runtime=words.ASYNCIO, call=call, others=TASKS)
