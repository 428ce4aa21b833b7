"""An inquest: what was left by a cause that nobody names, bought piece by piece.

The lines are free. Each piece that is bought excludes the causes that would have left something
else. Par is the smallest number of pieces, lines not counted, that leaves one cause.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from conclib.chapters.ch06_fate import practice, signatures
from conclib.chapters.ch06_fate.signatures import CAUSES, LINES, PIECES, Cause
from conclib.results import Observation, arguments

FOR_SALE = PIECES[1:]
FEW = 6  # causes that are named; more are only counted
NAMES = {
    signatures.LAST: "last words",
    signatures.THERE: "Linux's list",
    signatures.WALLS: "where they lived",
    signatures.END: "its end",
    signatures.ANSWERS: "answers",
}


@dataclass
class Inquest:
    """One case.

    Attributes:
        cause: what it was; ``item`` is the run that it left behind.
        letter: what the one is called to whom it happened.
        bought: the pieces that are known, the lines first.
    """

    cause: Cause
    letter: str
    item: Observation
    bought: list[str] = field(default_factory=lambda: [LINES])

    @property
    def left(self) -> Mapping[str, tuple[str, ...]]:
        """What this run really left, piece by piece."""
        return signatures.of_run(self.item)

    def buy(self, piece: str) -> str:
        """Buy a piece; return what it says. The same piece costs once.

        Raises:
            ValueError: there is no such piece.
        """
        arguments.choice("piece", piece, FOR_SALE)
        if piece not in self.bought:
            self.bought.append(piece)
        return self.told(piece)

    def told(self, piece: str) -> str:
        """Say what a piece says."""
        return practice.in_words(piece, self.left[piece], self.letter)

    @property
    def known(self) -> list[str]:
        """What is known so far, a line each."""
        return [self.told(piece) for piece in self.bought]

    @property
    def possible(self) -> list[Cause]:
        """The causes that would have left all that is known."""
        left = self.left
        return [each for each, whole in CAUSES.items()
                if all(whole[piece] == left[piece] for piece in self.bought)]  # fmt: skip

    @property
    def still(self) -> str:
        """Say which causes are still possible."""
        found = [each.text for each in self.possible]
        if not found:
            return "No known cause leaves just this: the run was disturbed. Take another case."
        if len(found) == 1:
            return "One cause is left."
        named = f": {', '.join(found)}" if len(found) <= FEW else ""
        return f"{len(found)} causes are still possible{named}."

    def accuse(self, text: str) -> str:
        """Say whether a cause is the right one, and what the inquest cost.

        Raises:
            ValueError: there is no such cause.
        """
        arguments.choice("cause", text, [each.text for each in CAUSES])
        if text == self.cause.text:
            cost, par = len(self.bought) - 1, len(signatures.par(self.cause)) - 1
            return f"Yes: {text}. Bought: {cost}. Par: {par}."
        if text not in [each.text for each in self.possible]:
            return f"No: what you know already speaks against {text}."
        return f"No. {text} would fit what you know, and so do others: buy another piece."


def case(seed: int, stop: Any = None) -> Inquest:
    """Let the cause of a seed really happen; return the inquest.

    Args:
        seed: 1 to 1,000,000,000; ``stop``: an event that ends it when it is set.
    """
    from conclib import lab

    cause, letter = practice.drawn(seed)
    return Inquest(cause, letter, lab.crash(cause.fault, cause.container, stop=stop))
