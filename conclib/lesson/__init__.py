"""What makes a lesson of a measurement, for any chapter: this engine names none.

    registry     the chapters, as they register; texts looks their words up by id
    predicting   predictions: their forms, keeping and locking them, how well they were judged
    asking       choices, quizzes, exercises, the race
    judging      what a measurement says about a prediction, a pick, a claim
    showing      pictures, stories, pages, the bar while one waits
    store        what is kept for the student
    copying      the student's own copy of the notebooks

Importing this package registers its listeners: when a measurement starts, the predictions that it
answers lock; when one has been made, it is kept. All else is loaded when it is first used.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from conclib.results import hooks

PUBLIC = {
    "predict": "predicting.predictions",
    "choose": "asking.choices",
    "compare": "judging.comparing",
    "verdict": "judging.verdicts",
    "check": "asking.exercises",
    "hint": "asking.exercises",
    "solution": "asking.exercises",
    "quiz": "asking.quizzes",
    "recall": "asking.quizzes",
    "pretest": "asking.quizzes",
    "story": "showing.stories",
    "show_source": "showing.stories",
    "ruler": "asking.races",
    "mystery_race": "asking.races",
    "used_to_think": "store.progress",
    "case_file": "showing.pages",
    "glossary": "showing.pages",
    "history": "predicting.score",
    "show": "showing.shown",
    "plot": "showing.figures",
    "agree": "judging.agreement",
    "difference": "judging.differing",
}

__all__ = sorted(PUBLIC)  # noqa: PLE0605 -- the list is the same as the table above


def __getattr__(name: str) -> Any:
    if name not in PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{PUBLIC[name]}"), name)


def _lock(start: hooks.Start) -> None:
    import_module(f"{__name__}.predicting.predictions").lock(start)


def _keep(measurements: list) -> None:
    import_module(f"{__name__}.store.kept").keep(measurements)


def _keep_observation(item: object) -> None:
    import_module(f"{__name__}.store.kept").keep_observation(item)


def _watch(name: str) -> Callable[..., None]:
    """Return a listener that hands on to the one with this name in ``watching``."""

    def listener(*news: Any) -> None:
        watching = import_module(f"{__name__}.showing.watching")
        getattr(watching, name)(*news)

    return listener


def _notice(text: str) -> None:
    import_module(f"{__name__}.store.notices").notify(text)


hooks.on_start.listen(_lock)
hooks.on_finish.listen(_keep)
hooks.on_observed.listen(_keep_observation)
hooks.on_progress.listen(_watch("progressed"))
hooks.on_wait.listen(_watch("waited"))
hooks.on_end.listen(_watch("ended"))
hooks.on_notice.listen(_notice)
