"""The story of a fork as branching life lines, told step by step.

Every process and every thread is a lane, time runs to the right. Where a process forks or starts a
thread, a branch leaves its lane: a child begins *there*, in the middle of the program, not at its
top. What is printed stands beside it in a box. The line is thick while a lock is held; a wait is
dashed with a bracket below; an end is an upright tick, a fault or a kill a black cross.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from conclib.plots.life_events import Event
from conclib.plots.lifelines import Layout
from conclib.plots.moving import Moving, moving
from conclib.plots.picture import Picture, Table
from conclib.plots.records import some


def story_lines(
    events: Sequence[Mapping[str, Any]],
    *,
    title: str = "Who does what, and when?",
) -> Moving:
    """Draw what processes did as branching life lines, to be stepped through.

    Args:
        events: dictionaries with ``t`` (order; equal for what happened side by side), ``who``,
            ``what`` (start, print, fork, thread, exec, acquire, release, ask, wait, note, exit,
            fault or killed), ``text`` (what was printed, the exit code, the lock, the child that a
            fork made or a wait collects), ``kind`` (of whom; a process if it is not given) and, to
            tell it in other words, ``narration``.
        title: the question that the picture answers.

    Raises:
        TypeError, ValueError: no events, or something that is no event.
    """
    some("events", events)
    shown = sorted((Event.of(event) for event in events), key=lambda event: event.t)
    times = sorted({event.t for event in shown})
    scene = Layout(shown, times).scene()
    captions = [" ".join(e.sentence for e in shown if e.t == time) for time in times]
    alt = " ".join(
        [title, *(f"{place}. {caption}" for place, caption in enumerate(captions, start=1))]
    )
    rows = tuple((str(times.index(e.t) + 1), e.who, e.sentence) for e in shown)
    still = Picture(scene.to_figure(title), alt, Table(("step", "who", "what"), rows))
    steps = [(scene.to_svg(step), caption) for step, caption in enumerate(captions)]
    return moving(steps, title=title, still=still, height=scene.height + 130)
