"""The checks of chapter 06: they compute, and name the belief behind a wrong answer."""

from typing import Any

from conclib.results import arguments

PROCESSES, THREADS = 6, 5  # as the question has them: a request in each thread
LOST = THREADS + 1  # one process as a whole, and one thread of another
MENDED = "ab"


def how_many_lost(answer: Any) -> str | None:
    """Count the requests that are lost: a whole process, and one thread of another."""
    if isinstance(answer, bool) or not isinstance(answer, int | float):
        return f"The answer is a number of requests, not {answer!r}."
    known = {
        LOST: None,
        2: "alone",
        2 * THREADS: "both",
        PROCESSES * THREADS: "all",
        0: "nothing",
    }
    if answer in known:
        return known[answer]
    return f"Not {arguments.shown(answer)}. Whom does the null pointer end, and whom the exception?"


def perfect_crime(answer: Any) -> str | None:
    """See in which order the second four shall take the two locks."""
    if not isinstance(answer, str):
        return f"The answer is a text such as 'ab', not {answer!r}."
    text = answer.lower().replace(" ", "").replace(",", "")
    known = {MENDED: None, "ba": "same", "a": "one", "b": "one", "": "none"}
    if text in known:
        return known[text]
    return f"Not {answer!r}. Write the locks in the order in which they are taken: 'ab' or 'ba'."


CHECKS = {
    "how-many-lost": how_many_lost,
    "perfect-crime": perfect_crime,
}
