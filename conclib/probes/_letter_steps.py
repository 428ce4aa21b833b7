"""Programs of steps that tasks take in turn: drawn from a seed, or read from a text.

    parent reads 2; child opens; thread goes to small; thread opens; parent reads 3

``who what`` in turn, between semicolons. The tasks are a parent, its thread, its forked child; each can
read some letters, rewind, open ``letters`` anew in its current folder, go to a folder (``big`` or
``small``), close. A step is a tuple such as ``("parent", "reads", 2)``. Nothing is run here.

A program that is drawn is a question only where several beliefs give another last answer
(``_letter_model.py``): else it would teach nothing.
"""

from __future__ import annotations  # a worker may be an older Python

import functools
import random

from . import _letter_model, _letters

WRONG = 3  # wrong answers that each come from one belief
LENGTHS = (5, 6, 7)
# What a drawn step may be, the frequent ones more than once.
DRAWN = ("reads", "reads", "reads", "rewinds", "opens", "opens", "goes", "goes", "closes")
WORDS = {"goes": "goes to"}


@functools.cache  # a question is looked for among many programs
def program(seed):
    """Return the steps of a seed's program: the first ones drawn from it that are a question."""
    draw = random.Random(seed).random  # what is built on it may differ from Python to Python
    belief = pick(draw, list(_letter_model.BELIEFS))
    length = LENGTHS[seed % len(LENGTHS)]
    while True:
        steps = (*(drawn(draw) for _ in range(length - 1)), reading(draw))
        if is_question(steps, belief):
            return steps


def pick(draw, items):
    """Return one of ``items`` by chance."""
    return items[int(draw() * len(items))]


def drawn(draw):
    """Return a step by chance."""
    what = pick(draw, DRAWN)
    if what == "reads":
        return reading(draw)
    detail = (pick(draw, list(_letters.LETTERS)),) if what == "goes" else ()
    return (pick(draw, _letter_model.TASKS), what, *detail)


def reading(draw):
    """Return a step that reads some letters."""
    return pick(draw, _letter_model.TASKS), "reads", 2 + int(draw() * 2)


def is_question(steps, belief):
    """Tell whether beliefs, this one among them, answer wrong, and no step is there for nothing."""
    gave = _letter_model.given(steps)
    if _letter_model.CLOSED in gave[:-1] or _letter_model.given(steps, belief)[-1] == gave[-1]:
        return False
    wrong = _letter_model.wrong_answers(steps)
    if len(wrong) < WRONG or belief not in wrong.values():
        return False
    answers = _letter_model.answers(steps)
    return all(
        _letter_model.answers(without(steps, place)) != answers for place in range(len(steps) - 1)
    )


def without(steps, place):
    """Return steps without one of them."""
    return steps[:place] + steps[place + 1 :]


# As text ----------------------------------------------------------------------------------------
def parse(text):
    """Return the steps of a text of the form that the probe allows (see above)."""
    return tuple(_step(*each.split()) for each in text.split(";"))


def _step(who, what, *detail):
    if what == "reads":
        return who, what, int(detail[0])
    return who, what, *detail[1:]  # without the "to" of "goes to"


def text(steps, between="; "):
    """Return steps as text."""
    return between.join(" ".join([who, WORDS.get(what, what), *map(str, detail)])
                        for who, what, *detail in steps)  # fmt: skip
