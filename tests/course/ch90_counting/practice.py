"""The endless exercise of chapter 90: a seed makes a variant, the same one each time.

What is drawn comes from the seed alone. A variant may bring a program to look at (``code``), a
picture (``draw``), and what is done after the answer (``run``; a real chapter asks a worker).
"""

import random

from conclib.lesson.registry import Variant


def sums(seed: int) -> Variant:
    """Ask for a sum of two different numbers above 1."""
    draw = random.Random(seed).random  # what is built on it may differ from Python to Python
    a = 2 + int(draw() * 48)
    b = 50 + int(draw() * 50)  # another number than a
    beliefs = {str(a): "first", str(a * b): "product"}
    options = sorted([str(a + b), *beliefs], key=lambda _: draw())
    return Variant(
        options=tuple(options),
        right=str(a + b),
        beliefs=beliefs,
        reason="sum",
        values={"a": a, "b": b, "sum": a + b},
        code=f"print({a} + {b})",
        run=lambda stop: f"Run here just now: {a + b} came out.",
    )


PRACTICE = {
    "sums": sums,
}
