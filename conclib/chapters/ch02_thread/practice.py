"""The endless exercise of chapter 02: steps of a parent, its thread and its child; who reads what?

What the last step gives, and what beliefs would have it give, is computed in the modules beside the
probe that takes these steps: what is shown, computed and run is one and the same.
"""

import random
from functools import partial
from typing import Any

from conclib.lesson.registry import Variant
from conclib.probes import _letter_model, _letter_steps

Steps = Any  # a tuple of steps, as ``_letter_steps`` has them
ERROR = "an error"


def letters(seed: int) -> Variant:
    """Return the steps of a seed, 1 to 1,000,000,000, with what the last one may give."""
    draw = random.Random(seed + 1).random  # what is built on it may differ from Python to Python
    steps = _letter_steps.program(seed)
    wrong = sorted(_letter_model.wrong_answers(steps).items(), key=lambda _: draw())
    beliefs = {in_words(gave): belief for gave, belief in wrong[: _letter_steps.WRONG]}
    right = in_words(_letter_model.given(steps)[-1])
    return Variant(
        options=tuple(sorted([right, *beliefs], key=lambda _: draw())),
        right=right,
        beliefs=beliefs,
        reason=reason(steps),
        values={"gave": told(steps)},
        code=_letter_steps.text(steps, "\n"),
        run=partial(ran, seed),
    )


def in_words(gave: str) -> str:
    """Return what a step gave: letters, or that it was refused."""
    return ERROR if gave == _letter_model.CLOSED else gave


def told(steps: Steps) -> str:
    """Say what each reading gave, in order: ``'the parent ABC, the child DE'``."""
    gave = zip(steps, _letter_model.given(steps), strict=True)
    return ", then ".join(
        f"the {who} {in_words(got)}" for (who, what, *_), got in gave if what == "reads"
    )


def reason(steps: Steps) -> str:
    """Return why the last step gives what it gives: by the open file that it reads from.

    There always is one: a last step that is refused would be so by all beliefs but one, and of such
    steps no question is made.
    """
    rules = _letter_model.Rules()
    reader = rules.lists[steps[-1][0]]
    first, opener = rules.files[reader], ""
    for who, what, *detail in steps:
        rules.step(who, what, *detail)
        if what == "opens" and rules.lists[who] == reader:
            opener = "child" if who == _letter_model.CHILD else "parent"
    return "first" if rules.files[reader] is first else opener


def ran(seed: int, stop: Any = None) -> str:
    """Take the steps, in tasks of their own; say what each gave."""
    from conclib import lab

    seen = lab.observe("letter_steps", seed=seed, stop=stop)
    return run_sentence(seen.facts["gave"], _letter_steps.program(seed), seen.origin)


def run_sentence(gave: Any, steps: Steps, origin: str) -> str:
    """Say what a run gave, and whether it is what was computed."""
    head = f"Run for real ({origin}): the last step gave {in_words(gave[-1])}."
    if list(gave) == _letter_model.given(steps):
        return f"{head} Each step gave what was computed."
    return f"{head} That is not what was computed above: believe the run."


PRACTICE = {
    "letters": letters,
}
