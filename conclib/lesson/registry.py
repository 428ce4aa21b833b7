"""The chapters of the course, as the engine knows them: it is handed them, and names none.

A chapter is a package of its own. Its words stand in ``chapter.toml``; what words cannot say is
functions. Importing the package registers both here::

    CHAPTER = registry.register(registry.read(Path(__file__).parent, checks=checks.CHECKS))

An id is looked for in the registered chapters first, and then in all that a *finder* knows. The
finder reads the words of chapters without importing them, and opens one where its functions are
wanted. So ``predict("creation", ...)`` needs no import beside ``import conclib as cl``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from conclib.results import Measurement, arguments

if TYPE_CHECKING:
    from conclib.plots import Picture
    from conclib.textbook import Verdict

Words = Mapping[str, Any]
Check = Callable[[Any], str | None]
Rule = Callable[[Any, Words, list[str]], tuple[str | None, str]]
Judge = Callable[[list[Measurement]], "Verdict | None"]


@dataclass(frozen=True)
class Variant:
    """One of the endless variants of an exercise; its words stand in the chapter's own.

    Attributes:
        options: the answers to choose from, all different; ``right`` is one of them.
        beliefs: for each wrong option the name of the misconception behind it.
        reason: the name of the words that say why the right one is right.
        values: what is put in place in these words, by name.
        code: a short program to look at, or empty.
        draw: makes the picture to look at, or ``None``.
        run: does what the question is about, and says in a sentence what came out; it is given an
            event, or ``None``, that asks it to stop. ``None`` where there is nothing to run.

    Raises:
        ValueError: two options are alike, or they are not the right one and those with a belief.
    """

    options: tuple[str, ...]
    right: str
    beliefs: Mapping[str, str]
    reason: str
    values: Mapping[str, Any] = field(default_factory=dict)
    code: str = ""
    draw: Callable[[], Any] | None = None
    run: Callable[[Any], str] | None = None

    def __post_init__(self) -> None:
        if sorted(self.options) != sorted({self.right, *self.beliefs}):
            raise ValueError(
                f"options={self.options!r}: must be the right one, {self.right!r}, and one for "
                f"each belief: {', '.join(map(repr, self.beliefs))}"
            )
        if self.right in self.beliefs:
            raise ValueError(f"beliefs: {self.right!r} is the right option")

    @cached_property
    def picture(self) -> Any:
        """The picture to look at, drawn once; ``None`` where there is none."""
        return self.draw() if self.draw else None


@dataclass(frozen=True)
class Chapter:
    """A chapter: its words, and the functions that go with them.

    Attributes:
        number: two digits, from the name of its folder.
        words: what its ``chapter.toml`` holds.
        checks: for each exercise a function that gets an answer; see ``exercises``.
        rules: for each way of settling a choice that only this chapter has, a function that gets
            the result, the words of the rule and the options; see ``settle``.
        judges: for each claim without a band, functions by reading that get what was measured and
            return a verdict or ``None``; see ``verdicts``.
        pictures: for each kind of picture that its words name, the function that draws it.
        practice: for each endless exercise the function that makes the variant of a seed, the same
            one each time; see ``practice``.
    """

    number: str
    words: Words
    checks: Mapping[str, Check] = field(default_factory=dict)
    rules: Mapping[str, Rule] = field(default_factory=dict)
    judges: Mapping[str, Mapping[str, Judge]] = field(default_factory=dict)
    pictures: "Mapping[str, Callable[..., Picture]]" = field(default_factory=dict)
    practice: Mapping[str, Callable[[int], Variant]] = field(default_factory=dict)


class Finder(Protocol):
    """What knows chapters that are not registered."""

    def known(self) -> Mapping[str, Words]:
        """Return the words of every chapter, by number."""

    def open_chapter(self, number: str) -> None:
        """Import a chapter, so that it registers."""


_registered: dict[str, Chapter] = {}
_finder: Finder | None = None


@cache
def words_in(folder: Path) -> Words:
    """Return the words of the chapter in a folder, without importing it.

    Raises:
        RecordError: they are not as ``words_forms`` has it; names the file and the place.
    """
    from conclib.lesson.words_forms import files

    return files.chapter(folder / "chapter.toml")


def number_of(folder: Path) -> str:
    """Return the number in a chapter's folder name: ``"90"`` for ``ch90_example``."""
    return folder.name[2:4]


def read(folder: Path, **parts: Any) -> Chapter:
    """Return the chapter in a folder; ``parts`` are its functions, named as in :class:`Chapter`."""
    return Chapter(number_of(folder), words_in(folder), **parts)


def register(chapter: Chapter) -> Chapter:
    """Add a chapter to those that the engine knows, and return it; the same twice is once."""
    _registered[chapter.number] = chapter
    return chapter


def find_with(finder: Finder | None) -> None:
    """Ask this finder for what no registered chapter has."""
    global _finder  # noqa: PLW0603  one course for each notebook kernel
    _finder = finder


def words() -> dict[str, Words]:
    """Return the words of every chapter by number, whether it is registered or not."""
    found = dict(_finder.known()) if _finder else {}
    found |= {number: chapter.words for number, chapter in _registered.items()}
    return dict(sorted(found.items()))


def judges(number: str) -> Mapping[str, Mapping[str, Judge]]:
    """Return the judges of a chapter by claim; none where there is no such chapter yet."""
    return opened(number).judges if number in words() else {}


def opened(number: str) -> Chapter:
    """Return a chapter with its functions, and import it for that where it is not registered.

    Raises:
        TypeError, ValueError: no such chapter.
    """
    arguments.choice("chapter", number, words())
    if number not in _registered and _finder:
        _finder.open_chapter(number)
    return _registered[number]


def opened_numbers() -> set[str]:
    """Return the numbers of the chapters that are open in this notebook kernel."""
    return set(_registered)
