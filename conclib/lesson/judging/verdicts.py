"""A verdict on one of the textbook's claims, from what was measured on this machine."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conclib.lesson import registry
from conclib.lesson.showing.shown import Shown, show
from conclib.lesson.store import kept
from conclib.results import Measurement, Measurements, Observation

if TYPE_CHECKING:
    from conclib.textbook import Claim, ClaimVerdict


@dataclass(frozen=True, repr=False)
class Verdict(Shown):
    """The verdict on a claim; ``found`` is the textbook's record of it.

    Attributes:
        word: the verdict in one word or two.
        sentence: the reason, in one sentence.
    """

    found: "ClaimVerdict"

    @property
    def word(self) -> str:
        """The verdict: supported, not supported, inconclusive, depends, not settled yet."""
        return self.found.word

    @property
    def sentence(self) -> str:
        """What holds for which readings, and on which evidence."""
        return self.found.sentence

    def text(self) -> str:
        """Return claim, verdict and readings."""
        return f"{self.found.claim.read_text}\n{self.found!r}"

    def html(self) -> str:
        """Return the same as a table."""
        return self.found._repr_html_()


def verdict(id: str, *results: Any) -> Verdict:
    """Say whether one of the textbook's claims holds on this machine.

    Args:
        id: which claim.
        *results: what you measured; with it count results kept earlier from the same machine and
            Python. Without any, all that was kept counts.

    Raises:
        ValueError, TypeError: an unknown claim, or a result that is none.
    """
    from conclib import textbook

    items = gathered([item for result in results for item in _items(result)])
    return show(Verdict(_judged(textbook.claim(id), items)))


def _judged(claim: "Claim", items: list[Any]) -> "ClaimVerdict":
    from conclib import textbook

    judges = registry.judges(claim.home).get(claim.id, {})
    seen = {name: found for name, judge in judges.items() if (found := judge(items))}
    return textbook.verdict_of_claim(claim, items, judged=seen)


def of_claims(home: str = "") -> list["ClaimVerdict"]:
    """Return the verdicts on all claims, or on those of one home chapter, by what was kept."""
    from conclib import textbook

    items = gathered([])
    wanted = [c for c in textbook.load_claims().values() if home in ("", c.home)]
    return [_judged(claim, items) for claim in wanted]


def settled_word(found: "ClaimVerdict") -> str:
    """Return a verdict's word; nothing where nothing was measured yet."""
    from conclib.textbook.verdicts import PENDING

    return "" if found.word == PENDING else found.word


def tally(words: Iterable[str], *, each: bool = False) -> str:
    """Say how many of some claims are settled: ``'2 of 3 settled; 1 inconclusive so far'``.

    Args:
        words: of each claim, as :func:`settled_word` gives it.
        each: also how many have which word.
    """
    from conclib.textbook.verdicts import DECIDED, INCONCLUSIVE

    found = Counter(words)
    settled = {word: found[word] for word in sorted(DECIDED) if found[word]}
    named = ", ".join(f"{count} {word}" for word, count in settled.items())
    more = f" ({named})" if each and named else ""
    still = f"; {found[INCONCLUSIVE]} inconclusive so far" if found[INCONCLUSIVE] else ""
    return f"{sum(settled.values())} of {found.total()} settled{more}{still}"


def gathered(items: list[Measurement | Observation]) -> list[Measurement | Observation]:
    """Return kept results of the same machine and Python, and then those given: the latest last.

    Without any given, the machine is this one.
    """
    from conclib.lab import machines

    here = (items[-1].host, items[-1].runtime) if items else (
        machines.host(), machines.own_runtime()
    )  # fmt: skip
    return [*kept.from_here([*kept.observations(), *kept.results()], *here), *items]


def _items(result: object) -> list[Measurement | Observation]:
    if isinstance(result, Measurement | Observation):
        return [result]
    if isinstance(result, Measurements):
        return list(result.values())
    raise TypeError(
        f"results={type(result).__name__}: each must be what cl.measure, cl.measure_many, "
        "cl.sweep or cl.observe gave"
    )
