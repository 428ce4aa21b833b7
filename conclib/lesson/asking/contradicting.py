"""The experiment behind a wrong answer: it is run, and what it shows is computed, not asserted.

In a chapter's ``chapter.toml`` each wrong answer to a question has a table of its own, by letter::

    [quiz.experiments.b]
    call = "measure_many"          # or "observe_many"; or "measure", "observe", "story" of a name
    title = "Does a longer list cost more?"
    params = { budget = 0.5 }      # of the call
    probes.short = { probe = "...", items = 1 }
    probes.long = { probe = "...", items = 1000 }
    judge.one = "long"
    judge.other = "short"
    judge.factor = 2
    judge.words = ["higher"]
    judge.text = "..."
    judge.open = "..."

``judge`` says what would speak against the answer: that ``one`` compares with ``factor`` times the
``other`` by one of these words (see ``Estimate.compare``). Either is the label of a result, a label
with a statistic (``"long:min"``, see ``readings.py``), or a number. Of what is observed, or told as
a story, it is a fact (``fact = "lines"``, ``equals = ["one"]``) or an order (``before =
["ann.print", "bob.exit"]``, an actor and what happened to it). Of several that are observed it is
two facts that are numbers, each by label and path (``one = "long:sizes.heap"``), and the ``unit``
of both. Only if that was seen, ``text`` is shown; else ``open``, advice.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from string import ascii_lowercase
from typing import Any

from conclib.lesson.code_lines import code_line
from conclib.lesson.judging import conditions
from conclib.lesson.judging.conditions import (
    Before,
    Compared,
    ComparedFacts,
    Condition,
    Fact,
    listed,
)
from conclib.results import Measurements, Observation, arguments

CALLS = ("measure", "measure_many", "observe", "observe_many", "story")
OF_FACTS = ("observe", "story")
SEVERAL = ("measure_many", "observe_many")
KEYS = ("call", "name", "probes", "params", "title", "judge")
SENTENCES = ("text", "open")
OPEN = "What was measured is too close or too noisy. Run it once more."
Seen = Measurements | Observation | Mapping[str, Observation]
Words = Mapping[str, Any]


@dataclass(frozen=True)
class Experiment:
    """What contradicts one answer.

    Attributes:
        call: ``"measure"``, ``"measure_many"``, ``"observe"``, ``"observe_many"`` or ``"story"``.
        judge: what would speak against the answer.
        text: the sentence if it does; ``open``: if not, with advice.
        name: what is measured, observed or told; empty where there are several.
        probes: for those, a probe with its parameters by label.
        params: of the call.
        title: of its picture, a question.

    Raises:
        TypeError, ValueError: they do not fit together.
    """

    call: str
    judge: Condition
    text: str
    open: str = OPEN
    name: str = ""
    probes: Mapping[str, tuple[str, Words]] = field(default_factory=dict)
    params: Words = field(default_factory=dict)
    title: str = ""

    def __post_init__(self) -> None:
        arguments.choice("call", self.call, CALLS)
        if (bool(self.name), bool(self.probes)) != (not self._several, self._several):
            raise ValueError(f"call={self.call!r}: has probes if it is one of many, else a name")
        if self.call in ("story", "observe_many") and self.params:
            raise ValueError(f"params={dict(self.params)!r}: {self.call} takes none")
        self._check_judge()
        for name in SENTENCES:
            _check_sentence(name, getattr(self, name), self.judge.NAMES)

    def _check_judge(self) -> None:
        judge = self.judge
        fits = {"observe_many": ComparedFacts, **dict.fromkeys(OF_FACTS, Fact | Before)}
        if not isinstance(judge, fits.get(self.call, Compared)):
            raise ValueError(f"judge: does not fit {self.call!r}; numbers are compared if measured")
        if isinstance(judge, Compared | ComparedFacts):
            judge.check(tuple(self.probes) or (self.name,))

    @property
    def _several(self) -> bool:
        return self.call in SEVERAL

    @property
    def given(self) -> tuple[Any, ...]:
        """What the call is given in front of its parameters."""
        return (dict(self.probes),) if self._several else (self.name,)

    @property
    def code(self) -> str:
        """The line of code that runs it."""
        if self.call == "observe_many":
            lines = [code_line("observe", probe, **more) for probe, more in self.probes.values()]
            return "; ".join(dict.fromkeys(lines))
        return code_line(self.call, *self.given, **self.params)

    def run(self, stop: Any = None) -> Seen:
        """Run it, and return what was seen.

        Args:
            stop: an event; when it is set, the experiment ends and ``Cancelled`` is raised.
        """
        from conclib import lab

        if self.call == "observe_many":
            return {
                label: lab.observe(probe, stop=stop, **params)
                for label, (probe, params) in self.probes.items()
            }
        if self._several:
            return lab.measure_many(*self.given, stop=stop, **self.params)
        if self.call in OF_FACTS:
            return lab.observe(self.name, stop=stop, **self.params)
        return Measurements({self.name: lab.measure(self.name, stop=stop, **self.params)})

    def sentence(self, option: str, seen: Seen) -> str:
        """Say whether what was seen speaks against an option."""
        against = self.judge.holds(seen)
        head = f"That speaks against “{option}”: " if against else "This time it does not tell. "
        sentence = self.text if against else self.open
        return head + sentence.format_map(self.judge.shown(seen)) + _recorded(seen)


def _recorded(seen: Seen) -> str:
    items = [seen] if isinstance(seen, Observation) else list(seen.values())
    origins = sorted({item.origin for item in items if item.source != "live"})
    return f" (Not from this machine: {listed(origins)}.)" if origins else ""


def _check_sentence(name: str, text: str, names: tuple[str, ...]) -> None:
    try:
        sentence = text.format_map(dict.fromkeys(names, "x"))
    except (AttributeError, IndexError, KeyError, ValueError):
        allowed = listed(f"{{{each}}}" for each in names) or "nothing"
        raise ValueError(f"{name}={text!r}: must be a text; in braces stands {allowed}") from None
    if not sentence.endswith("."):
        raise ValueError(f"{name}={text!r}: must be a sentence that ends with a full stop")


# Out of a chapter's words -----------------------------------------------------------------------
def by_option(question: Words) -> dict[str, Experiment]:
    """Return the experiments of a question by its wrong answers, where its words have letters.

    A question of which no answer is known to be right has none.

    Raises:
        ValueError: one is none, or of no wrong answer; names the question's id and the letter.
    """
    lettered = zip(ascii_lowercase, question["options"], strict=False)
    right = question.get("right")
    wrong = {letter: option for letter, option in lettered if right not in (None, option)}
    found = {}
    for letter, words in question.get("experiments", {}).items():
        where = f"quiz {question['id']!r}, experiments.{letter}"
        if letter not in wrong:
            raise ValueError(f"{where}: must be the letter of a wrong answer: {listed(wrong)}")
        found[wrong[letter]] = parsed(where, words)
    return found


def parsed(where: str, words: Words) -> Experiment:
    """Return the experiment that a table of a chapter's words describes.

    Args:
        where: how messages call it: the question's id and the answer's letter.
        words: the table.

    Raises:
        ValueError: it describes none; the message names the place and what is wrong there.
    """
    try:
        for key in words:
            arguments.choice("key", key, KEYS)
        judge = dict(words.get("judge", {}))
        sentences = {name: judge.pop(name) for name in SENTENCES if name in judge}
        probes = {label: _pair(label, each) for label, each in words.get("probes", {}).items()}
        whole = {**words, "probes": probes, "judge": conditions.parsed(judge), **sentences}
        return Experiment(**whole)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{where}: {error}") from None


def _pair(label: str, words: Words) -> tuple[str, Words]:
    if "probe" not in words:
        raise ValueError(f"probes.{label}={dict(words)!r}: must have a probe")
    params = dict(words)
    return params.pop("probe"), params
