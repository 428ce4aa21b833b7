"""What makes a lesson of a measurement: predict, choose, compare, check, ask, and keep.

Importing this room registers its listeners: when a measurement starts, the predictions that it
answers lock; when one has been made, it is kept. All else is loaded when it is first used.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from conclib.results import hooks

PUBLIC = {
    "predict": "predictions",
    "choose": "choices",
    "compare": "comparing",
    "verdict": "verdicts",
    "check": "exercises",
    "exercise": "exercises",
    "hint": "exercises",
    "solution": "exercises",
    "quiz": "quizzes",
    "recall": "quizzes",
    "pretest": "quizzes",
    "story": "stories",
    "show_source": "stories",
    "ruler": "races",
    "mystery_race": "races",
    "used_to_think": "progress",
    "case_file": "pages",
    "glossary": "pages",
    "history": "score",
    "show": "shown",
    "plot": "figures",
    "where_true": "crossing",
    "agree": "agreement",
    "adds": "adding",
    "same_work": "figures",
    "clone_dial": "figures",
}

__all__ = sorted(PUBLIC)  # noqa: PLE0605 -- the list is the same as the table above


def __getattr__(name: str) -> Any:
    if name not in PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{PUBLIC[name]}"), name)


def _lock(probes: list[str]) -> None:
    import_module(f"{__name__}.predictions").lock(probes)


def _keep(measurements: list) -> None:
    import_module(f"{__name__}.kept").keep(measurements)


def _keep_observation(item: object) -> None:
    import_module(f"{__name__}.kept").keep_observation(item)


def _watch(name: str) -> Callable[..., None]:
    """Return a listener that hands on to the one with this name in ``watching``."""

    def listener(*news: Any) -> None:
        watching = import_module(f"{__name__}.watching")
        getattr(watching, name)(*news)

    return listener


def _notice(text: str) -> None:
    import_module(f"{__name__}.store.notices").say(text)


hooks.on_start.listen(_lock)
hooks.on_finish.listen(_keep)
hooks.on_observed.listen(_keep_observation)
hooks.on_progress.listen(_watch("told"))
hooks.on_wait.listen(_watch("waited"))
hooks.on_end.listen(_watch("ended"))
hooks.on_notice.listen(_notice)
