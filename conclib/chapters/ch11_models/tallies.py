"""How often each rule of the scheduling game reaches the goal: counted over many levels.

Nothing is measured here: levels and rules are a model that is computed, and gives the same counts
on every machine.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conclib.lesson.showing.looked import Rows
from conclib.lesson.showing.shown import Shown, paragraphs, table_html, table_text

NAMES = ("first come, first served", "a tick for each in turn", "the longest wait ahead first")
HEAD = ("rule", "goals", "at par")


@dataclass(frozen=True, repr=False)
class Tallies(Shown):
    """What rules came to over the same levels.

    Attributes:
        met: by rule, how many goals it reached; ``par``: how many of these with the fewest puts.
        levels: how many levels were played by each rule.
    """

    met: Mapping[str, int]
    par: Mapping[str, int]
    levels: int

    @property
    def shares(self) -> list[float]:
        """Of the levels, the share that each rule reached, in the order of the rules."""
        return [met / self.levels for met in self.met.values()]

    @property
    def sentence(self) -> str:
        """What came out, in words."""
        said = ", ".join(str(met) for met in self.met.values())
        return f"goals {said}."

    @property
    def rows(self) -> Rows:
        """The same as a table, its head first."""
        each = ((rule, str(met), str(self.par[rule])) for rule, met in self.met.items())
        return (HEAD, *each)

    def text(self) -> str:
        """Return the table, and what it is about."""
        return f"{table_text(list(self.rows))}\n\n{self._about()}"

    def html(self) -> str:
        """Return the same, with the table as one."""
        return table_html(list(self.rows)) + paragraphs(self._about())

    def _about(self) -> str:
        return f"{self.levels} levels. Computed: the same on every machine."


def played(levels: int) -> Tallies:
    """Play levels by each rule; ``levels``: how many."""
    from conclib.models import game

    found: Mapping[str, Any] = game.by_rules(levels=levels)
    named = dict(zip(NAMES, found.values(), strict=True))
    met = {rule: each.met for rule, each in named.items()}
    par = {rule: each.at_par for rule, each in named.items()}
    return Tallies(met, par, max(each.of for each in found.values()))
