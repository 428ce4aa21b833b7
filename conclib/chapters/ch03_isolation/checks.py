"""The checks of chapter 03: they compute, and name the belief behind a wrong number."""

from typing import Any

from conclib.results import arguments

PAGE, PAGES, FIRST, BYTES = 4096, 256, 4000, 9000  # as the question and the grid have them
FUNCTIONS, DATA = 3, 2


def how_many_pages(answer: Any) -> str | None:
    """Count the pages that the bytes lie in, wherever the first of them is."""
    if isinstance(answer, bool) or not isinstance(answer, int | float):
        return f"The answer is a number of pages, not {answer!r}."
    known = {
        (FIRST + BYTES - 1) // PAGE + 1: None,
        BYTES: "bytes",
        1: "one",
        -(-BYTES // PAGE): "packed",
        BYTES // PAGE: "packed",
        PAGES: "all",
    }
    if answer in known:
        return known[answer]
    return f"Not {arguments.shown(answer)}. Which pages do the first and the last byte lie in?"


def how_many_locks(answer: Any) -> str | None:
    """Count the things that must not change meanwhile."""
    if isinstance(answer, bool) or not isinstance(answer, int | float):
        return f"The answer is a number of locks, not {answer!r}."
    known = {DATA: None, FUNCTIONS: "functions", 1: "single", 0: "none"}
    if answer in known:
        return known[answer]
    return (
        f"Not {arguments.shown(answer)}. Which data do the three functions change, and which of "
        "them the same?"
    )


CHECKS = {
    "how-many-pages": how_many_pages,
    "how-many-locks": how_many_locks,
}
