"""What is predicted of a small matrix before it is run: by text here, by click in the panel.

A cell that has been seen already is filled; what is predicted of it does not count.
"""

from collections.abc import Mapping

from conclib.chapters.ch06_fate import words
from conclib.results import arguments

FAULTS = ("exception", "null pointer", "os._exit", "sys.exit", "C keeps the GIL")
CONTAINERS = ("thread", "process")
SEEN = {("exception", "thread"): words.GO_ON, ("null pointer", "thread"): words.END}
WORDS = (words.GO_ON, words.END, words.PAUSE)  # to choose from
LETTERS = dict(zip("ges", WORDS, strict=True))
Place = tuple[str, str]


def places() -> list[Place]:
    """Return the cells that are still to be predicted, row by row."""
    every = [(fault, container) for fault in FAULTS for container in CONTAINERS]
    return [place for place in every if place not in SEEN]


class Predicted(dict[Place, str]):
    """What was predicted, by fault and container; it grows until the matrix is run."""

    def say(self, fault: str, container: str, word: str) -> None:
        """Predict one cell.

        Raises:
            ValueError: no such cell or word; names what there is.
        """
        arguments.choice("fault", fault, FAULTS)
        arguments.choice("container", container, CONTAINERS)
        arguments.choice("word", word, WORDS)
        if (fault, container) not in SEEN:
            self[fault, container] = word

    @property
    def left(self) -> int:
        """How many cells are still open."""
        return len(places()) - len(self)


def read(given: Mapping[str, str]) -> Predicted:
    """Return what a text predicts: for each container a word for each fault, by letters.

    ``{"thread": "geg"}`` would be too short: a row needs a letter for each cell that is open, g for
    "go on", e for "end too", s for "stop, then go on"; a dot leaves one open.

    Raises:
        TypeError, ValueError: no text; another container, letter or length.
    """
    found = Predicted()
    for container, letters in given.items():
        arguments.choice("container", container, CONTAINERS)
        if not isinstance(letters, str):
            raise TypeError(f"{container}={arguments.shown(letters)}: must be a text such as 'ege'")
        open_ = [fault for fault, each in places() if each == container]
        if len(letters) != len(open_):
            raise ValueError(
                f"{container}={letters!r}: needs {len(open_)} letters, for {', '.join(open_)}; "
                "g for go on, e for end too, s for stop, then go on; a dot leaves one open"
            )
        for fault, letter in zip(open_, letters, strict=True):
            if letter != ".":
                arguments.choice("letter", letter, LETTERS)
                found.say(fault, container, LETTERS[letter])
    return found
