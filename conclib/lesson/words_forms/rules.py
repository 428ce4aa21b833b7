"""The forms of the engine's rules by which a measurement decides a choice.

A rule that is not among them is the chapter's own, and only its function knows its words.
"""

from typing import get_args

from conclib.lesson.words_forms.parts import Form, Sentences, Spec, Text


class Settle(Form, tag_field="rule", kw_only=True):
    """How a measurement decides a choice by a rule of the engine."""

    explain: Text = ""
    open: Text = ""

    def options(self) -> list[str]:
        """Return the options that the rule itself names."""
        return []


class BySlowest(Settle, tag="slowest"):
    """The options are labels; it is the slowest."""


class ByCheapest(Settle, tag="cheapest"):
    """The options are labels; it is the cheapest."""


class ByShape(Settle, tag="shape", kw_only=True):
    """It is the shape of a sweep."""

    curve: Text
    outcomes: Sentences

    def options(self) -> list[str]:
        """Return what the shapes speak for."""
        return list(self.outcomes.values())


class PerUnit(Form):
    """What it costs for each unit of a parameter, beside a cost that is known."""

    param: Text
    sentence: Text
    guide: Spec
    beside: Text


class ByRatio(Settle, tag="ratio", kw_only=True):
    """It is on which side of a limit a ratio lies."""

    by: Text
    over: Text
    under: Text
    needs: Text
    sentence: Text
    limit: float
    above: Text
    below: Text
    each: PerUnit | None = None

    def options(self) -> list[str]:
        """Return what the two sides speak for."""
        return [self.above, self.below]


class ByAgain(Settle, tag="again", kw_only=True):
    """It is how a second result lies to the first."""

    same: Text
    within: Text

    def options(self) -> list[str]:
        """Return what the two outcomes speak for."""
        return [self.same, self.within]


Rule = BySlowest | ByCheapest | ByShape | ByRatio | ByAgain
NAMES = tuple(each.__struct_config__.tag for each in get_args(Rule))
