"""conclib: learn processes and threads by measuring them on your own machine.

Every public name is loaded when it is first used, so that ``import conclib`` is quick and brings in
neither matplotlib nor pandas nor ipywidgets:

    import conclib as cl
    cl.machine_line()
    cl.measure("fork", ballast_mb=64)

``dir(cl)`` lists all names; ``help(cl.measure)`` explains one.
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_HOMES = {
    "conclib.chapters.overview": ("machine",),
    "conclib.lab": (
        "machine_line", "capabilities", "measure", "measure_many", "measure_own",
        "sweep", "catalogue",
    ),
    "conclib.lesson.predicting.predictions": ("predict",),
    "conclib.lesson.predicting.score": ("history",),
    "conclib.lesson.asking.choices": ("choose",),
    "conclib.lesson.asking.exercises": ("check", "hint", "solution"),
    "conclib.lesson.asking.quizzes": ("quiz", "recall", "pretest"),
    "conclib.lesson.asking.races": ("ruler", "mystery_race"),
    "conclib.lesson.judging.agreement": ("agree",),
    "conclib.lesson.judging.comparing": ("compare",),
    "conclib.lesson.judging.differing": ("difference",),
    "conclib.lesson.judging.verdicts": ("verdict",),
    "conclib.lesson.showing.figures": ("plot",),
    "conclib.lesson.showing.pages": ("case_file", "glossary"),
    "conclib.lesson.showing.stories": ("story",),
    "conclib.lesson.showing.sources": ("show_source",),
    "conclib.lesson.showing.filling": ("observe",),
    "conclib.lesson.store.progress": ("used_to_think",),
    "conclib.lesson.asking.practice": ("practise",),
    "conclib.lesson.course.progress": ("progress",),
    "conclib.lesson.course.ending": ("wrap_up",),
    "conclib.lesson.course.claims": ("claims",),
    "conclib.textbook": ("claim",),
    "conclib.widgets.exploring": ("explore",),
    "conclib.widgets.measuring": ("panel",),
    "conclib.results": (
        "Measurement", "Measurements", "Observation", "ConclibError", "Unavailable", "Cancelled",
        "WorkerError", "load",
    ),
}  # fmt: skip
_WHERE = {name: home for home, names in _HOMES.items() for name in names}
__all__ = sorted(_WHERE)  # noqa: PLE0605 -- the list is the same as the table above


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        from conclib.results.arguments import nearest

        raise AttributeError(
            f"conclib has no {name!r}; dir(conclib) lists what it has.{nearest(name, __all__)}"
        )
    _connect()
    value = getattr(import_module(_WHERE[name]), name)
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


def _register_magics() -> None:
    """Make ``%%probe`` known when we are imported in a notebook."""
    import sys

    if "IPython" in sys.modules:
        from conclib.magics import register

        register()


_register_magics()
