"""What makes a lesson of a measurement, for any chapter: this engine names none.

    registry     the chapters, as they register; texts looks their words up by id
    predicting   predictions: their forms, keeping and locking them, how well they were judged
    asking       choices, quizzes, exercises, practice, the race
    judging      what a measurement says about a prediction, a pick, a claim
    showing      pictures, stories, pages, the bar while one waits, lanes that fill
    course       how far one is: progress, the end of a chapter, the claims
    store        what is kept for the student
    copying      the student's own copy of the notebooks

Importing this package registers its listeners: when a measurement starts, the predictions that it
answers lock; when one has been made, it is kept. All else is loaded when it is first used.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from conclib.results import hooks


def _later(module: str, name: str, *first: Any) -> Callable[..., None]:
    """Return a listener that is loaded with the first news; ``first`` goes before the news."""

    def listener(*news: Any) -> None:
        getattr(import_module(f"{__name__}.{module}"), name)(*first, *news)

    return listener


hooks.on_start.listen(_later("predicting.predictions", "lock"))
hooks.on_finish.listen(_later("store.kept", "keep"))
hooks.on_observed.listen(_later("store.kept", "keep_observation"))
hooks.on_progress.listen(_later("showing.watching", "hear", "progressed"))
hooks.on_wait.listen(_later("showing.watching", "hear", "waited"))
hooks.on_end.listen(_later("showing.watching", "hear", "ended"))
hooks.on_notice.listen(_later("store.notices", "notify"))
