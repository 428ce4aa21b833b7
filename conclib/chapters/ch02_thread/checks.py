"""The checks of chapter 02: who notices what, and which change does not mend the thumbnails."""

from typing import Any

NOTICES = [True, True, False, True, False]
# What each belief would have answered, in the same order.
BELIEFS = {
    "apart": [True, False, False, True, False],
    "one": [True, True, True, True, False],
    "folder": [True, True, False, True, True],
    "all": [True, True, True, True, True],
}
THREADS = (0, 3)  # the places that ask about a thread
USELESS = "lock"
HELP = {"full path": "path", "folder descriptor": "descriptor", "own process": "process",
        "own folder": "folder"}  # fmt: skip


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
    """Accept the change that does not help; say of another one why it does."""
    if not isinstance(answer, str):
        return 'The answer is the name of a change, such as "full path".'
    given = answer.strip().lower()
    if given == USELESS:
        return None
    return HELP.get(given, "There is no such change. The five names stand in the question.")


CHECKS = {
    "who-notices": who_notices,
    "mend": mend,
}
