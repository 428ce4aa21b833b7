"""Options with a letter before each: how they are listed, and which one an answer names."""

from collections.abc import Sequence
from string import ascii_lowercase
from typing import Any

from conclib.results import arguments


def labels(options: Sequence[str]) -> list[str]:
    """Return options with their letters: ``"a) the median"``."""
    return [f"{letter}) {each}" for letter, each in zip(ascii_lowercase, options, strict=False)]


def listed(options: Sequence[str]) -> str:
    """Return options with their letters as lines of a text."""
    return "\n".join(f"  {label}" for label in labels(options))


def option(name: str, answer: Any, options: Sequence[str]) -> str:
    """Return the option that an answer names, by its letter or by a part of its text.

    Args:
        name: the argument's name, to refuse with.
        answer: a letter, or any part of an option that no other option has.
        options: at most 26.

    Raises:
        ValueError, TypeError: neither a letter nor an option of this question.
    """
    letters = dict(zip(ascii_lowercase, options, strict=False))
    if isinstance(answer, str):
        letter = answer.strip().casefold()
        if answer in options or letter in letters:
            return answer if answer in options else letters[letter]
        if len(letter) > 1:
            return arguments.part(name, answer, options)
    return arguments.choice(name, answer, letters)  # refuses it
