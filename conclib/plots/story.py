"""The story of a fork as branching life lines, told step by step.

Every process is a lane, time runs to the right. Where a process forks, a branch leaves its lane:
the child begins *there*, in the middle of the program, not at its top. What a process prints
stands beside it in a box. An end is an upright tick, a wait is a bracket, a fault a black cross.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from conclib.plots.lifelines import Event, Layout
from conclib.plots.moving import Moving, moving
from conclib.plots.picture import Picture, Table
from conclib.plots.records import some


def story_lines(
    events: Sequence[Mapping[str, Any]],
    *,
    title: str = "Who does what, and when?",
    stage: bool | None = None,
) -> Moving:
    """Draw what processes did as branching life lines, to be stepped through.

    Args:
        events: dictionaries with ``t`` (order; equal for what happened side by side), ``who``,
            ``what`` (start, print, fork, exec, wait, exit or fault), ``text`` (what was printed,
            the exit code, the child that a fork made or a wait collects) and, to tell it in other
            words, ``say``.
        title: the question that the picture answers.
        stage: size the still for a room; ``None`` asks ``CONCLIB_STAGE``.

    Raises:
        TypeError, ValueError: no events, or something that is no event.
    """
    some("events", events)
    told = sorted((Event.of(event) for event in events), key=lambda event: event.t)
    times = sorted({event.t for event in told})
    scene = Layout(told, times).scene()
    says = [" ".join(e.sentence for e in told if e.t == time) for time in times]
    alt = " ".join([title, *(f"{place}. {say}" for place, say in enumerate(says, start=1))])
    rows = tuple((str(times.index(e.t) + 1), e.who, e.sentence) for e in told)
    still = Picture(scene.to_figure(title, stage), alt, Table(("step", "who", "what"), rows))
    steps = [(scene.to_svg(step), say) for step, say in enumerate(says)]
    return moving(steps, title=title, still=still, height=scene.height + 130)
