"""Four tasks that compute: how long was each thread of Linux at work? Bars, program by program."""

from collections.abc import Mapping

from conclib.chapters.ch11_models import words
from conclib.lesson.showing.looked import origin
from conclib.plots import Amount, Picture, amounts
from conclib.results import Observation
from conclib.results.quantity import COUNT

TITLE = "Four tasks compute: how many CPUs are kept busy?"
FOOT = "CPUs kept busy: the CPU time of all its threads, divided by the time that passed."


def picture(seen: Mapping[str, Observation], *, title: str = TITLE) -> Picture:
    """Draw how many CPUs each program kept busy, below how many there are.

    Args:
        seen: observations of ``computing_tasks``, each with the name of its bar.
        title: the question that the picture answers.
    """
    cpus = sorted({item.facts["cpus"] for item in seen.values()})
    rows = [Amount("CPUs that it may use", each, kind="hidden", promised=True) for each in cpus]
    rows += [_bar(label, item) for label, item in seen.items()]
    return amounts(rows, title=title, quantity=COUNT, foot=FOOT)


def _bar(label: str, item: Observation) -> Amount:
    facts = item.facts
    note = f"({words.threads(facts['busy'])} at work)"
    return Amount(label, facts["cores"], note, kind="thread", recorded=origin(item))
