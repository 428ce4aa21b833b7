"""The judge of chapter 03: whether processes are kept apart, by what was observed."""

from typing import Any

from conclib.chapters.ch03_isolation import words
from conclib.results import Measurement, Observation
from conclib.textbook import Verdict, verdicts

Records = list[Measurement | Observation]


def _latest(items: Records, probe: str, **params: Any) -> Observation | None:
    fitting = [
        each
        for each in items
        if isinstance(each, Observation)
        and each.probe == probe
        and params.items() <= each.params.items()
    ]
    return fitting[-1] if fitting else None


def isolated(items: Records) -> Verdict | None:
    """Judge whether a process can neither read nor write another's memory by its address."""
    looks = _latest(items, "one_address")
    stray = _latest(items, "astray", writer="process", neighbour="alive", own_page="no")
    if looks is None or stray is None:
        return None
    wrote = looks.facts["wrote"]
    own = all(found == wrote[turn] for turn, found in words.pairs(looks.facts))
    kept = stray.facts["a_finds"] == stray.facts["a_before"]
    text = (
        f"at one address {words.looks(looks.facts)}; a process that wrote to another's address "
        f"{words.ended(stray.facts['writer_end'])}, and {words.a_after(stray.facts)}"
    )
    word = verdicts.SUPPORTED if own and kept else verdicts.NOT_SUPPORTED
    return Verdict(word, text)


JUDGES = {
    "process.isolated": {"as-stated": isolated},
}
