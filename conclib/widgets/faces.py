"""The controls that a question shows in a notebook: which panel belongs to which question.

A lesson shows a choice, a prediction, a quiz or practice as text and HTML. ``face`` adds a live
view to it: where a notebook kernel runs behind the page the student sees that, anywhere else the
text.
"""

from functools import cache
from typing import Any

from conclib.lesson.asking.choices import Choice
from conclib.lesson.asking.practice import Practice
from conclib.lesson.asking.quizzes import Quiz
from conclib.lesson.predicting.forms import Prediction
from conclib.lesson.showing import shown


def face(item: Any) -> dict[str, Any]:
    """Return the live view of a question as MIME parts; nothing where no notebook is behind it."""
    if getattr(shown.running_shell(), "kernel", None) is None:
        return {}
    made = panel_for(item)
    return {shown.VIEW: made.box._repr_mimebundle_()[shown.VIEW]} if made else {}


def panel_for(item: Any) -> Any:
    """Return a new panel for a question, with what was answered so far; ``None`` if it has none."""
    if isinstance(item, Choice):
        from conclib.widgets.choosing import ChoicePanel

        return ChoicePanel(item)
    if isinstance(item, Quiz):
        from conclib.widgets.quizzes import QuizPanel

        return QuizPanel(item) if item.asked else None
    if isinstance(item, Practice):
        from conclib.widgets.practising import PracticePanel

        return PracticePanel(item)
    return _for_prediction()[_form(item)](item) if isinstance(item, Prediction) else None


def _form(item: Prediction) -> str:
    from conclib.lesson import texts

    form: str = texts.entry("predictions", item.id)["form"]
    return form


@cache
def _for_prediction() -> dict[str, Any]:
    from conclib.widgets.drawing import Drawing
    from conclib.widgets.guessing import Guess
    from conclib.widgets.ordering import Ordering

    return {"shape": Drawing, "ratio": Guess, "range": Guess, "order": Ordering}
