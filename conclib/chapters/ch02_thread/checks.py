"""The checks of chapter 02: who notices what, and which change mends the thumbnails."""

from typing import Any

NOTICES = [True, True, False, True, False]
# What each belief would have answered, in the same order.
BELIEFS = {
    "apart": [True, False, False, True, False],
    "one": [True, True, True, True, False],
    "folder": [True, True, False, True, True],
}
THREADS = (0, 3)  # the places that ask about a thread
MENDS = {"full path", "own process"}
PROPOSED = {"full path", "own process", "sleep", "other name"}


def who_notices(answer: Any) -> str | None:
    """Compare five answers, and name the belief that gives the ones that were given."""
    if not isinstance(answer, list | tuple) or len(answer) != len(NOTICES):
        return "The answer is a list of five, each True or False."
    odd = [each for each in answer if not isinstance(each, bool)]
    if odd:
        return f"Each of the five is True or False, not {odd[0]!r}."
    given = list(answer)
    if given == NOTICES:
        return None
    belief = next((name for name, five in BELIEFS.items() if five == given), "step_by_step")
    return "thread_own" if not all(given[place] for place in THREADS) else belief


def mend(answer: Any) -> str | None:
    """Compare the changes that were named with those that help."""
    if not isinstance(answer, list | tuple | set) or not answer:
        return "The answer is a list of names, such as [\"sleep\"]."
    unknown = [each for each in answer if each not in PROPOSED]
    if unknown:
        return f"There is no change called {unknown[0]!r}. The four names stand in the question."
    given = set(answer)
    if given == MENDS:
        return None
    if not given & MENDS:
        return "none"
    return "wait" if "sleep" in given else "name" if "other name" in given else "fewer"


CHECKS = {
    "who-notices": who_notices,
    "mend": mend,
}
