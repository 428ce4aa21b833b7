"""The checks of chapter 07: they compute, and name the belief behind a wrong number."""

from typing import Any

from conclib.results import arguments

# In MB, as the question has them.
FREE, FILLED, OWN, RESIDENT, SHARE = 2000, 300, 20, 320, 60
SPACE, STACK = 1024 * 1024, 256  # kB, of the address space and of a stack
GUARD, TAKEN = 4, 40_000  # kB: below each stack, and at most what the program has already


def workers(answer: Any) -> str | None:
    """Compare with what is left after the shared part, divided by what each has alone."""
    if isinstance(answer, bool) or not isinstance(answer, int | float):
        return f"The answer is a number of processes, not {answer!r}."
    right = (FREE - FILLED) // OWN
    near = {right: None, FREE // RESIDENT: "rss", FREE // SHARE: "pss", FREE // OWN: "twice",
            (FREE - FILLED) // SHARE: "pss", (FREE - FILLED) // RESIDENT: "rss"}  # fmt: skip
    for number, name in near.items():
        if abs(answer - number) <= 1:
            return name
    return (
        f"Not {arguments.shown(answer)}. What is paid once, however many they are? And what does "
        "each more one add that nobody else has?"
    )


def small_stacks(answer: Any) -> str | None:
    """Accept what fits beside what the program has already; name what else was counted."""
    if isinstance(answer, bool) or not isinstance(answer, int | float):
        return f"The answer is a number of threads, not {answer!r}."
    most = SPACE // STACK
    least = (SPACE - TAKEN) // (STACK + GUARD)
    if least <= answer < most:
        return None
    if answer == most:
        return "empty"
    if answer < 200:
        return "same"
    return (
        "memory"
        if answer > most
        else f"Not {arguments.shown(answer)}. Divide the space by what each one asks."
    )


CHECKS = {
    "workers": workers,
    "small-stacks": small_stacks,
}
