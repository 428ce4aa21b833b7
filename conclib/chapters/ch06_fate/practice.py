"""The endless exercise of chapter 06: the coroner. What was it that left this behind?

A seed draws a cause, gives the four their letters, and shows the lines and as little else as
leaves one cause. What a cause leaves is in ``signatures.py``; the run lets it really happen.
"""

import random
from functools import partial
from typing import Any

from conclib.chapters.ch06_fate import signatures
from conclib.chapters.ch06_fate.signatures import CAUSES, Cause
from conclib.lesson.registry import Variant
from conclib.results.wording import listed

LETTERS = "ABCD"
WRONG = 3  # other causes among the answers
NEAR = 7  # of how many of the most alike they are drawn
BELIEFS = {
    signatures.LINES: "lines", signatures.LAST: "words", signatures.THERE: "there",
    signatures.WALLS: "walls", signatures.END: "end",
}  # fmt: skip


def coroner(seed: int) -> Variant:
    """Return the case of a seed, 1 to 1,000,000,000."""
    cause, letter = drawn(seed)
    draw = random.Random(seed + 1).random
    unlike = {each: (len(signatures.differing(cause, each)), draw()) for each in CAUSES}
    near = sorted((each for each in CAUSES if each != cause), key=unlike.__getitem__)[:NEAR]
    others = sorted(near, key=lambda _: draw())[:WRONG]
    shown = signatures.par(cause)
    return Variant(
        options=tuple(sorted([cause.text, *(each.text for each in others)], key=lambda _: draw())),
        right=cause.text,
        beliefs={each.text: belief(cause, each, shown) for each in others},
        reason="found",
        values=values(cause, letter, shown),
        code=evidence(cause, letter, shown),
        run=partial(ran, cause),
    )


def drawn(seed: int) -> tuple[Cause, str]:
    """Return the cause of a seed, and the letter of the one to whom it happens."""
    causes = list(CAUSES)
    letter = LETTERS[seed * 3 % len(LETTERS)]  # never the one of the case before
    return causes[int(random.Random(seed).random() * len(causes))], letter


def belief(cause: Cause, other: Cause, shown: tuple[str, ...]) -> str:
    """Return the name of what speaks against another cause: the first piece that was shown."""
    against = [piece for piece in signatures.differing(cause, other) if piece in shown]
    return BELIEFS[against[0]]


def evidence(cause: Cause, letter: str, shown: tuple[str, ...]) -> str:
    """Return the pieces that are shown, a line each."""
    return "\n".join(told(cause, letter, piece) for piece in signatures.PIECES if piece in shown)


def told(cause: Cause, letter: str, piece: str) -> str:
    """Say one piece of what a cause leaves: ``'lines: B flat; A, C, D: beats to the end'``."""
    return in_words(piece, CAUSES[cause][piece], letter)


def in_words(piece: str, left: tuple[str, ...], letter: str) -> str:
    """Say what one piece of evidence says."""
    rest = ", ".join(each for each in LETTERS if each != letter)
    if len(left) == 1:
        words = {
            signatures.LAST: f"last words of {letter}: {left[0]}",
            signatures.WALLS: f"where they lived: {left[0]}",
            signatures.END: f"the end of {letter}: {left[0]}",
        }
        return words[piece]
    name = {signatures.THERE: "listed by Linux, in the end"}.get(piece, piece)
    return f"{name}: {letter} {left[0]}; {rest}: {left[1]}"


def values(cause: Cause, letter: str, shown: tuple[str, ...]) -> dict[str, str]:
    """Return what is put in place in the words of the answers."""
    pieces = listed([BELIEFS_IN_WORDS[piece] for piece in shown])
    return {"cause": cause.text, "letter": letter, "pieces": pieces}


BELIEFS_IN_WORDS = {
    signatures.LINES: "the lines", signatures.LAST: "last words",
    signatures.THERE: "whom Linux lists", signatures.WALLS: "where they lived",
    signatures.END: "the end", signatures.ANSWERS: "the answers",
}  # fmt: skip


def ran(cause: Cause, stop: Any = None) -> str:
    """Let it really happen; say what it left."""
    from conclib import lab

    item = lab.crash(cause.fault, cause.container, stop=stop)
    return run_sentence(cause, signatures.of_run(item), item.origin)


def run_sentence(cause: Cause, left: Any, origin: str) -> str:
    """Say what a run left, and whether it is what the table says."""
    head = f"Really run ({origin}): {cause.text}."
    odd = [
        BELIEFS_IN_WORDS[piece]
        for piece in signatures.PIECES
        if left[piece] != CAUSES[cause][piece]
    ]
    if not odd:
        return f"{head} It left just that."
    return f"{head} This time it left something else: {listed(odd)}. Believe the run."


PRACTICE = {
    "the-coroner": coroner,
}
