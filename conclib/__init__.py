"""Learn processes and threads by measuring them on your own machine.

    import conclib as cl
    cl.predict("creation", ratio=(2, 20), because="...")
    run = cl.measure_many("pthread", "fork", timed="whole")
    cl.compare(run, predicted="creation")
    cl.choose("why", pick="lists of pages")

``help(cl.measure)`` explains one of the names below. Each is loaded when it is first used, so that
``import conclib`` is quick and brings in neither matplotlib nor pandas nor ipywidgets.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import Any

__version__ = "0.1.0"

# Every public name and the module that it comes from, by topic, as ``help`` lists them.
_TOPICS = {
    "First: predict, measure, compare, choose": {
        "predict": "lesson.predicting.predictions", "measure": "lab",
        "compare": "lesson.judging.comparing", "choose": "lesson.asking.choices",
    },
    "Measure more": {
        "measure_many": "lab", "sweep": "lab", "panel": "widgets.measuring",
        "observe": "lesson.showing.filling", "crash": "lesson.showing.filling",
        "inspect": "inspecting", "pcb": "inspecting", "tcb": "inspecting",
        "measure_own": "lab", "catalogue": "lab",
    },
    "Play it through on paper": {"simulate": "lesson.simulated"},
    "Look at results": {
        "plot": "lesson.showing.figures", "explore": "widgets.exploring",
        "difference": "lesson.judging.differing", "agree": "lesson.judging.agreement",
        "load": "results",
    },
    "Hold them against the textbook": {
        "verdict": "lesson.judging.verdicts", "claim": "textbook",
        "claims": "lesson.course.claims",
    },
    "Answer and practise": {
        "quiz": "lesson.asking.quizzes", "check": "lesson.asking.exercises",
        "hint": "lesson.asking.exercises", "solution": "lesson.asking.exercises",
        "practise": "lesson.asking.practice", "mystery_race": "lesson.asking.races",
        "recall": "lesson.asking.quizzes", "pretest": "lesson.asking.quizzes",
    },
    "Read": {
        "story": "lesson.showing.stories", "show_source": "lesson.showing.sources",
        "case_file": "lesson.showing.pages", "glossary": "lesson.showing.pages",
    },
    "Look back, and go on": {
        "progress": "lesson.course.progress", "wrap_up": "lesson.course.ending",
        "history": "lesson.predicting.score", "used_to_think": "lesson.store.progress",
    },
    "Know this machine": {
        "machine": "chapters.overview", "machine_line": "lab", "ruler": "lesson.asking.races",
        "capabilities": "lab",
    },
    "What results are, and what can go wrong": dict.fromkeys(
        ["Measurement", "Measurements", "Observation", "ConclibError", "Unavailable", "Cancelled",
         "WorkerError"], "results",
    ),
}  # fmt: skip
_WHERE = {name: home for names in _TOPICS.values() for name, home in names.items()}
__all__ = sorted(_WHERE)  # noqa: PLE0605 -- the list is the same as the table above


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        from conclib.results.arguments import nearest

        raise AttributeError(
            f"conclib has no {name!r}.{nearest(name, __all__)} help(cl) lists what it has."
        )
    _connect()
    value = getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
    globals()[name] = value
    return value


def _connect() -> None:
    """Start the engine of the lessons and show it where the chapters are.

    It is light; from now on results are kept, predictions lock, each id is found, and a question
    has buttons where a notebook shows it.
    """
    from conclib import chapters
    from conclib.lesson import registry
    from conclib.lesson.showing import shown

    registry.find_with(chapters)
    shown.face_with(lambda item: import_module("conclib.widgets.faces").face(item))


def __dir__() -> list[str]:
    return [*__all__, "__version__"]


class _Library(ModuleType):
    """This module, whose ``help`` lists its names by topic; the list is made when asked for."""

    @property
    def __doc__(self) -> str:
        return "\n\n".join([(vars(self)["__doc__"] or "").rstrip(), *map(_listed, _TOPICS)]) + "\n"


def _listed(topic: str) -> str:
    """Return a topic's names, each with the first line of its own docstring."""
    import inspect

    lines = [topic]
    for name in _TOPICS[topic]:
        about = inspect.getdoc(getattr(sys.modules[__name__], name)) or ""
        lines.append(f"    cl.{name:13} {about.partition(chr(10))[0]}".rstrip())
    return "\n".join(lines)


def _register_magics() -> None:
    """Make ``%%probe`` known when we are imported in a notebook."""
    if "IPython" in sys.modules:
        from conclib.magics import register

        register()


sys.modules[__name__].__class__ = _Library
_register_magics()
