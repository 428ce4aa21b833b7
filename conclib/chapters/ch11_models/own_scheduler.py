"""The exercise that finishes a scheduler: the answer is run, and the order of the steps judged.

Nothing of the answer runs in the notebook kernel: its text goes to a fresh process, where three
tasks are given to it (see the probe ``finished_scheduler``).
"""

import ast
import inspect
import textwrap
from collections.abc import Mapping
from typing import Any

from conclib import lab
from conclib.lesson.asking.exercises import NOT_YET
from conclib.results import ConclibError, Unavailable, hooks

WANTED = (
    "Give the function itself: cl.check({id!r}, step), where step(task, ready, waiting) is yours."
)
ID = "finish-the-scheduler"
NEARLY = 0.9  # of its wait: less is too early


def finish_the_scheduler(answer: Any) -> str | None:
    """Run a function ``step`` and name the belief that the order of the steps shows."""
    code = _code(answer)
    if code is None:
        return WANTED.format(id=ID)
    if _has_a_gap(code):
        return NOT_YET
    try:
        with hooks.asking("engine"):
            facts = lab.observe("finished_scheduler", code=code).facts
    except Unavailable as reason:
        return f"It cannot be run here: {reason}. Compare it with cl.solution({ID!r})."
    except (ConclibError, ValueError) as error:
        return f"It was not run: {error}"
    return found(facts)


finish_the_scheduler.really_run = True  # tests are told


def found(facts: Mapping[str, Any]) -> str | None:
    """Say what the steps show; ``None`` if each task was put where it belongs."""
    if facts["error"]:
        return _failed(facts["error"])
    order, waited = facts["order"], facts["waited_ns"]
    if facts["endless"]:
        return "endless"
    if facts["unfinished"]:
        return "lost" if facts["unfinished"] == ["A"] else "all_lost"
    if waited < NEARLY * facts["wait_ns"]:
        return "early"
    if order.index("A2") < order.index("B5"):
        return "slept"
    return "greedy" if order.index("B2") < order.index("C1") else None


def _failed(error: str) -> str:
    """Say what went wrong: the function raised, or the process that ran it has ended."""
    if not error.partition(":")[0].isidentifier():
        return f"It did not come to its end: {error}"
    return "next" if "StopIteration" in error else f"It raised {error}"


def _code(answer: Any) -> str | None:
    """Return the text of an answer: a function of the notebook, or a text."""
    if inspect.isfunction(answer):
        try:
            answer = textwrap.dedent(inspect.getsource(answer))
        except (OSError, TypeError):
            return None
    return answer if isinstance(answer, str) and "def step(" in answer else None


def _has_a_gap(code: str) -> bool:
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return False  # the process that runs it says where
    return any(isinstance(each, ast.Constant) and each.value is ... for each in ast.walk(tree))
