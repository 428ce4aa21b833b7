"""Small programs that fork, drawn from a seed: a seed gives the same program wherever it is asked.

A program is a tuple of steps, and ``code`` writes it as Python:

    ("write", "a")      write("a")           ("child", (...))    if pid == 0:
    ("flush",)          flush()                                      ...
    ("fork",)           pid = os.fork()      ("exit",)           os._exit(0)

A program that is drawn is a question only where several beliefs about fork give other numbers of
lines (``_fork_model.py``): else it would teach nothing. Nothing is run here.
"""

import random

from . import _fork_model

FORKS = (2, 1, 2, 3)  # in the text, by the seed: no two neighbours alike, at most 2**3 processes
MAX_WRITES, MAX_STEPS = 5, 10
MAX_LINES = 12  # more than that nobody wants to count
WRONG = 3  # wrong answers that each come from one belief

# What may stand before the first fork, after each, and in the child's own block there (see NAMES).
BEFORE = ("", "w", "wf", "ww", "wwf", "wfw", "wfww")
AFTER = ("", "w", "w", "wf", "ww", "wfw")
BLOCKS = ("", "", "w", "wf", "ww", "wfw", "wx", "wfx", "wfwx", "fwx", "fx", "x",
          "F", "wF", "Fw", "fF")  # fmt: skip
NAMES = {"w": "write", "f": "flush", "x": "exit", "F": "fork"}
CODE = {
    "write": 'write("{}")',
    "flush": "flush()",
    "fork": "pid = os.fork()",
    "exit": "os._exit(0)",
}


def program(seed):
    """Return the steps of a seed's program: the first ones drawn from it that are a question."""
    draw = random.Random(seed).random  # what is built on it may differ from Python to Python
    belief = pick(draw, list(_fork_model.BELIEFS))
    forks = FORKS[seed % len(FORKS)]
    while True:
        steps = drawn(draw, forks)
        if is_question(steps, forks, belief):
            return steps


def drawn(draw, forks):
    """Return some steps, with so many forks on the way or a few more."""
    letters = iter("abcdefghijklmnop")
    steps = named(pick(draw, BEFORE), letters)
    while count(steps, "fork") < forks:
        block = named(pick(draw, BLOCKS), letters)
        steps += (("fork",), ("child", block)) if block else (("fork",),)
        steps += named(pick(draw, AFTER), letters)
    return steps


def pick(draw, items):
    """Return one of ``items`` by chance."""
    return items[int(draw() * len(items))]


def named(word, letters):
    """Return the steps that a word of ``NAMES`` stands for; each write gets the next letter."""
    return tuple((NAMES[each], next(letters)) if each == "w" else (NAMES[each],) for each in word)


def is_question(steps, forks, belief):
    """Tell whether steps can be counted by hand, and beliefs, this one among them, count wrong."""
    if count(steps) > MAX_STEPS or count(steps, "fork") != forks:
        return False
    if not 2 <= count(steps, "write") <= MAX_WRITES:
        return False
    wrong = _fork_model.wrong_counts(steps)
    fits = len(wrong) >= WRONG and belief in wrong.values()
    return fits and 1 <= len(_fork_model.lines(steps)) <= MAX_LINES


def count(steps, what=None):
    """Count the steps, those of the blocks too: all of them, or those of one kind."""
    inner = sum(count(step[1], what) for step in steps if step[0] == "child")
    return inner + sum(what in (None, step[0]) for step in steps)


def code(steps, indent=""):
    """Return a program as Python."""
    written = []
    for what, *more in steps:
        if what == "child":
            written += [indent + "if pid == 0:", code(more[0], indent + "    ")]
        else:
            written.append(indent + CODE[what].format(*more))
    return "\n".join(written)
