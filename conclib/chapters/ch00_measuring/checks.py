"""The checks of chapter 00: is the median a median, and does the interval count?"""

from typing import Any

from conclib.lesson.asking.exercises import NOT_YET
from conclib.lesson.texts import unfilled
from conclib.results.statistics import interval_rank

# Made-up timings in ns, lopsided as real ones are: unsorted, slow at first, a few far too late.
ODD = (900.0, 104.0, 101.0, 103.0, 99.0, 102.0, 50000.0, 100.0, 140.0)
EVEN = (600.0, 205.0, 201.0, 9000.0, 203.0, 202.0, 204.0, 260.0)
TIMINGS = 9  # as the question says


def _middle(ordered: list[float]) -> float:
    half = len(ordered) // 2
    return (ordered[half] + ordered[~half]) / 2


def summarise(answer: Any) -> str | None:
    """Run the student's function on lopsided data, and watch what it does to the list."""
    if not callable(answer):
        return 'Give the function itself: cl.check("summarise", summarise), without brackets.'
    for sample in (ODD, EVEN):
        values = list(sample)
        try:
            found = answer(values)
        except Exception as error:  # the student's own code: tell, and go on
            return f"Your function raised {type(error).__name__}: {error}"
        wrong = _wrong(found, sample)
        if wrong is None and values != list(sample):
            wrong = "changed"
        if wrong is not None:
            return wrong
    return None


def _wrong(found: Any, sample: tuple[float, ...]) -> str | None:
    if found is None or unfilled(found):
        return NOT_YET
    if not isinstance(found, tuple | list) or len(found) != 2:
        return "shape"
    for value in found:
        if not isinstance(value, int | float) or isinstance(value, bool):
            return f"Your pair {found!r} must be of two numbers: {value!r} is none."
    ordered = sorted(sample)
    right = (ordered[0], _middle(ordered))
    if _near(found[0], right[1]) and _near(found[1], right[0]):
        return "swapped"
    return _first_wrong(found[0], sample) or _second_wrong(found[1], sample)


def _first_wrong(value: float, sample: tuple[float, ...]) -> str | None:
    if _near(value, min(sample)):
        return None
    for name, number in {"first": sample[0], "most": max(sample)}.items():
        if _near(value, number):
            return name
    return f"The smallest of {list(sample)} is {min(sample)}, not {value}."


def _second_wrong(value: float, sample: tuple[float, ...]) -> str | None:
    ordered, half = sorted(sample), len(sample) // 2
    right = _middle(ordered)
    if _near(value, right):
        return None
    known = {
        "mean": [sum(sample) / len(sample)],
        "unsorted": [_middle(list(sample)), sample[half]],
        "upper": [ordered[half], ordered[half - 1]],
    }
    for name, numbers in known.items():
        if any(_near(value, number) for number in numbers):
            return name
    return f"The median of {ordered} is {right}, not {value}."


def _near(one: float, two: float) -> bool:
    return abs(one - two) <= 1e-9 * max(abs(one), abs(two))


def interval(answer: Any) -> str | None:
    """Compare a rank with the one that counting gives."""
    if isinstance(answer, bool) or not isinstance(answer, int):
        return f"the rank k is a whole number from 1 to {TIMINGS // 2 + 1}, not {answer!r}."
    right, most = interval_rank(TIMINGS), TIMINGS // 2 + 1
    if answer > most:
        return (
            f"the rank k is a whole number from 1 to {most}, not {answer!r}: further in, the two "
            "ends would change places."
        )
    if answer == right:
        return None
    if answer < 1:
        return "zero"
    if answer == most:
        return "middle"
    return "widest" if answer < right else "narrow"


CHECKS = {
    "summarise": summarise,
    "interval": interval,
}
