"""What was really counted of a model on this machine, for the table beside the simulator."""

from conclib.chapters.ch11_models import words
from conclib.lesson.judging.verdicts import gathered
from conclib.lesson.showing.looked import Rows
from conclib.results import Observation

OF_MODEL = {"1:1": "threads", "N:1": "asyncio", "M:N": "go"}
NOTHING = "not run yet: acts 1 and 2"


def beside(model: str) -> Rows:
    """Return what was counted of the program that stands for a model, the head first.

    Args:
        model: ``"1:1"``, ``"N:1"`` or ``"M:N"``; of others there is nothing.
    """
    runtime = OF_MODEL.get(model)
    if runtime is None:
        return ()
    seen = [each for each in gathered([]) if isinstance(each, Observation)
            and each.params.get("runtime") == runtime]  # fmt: skip
    rows = (
        ("threads of Linux, tasks wait", _waiting(seen)),
        ("threads before, while one reads", _reading(seen)),
        ("the other tasks meanwhile", _fate(seen)),
        ("CPUs kept busy, four compute", _computing(seen)),
    )
    return (("really run", words.NAMES[runtime]), *rows)


def _last(seen: list[Observation], probe: str, **params: object) -> Observation | None:
    found = [each for each in seen if each.probe == probe and params.items() <= each.params.items()]
    return found[-1] if found else None


def _waiting(seen: list[Observation]) -> str:
    item = _last(seen, "waiting_tasks")
    return f"{item.facts['threads']:,} ({item.facts['tasks']:,} tasks)" if item else NOTHING


def _reading(seen: list[Observation]) -> str:
    item = _last(seen, "blocking_call", call="read", readers=1)
    if item is None:
        return NOTHING
    return f"{item.facts['threads_before']}, {item.facts['threads_most']}"


def _fate(seen: list[Observation]) -> str:
    item = _last(seen, "blocking_call", call="read", readers=1)
    return words.fate(item.facts) if item else NOTHING


def _computing(seen: list[Observation]) -> str:
    item = _last(seen, "computing_tasks", work="own language", procs=0)
    return f"{words.number(item.facts['cores'])} of {item.facts['cpus']}" if item else NOTHING
