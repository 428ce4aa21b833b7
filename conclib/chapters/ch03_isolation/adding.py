"""A million each: what two threads or two processes make of one number, as bars and in words."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from conclib.plots import Amount, Picture, amounts
from conclib.results import Observation, Unavailable
from conclib.results.quantity import COUNT

TITLE = "How many of the additions are there in the end?"
RECORDED = ("3.9", "3.13t")  # on which threads lose: where there is none, as recorded
LITTLE = 0.2  # of the time: with less than this together, a run without loss says even less


def picture(seen: Mapping[str, Observation], *, title: str = TITLE) -> Picture:
    """Draw what each run found, below what it should have found.

    Args:
        seen: runs of the probe ``million``, each with the name of its bar.
        title: the question that the picture answers.

    Raises:
        ValueError: no runs.
    """
    expected = {item.facts["expected"] for item in seen.values()}
    rows = [Amount("without loss", each, kind="hidden", promised=True) for each in sorted(expected)]
    rows += [_bar(label, item) for label, item in seen.items()]
    return amounts(rows, title=title, quantity=COUNT)


def sentence(label: str, item: Observation) -> str:
    """Say what was lost, and what of it was noticed."""
    facts = item.facts
    python = f"Python {facts['python']}{', recorded' if item.source != 'live' else ''}"
    if facts["lost"]:
        noticed = "No exception, and each exit code is 0: nobody has noticed."
        if facts["exceptions"] or not all_well(item):
            noticed = f"Seen: {', '.join([*facts['exceptions'], *facts['exits']])}."
        share = facts["lost"] / facts["expected"]
        return (
            f"{label} ({python}): {facts['lost']:,} of {facts['expected']:,} additions are lost "
            f"({share:.0%}). {noticed}"
        )
    return f"{label} ({python}): none of {facts['expected']:,} additions is lost.{_together(item)}"


def on_every_python(probe: str, **params: Any) -> dict[str, Observation]:
    """Observe on every Python found here, and on some others as recorded.

    Returns:
        What was seen, by version, the oldest Python first.
    """
    from conclib import lab

    seen = lab.observe_on_all(probe, **params)
    for version in RECORDED:
        if version not in seen:
            with suppress(Unavailable):
                seen[version] = lab.observe_on(version, probe, **params)
    return {version: seen[version] for version in sorted(seen, key=_age)}


def _age(version: str) -> tuple[int, bool]:
    return int(version.partition(".")[2].rstrip("t")), version.endswith("t")


def all_well(item: Observation) -> bool:
    """Whether each process ended with exit code 0."""
    return bool(set(item.facts["exits"]) == {"exit code 0"})


def _together(item: Observation) -> str:
    """Say of a run that came out well how much that is worth."""
    share = item.facts["overlap"]
    if share < LITTLE:
        return f" They were at work together for only {share:.0%} of the time."
    return " That tells which orders came up, not which can."


def _bar(label: str, item: Observation) -> Amount:
    lost = item.facts["lost"]
    kind = "thread" if item.params["who"] == "threads" else "process"
    recorded = "" if item.source == "live" else item.origin
    note = f"({lost:,} lost)" if lost else "(none lost)"
    return Amount(label, item.facts["found"], note, kind=kind, recorded=recorded)
